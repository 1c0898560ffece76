from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers.services import setup_info
from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.htmx import render_page, wants_partial
from portal.lifecycle import InvalidTransition
from portal.links import redirect_to, reverse
from portal.lists import Page
from portal.savedviews.shown import saves_views
from subscriptions import services
from subscriptions.filters import OrderFilter
from subscriptions.forms import AgreementForm
from subscriptions.models import Order, OrderDraft
from subscriptions.progress import progress_of, timeline
from subscriptions.steps import steps
from subscriptions.tables import OrderTable

MOST_DRAFTS = 10


@require_safe
@requires(Permission.PLACE_ORDER)
@saves_views("orders")
def order_list(request):
    """*Orders*: what is not submitted yet on top."""
    filters = OrderFilter(request.GET, membership=request.membership)
    orders = Order.objects.visible_to(request.membership).for_list()
    context = {
        "page": Page(request, OrderTable, filters.apply(orders), series="O"),
        "filters": filters,
        "row_template": "subscriptions/order_rows.html",
        "caption": _("Orders"),
        "empty": {
            "heading": _("No orders yet"),
            "text": _("Orders begin with a new customer, or beside an existing one."),
            "url": reverse("customers:customer_list", organization=request.membership.organization),
            "label": _("Customers"),
        },
    }
    if not wants_partial(request):
        drafts = OrderDraft.objects.visible_to(request.membership).open()
        context["drafts"] = drafts.for_list()[:MOST_DRAFTS]
    return render_page(
        request,
        "subscriptions/order_list.html",
        context,
        partial="components/table_region.html",
    )


@require_safe
@requires(Permission.ADD_CUSTOMER)
def order_detail(request, pk):
    return _show(request, _order(request, pk), AgreementForm())


@require_safe
@requires(Permission.ADD_CUSTOMER)
def order_confirmation(request, pk):
    """*Confirmation*: what was ordered, the setup info of a new customer, and how far it is."""
    order = _order(request, pk)
    is_new = OrderDraft.objects.visible_to(request.membership).filter(order=order).exists()
    context = {
        "order": order,
        "progress": progress_of(order, request.membership),
        "setup": setup_info(order.customer, request) if is_new else None,
        "steps": steps(request, "confirmation"),
        "reload": True,
    }
    response = render(request, "subscriptions/order_confirmation.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@requires(Permission.ADD_CUSTOMER)
def order_progress(request, pk):
    """How far the lines are; asked every two seconds while they are being set up."""
    order = _order(request, pk)
    if not wants_partial(request):
        return redirect_to(request, "subscriptions:order_detail", order.pk)
    context = {"order": order, "progress": progress_of(order, request.membership)}
    return render(request, "subscriptions/order_progress.html", context)


@require_POST
@requires(Permission.ATTEST_AGREEMENT)
def order_start(request, pk):
    """Go on with an order that waited for the customer agreement."""
    order = _order(request, pk)
    form = AgreementForm(None if order.customer.may_buy else request.POST)
    if form.is_bound and not form.is_valid():
        return _show(request, order, form)
    accepted_on = form.cleaned_data["accepted_on"] if form.is_bound else None
    try:
        services.start_order(order, actor=request.membership, accepted_on=accepted_on)
        messages.success(request, _("The subscriptions are being set up."))
    except InvalidTransition:  # somebody else was faster
        messages.info(request, _("This order does not wait any more."))
    return redirect_to(request, "subscriptions:order_detail", order.pk)


@require_POST
@requires(Permission.RETRY_ORDER)
def line_retry(request, pk):
    """*Try again*: the failed line that is named, or all of them."""
    order = _order(request, pk)
    tried = services.retry_lines(order, actor=request.membership, only=_named_line(request, order))
    _say(request, _("%s is being tried again."), tried)
    return redirect_to(request, "subscriptions:order_detail", pk)


@require_POST
@requires(Permission.PLACE_ORDER)
def line_cancel(request, pk):
    """*Leave it*: go on without the failed line that is named, or without any of them."""
    order = _order(request, pk)
    left = services.leave_lines(order, actor=request.membership, only=_named_line(request, order))
    _say(request, _("%s is left out of the order."), left)
    return redirect_to(request, "subscriptions:order_detail", pk)


@require_POST
@requires(Permission.RETRY_ORDER)
def order_revive(request, pk):
    """*Try again now*: an order in which nothing has happened for too long."""
    try:
        services.revive_order(_order(request, pk), actor=request.membership)
        messages.success(request, _("What waits in this order is being tried again."))
    except InvalidTransition:
        messages.info(request, _("This order has gone on in the meantime."))
    return redirect_to(request, "subscriptions:order_detail", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PLACE_ORDER)
def order_cancel(request, pk):
    """*Cancel this order*: first what that means, then the deed."""
    order = _order(request, pk)
    if request.method != "POST":
        return render(request, "subscriptions/order_cancel.html", {"order": order})
    services.cancel_order(order, actor=request.membership)
    messages.success(request, _("The order is cancelled."))
    return redirect_to(request, "subscriptions:order_detail", pk)


def _order(request, pk):
    orders = Order.objects.visible_to(request.membership).with_lines()
    return get_object_or_404(orders, pk=pk)


def _named_line(request, order):
    """The id of the line a button stands beside, or None where it is about all of them."""
    if "line" not in request.POST:
        return None
    known = {str(line.pk): line.pk for line in order.lines.all()}
    if request.POST["line"] not in known:
        raise Http404
    return known[request.POST["line"]]


def _say(request, words, lines):
    for line in lines:
        messages.success(request, words % line.name)
    if not lines:
        messages.info(request, _("There is no failed subscription in this order any more."))


def _show(request, order, form):
    context = {
        "order": order,
        "progress": progress_of(order, request.membership),
        "form": form,
        "today": localdate(),
        "history": timeline(order, request.membership),
        "reload": True,
    }
    status = 422 if form.is_bound else 200
    return render(request, "subscriptions/order_detail.html", context, status=status)
