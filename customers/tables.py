import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Kind, Permission
from portal.columns import CheckColumn
from portal.links import reverse

NUMBER = {"th": {"class": "num"}}


class CustomerTable(tables.Table):
    """Columns of *Customers*; whoever is not the provider sees which provider it is."""

    check = CheckColumn(orderable=False, attrs={"th": {"class": "row-check"}})
    name = tables.Column(_("Company name"), order_by="name_key")
    partner = tables.Column(_("Indirect reseller"), orderable=False)
    subscriptions = tables.Column(_("Subscriptions"), orderable=False, attrs=NUMBER)
    licenses = tables.Column(_("Licenses"), orderable=False, attrs=NUMBER)
    relationship = tables.Column(_("Relationship"), orderable=False)
    added = tables.Column(_("Added"), order_by="created_at")
    details = tables.Column(
        _("Details"), orderable=False, empty_values=(), attrs={"th": {"class": "row-actions"}}
    )

    class Meta:
        order_by = "name"


class ResellersCustomerTable(CustomerTable):
    partner = tables.Column(_("Indirect provider"), orderable=False)

    class Meta:
        order_by = "name"


class MoveTable(tables.Table):
    """Customers about to go to another reseller."""

    name = tables.Column(_("Company name"), order_by="name_key")
    former = tables.Column(_("Up to now"), orderable=False)
    new = tables.Column(_("From now on"), orderable=False)
    verdict = tables.Column(_("Verdict"), orderable=False)

    class Meta:
        order_by = "name"


class MoveRowTable(tables.Table):
    """Customers that somebody has moved at once."""

    customer = tables.Column(_("Company name"), order_by="line")
    former = tables.Column(_("Up to then"), orderable=False)
    outcome = tables.Column(_("Outcome"), orderable=False)

    class Meta:
        order_by = "customer"


class RelationshipTable(tables.Table):
    """Columns of *Relationship requests*."""

    customer = tables.Column(_("Customer"), orderable=False)
    partner = tables.Column(_("Indirect reseller"), orderable=False)
    status = tables.Column(_("Status"), orderable=False)
    asked_by = tables.Column(_("Asked by"), orderable=False)
    created = tables.Column(_("Created"), order_by="created_at")
    expires = tables.Column(_("Expires"), order_by="expires_at")
    actions = tables.Column(_("Actions"), orderable=False, attrs={"th": {"class": "row-actions"}})

    class Meta:
        order_by = "-created"


class ResellersRelationshipTable(RelationshipTable):
    partner = tables.Column(_("Indirect provider"), orderable=False)

    class Meta:
        order_by = "-created"


class GrantTable(tables.Table):
    """Columns of *Admin relationships*."""

    check = CheckColumn(orderable=False, attrs={"th": {"class": "row-check"}})
    customer = tables.Column(_("Customer"), order_by="organization__name")
    partner = tables.Column(_("Partner"), order_by="partner__name")
    status = tables.Column(_("Status"), orderable=False)
    since = tables.Column(_("Since"), order_by="granted_at")
    until = tables.Column(_("Until"), order_by="ends_at")
    renewal = tables.Column(_("Renewal"), orderable=False)
    actions = tables.Column(_("Actions"), orderable=False, attrs={"th": {"class": "row-actions"}})

    class Meta:
        order_by = "until"


def no_requests(membership):
    """What an empty list of relationship requests says."""
    empty = {
        "heading": _("No relationship requests yet"),
        "text": _("A request asks a company that is in the portal already to become a customer."),
    }
    if membership.can(Permission.INVITE_CUSTOMERS):
        url = reverse("customers:relationship_create", organization=membership.organization)
        empty |= {"url": url, "label": invite_words(membership)}
    return empty


def invite_words(membership):
    """What the button is called: each side knows it by its own name."""
    if membership.organization.kind == Kind.PROVIDER:
        return _("Request a reseller relationship")
    return _("Invite new customers")


def no_customers(membership):
    """What an empty list says to somebody who has no customers at all."""
    if not membership.can(Permission.ADD_CUSTOMER):
        text = _(
            "They appear here when a provider adds a customer and chooses you as the reseller."
        )
        return {"heading": _("No customers yet"), "text": text}
    return {
        "heading": _("No customers yet"),
        "text": _("Add the first one: the account and its subscriptions take three steps."),
        "url": reverse("subscriptions:draft_create", organization=membership.organization),
        "label": _("Add new customer"),
    }


class UploadRowTable(tables.Table):
    """Columns of the rows of a file of users."""

    account = tables.Column(_("Email"), order_by="account")
    line = tables.Column(_("Line"), order_by="line", attrs=NUMBER)
    verdict = tables.Column(_("Verdict"), orderable=False)
    display_name = tables.Column(_("Display name"), order_by="display_name")
    first_name = tables.Column(_("First name"), orderable=False)
    last_name = tables.Column(_("Last name"), orderable=False)

    class Meta:
        order_by = "line"
