"""A customer's own subscriptions and who helps with them. Nothing here changes anything."""

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.accounts.decorators import reauthenticated, requires
from portal.accounts.roles import Permission
from portal.htmx import render_page
from portal.lists import Page, capped_count
from portal.queries import pairs
from subscriptions.helping import helper_of, helpers_of, running, with_helpers
from subscriptions.license_rules import renewal_of
from subscriptions.models import LicenseRequest, Subscription
from subscriptions.own import OwnExport, OwnSubscriptionFilter, what_next
from subscriptions.tables import OwnSubscriptionTable

MOST = 500  # subscriptions on the page that names who helps; the list has them all


def subscription_list(request):
    """*Subscriptions* as a customer sees them: those of all its providers."""
    membership = request.membership
    filters = OwnSubscriptionFilter(request.GET, membership=membership)
    subscriptions = Subscription.objects.visible_to(membership).for_own_list()
    page = Page(request, OwnSubscriptionTable, filters.apply(subscriptions), series="S")
    asked = LicenseRequest.objects.visible_to(membership).open()
    _mark_asked(page, asked)
    context = {
        "page": page,
        "filters": filters,
        "row_template": "subscriptions/own_rows.html",
        "caption": _("Subscriptions"),
        "empty": {
            "heading": _("No subscriptions yet"),
            "text": _("Your partner orders them for you. What is ordered appears here at once."),
        },
        "kept": pairs(request.GET),
        "waiting": capped_count(asked),
    }
    return render_page(
        request, "subscriptions/own_list.html", context, partial="components/table_region.html"
    )


def subscription_detail(request, pk):
    """One subscription as its customer sees it: what happens when, and who helps."""
    subscriptions = Subscription.objects.visible_to(request.membership).with_partners()
    subscription = get_object_or_404(subscriptions.select_related("offer"), pk=pk)
    asked = LicenseRequest.objects.visible_to(request.membership).filter(subscription=pk)
    context = {
        "subscription": subscription,
        "what_next": what_next(subscription),
        "helper": helper_of(subscription),
        "open_request": asked.open().first(),
        "promised": asked.promised().first(),
        "requests": asked.for_list()[:10],
        "renewal": renewal_of(subscription),
    }
    return render(request, "subscriptions/own_detail.html", context)


@require_safe
@requires(Permission.VIEW_OWN_SERVICES)
@reauthenticated(gives_file=True)
def own_export(request):
    """*Export subscriptions*: what the list shows, on all its pages."""
    return OwnExport(request.membership, request.GET).response()


@require_safe
@requires(Permission.VIEW_OWN_SERVICES)
def support(request):
    """*Who helps you*: for each subscription its designated support contact."""
    own = running(Subscription.objects.visible_to(request.membership))
    shown = list(with_helpers(own).order_by("name", "pk")[: MOST + 1])
    context = {"helpers": helpers_of(shown[:MOST]), "has_more": len(shown) > MOST}
    return render(request, "subscriptions/support.html", context)


def _mark_asked(page, asked):
    """Each row knows the request that waits for it, if there is one."""
    waiting = {a.subscription_id: a for a in asked.filter(subscription__in=page.rows)}
    for subscription in page.rows:
        subscription.asked = waiting.get(subscription.pk)
        subscription.what_next = what_next(subscription)
