"""What a reseller lacks to do business with anybody."""

from django.utils.translation import gettext as _

from partners.models import MpnAccount, PartnerProfile
from portal.links import reverse


def lacking(membership):
    """Lines (``text``, ``url``) about the member's company."""
    organization = membership.organization
    profile = PartnerProfile.objects.filter(organization=organization).first()
    if not (profile and profile.agreement_signed):
        text = _("Your company has not signed the partner agreement")
        yield {"text": text, "url": reverse("partners:agreement", organization=organization)}
    if not MpnAccount.objects.locations().filter(organization=organization).exists():
        text = _("Your company has no MPN ID of a Partner Location Account")
        yield {"text": text, "url": reverse("partners:identifier_list", organization=organization)}
