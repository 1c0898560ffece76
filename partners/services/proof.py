"""Proof that a work email address belongs to whoever typed it: a code that is sent there."""

import hashlib

from django.db import IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override

from partners import codes, tasks
from partners.models import Enrolment
from portal.outbox.services import enqueue
from portal.scope import SYSTEM, acting


def promise_code(enrolment):
    """Have a code sent to the enrolment's address; pressing twice in a minute sends one."""
    address = hashlib.sha256(enrolment.email.encode()).hexdigest()[:12]
    with acting(SYSTEM), override(enrolment.applicant.language):
        enqueue(
            tasks.send_enrolment_code,
            organization=None,
            key=f"enrolment:{enrolment.pk}:code:{address}:{now():%Y%m%d%H%M}",
            subject=_("Code for the enrolment of %(name)s") % {"name": enrolment.contact},
            enrolment_id=enrolment.pk,
        )


def confirm_email(enrolment, code):
    """Take the code that was typed. Returns what is wrong with it, in words; empty when nothing is.

    Somebody new becomes a person who can sign in. Wrong codes are counted while nobody else can
    touch the row, so that trying many at once gets no further than trying them in turn.
    """
    try:
        with transaction.atomic():
            return _confirm(enrolment, code)
    except IntegrityError:  # the address became somebody's account at this moment
        return _("This code is not valid any more. Ask for a new one.")


def _confirm(enrolment, code):
    locked = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    if not locked.code_hash or locked.code_until <= now():
        return _("This code is not valid any more. Ask for a new one.")
    if locked.code_attempts >= codes.ATTEMPTS:
        return _("Too many wrong codes. Ask for a new one.")
    if not codes.is_right(locked, code):
        locked.code_attempts += 1
        locked.save(update_fields=["code_attempts"])
        return _("This is not the code of the latest email. Look again.")
    if not locked.email_confirmed_at:
        locked.email_confirmed_at = now()
        locked.save(update_fields=["email_confirmed_at"])
        _admit(locked.applicant, locked.email)
    return ""


def _admit(user, email):
    """From now on the address is the account name of whoever proved it."""
    if codes.is_unproven(user):
        user.username = user.email = email
        user.is_active = True
        user.save(update_fields=["username", "email", "is_active"])
