"""*Remove reseller relationship*: what stands in the way, or else the consequences and the end."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from customers.forms.agreements import RemovalForm
from customers.models import Customer
from portal.accounts.decorators import reauthenticated, requires
from portal.accounts.roles import Permission
from portal.htmx import render_form
from portal.lifecycle import InvalidTransition
from portal.links import redirect_to
from subscriptions import services
from subscriptions.leaving import Leaving, Obstacles


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REMOVE_CUSTOMER)
@reauthenticated
def customer_remove(request, pk):
    """The page is there even while something stands in the way: then it lists that."""
    customer = _customer(request, pk)
    if not customer.is_active:
        return _ended_already(request, customer)
    if obstacles := Obstacles(customer):
        return _obstructed(request, customer, obstacles)
    form = RemovalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return _remove(request, customer, form)
        except services.LeavingRefused as refusal:  # something came up since we looked
            return _obstructed(request, customer, refusal.obstacles)
        except InvalidTransition:  # a colleague was faster
            return _ended_already(request, _customer(request, pk))
    context = {"customer": customer, "form": form, "leaving": Leaving(customer)}
    return render_form(request, "subscriptions/customer_remove.html", context)


def _customer(request, pk):
    customers = Customer.objects.visible_to(request.membership).with_parties()
    return get_object_or_404(customers.select_related("removed_by"), pk=pk)


def _obstructed(request, customer, obstacles):
    context = {"customer": customer, "shown": obstacles.shown, "counts": obstacles.counts}
    status = 422 if request.method == "POST" else 200
    return render(request, "subscriptions/customer_obstacles.html", context, status=status)


def _remove(request, customer, form):
    removed = services.end_relationship(
        customer, actor=request.membership, statement_version=form.cleaned_data["version"]
    )
    words = _(
        "The reseller relationship with %(name)s is removed. They no longer appear in the list; "
        "they and their reseller are notified."
    )
    messages.success(request, words % {"name": removed.company_name})
    return redirect_to(request, "customers:customer_list")


def _ended_already(request, customer):
    words = _("The relationship with this customer has ended.")
    if customer.removed_by:
        facts = {"who": customer.removed_by}
        facts["at"] = date_format(localtime(customer.removed_at), "DATETIME_FORMAT")
        words = _("%(who)s removed the reseller relationship on %(at)s.") % facts
    messages.info(request, words)
    return redirect_to(request, "customers:customer_account", customer.pk)
