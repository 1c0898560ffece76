"""Codes that prove an email address: made when the mail is, and only the hash of one is kept.

So a code is in no queue, no log and no backup. A further mail makes a further code, and the one
before it ends.
"""

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.timezone import now

from partners.models import Enrolment
from portal.accounts.models import User
from portal.outbox.models import OutboxMessage

DIGITS = 8
LIFETIME = timedelta(minutes=30)
ATTEMPTS = 5
FORGOTTEN_AFTER = timedelta(days=2)
# Account names of people who have not proven their address yet: nobody can sign in with one, and
# nobody's address is blocked by it.
UNPROVEN = "enrolment-"


def make_code(enrolment):
    """A new code for the address of this enrolment, digits only; earlier ones end."""
    code = "".join(secrets.choice("0123456789") for _digit in range(DIGITS))
    enrolment.code_hash, enrolment.code_attempts = code_hash(enrolment, code), 0
    enrolment.code_until = now() + LIFETIME
    enrolment.save(update_fields=["code_hash", "code_attempts", "code_until"])
    return code


def code_hash(enrolment, code):
    """What the database knows of a code: useless without the portal's key, or to anybody else."""
    what = f"{enrolment.pk}:{enrolment.email}:{code}"
    return salted_hmac("twotier.enrolment", what, algorithm="sha256").hexdigest()


def is_right(enrolment, code):
    return constant_time_compare(enrolment.code_hash, code_hash(enrolment, code))


def is_unproven(user):
    """Whether this person has yet to prove the address they want to sign in with."""
    return not user.is_active and user.username.startswith(UNPROVEN)


def has_account(email):
    """Whether somebody signs in with this address already."""
    return User.objects.filter(Q(username=email) | Q(email__iexact=email)).exists()


def forget_unproven():
    """Remove people who began to enrol and never proved their address. Returns how many."""
    found = list(_unproven_for_long().order_by("pk").values_list("pk", flat=True))
    return sum(_forget(pk) for pk in found)


@transaction.atomic
def _forget(pk):
    """Looked at anew while nobody else can touch them: they may prove it at this very moment."""
    enrolments = list(Enrolment.objects.filter(applicant=pk).select_for_update(of=("self",)))
    user = _unproven_for_long().select_for_update().filter(pk=pk).first()
    if user is None or any(_asked_for_code(enrolment) for enrolment in enrolments):
        return False
    user.delete()
    return True


def _unproven_for_long():
    names = {"is_active": False, "username__startswith": UNPROVEN}
    return User.objects.filter(**names, date_joined__lt=now() - FORGOTTEN_AFTER)


def _asked_for_code(enrolment):
    """Whether a code was promised so lately that somebody may be about to type it."""
    codes = OutboxMessage.objects.filter(key__startswith=f"enrolment:{enrolment.pk}:code:")
    return codes.filter(created_at__gt=now() - FORGOTTEN_AFTER).exists()
