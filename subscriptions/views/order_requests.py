"""Order requests: a reseller asks, the provider orders or declines. Looking changes nothing."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers.models import Customer
from portal.accounts.decorators import requires
from portal.accounts.roles import Kind, Permission
from portal.audit.models import AuditEntry
from portal.htmx import render_form, render_page
from portal.lifecycle import InvalidTransition
from portal.links import redirect_to, reverse
from portal.lists import Page
from subscriptions import services
from subscriptions.buying import Buyer
from subscriptions.models import OrderRequest
from subscriptions.order_request_forms import (
    OrderDeclineForm,
    OrderRequestFilter,
    OrderRequestForm,
)
from subscriptions.picker import PickerWithoutPrices
from subscriptions.tables import OrderRequestTable

DETAIL = "subscriptions:order_request"


@require_safe
@requires(Permission.VIEW_CUSTOMERS)
def order_request_list(request):
    """*Order requests*: what resellers ask the provider to order; for them, what they asked."""
    filters = OrderRequestFilter(request.GET)
    requests = filters.apply(OrderRequest.objects.visible_to(request.membership).for_list())
    context = {
        "page": Page(request, OrderRequestTable, requests, series="E"),
        "filters": filters,
        "row_template": "subscriptions/order_request_rows.html",
        "caption": _("Order requests"),
        "is_own": _is_reseller(request),
        "empty": {"heading": _("No order requests yet"), "text": _nothing_yet(request)},
    }
    template, region = "subscriptions/order_request_list.html", "components/table_region.html"
    return render_page(request, template, context, partial=region)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REQUEST_ORDER)
def order_request_create(request, pk):
    """*Ask the provider to order* for one customer: the offers without prices, and a note."""
    customers = Customer.objects.visible_to(request.membership).active()
    customer = get_object_or_404(customers.select_related("provider", "reseller"), pk=pk)
    buyer = Buyer.of_customer(customer)
    if request.method == "POST":
        return _post(request, customer, buyer)
    if waiting := _asked(request, customer).open().first():
        messages.info(request, _("This request waits for its answer. Withdraw it to ask anew."))
        return redirect_to(request, DETAIL, waiting.pk)
    picker = PickerWithoutPrices.addressed(buyer, request.GET)
    initial = {"submission": uuid4(), "note": request.GET.get("note", "")}
    return _form(request, customer, picker, OrderRequestForm(initial=initial))


@require_safe
@requires(Permission.VIEW_CUSTOMERS)
def order_request(request, pk):
    """One request: what is to be ordered, what was answered, what can be done."""
    asked, membership = _find(request, pk), request.membership
    may_answer = asked.is_open and membership.can(Permission.PLACE_ORDER)
    context = {
        "asked": asked,
        "lines": asked.offers(),
        "order_url": _order_url(request, asked) if may_answer else "",
        "may_withdraw": asked.is_open and membership.can(Permission.REQUEST_ORDER),
        "history": AuditEntry.objects.visible_to(membership).about(asked).with_actors()[:10],
    }
    return render(request, "subscriptions/order_request.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PLACE_ORDER)
def order_request_decline(request, pk):
    """*Decline*, with the reason that the reseller reads."""
    asked = _find(request, pk)
    form = OrderDeclineForm(request.POST if request.method == "POST" else None)
    if not asked.is_open:
        return _too_late(request, asked)
    if not form.is_valid():
        context = {"asked": asked, "form": form}
        return render_form(request, "subscriptions/order_request_decline.html", context)
    reason = form.cleaned_data["reason"]
    words = _("The request of %s is declined.") % asked.asked_for.name
    return _answer(request, asked, services.decline_order_request, words, reason=reason)


@require_POST
@requires(Permission.REQUEST_ORDER)
def order_request_withdraw(request, pk):
    """*Withdraw*: the reseller takes it back before it is answered."""
    words = _("The request is withdrawn. You can ask again at any time.")
    return _answer(request, _find(request, pk), services.withdraw_order_request, words)


def _post(request, customer, buyer):
    picker = PickerWithoutPrices.posted(buyer, request.POST)
    form, asking = OrderRequestForm(request.POST), "next" in request.POST
    sound = picker.is_valid(complete=asking)
    if not asking and sound:
        query = picker.query(choices=True, note=request.POST.get("note", "")[:500])
        return HttpResponseRedirect(request.path + query)
    if not asking:  # only the filters were applied: nothing to complain about elsewhere
        form = OrderRequestForm(initial=request.POST.dict())
    elif form.is_valid() and (twin := _twin(request, customer, form)):
        return redirect_to(request, DETAIL, twin.pk)
    elif form.is_valid() and sound:
        return _ask(request, customer, picker, form)
    return _form(request, customer, picker, form)


def _ask(request, customer, picker, form):
    try:
        made = services.ask_to_order(
            customer, actor=request.membership, lines=picker.lines, **form.cleaned_data
        )
    except services.RequestRefused as refusal:
        picker.errors = [refusal.reason]
        return _form(request, customer, picker, form)
    messages.success(request, _("Your request is on its way. You are told when it is answered."))
    return redirect_to(request, DETAIL, made.pk)


def _twin(request, customer, form):
    """What the first press of the same button has made: by now the limits may be reached."""
    asked = _asked(request, customer)
    return asked.filter(submission=form.cleaned_data["submission"]).first()


def _asked(request, customer):
    return OrderRequest.objects.visible_to(request.membership).filter(customer=customer)


def _find(request, pk):
    requests = OrderRequest.objects.visible_to(request.membership)
    return get_object_or_404(requests.with_parties(), pk=pk)


def _answer(request, asked, act, words, **facts):
    try:
        act(asked, actor=request.membership, **facts)
        messages.success(request, words)
    except InvalidTransition as error:  # somebody was faster
        messages.warning(request, error.reason)
    return redirect_to(request, DETAIL, asked.pk)


def _too_late(request, asked):
    words = _("This request was answered or has ended already: %(state)s.")
    messages.warning(request, words % {"state": asked.state_words})
    return redirect_to(request, DETAIL, asked.pk)


def _order_url(request, asked):
    """*New subscription*, filled in with what is asked for."""
    page, here = "subscriptions:subscription_add", request.membership.organization
    query = {"order": asked.choices, "asked": asked.reference}
    return reverse(page, asked.customer_id, organization=here, **query)


def _form(request, customer, picker, form):
    context = {"customer": customer, "picker": picker, "form": form, "errors": picker.errors}
    return render_page(
        request,
        "subscriptions/order_request_form.html",
        context,
        partial="subscriptions/offers_region.html",
        status=422 if picker.errors or form.errors else 200,
    )


def _is_reseller(request):
    return request.membership.organization.kind == Kind.RESELLER


def _nothing_yet(request):
    if _is_reseller(request):
        return _("To have something ordered, open a customer's subscriptions.")
    return _("When a reseller asks you to order for a customer, it appears here.")
