"""What the database keeps and must not tell: encrypted with keys that are not in it."""

from base64 import urlsafe_b64encode
from functools import cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.signing import JSONSerializer
from django.utils.crypto import salted_hmac


def cipher(purpose, secrets=None):
    """Encrypts with the first of ``secrets`` and decrypts with all; one key for each purpose.

    Without any, they are SECRET_KEY and its fallbacks.
    """
    return _cipher(purpose, *(secrets or [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]))


@cache
def _cipher(purpose, *secrets):
    keys = (salted_hmac(purpose, "seed", secret, algorithm="sha256") for secret in secrets)
    return MultiFernet([Fernet(urlsafe_b64encode(key.digest())) for key in keys])


class EncryptedSerializer:
    """Sessions: between password and second factor, one holds where the person is heading.

    That may be an invitation link, and the database must not know any.
    """

    def dumps(self, data):
        return cipher("twotier.session").encrypt(JSONSerializer().dumps(data))

    def loads(self, data):
        return JSONSerializer().loads(cipher("twotier.session").decrypt(data))
