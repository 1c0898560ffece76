"""*Assign indirect reseller*: for one customer or thousands, looked at first, then done once."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from customers import services
from customers.forms.moving import MoveForm
from customers.models import MoveBatch, MoveBatchRow
from customers.moving_page import MovingPage
from customers.tables import MoveRowTable
from customers.verdicts import WORDS
from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.batches import numbers_of
from portal.exports import chosen_dialect, csv_response, file_name
from portal.htmx import render_page, wants_partial
from portal.links import redirect_to, reverse
from portal.lists import Page
from portal.queries import to_redirect_to

PROGRESS = "move-progress"
SERIES = "N"  # rows have no reference of their own; this letter only serves page links
Outcome = MoveBatchRow.Outcome


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MOVE_CUSTOMERS)
def customers_move(request):
    """The preview of a selection (``?selected=C-…`` or ``?scope=matching``), and its button."""
    if request.method == "POST":
        return _move(request)
    moving = MovingPage(request.membership, request.GET)
    if not moving.rows:
        messages.error(request, _("Select at least one customer."))
        query = to_redirect_to(moving.list_query)
        return redirect_to(request, "customers:customer_list", **query)
    return _preview(request, moving, moving.form())


def _move(request):
    membership, form = request.membership, MoveForm(request.POST)
    if not form.is_valid():
        return _lost(request, form)
    submission = form.cleaned_data["submission"]
    earlier = MoveBatch.objects.visible_to(membership).filter(submission=submission).first()
    if earlier:
        return redirect_to(request, "customers:move_batch", earlier.pk)
    moving = MovingPage(membership, form.cleaned_data["query"])
    if not moving.rows or not moving.target.is_chosen:
        return _lost(request, form)
    if not form.compare(moving.doable, moving.fingerprint):
        return _preview(request, moving, moving.form(), refused=form)
    batch = services.start_move(
        moving.rows, moving.target.reseller, actor=membership, submission=submission
    )
    return redirect_to(request, "customers:move_batch", batch.pk)


def _lost(request, form):
    """The button's own facts are wrong or missing: back to the list."""
    form.refuse()
    return render(request, "customers/move_lost.html", {"form": form}, status=422)


def _preview(request, moving, form, *, refused=None):
    page = moving.page()
    query = moving.list_query
    context = {
        "moving": moving,
        "target": moving.target,
        "button": form,
        "form": refused,
        "page": page,
        "reseller": moving.target.is_chosen and moving.target.reseller,
        "row_template": "customers/move_rows.html",
        "caption": _("Customers that are about to be moved"),
        "count_text": _customers_text(page.count),
        "empty": {"heading": _("No customers yet")},
        "back_url": reverse(
            "customers:customer_list", organization=request.membership.organization, **query
        ),
    }
    status = 422 if refused else 200
    region = "components/table_region.html"
    return render_page(request, "customers/move.html", context, partial=region, status=status)


@require_safe
@requires(Permission.MOVE_CUSTOMERS)
def move_batch(request, pk):
    """The progress while customers are moved in the background, then the result."""
    batch = _batch(request, pk)
    rows = MoveBatchRow.objects.visible_to(request.membership).filter(batch=batch)
    numbers = numbers_of(rows, Outcome.values)
    context = {"batch": batch, "numbers": numbers}
    if wants_partial(request) and request.htmx.target == PROGRESS:
        if batch.status != MoveBatch.Status.RUNNING:
            return HttpResponseClientRefresh()
        return render(request, "customers/move_progress.html", context)
    page = Page(request, MoveRowTable, rows.select_related("customer", "former"), series=SERIES)
    for row in page.rows:
        row.words = WORDS.get(row.reason, "")
    context |= {
        "page": page,
        "row_template": "customers/move_batch_rows.html",
        "caption": _("Customers"),
        "count_text": _customers_text(page.count),
        "empty": {"heading": _("No customers yet")},
    }
    region = "components/table_region.html"
    return render_page(request, "customers/move_batch.html", context, partial=region)


@require_safe
@requires(Permission.MOVE_CUSTOMERS)
def move_result(request, pk):
    """*Download result*: what became of each customer."""
    batch = _batch(request, pk)
    rows = MoveBatchRow.objects.visible_to(request.membership).filter(batch=batch)
    header = [_("Customer ID"), _("Company name"), _("Up to then"), _("Afterwards")]
    return csv_response(
        (_cells(row, batch) for row in rows.select_related("customer", "former").order_by("line")),
        header=[*header, _("Outcome"), _("Reason")],
        dialect=chosen_dialect(request.GET.get("format", "")),
        name=file_name(request.membership.organization.slug, "customers", batch.reference),
    )


def _batch(request, pk):
    batches = MoveBatch.objects.visible_to(request.membership)
    return get_object_or_404(batches.select_related("reseller", "created_by"), pk=pk)


def _cells(row, batch):
    former = row.former.name if row.former else str(_("No indirect reseller"))
    new = batch.reseller.name if batch.reseller else str(_("No indirect reseller"))
    return [
        row.customer.reference,
        row.customer.company_name,
        former,
        new if row.outcome == Outcome.MOVED else former,
        str(row.get_outcome_display()),
        str(WORDS.get(row.reason, "")),
    ]


def _customers_text(number):
    return ngettext("%(number)d customer", "%(number)d customers", number) % {"number": number}
