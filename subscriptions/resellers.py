"""Which reseller a subscription can name: an MPN ID of a partner's location, checked."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from partners.models import MpnAccount, Partnership
from portal.accounts.roles import Kind
from portal.countries import countries

NO_RESELLER = "none"
MPN_ID = re.compile("[0-9]{5,8}")


def partnerships_of(membership):
    """The provider's active partnerships with the companies, by the reseller's name."""
    found = Partnership.objects.visible_to(membership).active().with_partners()
    return found.order_by("reseller_name_key", "pk")


def location_choices(partnerships, *, keep=None):
    """(MPN ID, words) of the partners' locations, and of ``keep``, the one that is set now."""
    choices = [(p.location.mpn_id, _location_words(p)) for p in partnerships]
    if keep and keep.mpn_id not in dict(choices):
        words = _("%(name)s · %(mpn_id)s (partnership ended)")
        choices.append(
            (keep.mpn_id, words % {"name": keep.organization.name, "mpn_id": keep.mpn_id})
        )
    return [*choices, (NO_RESELLER, _("No indirect reseller"))]


def find_location(text, *, provider):
    """The Partner Location Account behind a typed MPN ID that ``provider`` can name.

    Raises ValidationError with a sentence of its own for each reason to refuse it.
    """
    if not MPN_ID.fullmatch(_without_blanks(text)):
        raise ValidationError(_("An MPN ID has 5 to 8 digits."), code="format")
    account = known_account(text)
    if account is None:
        words = _("We don't know the MPN ID %(mpn_id)s. Check it with the reseller.")
        raise ValidationError(words % {"mpn_id": _without_blanks(text)}, code="unknown")
    for check in (_not_own, _location, _enrolled, _same_region, _signed, _partner):
        check(account, provider)
    return account


def known_account(text):
    """The MpnAccount of whatever kind behind a typed MPN ID, or None."""
    mpn_id = _without_blanks(text)
    accounts = MpnAccount.objects.select_related("organization__partner")
    return accounts.filter(mpn_id=mpn_id).first() if MPN_ID.fullmatch(mpn_id) else None


def _without_blanks(text):
    return "".join(text.split())


def _not_own(account, provider):
    if account.organization_id == provider.pk:
        words = _("%(mpn_id)s is your own MPN ID. You can't be your own reseller.")
        raise ValidationError(words % {"mpn_id": account}, code="own")


def _location(account, provider):
    if account.type == MpnAccount.Type.LOCATION:
        return
    company = MpnAccount.objects.filter(organization=account.organization)
    locations = company.filter(type=MpnAccount.Type.LOCATION).order_by("mpn_id")
    listed = ", ".join(f"{other.mpn_id} {other.city}".strip() for other in locations)
    words = _("%(mpn_id)s is a global account. This partner has no location account yet.")
    if listed:
        words = _(
            "%(mpn_id)s is a global account. Use a location account of this partner: %(listed)s"
        )
    raise ValidationError(words % {"mpn_id": account, "listed": listed}, code="global")


def _enrolled(account, provider):
    company = account.organization
    if company.kind != Kind.RESELLER or getattr(company, "partner", None) is None:
        words = _("%(name)s is not enrolled as an indirect reseller.")
        raise ValidationError(words % {"name": company.name}, code="not_enrolled")


def _same_region(account, provider):
    region = countries()[account.country].region
    if region != countries()[provider.country].region:
        words = _("%(name)s belongs to another sales region: %(region)s.")
        values = {"name": account.organization.name, "region": region}
        raise ValidationError(words % values, code="region")


def _signed(account, provider):
    if not account.organization.partner.agreement_signed:
        words = _(
            "%(name)s has not signed the partner agreement: it can't be used and earns no "
            "incentives."
        )
        raise ValidationError(words % {"name": account.organization.name}, code="unsigned")


def _partner(account, provider):
    pair = Partnership.objects.filter(provider=provider, reseller=account.organization)
    if not pair.active().exists():
        words = _("You have no partnership with %(name)s. Request a partnership first.")
        raise ValidationError(words % {"name": account.organization.name}, code="no_partnership")


def _location_words(partnership):
    name = f"{partnership.reseller.name} · {partnership.location.mpn_id}"
    if not partnership.reseller.partner.agreement_signed:
        return _("%(name)s (partner agreement not signed)") % {"name": name}
    return name
