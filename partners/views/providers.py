"""The reseller's side: its providers, and the partner agreement of its company."""

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from partners import services, wording
from partners.forms.companies import AgreementForm
from partners.forms.filters import ProviderFilter
from partners.models import PartnerProfile, Partnership
from partners.tables import ProviderTable
from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.htmx import render_form, render_page
from portal.links import redirect_back, reverse, safe_url
from portal.lists import Page


@require_safe
@requires(Permission.VIEW_PROVIDERS)
def provider_list(request):
    """*Indirect providers*: the partnerships of this reseller."""
    filters = ProviderFilter(request.GET)
    partnerships = Partnership.objects.visible_to(request.membership).active()
    page = Page(request, ProviderTable, filters.apply(partnerships.list_of_providers()), series="N")
    organization = request.membership.organization
    number = ngettext("%(number)d provider", "%(number)d providers", page.count)
    context = {
        "page": page,
        "filters": filters,
        "row_template": "partners/provider_rows.html",
        "caption": _("Indirect providers"),
        "count_text": number % {"number": page.count},
        "customers_url": reverse("customers:customer_list", organization=organization),
        "profile": PartnerProfile.objects.filter(organization=organization).first(),
        "empty": {
            "heading": _("No indirect providers yet"),
            "text": _("Open the link in a provider's partnership request to accept it."),
        },
    }
    return render_page(
        request, "partners/provider_list.html", context, partial="components/table_region.html"
    )


@requires(Permission.ACCEPT_AGREEMENT)
def agreement(request):
    """*Agreements*: what was signed, by whom and when; a global admin signs here."""
    profiles = PartnerProfile.objects.select_related("agreement_signed_by")
    profile = get_object_or_404(profiles, organization=request.membership.organization_id)
    form = AgreementForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        version = form.cleaned_data["version"]
        if services.sign_agreement(profile, actor=request.membership, version=version):
            messages.success(request, _("The partner agreement is accepted for your company."))
        return redirect_back(request, "partners:agreement")
    sent = request.POST if request.method == "POST" else request.GET
    context = {
        "form": form,
        "profile": profile,
        "text": wording.agreement_text(),
        "next": safe_url(request, sent.get("next", "")),
    }
    return render_form(request, "partners/agreement.html", context)
