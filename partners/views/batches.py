"""Requests in bulk: a file, the verdict on each of its rows, the sending, the result."""

from uuid import uuid4

from django.contrib import messages
from django.db.models import Count
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from partners import services
from partners.batch_files import MOST_ROWS
from partners.forms.batches import BatchRowFilter, UploadForm
from partners.limits import left_today
from partners.models import RequestBatch, RequestBatchRow
from partners.tables import BatchRowTable
from partners.verdicts import words
from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.exports import Dialect, chosen_dialect, csv_response, file_name
from portal.htmx import render_form, render_page, wants_partial
from portal.links import redirect_to, reverse
from portal.lists import Page

RECENT = 10  # earlier files that are shown
SERIES = "N"  # rows have no reference of their own; this letter only serves page links
PROGRESS = "batch-progress"


@requires(Permission.REQUEST_PARTNERSHIP)
def batch_create(request):
    """*Bulk requests*: a file is read and judged; nothing is sent."""
    is_posted = request.method == "POST"
    initial = {"submission": uuid4()}
    form = UploadForm(*((request.POST, request.FILES) if is_posted else ()), initial=initial)
    if form.is_valid():
        batch = services.check_batch(actor=request.membership, **form.checked)
        return redirect_to(request, "partners:batch_detail", batch.pk)
    context = {
        "form": form,
        "earlier": _batches(request)[:RECENT],
        "most_rows": MOST_ROWS,
        "left_today": max(0, left_today(request.membership)),
        "dialects": Dialect,
    }
    return render_form(request, "partners/batch_start.html", context)


@require_safe
@requires(Permission.REQUEST_PARTNERSHIP)
def batch_template(request):
    """*Download template*: the names of the columns, in the reader's language."""
    header = [_("recipient"), _("language"), _("note")]
    dialect = chosen_dialect(request.GET.get("format", ""))
    name = file_name(request.membership.organization.slug, _("requests"), _("template"))
    return csv_response([], header=header, dialect=dialect, name=name)


@require_safe
@requires(Permission.REQUEST_PARTNERSHIP)
def batch_detail(request, pk):
    """The verdicts before, the progress while, the result after the sending."""
    batch = _batch(request, pk)
    counts = _counts(request, batch)
    context = {"batch": batch, "numbers": _numbers(counts)}
    if wants_partial(request) and request.htmx.target == PROGRESS:
        if batch.status != RequestBatch.Status.RUNNING:
            return HttpResponseClientRefresh()
        return render(request, "partners/batch_progress.html", context)
    context |= _list_of_rows(request, batch, counts)
    return render_page(
        request, "partners/batch_detail.html", context, partial="components/table_region.html"
    )


@require_POST
@requires(Permission.REQUEST_PARTNERSHIP)
def batch_send(request, pk):
    """*Send N requests*; pressed again, it leads to the same progress."""
    batch = services.start_batch(_batch(request, pk), actor=request.membership)
    return redirect_to(request, "partners:batch_detail", batch.pk)


@require_POST
@requires(Permission.REQUEST_PARTNERSHIP)
def batch_discard(request, pk):
    """*Discard*: nothing of the file is sent."""
    batch = _batch(request, pk)
    if batch.status != RequestBatch.Status.CANCELLED:
        services.discard_batch(batch, actor=request.membership)
    text = _("“%(name)s” is discarded. Nothing of it was sent.")
    messages.success(request, text % {"name": batch.file_name})
    return redirect_to(request, "partners:batch_create")


@require_safe
@requires(Permission.REQUEST_PARTNERSHIP)
def batch_result(request, pk):
    """*Download result*: what became of each row."""
    batch = _batch(request, pk)
    rows = _rows(request, batch).select_related("request").order_by("line")
    header = [_("Line"), _("Recipient"), _("Verdict"), _("Request"), _("State")]
    slug = request.membership.organization.slug
    return csv_response(
        map(_cells, rows),
        header=header,
        dialect=chosen_dialect(request.GET.get("format", "")),
        name=file_name(slug, _("requests"), batch.reference),
    )


def _batches(request):
    batches = RequestBatch.objects.visible_to(request.membership)
    return batches.select_related("created_by").annotate(row_count=Count("rows"))


def _batch(request, pk):
    batches = RequestBatch.objects.visible_to(request.membership).select_related("created_by")
    return get_object_or_404(batches, pk=pk)


def _rows(request, batch):
    return RequestBatchRow.objects.visible_to(request.membership).filter(batch=batch)


def _counts(request, batch):
    """(status, reason, number) of each kind of row, the most frequent first."""
    kinds = _rows(request, batch).order_by().values_list("status", "reason")
    return list(kinds.annotate(number=Count("pk")).order_by("-number", "reason"))


def _numbers(counts):
    """How many rows are in each state, and of those to be sent, how many are ``done``."""
    numbers = dict.fromkeys(RequestBatchRow.Status.values, 0)
    for status, _reason, number in counts:
        numbers[status] += number
    done = numbers["sent"] + numbers["failed"]
    return numbers | {"done": done, "to_do": done + numbers["ready"]}


def _list_of_rows(request, batch, counts):
    filters = BatchRowFilter(request.GET, counts=counts)
    rows = _rows(request, batch).select_related("request")
    page = Page(request, BatchRowTable, filters.apply(rows), series=SERIES)
    for row in page.rows:
        row.reason_words = words(row.reason)
    number = ngettext("%(number)d row", "%(number)d rows", page.count)
    return {
        "page": page,
        "filters": filters,
        "tabs": _tabs(request, batch, filters, counts),
        "row_template": "partners/batch_rows.html",
        "caption": _("Rows of the file"),
        "count_text": number % {"number": page.count},
        "empty": {"heading": _("There is no such row")},
    }


def _tabs(request, batch, filters, counts):
    """A link for each group of verdicts: to be sent, refused, sent, failed."""
    here, chosen = request.membership.organization, filters.cleaned_data.get("verdict", "")
    return [
        {
            "label": label,
            "url": reverse("partners:batch_detail", batch.pk, organization=here, verdict=value),
            "current": value == chosen,
            "count": number,
        }
        for value, label, number in filters.groups(counts)
    ]


def _cells(row):
    request = row.request
    return [
        row.line,
        row.recipient,
        str(words(row.reason) or row.get_status_display()),
        request.reference if request else "",
        str(request.state_words) if request else row.get_status_display(),
    ]
