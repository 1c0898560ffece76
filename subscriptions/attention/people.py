"""Colleagues who have not come yet, or whose accounts need care: for those who see to them."""

from functools import partial

from django.utils.translation import ngettext_lazy

from portal.accounts.roles import Permission as P
from portal.staff.member_list import MemberList
from portal.staff.models import UserInvitation
from subscriptions.attention.lines import Line


def _line(tab, words, **limits):
    query = {"view": tab}
    rows = partial(_members, query)
    return Line(P.MANAGE_STAFF, words, rows, "staff:member_list", query, **limits)


def _members(query, membership):
    return MemberList(membership, query).members()


WITHOUT_FACTOR = _line(
    "without_factor",
    ngettext_lazy(
        "%(number)s colleague has no second factor",
        "%(number)s colleagues have no second factor",
        "number",
    ),
)
LAST_GLOBAL_ADMIN = _line(
    "global_admins",
    ngettext_lazy(
        "%(number)s global admin is all there is: make a second one",
        "%(number)s global admins are all there are",
        "number",
    ),
    at_most=1,
)
INVITED = Line(
    P.MANAGE_STAFF,
    ngettext_lazy(
        "%(number)s invited colleague has not answered",
        "%(number)s invited colleagues have not answered",
        "number",
    ),
    lambda membership: UserInvitation.objects.visible_to(membership).waiting(),
    "staff:invitation_list",
    {},
)
