"""From an address back to the invitation it leads to."""

from django.urls import Resolver404, resolve

from partners.models import PartnershipRequest
from portal.personal_links import holding


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
