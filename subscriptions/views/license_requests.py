"""License requests: a customer asks, a partner approves or declines. Looking changes nothing."""

import re
from uuid import uuid4

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.decorators import requires
from portal.accounts.roles import Kind, Permission
from portal.audit.models import AuditEntry
from portal.htmx import render_form, render_page
from portal.lifecycle import InvalidTransition
from portal.links import redirect_to
from portal.lists import Page
from subscriptions import services
from subscriptions.asking import DeclineForm, LicenseRequestForm, may_answer, why_no_answer
from subscriptions.costs import costs_of
from subscriptions.helping import helper_of, mail_to
from subscriptions.license_filters import LicenseRequestFilter
from subscriptions.license_rules import renewal_of
from subscriptions.models import LicenseRequest, Subscription
from subscriptions.tables import LicenseRequestTable, OwnLicenseRequestTable

DETAIL = "subscriptions:license_request"


@require_safe
@requires(Permission.VIEW_SUBSCRIPTIONS)
def license_request_list(request):
    """*License requests*: what customers ask for; for a customer, what it has asked for."""
    membership = request.membership
    is_own = membership.organization.kind == Kind.CUSTOMER
    filters = LicenseRequestFilter(request.GET, membership=membership)
    requests = filters.apply(LicenseRequest.objects.visible_to(membership).for_list())
    table = OwnLicenseRequestTable if is_own else LicenseRequestTable
    context = {
        "page": Page(request, table, requests, series="L"),
        "filters": filters,
        "row_template": "subscriptions/license_request_rows.html",
        "caption": _("License requests"),
        "is_own": is_own,
        "empty": {"heading": _("No license requests yet"), "text": _nothing_yet(is_own)},
    }
    template, region = "subscriptions/license_request_list.html", "components/table_region.html"
    return render_page(request, template, context, partial=region)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REQUEST_LICENSES)
def license_request_create(request, pk):
    """*Request licenses* for one of the customer's own subscriptions."""
    subscription = _subscription(request, pk)
    asked = LicenseRequest.objects.visible_to(request.membership).filter(subscription=pk)
    if request.method != "POST" and (waiting := asked.open().first()):
        messages.info(request, _("This request waits for its answer. Withdraw it to ask anew."))
        return redirect_to(request, DETAIL, waiting.pk)
    form = LicenseRequestForm(
        request.POST if request.method == "POST" else None,
        subscription=subscription,
        initial={"submission": uuid4()},
    )
    twin = _twin(asked, form)
    if twin or form.is_valid():
        return _ask(request, subscription, form, twin)
    return _form(request, subscription, form)


@require_safe
@requires(Permission.VIEW_SUBSCRIPTIONS)
def license_request(request, pk):
    """One request: from how many to how many licenses, what was answered, what can be done."""
    return _show(request, _find(request, pk))


@require_POST
@requires(Permission.CHANGE_SUBSCRIPTION)
def license_request_approve(request, pk):
    """*Approve*: the change is made with it, or at the renewal."""
    asked = _find(request, pk)
    if not may_answer(asked, request.membership):
        return _too_late(request, asked)
    try:
        asked = services.approve_request(asked, actor=request.membership, version=_version(request))
    except InvalidTransition as error:
        return _somebody_was_faster(request, error)
    except services.Stale:
        changed = _("The subscription has changed while you were looking. Check it and approve.")
        return _show(request, _find(request, pk), refused=changed, status=422)
    except services.RequestRefused as error:
        return _show(request, _find(request, pk), refused=error.reason, status=422)
    messages.success(request, _approved_words(asked))
    return redirect_to(request, DETAIL, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CHANGE_SUBSCRIPTION)
def license_request_decline(request, pk):
    """*Decline*, with the reason that the customer reads."""
    asked = _find(request, pk)
    if not may_answer(asked, request.membership):
        return _too_late(request, asked)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _decline(request, asked, form.cleaned_data["reason"])
    context = {"asked": asked, "form": form}
    return render_form(request, "subscriptions/license_request_decline.html", context)


