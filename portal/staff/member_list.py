"""*Users*: the members of an organization, as a list, under its tabs, and as a file."""

from datetime import UTC, datetime
from functools import partial

import django_tables2 as tables
from django import forms
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, Concat, Lower, NullIf, Trim
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.accounts import second_factor
from portal.accounts.models import Membership
from portal.accounts.roles import GRANTS, Role
from portal.exports import chosen_dialect, csv_response, file_name, moment
from portal.forms import PlainForm
from portal.lists import CappedCount, in_order
from portal.queries import kept

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
NO_ROLE = "none"
ALL, MATCHING = "all", "matching"
AT_ONCE = 2000  # rows read from the database at a time

# The part of a QueryDict that says which rows: not where in the list, and not in which file.
kept_query = partial(kept, without={"scope", "format", "after", "before"})


class MemberTable(tables.Table):
    name = tables.Column(_("Name"), order_by="sort_name")
    email = tables.Column(_("Email"), order_by="user__email")
    roles = tables.Column(_("Roles"), orderable=False)
    factor = tables.Column(_("Two-factor"), orderable=False)
    signed_in = tables.Column(_("Last sign-in"), order_by="signed_in_at")
    state = tables.Column(_("Status"), orderable=False)

    class Meta:
        order_by = "name"


def _named(members):
    """With what the list sorts by, and whether there is a second factor: no query per row."""
    name = Trim(Concat("user__first_name", Value(" "), "user__last_name"))
    return members.select_related("user", "organization").annotate(
        sort_name=Lower(Coalesce(NullIf(name, Value("")), "user__username")),
        signed_in_at=Coalesce("user__last_login", Value(NEVER)),
        has_factor=second_factor.held_by("user"),
    )


# The tabs: what each is called, which members it holds, and what is said where it holds none.
TABS = {
    "": (_("All"), lambda members: members, _("Nobody works here yet")),
    "global_admins": (
        _("Global admins"),
        lambda members: members.global_admins(),
        _("No global admins"),
    ),
    "without_factor": (
        _("Without two-factor"),
        lambda members: members.active().filter(has_factor=False),
        _("Everybody here has a second factor"),
    ),
    "deactivated": (
        _("Deactivated"),
        lambda members: members.exclude(deactivated_at=None, user__is_active=True),
        _("Nobody is deactivated"),
    ),
}


class MemberFilter(PlainForm):
    """Search and filter of *Users*; what can't be understood does not filter."""

    q = forms.CharField(
        label=_("Name or email"), required=False, max_length=100, widget=forms.SearchInput
    )
    role = forms.ChoiceField(label=_("Role"), required=False)

    def __init__(self, data, *, kind):
        super().__init__(data)
        roles = [(role.value, role.label) for role in Role if role in GRANTS[kind]]
        self.fields["role"].choices = [("", _now("Any")), *roles, (NO_ROLE, _now("No role"))]

    def apply(self, members):
        self.is_valid()
        for word in self.cleaned_data.get("q", "").split():
            found = Q(sort_name__contains=word.lower()) | Q(user__username__contains=word.lower())
            members = members.filter(found | Q(user__email__icontains=word))
        role = self.cleaned_data.get("role")
        if role == NO_ROLE:
            return members.filter(roles=[])
        return members.holding(role) if role else members


class MemberList:
    """The members ``membership`` sees, as the query ``data`` narrows them."""

    def __init__(self, membership, data):
        self.membership, self.data = membership, data
        self.tab = data.get("view") if data.get("view") in TABS else ""
        self.filters = MemberFilter(data, kind=membership.organization.kind)

    def everybody(self):
        """All who work here; through the organization, so that nothing else can get in."""
        here = self.membership.organization.memberships
        return _named(here.visible_to(self.membership))

    def members(self):
        """Those under the tab that match the filters."""
        _label, narrow, _empty = TABS[self.tab]
        return self.filters.apply(narrow(self.everybody()))

    def counts(self):
        """A CappedCount for each tab, by a name that rows can carry."""
        everybody = self.everybody()
        return {
            f"in_{name or ALL}": CappedCount(narrow(everybody))
            for name, (_label, narrow, _empty) in TABS.items()
        }

    def export(self):
        """The file of those that match, or with ``scope=all`` of everybody."""
        everything = self.data.get("scope") == ALL
        found = self.everybody() if everything else self.members()
        rows = in_order(found, MemberTable, self.data.get("sort", ""))
        words = [ALL] if everything else [self.tab, *self.filters.cleaned_data.values()]
        return csv_response(
            map(_cells, rows.iterator(chunk_size=AT_ONCE)),
            header=_header(),
            dialect=chosen_dialect(self.data.get("format", "")),
            name=file_name(self.membership.organization.slug, "users", *filter(None, words)),
        )


def global_admin_count(organization):
    """How many can sign in and do everything; two at least is what one wants."""
    return Membership.objects.filter(organization=organization).global_admins().count()


def _header():
    return [
        _now("Name"),
        _now("Account name"),
        _now("Email"),
        _now("Roles"),
        _now("Two-factor"),
        _now("Last sign-in"),
        _now("Status"),
    ]


def _cells(member):
    user = member.user
    return [
        str(user),
        user.username,
        user.email,
        ", ".join(map(str, member.role_names)),
        _now("On") if member.has_factor else _now("Off"),
        moment(user.last_login),
        _now("Active") if member.is_active else _now("Deactivated"),
    ]
