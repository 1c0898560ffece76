"""Seeds of second factors: encrypted in the database, with keys that can be exchanged."""

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import transaction

from portal.encryption import cipher

PURPOSE = "twotier.mfa"
# What it means that a seed can't be read: no key fits, or it isn't even a text.
BROKEN = (InvalidToken, AttributeError, UnicodeDecodeError)


def encrypt(text):
    """``text`` as the database may have it, with the first of MFA_KEYS."""
    return _cipher().encrypt(text.encode()).decode()


def decrypt(encrypted):
    """The text again, with any of the keys; raises InvalidToken when it is none of them."""
    return _cipher().decrypt(encrypted.encode()).decode()


def rotate():
    """Encrypt every seed with the first key. Returns {"changed", "current", "unreadable"} counts.

    Harmless to repeat. What no key can read any more is left as it is.
    """
    counts = {"changed": 0, "current": 0, "unreadable": 0}
    for pk in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            each = Authenticator.objects.select_for_update().filter(pk=pk).first()
            if each and (what := _rotate(each)):
                counts[what] += 1
    return counts


def _rotate(authenticator):
    """What had to be done with this one; None for a passkey, which has no seed."""
    data = authenticator.data
    names = [name for name in ("secret", "seed") if name in data]
    if not names:
        return None
    if all(_is_current(data[name]) for name in names):
        return "current"
    try:
        authenticator.data = data | {name: encrypt(decrypt(data[name])) for name in names}
    except BROKEN:
        return "unreadable"
    authenticator.save(update_fields=["data"])
    return "changed"


def _is_current(encrypted):
    try:
        cipher(PURPOSE, _keys()[:1]).decrypt(encrypted.encode())
    except BROKEN:
        return False
    return True


def _cipher():
    return cipher(PURPOSE, _keys())


def _keys():
    """Without MFA_KEYS, and while they are being introduced, SECRET_KEY reads them, too."""
    return [*settings.MFA_KEYS, settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
