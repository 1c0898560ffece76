"""*Update* on a customer's account. Who edits what somebody else has just changed decides."""

from typing import NamedTuple

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from customers import services
from customers.forms.editing import BLOCKS
from customers.models import Customer
from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.audit.models import AuditEntry
from portal.links import redirect_to

RECENT = 50  # entries looked through for who changed a field


class Overtaken(NamedTuple):
    """A field that somebody else changed while this person was editing."""

    name: str
    label: str
    was: str
    now: str
    who: str
    at: object
    decision: object  # the bound choice, where both changed it


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_CUSTOMER)
def company_edit(request, pk):
    """The company's name, its address and its registration ID."""
    return _edit(request, pk, "company")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_CUSTOMER)
def contact_edit(request, pk):
    """The primary contact."""
    return _edit(request, pk, "contact")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_CUSTOMER)
def language_edit(request, pk):
    """The language of what is written to the customer."""
    return _edit(request, pk, "language")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_CUSTOMER)
def qualification_edit(request, pk):
    """Special qualifications."""
    return _edit(request, pk, "qualification")


PAGES = {
    "company": company_edit,
    "contact": contact_edit,
    "language": language_edit,
    "qualification": qualification_edit,
}


def _edit(request, pk, block):
    customer = _customer(request, pk)
    if not customer.is_active:
        messages.info(request, _("The relationship with this customer has ended."))
        return redirect_to(request, "customers:customer_account", pk)
    kind, membership = BLOCKS[block], request.membership
    if request.method != "POST":
        return _show(request, customer, kind(customer=customer, membership=membership))
    form = kind(request.POST, customer=customer, membership=membership)
    if overtaken := form.overtaken:
        return _show(request, customer, form.rebased(), overtaken)
    if not form.is_valid():
        return _show(request, customer, form)
    return _save(request, customer, form, block)


def _save(request, customer, form, block):
    try:
        customer, changed = services.change_customer(
            customer, actor=request.membership, version=customer.version, **form.changes
        )
    except services.Stale:  # between reading and writing: look again at what it is now
        return _edit(request, customer.pk, block)
    for warning in form.warnings:
        messages.warning(request, warning)
    words = _("Changes to %s saved.") if changed else _("Nothing was changed in %s.")
    messages.success(request, words % form.HEADING)
    return redirect_to(request, "customers:customer_account", customer.pk)


def _show(request, customer, form, overtaken=None):
    context = {"customer": customer, "form": form}
    if overtaken or form.is_bound and form.disputed:
        context["overtaken"] = list(_told(request, customer, form, overtaken or {}))
    status = 422 if form.is_bound else 200
    return render(request, "customers/customer_edit.html", context, status=status)


def _told(request, customer, form, overtaken):
    """What the other changed, field by field, with the choice where both did."""
    entries = AuditEntry.objects.visible_to(request.membership).about(customer).with_actors()
    recent = list(entries.filter(action="customer.changed")[:RECENT])
    for name in form.names:
        if name not in overtaken and name not in form.disputed:
            continue
        entry = next((each for each in recent if name in each.changed_names), None)
        was = overtaken.get(name, (form.known[name], None))[0]
        yield Overtaken(
            name,
            form.fields[name].label,
            form.words(name, was or ""),
            form.words(name, form.known[name]),
            entry and entry.actor,
            entry and entry.at,
            form.decisions.get(name),
        )


def _customer(request, pk):
    customers = Customer.objects.visible_to(request.membership).with_parties()
    return get_object_or_404(customers, pk=pk)
