import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from portal.columns import CheckColumn

NUMBER = {"th": {"class": "num"}}


class OrderTable(tables.Table):
    reference = tables.Column(_("Reference"), orderable=False)
    customer = tables.Column(_("Customer"), orderable=False)
    reseller = tables.Column(_("Indirect reseller"), orderable=False)
    lines = tables.Column(_("Lines"), orderable=False, attrs=NUMBER)
    total = tables.Column(_("Total"), orderable=False, attrs=NUMBER)
    status = tables.Column(_("Status"), orderable=False)
    placed_by = tables.Column(_("By"), orderable=False)
    placed_at = tables.Column(_("Date"), order_by="placed_at")

    class Meta:
        order_by = "-placed_at"


class PriceTable(tables.Table):
    """What can be ordered, and what it costs."""

    name = tables.Column(_("Offer"), order_by="name_key")
    category = tables.Column(_("Category"), orderable=False)
    term = tables.Column(_("Term"), orderable=False)
    price = tables.Column(_("Price"), orderable=False, attrs=NUMBER)
    valid_from = tables.Column(_("Valid from"), orderable=False)
    valid_until = tables.Column(_("Valid until"), orderable=False)

    class Meta:
        order_by = "name"


class CustomerSubscriptionTable(tables.Table):
    """The subscriptions of one customer."""

    name = tables.Column(_("Subscription"), orderable=False)
    status = tables.Column(_("Status"), orderable=False)
    quantity = tables.Column(_("Licenses"), orderable=False, attrs=NUMBER)
    reseller_of_record = tables.Column(_("Reseller (MPN ID)"), orderable=False)
    support_contact = tables.Column(_("Designated support contact"), orderable=False)
    ends_on = tables.Column(_("Renews on"), orderable=False)
    created_at = tables.Column(_("Ordered"), order_by="created_at")

    class Meta:
        order_by = "-created_at"


class SubscriptionTable(CustomerSubscriptionTable):
    """Subscriptions of all customers."""

    check = CheckColumn(orderable=False, attrs={"th": {"class": "row-check"}})
    customer = tables.Column(_("Customer"), orderable=False)

    class Meta:
        order_by = "-created_at"
        sequence = ("check", "name", "customer", "...")


class CountedTable(tables.Table):
    """Subscriptions that were counted for an incentive."""

    subscription = tables.Column(_("Subscription"), orderable=False)
    customer = tables.Column(_("Customer"), orderable=False)
    licenses = tables.Column(_("Licenses"), order_by="licenses", attrs=NUMBER)
    since = tables.Column(_("Since"), order_by="since")

    class Meta:
        order_by = "-licenses"


class ChangeTable(tables.Table):
    """Subscriptions that are about to name other partners."""

    name = tables.Column(_("Subscription"), orderable=False)
    customer = tables.Column(_("Customer"), orderable=False)
    reseller_of_record = tables.Column(_("Reseller (MPN ID)"), orderable=False)
    support_contact = tables.Column(_("Designated support contact"), orderable=False)
    verdict = tables.Column(_("Verdict"), orderable=False)
    created_at = tables.Column(_("Ordered"), order_by="created_at")

    class Meta:
        order_by = "-created_at"


class ChangeRowTable(tables.Table):
    """Columns of the rows of a batch."""

    line = tables.Column(_("Subscription"), order_by="line")
    customer = tables.Column(_("Customer"), orderable=False)
    reseller_of_record = tables.Column(_("Reseller up to then"), orderable=False)
    support_contact = tables.Column(_("Support contact up to then"), orderable=False)
    outcome = tables.Column(_("Outcome"), orderable=False)

    class Meta:
        order_by = "line"


class OwnSubscriptionTable(tables.Table):
    """A customer's own, with whoever provides them and whoever helps."""

    name = tables.Column(_("Subscription"), orderable=False)
    provider = tables.Column(_("Indirect provider"), orderable=False)
    status = tables.Column(_("Status"), orderable=False)
    quantity = tables.Column(_("Licenses"), orderable=False, attrs=NUMBER)
    helper = tables.Column(_("Who helps you"), orderable=False)
    created_at = tables.Column(_("Ordered"), order_by="created_at")

    class Meta:
        order_by = "-created_at"


class LicenseRequestTable(tables.Table):
    """What customers ask for."""

    subscription = tables.Column(_("Subscription"), orderable=False)
    customer = tables.Column(_("Customer"), orderable=False)
    licenses = tables.Column(_("Licenses"), orderable=False)
    status = tables.Column(_("Status"), orderable=False)
    asked_by = tables.Column(_("Asked by"), orderable=False)
    asked_at = tables.Column(_("Date"), order_by="asked_at")

    class Meta:
        order_by = "-asked_at"


class OwnLicenseRequestTable(LicenseRequestTable):
    """What a customer asks its partners for."""

    customer = tables.Column(_("Indirect provider"), orderable=False)

    class Meta:
        order_by = "-asked_at"


class OrderRequestTable(tables.Table):
    """What resellers ask their providers to order."""

    customer = tables.Column(_("Customer"), orderable=False)
    company = tables.Column(_("Partner"), orderable=False)
    lines = tables.Column(_("Lines"), orderable=False, attrs=NUMBER)
    status = tables.Column(_("Status"), orderable=False)
    asked_by = tables.Column(_("Asked by"), orderable=False)
    asked_at = tables.Column(_("Date"), order_by="asked_at")

    class Meta:
        order_by = "-asked_at"


class MoveTable(tables.Table):
    """The customers of a reseller whose partnership ends."""

    name = tables.Column(_("Company name"), order_by="name_key")

    class Meta:
        order_by = "name"


class CustomerUserTable(tables.Table):
    """Columns of *Users and licenses*."""

    check = CheckColumn(orderable=False, attrs={"th": {"class": "row-check"}})
    name = tables.Column(_("Name"), order_by="name_key")
    role = tables.Column(_("Role"), orderable=False)
    licenses = tables.Column(_("Licenses"), orderable=False)
    state = tables.Column(_("Status"), orderable=False)
    last_sign_in = tables.Column(_("Last sign-in"), orderable=False)
    added = tables.Column(_("Added"), order_by="created_at")

    class Meta:
        order_by = "name"


class OwnUserTable(CustomerUserTable):
    """The same for a customer's own admins: how their people sign in is theirs to know."""

    factor = tables.Column(_("Two-factor"), orderable=False)

    class Meta(CustomerUserTable.Meta):
        sequence = ("check", "name", "role", "licenses", "factor", "...")


class InvitedUserTable(tables.Table):
    """Columns of *Invited users*."""

    name = tables.Column(_("Name"), order_by="name_key")
    role = tables.Column(_("Role"), orderable=False)
    sent = tables.Column(_("Sent"), orderable=False)
    expires = tables.Column(_("Expires"), orderable=False)
    actions = tables.Column(_("Actions"), orderable=False, attrs={"th": {"class": "row-actions"}})

    class Meta:
        order_by = "name"


class DeletedUserTable(tables.Table):
    """Columns of *Deleted users*."""

    name = tables.Column(_("Name"), order_by="name_key")
    deleted = tables.Column(_("Deleted on"), order_by="deactivated_at")
    gone = tables.Column(_("Gone for good on"), orderable=False)
    actions = tables.Column(_("Actions"), orderable=False, attrs={"th": {"class": "row-actions"}})

    class Meta:
        order_by = "name"
