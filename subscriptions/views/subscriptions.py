from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from customers.models import Customer
from portal.accounts.decorators import requires
from portal.accounts.roles import Kind, Permission
from portal.audit.models import AuditEntry
from portal.htmx import render_page
from portal.links import redirect_to, reverse
from portal.lists import Page, capped_count
from portal.references import WrongReference, decode, encode
from portal.savedviews.shown import saves_views
from subscriptions import services
from subscriptions.changing import SubscriptionForm, editable_fields, why_not
from subscriptions.filters import SubscriptionFilter
from subscriptions.license_rules import still_assigned
from subscriptions.models import LicenseRequest, OrderLine, OrderRequest, Subscription
from subscriptions.tables import CustomerSubscriptionTable, SubscriptionTable
from subscriptions.views import own

DETAIL = "subscriptions/subscription_detail.html"


@require_safe
@requires(Permission.VIEW_SUBSCRIPTIONS)
@saves_views("subscriptions")
def subscription_list(request):
    """*Subscriptions* of all customers; for a customer, its own."""
    membership = request.membership
    if membership.organization.kind == Kind.CUSTOMER:
        return own.subscription_list(request)
    filters = SubscriptionFilter(request.GET, membership=membership)
    subscriptions = Subscription.objects.visible_to(membership).for_list()
    context = {
        "page": Page(request, SubscriptionTable, filters.apply(subscriptions), series="S"),
        "filters": filters,
        "row_template": "subscriptions/subscription_rows.html",
        "caption": _("Subscriptions"),
        "party": "customer",
        "empty": {"heading": _("No subscriptions yet")},
    }
    return render_page(
        request,
        "subscriptions/subscription_list.html",
        context,
        partial="components/table_region.html",
    )


@require_safe
@requires(Permission.VIEW_SUBSCRIPTIONS)
def customer_subscriptions(request, pk):
    """One customer's *Subscriptions*; those of the order ``?new=O-…`` are marked."""
    membership = request.membership
    customers = Customer.objects.visible_to(membership)
    customer = get_object_or_404(customers.select_related("provider", "reseller"), pk=pk)
    if membership.organization.kind == Kind.CUSTOMER:
        provider = encode("R", customer.provider_id)
        return redirect_to(request, "subscriptions:subscription_list", provider=provider)
    subscriptions = Subscription.objects.visible_to(membership).for_list()
    page = Page(request, CustomerSubscriptionTable, subscriptions.filter(customer=pk), series="S")
    _mark_new(request, page)
    context = {
        "customer": customer,
        "page": page,
        "row_template": "subscriptions/subscription_rows.html",
        "caption": _("Subscriptions of %s") % customer.company_name,
        "empty": _nothing_yet(request, customer),
        "waiting": capped_count(_open_requests(request).filter(subscription__customer=pk)),
        "to_order": _asked_to_order(request, pk),
    }
    return render_page(
        request,
        "subscriptions/customer_subscriptions.html",
        context,
        partial="components/table_region.html",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_SUBSCRIPTIONS)
def subscription_detail(request, pk):
    """*Subscription details*: what it is, and, for those who may, the form that changes it."""
    subscriptions = Subscription.objects.visible_to(request.membership).with_partners()
    subscription = get_object_or_404(subscriptions.select_related("offer"), pk=pk)
    if request.method == "POST":
        return _change(request, subscription)
    if request.membership.organization.kind == Kind.CUSTOMER:
        return own.subscription_detail(request, pk)
    return _show(request, subscription, _form(request, subscription))


@requires(Permission.CHANGE_SUBSCRIPTION)
def _change(request, subscription):
    if not editable_fields(subscription, request.membership):
        return _show(request, subscription, None, status=409)
    form = _form(request, subscription, request.POST)
    if form.is_stale:
        return _show_conflict(request, subscription, form)
    if not form.is_valid():
        return _show(request, subscription, form, status=422)
    try:
        changed = _save(request, subscription, form)
    except services.StillAssigned as refusal:
        form.add_error("quantity", still_assigned(refusal.subscription))
        return _show(request, subscription, form, status=422)
    except services.Stale:
        subscription.refresh_from_db()
        return _show_conflict(request, subscription, form)
    said = _("Changes to %s saved.") if changed else _("Nothing was changed in %s.")
    messages.success(request, said % subscription.name)
    return redirect_to(request, "subscriptions:subscription_detail", subscription.pk)


