"""Users in bulk: a file, the verdict on each of its rows, the creation, the passwords."""

from uuid import uuid4

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from customers import services, user_files
from customers.forms.uploads import UploadRowFilter, UserFileForm
from customers.forms.users import SaveUploadForm
from customers.models import UserUpload, UserUploadRow
from customers.places import place_of
from customers.tables import UploadRowTable
from customers.user_verdicts import words
from portal.accounts.decorators import reauthenticated, requires
from portal.accounts.roles import Permission
from portal.exports import Dialect, chosen_dialect, csv_response, file_name, streamed_csv
from portal.htmx import render_form, render_page, wants_partial
from portal.lists import Page

RECENT = 10  # earlier files that are shown
SERIES = "N"  # rows have no reference of their own; this letter only serves page links
PROGRESS = "upload-progress"


@requires(Permission.MANAGE_USERS)
def upload_create(request, pk=None):
    """*Upload users*: a file is read and judged; nobody is created."""
    place = place_of(request.membership, pk)
    is_posted = request.method == "POST"
    initial = {"submission": uuid4()}
    form = UserFileForm(*((request.POST, request.FILES) if is_posted else ()), initial=initial)
    if form.is_valid():
        upload = services.check_upload(
            actor=request.membership, organization=place.organization, **form.checked
        )
        return _to(place, upload)
    context = {
        "place": place,
        "form": form,
        "earlier": _uploads(place).annotate(row_count=Count("rows"))[:RECENT],
        "dialects": Dialect,
    }
    return render_form(request, "customers/upload_start.html", context)


@require_safe
@requires(Permission.MANAGE_USERS)
def upload_template(request, pk=None):
    """*Download template*: the names of the columns, in the reader's language."""
    place = place_of(request.membership, pk)
    return csv_response(
        [],
        header=map(str, user_files.NAMES.values()),
        dialect=chosen_dialect(request.GET.get("format", "")),
        name=file_name(place.organization.slug, _("users"), _("template")),
    )


@require_safe
@requires(Permission.MANAGE_USERS)
def upload_detail(request, upload, pk=None):
    """The verdicts before, the progress while, the result after the creation."""
    place = place_of(request.membership, pk)
    return _show(request, place, _upload(place, upload))


@require_POST
@requires(Permission.MANAGE_USERS)
def upload_save(request, upload, pk=None):
    """*Save*: create the users in the background; pressed again, it leads to the same progress."""
    place = place_of(request.membership, pk)
    found = _upload(place, upload)
    form = SaveUploadForm(request.POST, place=place)
    if not form.is_valid():
        return _show(request, place, found, form)
    country = form.cleaned_data["country"]
    services.start_upload(found, actor=request.membership, country=country)
    return _to(place, found)


@require_POST
@requires(Permission.MANAGE_USERS)
def upload_discard(request, upload, pk=None):
    """*Discard*: nobody in the file is created."""
    place = place_of(request.membership, pk)
    found = _upload(place, upload)
    if found.status != UserUpload.Status.CANCELLED:
        services.discard_upload(found, actor=request.membership)
    text = _("“%(name)s” is discarded. Nobody in it was created.")
    messages.success(request, text % {"name": found.file_name})
    return HttpResponseRedirect(place.url("customers", "upload_create"))


@require_safe
@requires(Permission.MANAGE_USERS)
def upload_result(request, upload, pk=None):
    """*Download result*: what became of each row."""
    place = place_of(request.membership, pk)
    found = _upload(place, upload)
    names = list(user_files.NAMES.values())[:4]
    return csv_response(
        map(_cells, _rows(place, found).order_by("line")),
        header=[_("Line"), *map(str, names), _("Verdict"), _("Reason")],
        dialect=chosen_dialect(request.GET.get("format", "")),
        name=file_name(place.organization.slug, _("users"), found.reference),
    )


@require_POST
@requires(Permission.RESET_USER_PASSWORD)
@reauthenticated
@sensitive_variables("handouts")
def upload_passwords(request, upload, pk=None):
    """*Download temporary password information*: once, by whoever uploaded the file."""
    place = place_of(request.membership, pk)
    found = _upload(place, upload)
    handouts = services.reveal_upload_passwords(found, actor=request.membership)
    return streamed_csv(
        handouts,
        header=[_("Display name"), _("Account name"), _("Temporary password")],
        dialect=chosen_dialect(request.POST.get("format", "")),
        name=file_name(place.organization.slug, _("passwords"), found.reference),
    )


def _to(place, upload):
    return HttpResponseRedirect(place.url("customers", "upload_detail", upload.pk))


def _uploads(place):
    uploads = UserUpload.objects.visible_to(place.membership)
    return uploads.filter(organization=place.organization.pk).select_related("created_by")


def _upload(place, pk):
    return get_object_or_404(_uploads(place), pk=pk)


def _rows(place, upload):
    return UserUploadRow.objects.visible_to(place.membership).filter(upload=upload)


def _show(request, place, upload, form=None):
    counts = _counts(place, upload)
    context = {"place": place, "upload": upload, "numbers": _numbers(counts)}
    if wants_partial(request) and request.htmx.target == PROGRESS:
        if upload.status != UserUpload.Status.RUNNING:
            return HttpResponseClientRefresh()
        return render(request, "customers/upload_progress.html", context)
    context |= _list_of_rows(request, place, upload, counts)
    context |= {
        "form": form or SaveUploadForm(place=place),
        "may_have_passwords": _may_have_passwords(request, upload),
        "dialects": Dialect,
    }
    return render_page(
        request,
        "customers/upload_detail.html",
        context,
        partial="components/table_region.html",
        status=422 if form else 200,
    )


def _may_have_passwords(request, upload):
    mine = upload.created_by_id == request.user.pk
    done = upload.status == UserUpload.Status.COMPLETED
    return mine and done and not upload.passwords_shown_at


def _counts(place, upload):
    """(status, reason, number) of each kind of row, the most frequent first."""
    kinds = _rows(place, upload).order_by().values_list("status", "reason")
    return list(kinds.annotate(number=Count("pk")).order_by("-number", "reason"))


def _numbers(counts):
    """How many rows are in each state, and of those to be created, how many are ``done``."""
    numbers = dict.fromkeys(UserUploadRow.Status.values, 0)
    for status, _reason, number in counts:
        numbers[status] += number
    done = numbers["created"] + numbers["failed"]
    return numbers | {"done": done, "to_do": done + numbers["ready"]}


def _list_of_rows(request, place, upload, counts):
    filters = UploadRowFilter(request.GET, counts=counts)
    page = Page(request, UploadRowTable, filters.apply(_rows(place, upload)), series=SERIES)
    for row in page.rows:
        row.reason_words = words(row.reason)
    number = ngettext("%(number)d row", "%(number)d rows", page.count)
    return {
        "page": page,
        "filters": filters,
        "row_template": "customers/upload_rows.html",
        "caption": _("Rows of the file"),
        "count_text": number % {"number": page.count},
        "empty": {"heading": _("There is no such row")},
    }


def _cells(row):
    names = [row.first_name, row.last_name, row.display_name, row.account]
    return [row.line, *names, str(row.get_status_display()), str(words(row.reason))]