@require_POST
@requires(Permission.REQUEST_LICENSES)
def license_request_withdraw(request, pk):
    """*Withdraw*: the customer takes it back before it is answered."""
    asked = _find(request, pk)
    try:
        services.withdraw_request(asked, actor=request.membership)
    except InvalidTransition as error:
        return _somebody_was_faster(request, error)
    messages.success(request, _("The request is withdrawn. You can ask again at any time."))
    return redirect_to(request, DETAIL, pk)


def _version(request):
    """Of the subscription the person saw; 0, which none has, for what is no number."""
    typed = request.POST.get("version", "")
    return int(typed) if re.fullmatch("[0-9]{1,9}", typed) else 0


def _subscription(request, pk):
    subscriptions = Subscription.objects.visible_to(request.membership).with_partners()
    return get_object_or_404(subscriptions.select_related("offer"), pk=pk)


def _find(request, pk):
    requests = LicenseRequest.objects.visible_to(request.membership)
    return get_object_or_404(requests.with_parties(), pk=pk)


def _twin(asked, form):
    """What the first press of the same button has made: the form may no longer be valid."""
    form.is_valid()
    submission = form.is_bound and form.cleaned_data.get("submission")
    return asked.filter(submission=submission).first() if submission else None


def _ask(request, subscription, form, twin):
    try:
        made = twin or services.ask_for_licenses(
            subscription, actor=request.membership, **form.cleaned_data
        )
    except services.RequestRefused as error:
        form.add_error(None, error.reason)
        return _form(request, subscription, form)
    messages.success(request, _("Your request is on its way. You are told when it is answered."))
    return redirect_to(request, DETAIL, made.pk)


def _form(request, subscription, form):
    helper = helper_of(subscription)
    subject = _("Something else than %(subscription)s") % {"subscription": subscription.name}
    context = {
        "form": form,
        "subscription": subscription,
        "renewal": renewal_of(subscription),
        "helper": helper,
        "mailto": mail_to(helper.profile, subject),
    }
    status = 422 if form.is_bound else 200
    return render(request, "subscriptions/license_request_form.html", context, status=status)


def _show(request, asked, refused="", status=200):
    membership = request.membership
    entries = AuditEntry.objects.visible_to(membership).about(asked)
    kind = membership.organization.kind
    context = {
        "asked": asked,
        "subscription": asked.subscription,
        "refused": refused,
        "may_answer": may_answer(asked, membership),
        "why_not": why_no_answer(asked, membership),
        "may_withdraw": asked.is_open and membership.can(Permission.REQUEST_LICENSES),
        # What it costs is between the provider and whoever pays it.
        "costs": costs_of(asked) if kind == Kind.PROVIDER else None,
        "is_own": kind == Kind.CUSTOMER,
        "history": entries.with_actors()[:10],
    }
    return render(request, "subscriptions/license_request.html", context, status=status)


def _decline(request, asked, reason):
    try:
        services.decline_request(asked, actor=request.membership, reason=reason)
    except InvalidTransition as error:
        return _somebody_was_faster(request, error)
    customer = asked.organization.name
    messages.success(request, _("The request of %s is declined.") % customer)
    return redirect_to(request, DETAIL, asked.pk)


def _somebody_was_faster(request, error):
    messages.warning(request, error.reason)
    return redirect_to(request, DETAIL, error.obj.pk)


def _too_late(request, asked):
    """It can't be answered any more, or not by this company: its page says why."""
    if not asked.is_open:
        words = _("This request was answered or has ended already: %(state)s.")
        messages.warning(request, words % {"state": asked.state_words})
    return redirect_to(request, DETAIL, asked.pk)


def _approved_words(asked):
    if asked.due_on:
        return _("Approved. The licenses change with the renewal.")
    return _("Approved. The licenses are changed.")


def _nothing_yet(is_own):
    if is_own:
        return _("To ask for more licenses, open a subscription.")
    return _("When a customer asks for another number of licenses, it appears here.")
