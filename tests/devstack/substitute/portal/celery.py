"""Stands for the portal's Celery application."""

import os

from celery import Celery

url = os.environ["REDIS_URL"].removeprefix("unix://").partition("?")[0]
app = Celery("substitute", broker=f"redis+socket://{url}")
app.conf.task_ignore_result = True
app.conf.broker_connection_retry_on_startup = True
