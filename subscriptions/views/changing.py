"""*Change reseller or support contact* of many subscriptions: looked at first, then done once."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.batches import numbers_of
from portal.exports import chosen_dialect, csv_response, file_name
from portal.htmx import render_page, wants_partial
from portal.links import redirect_to, reverse
from portal.lists import Page
from portal.queries import to_redirect_to
from subscriptions import services
from subscriptions.change_forms import ChangeForm
from subscriptions.change_verdicts import WORDS
from subscriptions.changing_page import ChangingPage
from subscriptions.models import ChangeBatch, ChangeBatchRow
from subscriptions.tables import ChangeRowTable
from subscriptions.worklists import PAGE as LIST

PROGRESS = "change-progress"
SERIES = "N"  # rows have no reference of their own; this letter only serves page links
REGION = "components/table_region.html"
Outcome = ChangeBatchRow.Outcome


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SET_SUPPORT_CONTACT)
def subscriptions_change(request):
    """The preview of a selection (``?selected=S-…`` or ``?scope=matching``), and its button."""
    if request.method == "POST":
        return _change(request)
    changing = ChangingPage(request.membership, request.GET)
    if not changing.rows:
        messages.error(request, _("Select at least one subscription."))
        return redirect_to(request, LIST, **to_redirect_to(changing.list_query))
    return _preview(request, changing, changing.form())


def _change(request):
    membership, form = request.membership, ChangeForm(request.POST)
    if not form.is_valid():
        return _lost(request, form)
    submission = form.cleaned_data["submission"]
    earlier = ChangeBatch.objects.visible_to(membership).filter(submission=submission).first()
    if earlier:
        return redirect_to(request, "subscriptions:change_batch", earlier.pk)
    changing = ChangingPage(membership, form.cleaned_data["query"])
    if not changing.rows or not changing.is_decided:
        return _lost(request, form)
    if not form.compare(changing.doable, changing.fingerprint):
        return _preview(request, changing, changing.form(), refused=form)
    batch = services.start_change(
        changing.rows, changing.changes, actor=membership, submission=submission
    )
    return redirect_to(request, "subscriptions:change_batch", batch.pk)


def _lost(request, form):
    """The button's own facts are wrong or missing: back to the list."""
    form.refuse()
    return render(request, "subscriptions/change_lost.html", {"form": form}, status=422)


def _preview(request, changing, button, *, refused=None):
    page, target = changing.page(), changing.target
    is_wrong = target.is_bound and not target.is_valid()
    context = {
        "changing": changing,
        "target": target,
        "button": button,
        "form": refused or (target if is_wrong else None),
        "page": page,
        "own_name": request.membership.organization.name,
        "row_template": "subscriptions/change_rows.html",
        "caption": _("Subscriptions that are about to be changed"),
        "count_text": _subscriptions_text(page.count),
        "empty": {"heading": _("No subscriptions yet")},
        "back_url": reverse(
            LIST, organization=request.membership.organization, **changing.list_query
        ),
    }
    status = 422 if refused or is_wrong else 200
    page = "subscriptions/change.html"
    return render_page(request, page, context, partial=REGION, status=status)


@require_safe
@requires(Permission.SET_SUPPORT_CONTACT)
def change_batch(request, pk):
    """The progress while subscriptions are changed in the background, then the result."""
    batch, rows = _found(request, pk)
    context = {"batch": batch, "numbers": numbers_of(rows, Outcome.values)}
    if wants_partial(request) and request.htmx.target == PROGRESS:
        if batch.status != ChangeBatch.Status.RUNNING:
            return HttpResponseClientRefresh()
        return render(request, "subscriptions/change_progress.html", context)
    page = Page(request, ChangeRowTable, rows, series=SERIES)
    for row in page.rows:
        row.words = WORDS.get(row.reason, "")
    context |= {
        "page": page,
        "own_name": request.membership.organization.name,
        "row_template": "subscriptions/change_batch_rows.html",
        "caption": _("Subscriptions"),
        "count_text": _subscriptions_text(page.count),
        "empty": {"heading": _("No subscriptions yet")},
    }
    return render_page(request, "subscriptions/change_batch.html", context, partial=REGION)


@require_safe
@requires(Permission.SET_SUPPORT_CONTACT)
def change_result(request, pk):
    """*Download result*: what became of each subscription."""
    batch, rows = _found(request, pk)
    organization = request.membership.organization
    own = [_("Subscription ID"), _("Subscription"), _("Customer")]
    before = [_("Reseller up to then"), _("Support contact up to then")]
    after = [_("Reseller afterwards"), _("Support contact afterwards")]
    return csv_response(
        (_cells(row, batch, organization) for row in rows.order_by("line")),
        header=[*own, *before, *after, _("Outcome"), _("Reason")],
        dialect=chosen_dialect(request.GET.get("format", "")),
        name=file_name(organization.slug, "subscriptions", batch.reference),
    )


def _found(request, pk):
    """The batch and its rows, with everything that they name."""
    batches = ChangeBatch.objects.visible_to(request.membership)
    batches = batches.select_related("location__organization", "contact", "created_by")
    rows = ChangeBatchRow.objects.visible_to(request.membership).filter(batch=pk)
    named = ("subscription__customer", "former_location__organization", "former_contact")
    return get_object_or_404(batches, pk=pk), rows.select_related(*named)


def _cells(row, batch, organization):
    became = batch.changes if row.outcome == Outcome.CHANGED else {}
    former = _named(row.former_location, row.former_contact or organization)
    location = became.get("reseller_of_record", row.former_location)
    contact = became.get("support_contact", row.former_contact)
    return [
        row.subscription.reference,
        row.subscription.name,
        row.subscription.customer.company_name,
        *former,
        *_named(location, contact or organization),
        str(row.get_outcome_display()),
        str(WORDS.get(row.reason, "")),
    ]


def _named(location, contact):
    name = location and f"{location.organization.name} · {location.mpn_id}"
    return [name or str(_("No indirect reseller")), contact.name]


def _subscriptions_text(number):
    return ngettext("%(number)d subscription", "%(number)d subscriptions", number) % {
        "number": number
    }
