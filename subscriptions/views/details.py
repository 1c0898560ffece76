"""*Subscription details*: what a subscription is, and the form that changes it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.accounts.decorators import requires
from portal.accounts.roles import Kind, Permission
from portal.audit.models import AuditEntry
from portal.links import redirect_to, reverse
from subscriptions import services
from subscriptions.changing import SubscriptionForm, editable_fields, effects_of, why_not
from subscriptions.license_rules import still_assigned
from subscriptions.models import LicenseRequest, OrderLine, Subscription
from subscriptions.mpn_checks import check_mpn
from subscriptions.views import own

DETAIL = "subscriptions/subscription_detail.html"
CONFIRM = "subscriptions/subscription_confirm.html"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_SUBSCRIPTIONS)
def subscription_detail(request, pk):
    """*Subscription details*: what it is, and, for those who may, the form that changes it."""
    subscriptions = Subscription.objects.visible_to(request.membership).with_partners()
    subscription = get_object_or_404(subscriptions.select_related("offer", "base"), pk=pk)
    if request.method == "POST":
        return _change(request, subscription)
    if request.membership.organization.kind == Kind.CUSTOMER:
        return own.subscription_detail(request, pk)
    return _show(request, subscription, _form(request, subscription))


@requires(Permission.CHANGE_SUBSCRIPTION)
def _change(request, subscription):
    """One of the form's buttons: verifies an MPN ID, submits, confirms, or goes back."""
    if not editable_fields(subscription, request.membership):
        return _show(request, subscription, None, status=409)
    form = _form(request, subscription, request.POST)
    action = request.POST.get("action", "")
    if action == "verify":
        return _show(request, subscription, form, status=200 if form.is_valid() else 422)
    if form.is_stale:
        return _show_conflict(request, subscription, form)
    if not form.is_valid():
        return _show(request, subscription, form, status=422)
    if action == "back":
        return _show(request, subscription, form)
    effects = effects_of(form)
    if action != "confirm" and any(effect.hurts for effect in effects):
        context = {"subscription": subscription, "form": form, "effects": effects}
        return render(request, CONFIRM, context)
    return _write(request, subscription, form)


def _write(request, subscription, form):
    try:
        _now, changed = services.change_details(
            subscription, actor=request.membership, **form.changes
        )
    except services.StillAssigned as refusal:
        form.add_error("quantity", still_assigned(refusal.subscription))
    except services.LifeRefused as refusal:
        form.refuse(refusal)
    except services.Stale:
        subscription.refresh_from_db()
        return _show_conflict(request, subscription, form)
    else:
        said = _("Changes to %s saved.") if changed else _("Nothing was changed in %s.")
        messages.success(request, said % subscription.title)
        return redirect_to(request, "subscriptions:subscription_detail", subscription.pk)
    return _show(request, subscription, form, status=422)


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
        "open_request": _open_request(request, subscription),
        "check": _check(subscription, form),
        "verified": form is not None and _is_asked(form),
        "history": entries.with_actors()[:10],
        "add_ons": _add_ons(request, subscription),
        "may_add": subscription.is_running and request.membership.can(Permission.PLACE_ORDER),
        "users_url": _users_url(request, subscription),
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


def _add_ons(request, subscription):
    found = Subscription.objects.visible_to(request.membership).filter(base=subscription)
    return found.order_by("name", "pk")


def _check(subscription, form):
    """What is known of the MPN ID in the form, if somebody asked, or if it can't be used."""
    if form is None or "mpn_id" not in form.fields:
        return None
    asked = _is_asked(form)
    if not (asked or form.named_mpn_id):
        return None
    found = check_mpn(form.named_mpn_id, provider=subscription.provider)
    return found if asked or found.refusal else None


def _is_asked(form):
    """Whether *Verify* was pressed."""
    return form.data.get("action") == "verify"


def _order_of(request, subscription):
    """The order it came with, for the provider's staff."""
    if not request.membership.can(Permission.ADD_CUSTOMER):
        return None
    lines = OrderLine.objects.visible_to(request.membership).filter(subscription=subscription)
    line = lines.select_related("order").first()
    return line and line.order


def _open_request(request, subscription):
    asked = LicenseRequest.objects.visible_to(request.membership).open()
    return asked.filter(subscription=subscription).first()
