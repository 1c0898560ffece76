"""The company's own pages: profile, identifiers, agreements. Facts change through the operator."""

from collections import defaultdict

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse as public_reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from partners import services, wording
from partners.forms.companies import AgreementForm, LocationForm, ProfileChangeForm
from partners.models import MpnAccount, PartnerProfile, Partnership, ProfileChange
from portal.accounts.decorators import requires
from portal.accounts.roles import Kind, Permission
from portal.htmx import render_form
from portal.links import redirect_back, redirect_to, safe_url

MOST_CHANGES = 20
MOST_PARTNERSHIPS = 100


@require_safe
@requires(Permission.VIEW_COMPANY)
def profile_detail(request):
    """*Company profile*: what others see of the company, and what it asked to be changed."""
    profile = _profile(request)
    changes = ProfileChange.objects.visible_to(request.membership).select_related("asked_by")
    context = {"profile": profile, "changes": changes[:MOST_CHANGES]}
    if profile.listed and profile.organization.kind == Kind.PROVIDER:
        context["preview_url"] = public_reverse(
            "provider_profile", args=[profile.organization.slug]
        )
    return render(request, "partners/company_profile.html", context)


@require_POST
@requires(Permission.MANAGE_COMPANY)
def profile_review(request):
    """*Profile reviewed*: what the official list says is right, for another year."""
    if request.membership.organization.kind != Kind.PROVIDER:
        raise Http404
    if services.review_profile(_profile(request), actor=request.membership):
        messages.success(request, _("Thank you. We ask again in a year."))
    else:
        messages.info(request, _("The profile has been reviewed already."))
    return redirect_to(request, "partners:profile_detail")


@requires(Permission.MANAGE_COMPANY)
def profile_change(request):
    """*Contact your representative*, who changes what the company may not."""
    profile = _profile(request)
    form = ProfileChangeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        text = form.cleaned_data["text"]
        services.ask_profile_change(profile, actor=request.membership, text=text)
        messages.success(request, _("Your representative has your message. The answer comes here."))
        return redirect_to(request, "partners:profile_detail")
    return render_form(request, "partners/profile_change.html", {"form": form, "profile": profile})


@require_safe
@requires(Permission.VIEW_COMPANY)
def identifier_list(request):
    """*Identifiers*: the MPN IDs, and which partnership uses which."""
    organization = request.membership.organization
    accounts = list(MpnAccount.objects.filter(organization=organization))
    used = _providers_by_location(request.membership)
    for account in accounts:
        account.used_with = used[account.pk]
    is_location = [account.type == MpnAccount.Type.LOCATION for account in accounts]
    context = {"accounts": accounts, "has_location": any(is_location)}
    return render(request, "partners/identifiers.html", context)


@requires(Permission.MANAGE_COMPANY)
def identifier_add(request):
    """Another location of the company; none is ever taken away."""
    organization = request.membership.organization
    posted = request.POST if request.method == "POST" else None
    form = LocationForm(posted, organization=organization)
    if form.is_valid():
        account, is_new = services.add_location(actor=request.membership, **form.cleaned_data)
        text = _("MPN ID %(number)s is added.") if is_new else _("MPN ID %(number)s is there.")
        messages.success(request, text % {"number": account})
        return redirect_back(request, "partners:identifier_list")
    named = request.POST if posted else request.GET
    back = safe_url(request, named.get("next", ""))
    context = {"form": form, "country": _profile(request).country_name, "next": back}
    return render_form(request, "partners/identifier_add.html", context)


@requires(Permission.VIEW_COMPANY)
def agreement(request):
    """*Agreements*: what was signed, by whom and when; a global admin signs here."""
    profile = _profile(request)
    if request.method == "POST":
        return _sign(request, profile)
    back = safe_url(request, request.GET.get("next", ""))
    return _agreement(request, profile, AgreementForm(), back)


@requires(Permission.ACCEPT_AGREEMENT)
def _sign(request, profile):
    form = AgreementForm(request.POST)
    if not form.is_valid():
        back = safe_url(request, request.POST.get("next", ""))
        return _agreement(request, profile, form, back)
    version = form.cleaned_data["version"]
    if services.sign_agreement(profile, actor=request.membership, version=version):
        messages.success(request, _("The partner agreement is accepted for your company."))
    return redirect_back(request, "partners:agreement")


def _agreement(request, profile, form, back):
    text = wording.agreement_text(profile.agreement_version)
    context = {"form": form, "profile": profile, "text": text, "next": back}
    return render_form(request, "partners/agreement.html", context)


@require_safe
@requires(Permission.VIEW_COMPANY)
def agreement_text(request):
    """The text to keep, as a file."""
    version = wording.known_agreement(_profile(request).agreement_version)
    text = wording.agreement_text(version)
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="partner-agreement-{version}.txt"'
    return response


def _profile(request):
    joined = PartnerProfile.objects.select_related(
        "organization", "agreement_signed_by", "reviewed_by"
    )
    return get_object_or_404(joined, organization=request.membership.organization_id)


def _providers_by_location(membership):
    """The providers a reseller does business with, by the MPN ID it uses for that."""
    found = defaultdict(list)
    if membership.organization.kind == Kind.RESELLER:
        active = Partnership.objects.visible_to(membership).active().select_related("provider")
        for partnership in active.order_by("provider__name")[:MOST_PARTNERSHIPS]:
            found[partnership.location_id].append(partnership.provider.name)
    return found
