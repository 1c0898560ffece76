"""Which of a person's companies may accept an invitation, and what stands in the others' way."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse as public_reverse
from django.utils.translation import gettext as _

from partners.models import PartnerProfile, Partnership, country_name, region_of
from portal.accounts.models import Membership, Organization
from portal.accounts.roles import Kind, Permission, roles_with
from portal.links import reverse
from portal.scope import acting


class Obstacle(NamedTuple):
    """Why a company can't accept, with the way out where there is one."""

    text: str
    url: str = ""
    label: str = ""


class Candidate(NamedTuple):
    """One of the person's companies: it may answer with ``locations``, or there is an obstacle."""

    membership: Membership
    locations: list
    obstacle: Obstacle | None

    @property
    def company(self):
        return self.membership.organization


class Deciders(NamedTuple):
    """Who in one of the person's reseller companies may answer."""

    company: Organization
    people: list


def deciders(user):
    """Deciders for each reseller company the user belongs to."""
    companies = [place.organization for place in user.places]
    resellers = [company for company in companies if company.kind == Kind.RESELLER]
    return [Deciders(company, _who_may_answer(company)) for company in resellers]


def _who_may_answer(company):
    """Up to five people, for a page to name."""
    roles = roles_with(Kind.RESELLER, Permission.ANSWER_PARTNERSHIP)
    places = company.memberships.active().holding(*roles)
    return [place.user for place in places.select_related("user").order_by("pk")[:5]]


def candidates(user, invited, *, back):
    """A Candidate for each of the user's places; ``back`` is the invitation's own path."""
    return [_candidate(membership, invited, back) for membership in user.places]


def _candidate(membership, invited, back):
    company = membership.organization
    own = company.mpn_accounts.locations()
    locations = list(own) if company.kind == Kind.RESELLER else []
    checks = (
        _wrong_kind,
        _suspended,
        _wrong_person,
        _no_agreement,
        _no_location,
        _far_away,
        _partner_already,
    )
    for check in checks:
        obstacle = check(membership, invited, locations, back)
        if obstacle:
            return Candidate(membership, [], obstacle)
    return Candidate(membership, locations, None)


def _wrong_kind(membership, invited, locations, back):
    company = membership.organization
    if company.pk == invited.provider_id:
        return Obstacle(_("This is your own request."))
    if company.kind != Kind.RESELLER:
        kind = Kind(company.kind).label
        text = _("Enrolled as: %(kind)s, not as indirect reseller.") % {"kind": kind}
        url = f"{public_reverse('enroll')}?{urlencode({'next': back})}"
        return Obstacle(text, url, _("Enrol a company"))


def _suspended(membership, invited, locations, back):
    if membership.organization.is_suspended:
        return Obstacle(_("It is suspended: nothing can be agreed in its name at the moment."))


def _wrong_person(membership, invited, locations, back):
    if membership.can(Permission.ANSWER_PARTNERSHIP):
        return None
    names = ", ".join(map(str, _who_may_answer(membership.organization))) or "–"
    return Obstacle(
        _("A global admin must answer. Yours: %(names)s.") % {"names": names},
        f"{back}ask/",
        _("Ask them"),
    )


def _no_agreement(membership, invited, locations, back):
    profile = PartnerProfile.objects.filter(organization=membership.organization).first()
    if profile and profile.agreement_signed:
        return None
    url = reverse("partners:agreement", organization=membership.organization, next=back)
    return Obstacle(_("The partner agreement is not signed."), url, _("Go to Agreements"))


def _no_location(membership, invited, locations, back):
    if not locations:
        url = reverse("partners:identifier_add", organization=membership.organization, next=back)
        words = _("No MPN ID of a Partner Location Account is registered.")
        return Obstacle(words, url, _("Add location MPN ID"))


def _far_away(membership, invited, locations, back):
    country, other = membership.organization.country, invited.provider.country
    if region_of(country) != region_of(other):
        names = {"own": country_name(country), "other": country_name(other)}
        return Obstacle(_("%(own)s and %(other)s belong to different sales regions.") % names)


def _partner_already(membership, invited, locations, back):
    with acting(membership.actor):
        partnerships = Partnership.objects.visible_to(membership).active()
        found = partnerships.filter(provider=invited.provider_id).exists()
    if found:
        url = reverse("partners:provider_list", organization=membership.organization)
        return Obstacle(
            _("You are partners already. Nothing is left to answer here."),
            url,
            _("Open Indirect providers"),
        )
