"""*Add subscription*: one page for an existing customer, from the offers to *Submit*."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from customers.models import Customer
from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.htmx import render_page
from portal.links import redirect_to, reverse
from portal.references import WrongReference, decode
from subscriptions import services
from subscriptions.buying import Buyer
from subscriptions.forms import AddSubscriptionForm
from subscriptions.models import Order, OrderRequest
from subscriptions.picker import Picker


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PLACE_ORDER)
def subscription_add(request, pk):
    """*New subscription*; *Apply filters* puts what was chosen into the address."""
    customers = Customer.objects.visible_to(request.membership).active()
    customer = get_object_or_404(customers.select_related("provider", "reseller"), pk=pk)
    answer = _post if request.method == "POST" else _get
    return answer(request, customer, Buyer.of_customer(customer))


def _get(request, customer, buyer):
    picker = Picker.addressed(buyer, request.GET)
    initial = {"submission": uuid4()}
    if reseller := request.GET.get("reseller"):
        initial["reseller"] = reseller
    return _show(request, customer, picker, _form(request, customer, initial=initial))


def _post(request, customer, buyer):
    picker = Picker.posted(buyer, request.POST)
    form = _form(request, customer, request.POST)
    ordering = "next" in request.POST
    sound = picker.is_valid(complete=ordering)
    # Whatever is wrong by now: what this very form has ordered counts against limits, too.
    if ordering and (placed := _placed(request, customer)):
        return _done(request, placed)
    if not ordering and sound:
        kept = {name: request.POST.get(name, "") for name in ("reseller", "asked")}
        query = picker.query(choices=True, **kept)
        return HttpResponseRedirect(request.path + query)
    if not ordering:  # only the filters were applied: nothing to complain about elsewhere
        form = _form(request, customer, initial=request.POST.dict())
    elif form.is_valid() and sound:
        try:
            return _done(request, _place(request, customer, picker, form))
        except services.OrderRefused as refusal:
            picker.errors = list(refusal.problems.values())
        except services.RequestRefused as refusal:
            picker.errors = [refusal.reason]
        except services.PricesChanged:
            picker = Picker.posted(buyer, request.POST)
            picker.errors = [_agree_to_prices()]
    return _show(request, customer, picker, form)


def _placed(request, customer):
    """What the same form has ordered before, if it was submitted twice."""
    form = _form(request, customer, request.POST)
    form.is_valid()
    submission = form.cleaned_data.get("submission")
    orders = Order.objects.visible_to(request.membership).filter(customer=customer)
    return orders.filter(submission=submission).first() if submission else None


def _place(request, customer, picker, form):
    if picker.must_agree("accept_prices" in request.POST):
        raise services.PricesChanged
    order = {
        "actor": request.membership,
        "quantities": {offer.pk: n for offer, n in picker.quantities.items()},
        "reseller_of_record": form.cleaned_data["reseller"],
        "submission": form.cleaned_data["submission"],
        "bases": picker.bases,
        "prices": picker.prices,
    }
    if asked := _asked(request, customer, request.POST):
        return services.approve_order_request(asked, **order)
    return services.place_order(customer, **order)


def _asked(request, customer, data):
    """The reseller's request that is being answered here, if the page was opened for one."""
    try:
        pk = decode("E", data.get("asked", ""))
    except WrongReference:
        return None
    requests = OrderRequest.objects.visible_to(request.membership).filter(customer=customer)
    return requests.select_related("asked_for", "asked_by").filter(pk=pk).first()


def _agree_to_prices():
    words = _("Prices have changed. Select “Use the new prices” if the customer agrees.")
    return format_html('<a href="#accept-prices">{}</a>', words)


def _done(request, order):
    lines = order.lines.count()
    words = ngettext("%(lines)s subscription ordered", "%(lines)s subscriptions ordered", lines)
    url = reverse("subscriptions:order_detail", order.pk, organization=order.provider)
    text = format_html('{} (<a href="{}">{}</a>)', words % {"lines": lines}, url, order.reference)
    if order.status == Order.Status.WAITING:
        text = format_html("{}. {}", text, _("It waits for the customer agreement."))
    messages.success(request, text)
    page = "subscriptions:customer_subscriptions"
    return redirect_to(request, page, order.customer_id, new=order.reference)


def _form(request, customer, data=None, initial=None):
    membership = request.membership
    return AddSubscriptionForm(data, customer=customer, membership=membership, initial=initial)


def _show(request, customer, picker, form):
    sent = request.POST if request.method == "POST" else request.GET
    context = {"customer": customer, "picker": picker, "form": form, "errors": picker.errors}
    context["asked"] = _asked(request, customer, sent)
    wrong = picker.errors or form.errors
    return render_page(
        request,
        "subscriptions/subscription_add.html",
        context,
        partial="subscriptions/offers_region.html",
        status=422 if wrong else 200,
    )
