"""Which of a person's companies may accept a relationship, and what stands in the others' way."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from customers.models import Customer
from customers.standing import Standing
from partners.models import country_name, region_of
from portal.accounts.models import Membership
from portal.accounts.roles import Kind, Permission, roles_with
from portal.links import reverse
from portal.scope import acting

MOST_NAMES = 5
# What one provider knows of a company is filled in for the next one.
KNOWN = (
    "address_line_1",
    "address_line_2",
    "postal_code",
    "city",
    "state",
    "registration_number",
    "phone",
)


class Obstacle(NamedTuple):
    """Why a company can't accept, with the way out where there is one."""

    text: str
    url: str = ""
    label: str = ""


class Candidate(NamedTuple):
    """One of the person's companies: it may accept, or there is an obstacle.

    ``standing`` and ``known`` (what can be filled in of its address) only where it may.
    """

    membership: Membership
    obstacle: Obstacle | None
    standing: Standing | None = None
    known: dict | None = None

    @property
    def company(self):
        return self.membership.organization


def candidates(user, request):
    """A Candidate for each of the user's places."""
    return [_candidate(membership, request) for membership in user.places]


def _candidate(membership, request):
    for check in (_wrong_kind, _suspended, _wrong_person, _far_away):
        if obstacle := check(membership, request):
            return Candidate(membership, obstacle)
    with acting(membership.actor):
        standing = Standing.of(request, membership.organization_id)
        known = _known(membership) if standing.is_new else {}
    obstacle = _nothing_to_accept(membership, standing)
    return Candidate(membership, obstacle, standing, known)


def _wrong_kind(membership, request):
    company = membership.organization
    if company in request.asking:
        return Obstacle(_("This is your own request."))
    if company.kind != Kind.CUSTOMER:
        kind = Kind(company.kind).label
        return Obstacle(_("Enrolled as: %(kind)s, not as a customer.") % {"kind": kind})


def _suspended(membership, request):
    if membership.organization.is_suspended:
        return Obstacle(_("It is suspended: nothing can be agreed in its name at the moment."))


def _wrong_person(membership, request):
    if membership.can(Permission.ANSWER_RELATIONSHIP):
        return None
    roles = roles_with(Kind.CUSTOMER, Permission.ANSWER_RELATIONSHIP)
    places = membership.organization.memberships.visible_to(membership).active()
    colleagues = places.holding(*roles).select_related("user")
    names = ", ".join(str(colleague.user) for colleague in colleagues[:MOST_NAMES])
    return Obstacle(_("A global admin must answer. Yours: %(names)s.") % {"names": names or "–"})


def _far_away(membership, request):
    country, other = membership.organization.country, request.provider.country
    if region_of(country) != region_of(other):
        names = {"own": country_name(country), "other": country_name(other)}
        return Obstacle(_("%(own)s and %(other)s belong to different sales regions.") % names)


def _nothing_to_accept(membership, standing):
    if not standing.changes_nothing:
        return None
    words, request = _("You are a customer of %(provider)s already."), standing.request
    if request.reseller:
        words = _(
            "You are a customer of %(provider)s already, and %(reseller)s is your reseller there."
        )
    names = {"provider": request.provider, "reseller": request.reseller}
    url = reverse("customers:partner_list", organization=membership.organization)
    return Obstacle(words % names, url, _("Open Partner relationships"))


def _known(membership):
    """The address another provider has of the company, and the person who answers as contact."""
    user = membership.user
    contact = {"first_name": user.first_name, "last_name": user.last_name, "email": user.email}
    latest = Customer.objects.visible_to(membership).order_by("-created_at").first()
    if not latest:
        return contact
    address = {name: getattr(latest, name) for name in KNOWN}
    return address | {name: value or getattr(latest, name) for name, value in contact.items()}
