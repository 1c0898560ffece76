"""The project package and its kernel; it knows nothing of partners, customers or subscriptions."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
