"""Which of a person's companies may accept an invitation, and what stands in the others' way."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from partners.models import PartnerProfile, Partnership, country_name, region_of
from portal.accounts.models import Membership
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


def candidates(user, invited, *, back):
    """A Candidate for each of the user's places; ``back`` is the invitation's own path."""
    return [_candidate(membership, invited, back) for membership in user.places]


def _candidate(membership, invited, back):
    company = membership.organization
    own = company.mpn_accounts.locations()
    locations = list(own) if company.kind == Kind.RESELLER else []
    checks = (_wrong_kind, _wrong_person, _no_agreement, _no_location, _far_away, _partner_already)
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
        return Obstacle(_("Enrolled as: %(kind)s, not as indirect reseller.") % {"kind": kind})


def _wrong_person(membership, invited, locations, back):
    if membership.can(Permission.ANSWER_PARTNERSHIP):
        return None
    roles = roles_with(Kind.RESELLER, Permission.ANSWER_PARTNERSHIP)
    colleagues = (
        membership.organization.memberships.holding(*roles)
        .filter(user__is_active=True)
        .select_related("user")
    )
    names = ", ".join(str(colleague.user) for colleague in colleagues[:5])
    return Obstacle(_("A global admin must answer. Yours: %(names)s.") % {"names": names or "–"})


def _no_agreement(membership, invited, locations, back):
    profile = PartnerProfile.objects.filter(organization=membership.organization).first()
    if profile and profile.agreement_signed:
        return None
    url = reverse("partners:agreement", organization=membership.organization, next=back)
    return Obstacle(_("The partner agreement is not signed."), url, _("Go to Agreements"))


def _no_location(membership, invited, locations, back):
    if not locations:
        return Obstacle(_("No MPN ID of a Partner Location Account is registered."))


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
        return Obstacle(_("You are partners already."), url, _("Open Indirect providers"))
