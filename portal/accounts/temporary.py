"""Temporary passwords: drawn when they are shown, never kept, changed at the first sign-in."""

import secrets

from django.contrib.auth.hashers import make_password
from django.views.decorators.debug import sensitive_variables

from portal.accounts.hashers import TemporaryPasswordHasher
from portal.accounts.services import end_sessions, forget_unconfirmed

# Nothing that could be taken for something else when it is read out: no 0 O o 1 l I.
PASSWORD_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"


def new_password():
    """16 characters in groups that can be read out, 92 bits of chance."""
    groups = range(4)
    return "-".join("".join(secrets.choice(PASSWORD_ALPHABET) for _ in range(4)) for _ in groups)


@sensitive_variables("password")
def cheap_hash(password):
    """The hash of a password of ``new_password``, and of no other; see TemporaryPasswordHasher."""
    return make_password(password, hasher=TemporaryPasswordHasher())


@sensitive_variables("password")
def set_temporary_password(user, password, until):
    """Let ``user`` in with ``password`` until then, only to choose another one."""
    user.set_password(password)
    user.must_change_password, user.temporary_password_until = True, until
    user.save(update_fields=["password", "must_change_password", "temporary_password_until"])


def close_account(user):
    """End what ``user`` can do now: the password, every session, and addresses to come."""
    forget_unconfirmed(user)
    user.set_unusable_password()
    user.save(update_fields=["password"])
    end_sessions(user)
