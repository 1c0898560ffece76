"""*Update* on a customer's account. Who edits what somebody else has just changed decides."""

from functools import partial
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
def account_edit(request, pk, block):
    """One block of the account, a name in ``BLOCKS``: its form, and the press of *Save*."""
    customer = _customer(request, pk)
    if not customer.is_active:
        messages.info(request, _("The relationship with this customer has ended."))
        return redirect_to(request, "customers:customer_account", pk)
    form_of = partial(BLOCKS[block], customer=customer, membership=request.membership)
    if request.method != "POST":
        return _show(request, customer, form_of())
    return _answer(request, customer, form_of(request.POST), block)


def _answer(request, customer, form, block):
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
        return account_edit(request, customer.pk, block)
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
