"""The customer agreement: how it stands, who says so, and the customer's own *Accept*."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from customers import services, wording
from customers.forms.agreements import ConfirmationForm, OwnAgreementForm
from customers.models import Customer
from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.htmx import render_form
from portal.links import redirect_to


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ATTEST_AGREEMENT)
def agreement_confirm(request, pk):
    """*Confirm acceptance*: that somebody accepted the agreement for the customer."""
    customers = Customer.objects.visible_to(request.membership).with_parties()
    customer = get_object_or_404(customers, pk=pk)
    if not customer.is_active:
        messages.info(request, _("The relationship with this customer has ended."))
        return redirect_to(request, "customers:customer_account", pk)
    form = ConfirmationForm(request.POST if request.method == "POST" else None, customer=customer)
    if form.is_valid():
        try:
            return _confirm(request, customer, form)
        except services.SignedAlready:
            form.add_error("first_name", _("The acceptance of this person is on record already."))
    context = {"customer": customer, "form": form, "text": wording.agreement_text()}
    return render_form(request, "customers/agreement_confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_PARTNER_RELATIONSHIPS)
def own_agreement(request):
    """*Customer agreement*, as the customer sees it: for which providers it is accepted."""
    if request.method == "POST":
        return _accept(request)
    return _show(request, OwnAgreementForm())


@requires(Permission.ACCEPT_CUSTOMER_AGREEMENT)
def _accept(request):
    form = OwnAgreementForm(request.POST)
    if not form.is_valid():
        return _show(request, form)
    accepted = services.accept_agreement(actor=request.membership)
    words = ngettext(
        "You accepted the customer agreement. %(number)s provider can now set up your orders.",
        "You accepted the customer agreement. %(number)s providers can now set up your orders.",
        len(accepted),
    )
    if accepted:
        messages.success(request, words % {"number": len(accepted)})
    else:
        messages.info(request, _("The customer agreement has been accepted already."))
    return redirect_to(request, "customers:own_agreement")


def _show(request, form):
    mine = Customer.objects.visible_to(request.membership).active().with_parties()
    mine = list(mine.select_related("agreement_by").order_by("created_at", "pk"))
    context = {
        "form": form,
        "customers": mine,
        "is_missing": any(not customer.may_buy for customer in mine),
        "text": wording.agreement_text(),
        "version": wording.AGREEMENT_VERSION,
    }
    status = 422 if form.is_bound else 200
    return render(request, "customers/own_agreement.html", context, status=status)


def _confirm(request, customer, form):
    confirmed = services.confirm_agreement(customer, actor=request.membership, **form.confirmation)
    words = _("%(first)s %(last)s accepted the customer agreement on %(day)s. Orders can go on.")
    facts = {
        "first": confirmed.agreement_first_name,
        "last": confirmed.agreement_last_name,
        "day": date_format(confirmed.agreement_date, "DATE_FORMAT"),
    }
    messages.success(request, words % facts)
    return redirect_to(request, "customers:customer_account", customer.pk)
