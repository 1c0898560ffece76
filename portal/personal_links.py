"""Rows that somebody is invited to by a personal link (``portal.tokens``).

A link is a secret: the row holds its hash only, and the key that derives it is not in the database.
"""

import secrets

from django.db import models
from django.utils.timezone import now

from portal import tokens
from portal.scope import GUEST, acting


def new_nonce():
    return secrets.token_urlsafe(16)


def holding(token, *, read_only=False):
    """The scope of whoever holds this link, without being anybody."""
    return acting(GUEST._replace(invitation=tokens.digest(token)), read_only=read_only)


class PersonalLinkQuerySet(models.QuerySet):
    def for_token(self, token):
        """The row a link points at, in whatever state it is."""
        return self.filter(token_hash=tokens.digest(token))


class PersonalLink(models.Model):
    """A row with a link that only its bearer knows."""

    PURPOSE = ""  # links of different purposes never stand for each other
    LINK_FIELDS = ("nonce", "token_hash")

    nonce = models.CharField(max_length=24, unique=True, default=new_nonce, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self.token_hash:
            self.token_hash = tokens.digest(tokens.make(self.nonce, self.PURPOSE))
        super().save(*args, **kwargs)

    def renew_link(self):
        """Make a new secret; the old link dies when this is saved (``LINK_FIELDS``)."""
        self.nonce = new_nonce()
        self.token_hash = tokens.digest(tokens.make(self.nonce, self.PURPOSE))

    @property
    def token(self):
        """The secret in the link. It is derived, so the database alone cannot forge one."""
        return tokens.find(self.nonce, self.token_hash, self.PURPOSE)

    @property
    def has_expired(self):
        return self.expires_at <= now()
