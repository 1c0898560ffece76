"""Celery's side of the mails about signing in."""

from datetime import datetime

from allauth.account.models import EmailAddress
from celery import shared_task
from django.contrib.sessions.models import Session
from django.utils.timezone import now

from portal.accounts import emails
from portal.accounts.models import Tries, User


@shared_task
def send_new_password_link(email):
    """The link to choose a new password; to an address that nobody has, nothing."""
    person = User.objects.with_address(email)
    return emails.new_password_link(person) if person else None


@shared_task
def send_security_notice(user_id, event, to, at):
    """What has changed about signing in, to whoever it is about."""
    person = User.objects.get(pk=user_id)
    return emails.security_notice(person, event, to=to, at=datetime.fromisoformat(at))


@shared_task
def send_confirmation(address_id):
    """The link that confirms a new address; if that was given up meanwhile, nothing."""
    address = EmailAddress.objects.select_related("user").filter(pk=address_id).first()
    return emails.confirmation(address) if address and not address.verified else None


@shared_task
def forget_ended():
    """Removes sessions and counted tries that are over."""
    Session.objects.filter(expire_date__lt=now()).delete()
    Tries.objects.filter(ends_at__lt=now()).delete()
