"""*Import prices* in Django admin: upload a file, see what it would change, have it done."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import PlainForm
from portal.text import has_control_characters
from subscriptions.models import PriceUpload
from subscriptions.price_lists import Kind, read
from subscriptions.price_lists.reading import currencies
from subscriptions.price_lists.uploads import (
    CatalogChanged,
    import_upload,
    keep_upload,
    planned,
)

LARGEST = 32 * 2**20  # bytes: three times a list of 50,000 rows
MOST_SHOWN = 200  # changes of each kind on the page
LONGEST_NAME = 100
UPLOAD, SHOW = "admin:subscriptions_prices_import", "admin:subscriptions_prices_show"
LIST = "admin:subscriptions_offerprice_changelist"


class PriceFileForm(PlainForm):
    """A price list or offer matrix, and what it does not say itself."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "A price list or an offer matrix as CSV, with commas, semicolons or tabs, up to 32 MB."
        ),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty."),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
    )
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency"),
        required=False,
        help_text=gettext_lazy("Of a legacy price list; every other file says it in each row."),
    )
    is_full = forms.BooleanField(
        label=gettext_lazy("The list is complete"),
        required=False,
        help_text=gettext_lazy(
            "Prices in its countries and currencies that it does not name are withdrawn."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = [("", "–"), *((code, code) for code in currencies())]

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 32 MB. Split it."))
        return upload

    def clean(self):
        """The file is read here, so that what is wrong with it stands beside it."""
        typed = super().clean()
        if upload := typed.get("file"):
            try:
                read(upload.file, currency=typed.get("currency", ""))
            except forms.ValidationError as problem:
                where = "currency" if problem.code == "currency" else "file"
                self.add_error(where, problem)
        return typed

    def keep(self, operator):
        """The PriceUpload of what was sent."""
        upload = self.cleaned_data["file"]
        upload.seek(0)
        name = upload.name[-LONGEST_NAME:]
        return keep_upload(
            upload.read(),
            name=_("Unnamed file") if has_control_characters(name) else name,
            currency=self.cleaned_data["currency"],
            is_full=self.cleaned_data["is_full"],
            operator=operator,
        )


class PriceImport:
    """Part of the ModelAdmin of OfferPrice."""

    change_list_template = "admin/subscriptions/price_list.html"

    def get_urls(self):
        view = self.admin_site.admin_view
        ours = [
            path("import/", view(self.upload_prices), name=UPLOAD.removeprefix("admin:")),
            path("import/<int:pk>/", view(self.show_prices), name=SHOW.removeprefix("admin:")),
        ]
        return [*ours, *super().get_urls()]

    def upload_prices(self, request):
        """The form; a file that can be read is kept and shown."""
        self._check_right(request)
        posted = request.method == "POST"
        form = PriceFileForm(request.POST, request.FILES) if posted else PriceFileForm()
        if form.is_valid():
            return redirect(SHOW, form.keep(request.user).pk)
        context = {"title": _("Import prices"), "form": form}
        return self._page(request, "price_upload", context, 422 if posted else 200)

    def show_prices(self, request, pk):
        """What the file would change; *Import* does that and nothing else."""
        self._check_right(request)
        upload = get_object_or_404(PriceUpload, pk=pk)
        if request.method == "POST":
            return self._import(request, upload)
        if upload.imported_at:
            return self._done_before(request, upload)
        return self._show(request, upload, planned(upload))

    def _import(self, request, upload):
        try:
            upload, found = import_upload(
                upload, operator=request.user, seen=request.POST.get("seen", "")
            )
        except PriceUpload.DoesNotExist:
            messages.warning(request, _("Nothing was done: upload the file again."))
            return redirect(UPLOAD)
        except CatalogChanged as changed:
            words = _("Nothing was done: prices have changed meanwhile. You see what would be now.")
            messages.warning(request, words)
            return self._show(request, upload, changed.plan, 409)
        if found is None:
            return self._done_before(request, upload)
        self.log_change(request, upload, f"Imported: {found.counts}")
        messages.success(request, f"{upload.file_name}: {_in_words(found)}")
        return redirect(LIST)

    def _done_before(self, request, upload):
        words = _("%(file)s has been imported already.")
        messages.info(request, words % {"file": upload.file_name})
        return redirect(LIST)

    def _show(self, request, upload, found, status=200):
        parts = [(kind, found.counts[kind], found.of(kind, MOST_SHOWN)) for kind in Kind]
        context = {"title": upload.file_name, "upload": upload, "plan": found, "parts": parts}
        return self._page(request, "price_changes", context, status)

    def _page(self, request, name, context, status):
        everywhere = self.admin_site.each_context(request)
        template = f"admin/subscriptions/{name}.html"
        context = {**everywhere, "opts": self.opts, **context}
        return TemplateResponse(request, template, context, status=status)

    @staticmethod
    def _check_right(request):
        rights = ("subscriptions.add_offerprice", "subscriptions.change_offerprice")
        if not request.user.has_perms(rights):
            raise PermissionDenied


def _in_words(found):
    words = _(
        "%(added)s added, %(changed)s changed, %(withdrawn)s withdrawn, %(refused)s refused, "
        "%(unchanged)s unchanged"
    )
    return words % found.counts
