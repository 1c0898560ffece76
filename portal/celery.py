"""The Celery application. Redis only rings the bell; what must be done stands in the outbox."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("twotier")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
