"""Codes that prove an email address: made when the mail is, and only the hash of one is kept.

So a code is in no queue, no log and no backup. A further mail makes a further code, and the one
before it ends.
"""

import secrets
from datetime import timedelta

from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.timezone import now

from portal.accounts.models import User

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
    names = {"is_active": False, "username__startswith": UNPROVEN}
    old = User.objects.filter(**names, date_joined__lt=now() - FORGOTTEN_AFTER)
    found = old.count()
    old.delete()
    return found
