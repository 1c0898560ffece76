"""Tasks for the tests of the outbox."""

import time

from celery import shared_task
from django.core.mail import EmailMessage

from partners.models import PartnerProfile
from portal.accounts.models import Organization
from portal.audit.services import record
from portal.outbox.services import enqueue
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
def note(organization_id, then=(), fails=False):
    """Is on record; ``then`` are the keys of what it promises one after the other."""
    organization = Organization.objects.get(pk=organization_id)
    record("customer.added", actor=None, target=organization)
    if fails:
        raise ZeroDivisionError("division by zero")
    if then:
        more = {"organization_id": organization_id, "then": then[1:]}
        enqueue(note, organization=organization, key=then[0], subject="More", **more)


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
