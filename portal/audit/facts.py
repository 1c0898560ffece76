"""What one entry tells when it is opened: who changed what, from where, and what it is about."""

from ipaddress import ip_address, ip_network

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.urls import Resolver404, resolve
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.exports import moment
from portal.links import PAGES as ORGANIZATION_URLS
from portal.links import reverse

CUSTOMER = "customers.customer"
# The pages of what entries are about, where its id alone leads there.
PAGES = {
    CUSTOMER: "customers:customer_detail",
    "customers.relationshiprequest": "customers:relationship_detail",
    "partners.partnershiprequest": "partners:request_detail",
    "partners.requestbatch": "partners:batch_detail",
    "subscriptions.order": "subscriptions:order_detail",
    "subscriptions.subscription": "subscriptions:subscription_detail",
}
# Words for what services write down besides changes; what has none here is not shown.
WORDS = {
    "agreement": gettext_lazy("Agreement"),
    "customer": gettext_lazy("Customer"),
    "days": gettext_lazy("Days"),
    "fields": gettext_lazy("Fields"),
    "former": gettext_lazy("Up to now"),
    "instead": gettext_lazy("Instead of it"),
    "language": gettext_lazy("Language"),
    "lines": gettext_lazy("Lines"),
    "method": gettext_lazy("Method"),
    "mpn_id": gettext_lazy("MPN ID"),
    "note": gettext_lazy("Note"),
    "on": gettext_lazy("On"),
    "page": gettext_lazy("Page"),
    "permission": gettext_lazy("Missing permission"),
    "person": gettext_lazy("User"),
    "reason": gettext_lazy("Reason"),
    "rows": gettext_lazy("Rows"),
    "statement": gettext_lazy("Statement"),
    "tag": gettext_lazy("Tag"),
    "until": gettext_lazy("Until"),
    "users": gettext_lazy("Users"),
    "version": gettext_lazy("Version"),
}


def changes_of(entry):
    """(field, before, after) in words: what was changed by hand, or the state or text that was."""
    yield from entry.changes
    details = entry.details
    if "before" in details or "after" in details:
        words = _states(entry.target_type)
        before, after = details.get("before"), details.get("after")
        name = _("Status") if str(after) in words else _("Change")
        yield name, _said(before, words), _said(after, words)


def facts_of(entry):
    """(words, value) of what else was written down."""
    for name, value in entry.details.items():
        if name in WORDS and value not in ("", None):
            yield WORDS[name], _shown(value)


def in_one_line(entry):
    """All of it as one text, for a file."""
    changes = [f"{name}: {old or '–'} → {new or '–'}" for name, old, new in changes_of(entry)]
    return "; ".join([*changes, *(f"{words}: {value}" for words, value in facts_of(entry))])


def address_for(entry, membership, *, unmasked):
    """The IP address as ``membership`` may read it: "" for none.

    Whole only with ``unmasked``, and only of people of one's own company; otherwise the network.
    """
    if not entry.ip:
        return ""
    if unmasked and entry.acting_for_id in (None, membership.organization_id):
        return entry.ip
    length = 24 if ip_address(entry.ip).version == 4 else 48
    network = str(ip_network(f"{entry.ip}/{length}", strict=False).network_address)
    return f"{network.removesuffix('.0').removesuffix('::')}{'.…' if length == 24 else ':…'}"


def page_of(entry, membership):
    """The address of what the entry is about, or "" where the reader can't open it."""
    name = PAGES.get(entry.target_type)
    if not name or not _is_there(entry.target_type, membership, pk=entry.target_id):
        return ""
    return _address_if_allowed(name, int(entry.target_id), membership)


def customer_page_of(entry, membership):
    """A partner's page of the affected customer's subscriptions, or "" where there is none."""
    if entry.customer_id in (None, membership.organization_id):
        return ""
    found = _is_there(CUSTOMER, membership, organization=entry.customer_id)
    return found and _address_if_allowed("subscriptions:customer_subscriptions", found, membership)


def _is_there(label, membership, **which):
    """The id of the row that the reader sees, or an empty text."""
    rows = apps.get_model(label).objects.visible_to(membership).filter(**which)
    return rows.order_by("pk").values_list("pk", flat=True).first() or ""


def _address_if_allowed(name, pk, membership):
    address = reverse(name, pk, organization=membership.organization)
    path = address.removeprefix(f"/o/{membership.organization.slug}")
    try:
        view = resolve(path, urlconf=ORGANIZATION_URLS).func
    except Resolver404:
        return ""
    return address if membership.can(getattr(view, "permission", None)) else ""


def _states(label):
    """The words of the target's states, by their values."""
    try:
        field = apps.get_model(label)._meta.get_field("status")
    except (LookupError, FieldDoesNotExist):
        return {}
    return {str(value): words for value, words in field.flatchoices}


def _said(value, words):
    return _shown(words.get(str(value), value))


def _shown(value):
    """A value of the details as people read it; moments in the reader's zone."""
    if isinstance(value, list):
        return ", ".join(map(str, map(_shown, value)))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, str) and "T" in value and (at := _moment(value)):
        return moment(localtime(at))
    return capfirst(str(value)) if isinstance(value, str) else value


def _moment(text):
    try:
        return parse_datetime(text)
    except ValueError:
        return None
