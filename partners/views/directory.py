"""The official list of indirect providers, open to everybody."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from partners.forms.filters import DirectoryFilter
from partners.models import PartnerProfile
from partners.tables import DirectoryTable
from portal.htmx import render_page
from portal.links import public_url
from portal.lists import Page


@require_safe
@login_not_required
def provider_directory(request):
    """*Find a provider*: by name, country and language, in alphabetical order."""
    filters = DirectoryFilter(request.GET)
    profiles = filters.apply(PartnerProfile.objects.listed_providers())
    page = Page(request, DirectoryTable, profiles, series="F")
    number = ngettext("%(number)d provider", "%(number)d providers", page.count)
    context = {
        "page": page,
        "filters": filters,
        "row_template": "partners/directory_rows.html",
        "caption": _("Find a provider"),
        "count_text": number % {"number": page.count},
        "directory_url": reverse("provider_directory"),
        "canonical": _canonical(request.path, filters.cleaned_data),
        "empty": {
            "heading": _("No providers are listed yet"),
            "text": _("As soon as a provider publishes its profile, it stands here."),
            "filtered": _("No provider matches these filters"),
            "hint": _("Leave one of them out, or look for a part of the name."),
        },
    }
    return render_page(
        request, "partners/directory.html", context, partial="components/table_region.html"
    )


@require_safe
@login_not_required
def provider_profile(request, slug):
    """What one provider tells about itself."""
    listed = PartnerProfile.objects.listed_providers()
    profile = get_object_or_404(listed, organization__slug=slug)
    context = {"profile": profile, "canonical": public_url(request.path)}
    return render(request, "partners/profile.html", context)


def _canonical(path, chosen):
    """The address search engines keep: what was looked for, however the list is sorted or paged."""
    kept = {name: value for name, value in chosen.items() if value}
    return public_url(f"{path}?{urlencode(kept)}" if kept else path)
