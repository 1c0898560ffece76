"""Invitation links: 130 secret bits, derived from a key and the row, recognised by their hash.

Staff can have a link shown again, because it can be derived again; whoever holds only the
database can't, because the key is not in it. New links use the first of INVITATION_KEYS.
"""

import hashlib
import hmac
import re

from django.conf import settings

from portal.references import ALPHABET, LOOKALIKES

LENGTH = 27  # characters of five bits each


def make(nonce, purpose, key=None):
    """The token for a row's nonce, in groups of five: ``7Q2FK-9XM4T-RBW8Z-D3HNC-5VYJ2-PT``.

    ``purpose`` keeps links of different kinds apart.
    """
    secret = (key or settings.INVITATION_KEYS[0]).encode()
    number = int.from_bytes(hmac.digest(secret, f"{purpose}:{nonce}".encode(), "sha256"), "big")
    text = "".join(ALPHABET[number >> 5 * place & 31] for place in range(LENGTH))
    return "-".join(re.findall(".{1,5}", text))


def digest(token):
    """What the database knows of a token; case, hyphens and look-alike letters don't matter."""
    plain = token.upper().replace("-", "").translate(LOOKALIKES)
    return hashlib.sha256(plain.encode()).hexdigest()


def find(nonce, token_hash, purpose):
    """The token with this hash, under whichever key made it; None when that key is gone."""
    candidates = (make(nonce, purpose, key) for key in settings.INVITATION_KEYS)
    return next((token for token in candidates if digest(token) == token_hash), None)
