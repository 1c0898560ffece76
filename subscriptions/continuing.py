"""*Continue* on Home: what was begun and not finished, of whatever kind, the latest first."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from customers.models import RelationshipRequest
from partners.models import Invitation, PartnershipRequest
from portal.accounts.roles import Permission as P
from portal.links import reverse
from subscriptions.models import OrderDraft

MOST = 5


class Draft(NamedTuple):
    """Something half done: what, whose, when it was last saved, and where it goes on."""

    label: str
    reference: str
    owner: object
    at: object
    url: str


def drafts(membership, *, own=False):
    """The latest few Drafts of the company; with ``own`` those of the person alone."""
    found = [
        *(_new_customers(membership, own) if membership.can(P.ADD_CUSTOMER) else ()),
        *(_partnerships(membership, own) if membership.can(P.REQUEST_PARTNERSHIP) else ()),
        *(_relationships(membership, own) if membership.can(P.INVITE_CUSTOMERS) else ()),
    ]
    return sorted(found, key=lambda draft: draft.at, reverse=True)[:MOST]


def _new_customers(membership, own):
    found = OrderDraft.objects.visible_to(membership).open()
    if own:
        found = found.owned_by(membership.user_id)
    words = _("New customer: %(name)s, step %(step)s of 3")
    for draft in found.select_related("created_by", "taken_by")[:MOST]:
        label = words % {"name": draft, "step": draft.step}
        url = _address(membership, "subscriptions:draft_review", draft)
        yield Draft(label, draft.reference, draft.owner, draft.updated_at, url)


def _partnerships(membership, own):
    words = _("Partnership request to %(recipient)s")
    for request in _unsent(PartnershipRequest.objects.visible_to(membership), membership, own):
        yield _of_request(membership, request, words, "partners:request_draft")


def _relationships(membership, own):
    asked = RelationshipRequest.objects.visible_to(membership).asked_by(membership)
    words = _("Relationship request to %(recipient)s")
    for request in _unsent(asked, membership, own):
        yield _of_request(membership, request, words, "customers:relationship_draft")


def _unsent(requests, membership, own):
    found = requests.filter(status=Invitation.Status.DRAFT).for_list()
    if own:
        found = found.filter(created_by=membership.user_id)
    return found.order_by("-created_at")[:MOST]


def _of_request(membership, request, words, page):
    label = words % {"recipient": request.recipient or _("nobody yet")}
    url = _address(membership, page, request)
    return Draft(label, request.reference, request.created_by, request.created_at, url)


def _address(membership, page, draft):
    return reverse(page, draft.pk, organization=membership.organization)
