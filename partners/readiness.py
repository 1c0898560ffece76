"""What stands in the way of doing business with a partner, said before an order fails over it."""

from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from partners.models import MpnAccount, country_name, region_of
from portal.letters import letter, mailto_url
from portal.links import public_url, reverse


class Obstacle(NamedTuple):
    """What is missing, who must do what about it, and the draft of a reminder, if one helps."""

    heading: str
    text: str
    mailto: str = ""


def obstacles(partnership):
    """The Obstacles of a partnership (joined ``with_partners``), the most basic first."""
    checks = (_enrolment, _agreement, _location, _region)
    return [obstacle for check in checks if (obstacle := check(partnership))]


def _enrolment(partnership):
    if getattr(partnership.reseller, "partner", None):
        return None
    text = _(
        "%(name)s has to enroll as an indirect reseller first. Until then orders that name it fail."
    )
    heading = _("The company is not enrolled as an indirect reseller.")
    return Obstacle(heading, text % {"name": partnership.reseller.name})


def _agreement(partnership):
    if not partnership.agreement_missing:
        return None
    text = _(
        "A global admin of %(name)s must accept it under Account settings, Agreements. Until then "
        "you can't add customers on its behalf, and orders that name it fail."
    )
    return Obstacle(
        _("The partner agreement is not signed."),
        text % {"name": partnership.reseller.name},
        _reminder(partnership),
    )


def _location(partnership):
    if partnership.location.type == MpnAccount.Type.LOCATION:
        return None
    text = _(
        "%(mpn_id)s is a global account. %(name)s must register the MPN ID of the Partner Location "
        "Account it does business with; orders and incentives need that one."
    )
    facts = {"mpn_id": partnership.location.mpn_id, "name": partnership.reseller.name}
    return Obstacle(_("There is no MPN ID of a Partner Location Account."), text % facts)


def _region(partnership):
    theirs, ours = partnership.location.country, partnership.provider.country
    if region_of(theirs) == region_of(ours):
        return None
    text = _(
        "%(theirs)s and %(ours)s belong to different sales regions. Orders that name this reseller "
        "fail; it needs a provider of its own region."
    )
    facts = {"theirs": country_name(theirs), "ours": country_name(ours)}
    return Obstacle(_("The reseller is in another sales region."), text % facts)


def _reminder(partnership):
    """A mail program's draft to the reseller's contact; empty without an address."""
    profile = getattr(partnership.reseller, "partner", None)
    if not (profile and profile.email):
        return ""
    page = reverse("partners:agreement", organization=partnership.reseller)
    draft = letter(
        "partners/emails/agreement_reminder",
        get_language(),
        provider=partnership.provider.name,
        reseller=partnership.reseller.name,
        link=public_url(page),
    )
    return mailto_url(profile.email, draft)