def _save(request, subscription, form):
    changes = form.changes
    version = changes.pop("version")
    _changed, anything = services.change_subscription(
        subscription, actor=request.membership, version=version, **changes
    )
    return anything


def _show_conflict(request, subscription, form):
    """The form again, on top of what somebody else has just written."""
    entries = AuditEntry.objects.visible_to(request.membership).about(subscription)
    last = entries.with_actors().first()
    who = last.actor if last and last.actor else _("The system")
    at = date_format(localtime(subscription.changed_at), "DATETIME_FORMAT")

    def why(value):
        words = _("%(who)s changed this to “%(value)s” (%(at)s) while you were editing.")
        return words % {"who": who, "value": value, "at": at}

    form = form.rebased(why)
    words = _(
        "%(who)s changed this subscription on %(at)s while you were editing. What you entered is "
        "kept; what you did not touch is up to date. Check it and select Submit again."
    )
    form.add_error(None, words % {"who": who, "at": at})
    return _show(request, subscription, form, status=422)


def _show(request, subscription, form, status=200):
    entries = AuditEntry.objects.visible_to(request.membership).about(subscription)
    customer = "subscriptions:customer_subscriptions"
    organization = request.membership.organization
    context = {
        "subscription": subscription,
        "form": form,
        "why_not": why_not(subscription, request.membership) if form is None else "",
        "order": _order_of(request, subscription),
        "open_request": _open_requests(request).filter(subscription=subscription).first(),
        "history": entries.with_actors()[:10],
        "users_url": _users_url(request, subscription),
        "deletion_days": settings.DELETION_AFTER_SUSPENSION.days,
        "back_url": reverse(customer, subscription.customer_id, organization=organization),
    }
    return render(request, DETAIL, context, status=status)


def _users_url(request, subscription):
    """Where its licenses are assigned, with those who have them; "" for who may not look."""
    membership = request.membership
    if not membership.can(Permission.VIEW_USERS):
        return ""
    is_own = membership.organization.kind == Kind.CUSTOMER
    name, first = ("own_user_list", ()) if is_own else ("user_list", (subscription.customer_id,))
    query = {"license": subscription.reference} if subscription.assigned else {}
    return reverse(f"subscriptions:{name}", *first, organization=membership.organization, **query)


def _form(request, subscription, data=None):
    """The form, or None where the visitor may only look."""
    if not editable_fields(subscription, request.membership):
        return None
    return SubscriptionForm(data, subscription=subscription, membership=request.membership)


def _order_of(request, subscription):
    """The order it came with, for the provider's staff."""
    if not request.membership.can(Permission.ADD_CUSTOMER):
        return None
    lines = OrderLine.objects.visible_to(request.membership).filter(subscription=subscription)
    line = lines.select_related("order").first()
    return line and line.order


def _asked_to_order(request, customer):
    requests = OrderRequest.objects.visible_to(request.membership).open()
    return requests.filter(customer=customer).select_related("asked_for").first()


def _open_requests(request):
    return LicenseRequest.objects.visible_to(request.membership).open()


def _mark_new(request, page):
    try:
        order = decode("O", request.GET.get("new", ""))
    except WrongReference:
        return
    lines = OrderLine.objects.visible_to(request.membership).filter(order=order)
    new = set(lines.values_list("subscription", flat=True))
    for subscription in page.rows:
        subscription.is_new = subscription.pk in new


def _nothing_yet(request, customer):
    empty = {"heading": _("No subscriptions yet")}
    if request.membership.can(Permission.PLACE_ORDER):
        name, organization = "subscriptions:subscription_add", request.membership.organization
        url = reverse(name, customer.pk, organization=organization)
        empty |= {"url": url, "label": _("Add subscription")}
    return empty
