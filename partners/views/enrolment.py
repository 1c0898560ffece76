"""Enrolment: a company joins as indirect reseller."""

from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from partners import services, wording
from partners.forms.companies import EnrollForm
from partners.views.invitations import confidential
from portal.htmx import render_form
from portal.links import reverse, safe_url


@confidential
@sensitive_post_parameters("password")
@login_not_required
def enroll(request):
    """The form, and afterwards back to the invitation that led here."""
    posted = request.method == "POST"
    if posted and not ratelimit.consume(request, action="signup"):
        return ratelimit.respond_429(request)
    user = request.user if request.user.is_authenticated else None
    form = EnrollForm(request.POST if posted else None, user=user)
    sent = request.POST if posted else request.GET
    back = safe_url(request, sent.get("next", ""))
    if form.is_valid():
        return _enroll(request, form, user, back)
    context = {"form": form, "next": back, "text": wording.agreement_text()}
    return render_form(request, "partners/enroll.html", context)


def _enroll(request, form, user, back):
    accepted = form.cleaned_data["accept_agreement"]
    membership = services.enroll_company(
        company=form.company,
        mpn_id=form.cleaned_data["mpn_id"],
        user=user,
        admin=form.admin,
        agreement_version=wording.AGREEMENT_VERSION if accepted else "",
    )
    company = membership.organization
    messages.success(request, _("%(name)s is enrolled as indirect reseller.") % {"name": company})
    url = back or reverse("partners:provider_list", organization=company)
    if user:
        return HttpResponseRedirect(url)
    return perform_login(request, membership.user, redirect_url=url)
