"""From an address back to the invitation it leads to."""

from django.urls import Resolver404, resolve

from partners.models import PartnershipRequest
from portal import tokens
from portal.scope import GUEST, acting


def holding(token, *, read_only=False):
    """The scope of whoever holds this link."""
    return acting(GUEST._replace(invitation=tokens.digest(token)), read_only=read_only)


def invitation_at(path):
    """The PartnershipRequest whose page ``path`` is, or None for any other address."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    if match.url_name != "invitation":
        return None
    token = match.kwargs["token"]
    with holding(token):
        return PartnershipRequest.objects.for_token(token).first()
