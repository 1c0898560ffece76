"""Temporary passwords: drawn when they are shown, never kept, changed at the first sign-in."""

import secrets

from django.contrib.auth.hashers import make_password
from django.views.decorators.debug import sensitive_variables

from portal.accounts.hashers import TemporaryPasswordHasher

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
