"""Tasks for the tests of the outbox."""

import time

from celery import shared_task
from django.core.mail import EmailMessage

from partners.models import PartnerProfile
from portal.outbox.worker import GiveUp, Later


@shared_task
def nothing():
    """Does what it says."""


@shared_task
def write_city(profile_id, city):
    PartnerProfile.objects.filter(pk=profile_id).update(city=city)


@shared_task
def write_and_fail(profile_id):
    write_city(profile_id, "Kiel")
    raise ZeroDivisionError("division by zero")


@shared_task
def write_and_wait(profile_id):
    write_city(profile_id, "Kiel")
    return Later("The market is closed.")


@shared_task
def impossible():
    raise GiveUp("There is no such address.")


@shared_task
def mail():
    return EmailMessage("Hello", "Text", to=["ada@example.test"])


@shared_task
def slow(profile_id, seconds=60):
    write_city(profile_id, "Kiel")
    time.sleep(seconds)
