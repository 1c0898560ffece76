"""Enrolment: a company on its way to become an indirect reseller, part by part.

Visitors without an account begin with *You*; the code that proves their address signs them in.
Until then their browser's session knows whose enrolment it is, and nothing else does.
"""

from contextlib import suppress

from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse as django_reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from partners import services, wording
from partners.codes import is_unproven
from partners.enrolling import tasks_of
from partners.forms.companies import AgreementForm
from partners.forms.enrolment import (
    CodeForm,
    CompanyForm,
    IdentifiersForm,
    PersonForm,
    SubmitForm,
)
from partners.invited import invitation_at
from partners.models import Enrolment
from partners.views.invitations import confidential
from portal.address_forms import DEPENDENT
from portal.htmx import render_form
from portal.lifecycle import InvalidTransition
from portal.links import reverse, safe_url

SESSION_KEY = "enrolment_applicant"
Status = Enrolment.Status


@confidential
@require_safe
@login_not_required
def enroll(request):
    """The task list; after *Submit* how far the review is, and at the end what came of it."""
    enrolment = _current(request)
    open_ = enrolment is None or enrolment.is_draft
    context = _context(request, enrolment) | {"tasks": tasks_of(enrolment) if open_ else []}
    if enrolment and enrolment.company:
        context["home_url"] = reverse("partners:provider_list", organization=enrolment.company)
    return render(request, "partners/enroll.html", context)


@confidential
@sensitive_post_parameters("password")
@login_not_required
def you(request):
    """*You*: where an enrolment begins, also the next one after a decision."""
    posted = request.method == "POST"
    user = request.user if request.user.is_authenticated else None
    if posted and not user and not ratelimit.consume(request, action="signup"):
        return ratelimit.respond_429(request)
    enrolment = _current(request)
    if not posted and enrolment and enrolment.status == Status.SUBMITTED:
        return redirect("enroll")
    form = PersonForm(request.POST if posted else None, user=user, enrolment=enrolment)
    if form.is_valid():
        return _begin(request, form, user)
    context = _context(request, enrolment) | {"form": form}
    return render_form(request, "partners/enroll_you.html", context)


def _begin(request, form, user):
    new = {} if user else {key: form.cleaned_data[key] for key in ("submission", "password")}
    enrolment = services.begin_enrolment(form.person, user=user, **new)
    _attach(request, enrolment)
    if not user:
        request.session[SESSION_KEY] = enrolment.applicant_id
    if enrolment.email_confirmed_at:
        return redirect("enroll")
    _send_code(request, enrolment, again=False)
    return redirect("enroll_code")


@confidential
@login_not_required
def code(request):
    """The code from the email, which proves the address and signs a new person in."""
    enrolment = _current(request)
    if enrolment is None or enrolment.email_confirmed_at or not enrolment.email:
        return redirect("enroll")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        problem = services.confirm_email(enrolment, form.cleaned_data["code"])
        if not problem:
            return _proven(request, enrolment)
        form.add_error("code", problem)
    context = _context(request, enrolment) | {"form": form}
    return render_form(request, "partners/enroll_code.html", context)


def _proven(request, enrolment):
    messages.success(request, _("Your email address is confirmed."))
    if request.user.is_authenticated:
        return redirect("enroll")
    del request.session[SESSION_KEY]
    enrolment.applicant.refresh_from_db()
    return perform_login(request, enrolment.applicant, redirect_url=resolve_url("enroll"))


@require_POST
@login_not_required
def code_resend(request):
    """*Send a new code*."""
    enrolment = _current(request)
    if enrolment is None or enrolment.email_confirmed_at or not enrolment.email:
        return redirect("enroll")
    _send_code(request, enrolment, again=True)
    return redirect("enroll_code")


def _send_code(request, enrolment, *, again):
    if ratelimit.consume(request, action="confirm_email", key=enrolment.email):
        services.promise_code(enrolment)
        if again:
            messages.success(request, _("A new code is on its way."))
    else:
        words = _("A code went to this address a moment ago. You can ask for another in 3 minutes.")
        messages.warning(request, words)


@confidential
def company(request):
    """*Company*: name, address, website."""
    return _part(request, CompanyForm, "partners/enroll_company.html")


@require_safe
def country_fields(request):
    """The fields of *Company* that depend on the country, for the one just selected."""
    typed = {name: request.GET.get(name, "") for name in ("country", *DEPENDENT)}
    form = CompanyForm(enrolment=Enrolment(**typed))
    return render(request, "partners/enroll_country_fields.html", {"form": form})


@confidential
def identifiers(request):
    """*Identifiers*: the MPN IDs."""
    return _part(request, IdentifiersForm, "partners/enroll_identifiers.html")


def _part(request, form_class, template):
    enrolment, posted = _current(request), request.method == "POST"
    if enrolment is None or not (posted or enrolment.is_draft):
        return redirect("enroll")
    form = form_class(request.POST if posted else None, enrolment=enrolment)
    if form.is_valid():
        services.fill_in(enrolment, **form.cleaned_data)
        _attach(request, enrolment)
        return redirect("enroll")
    context = _context(request, enrolment) | {"form": form}
    return render_form(request, template, context)


@confidential
def agreement(request):
    """*Partner agreement*: accepted for the company that is going to be."""
    enrolment, posted = _current(request), request.method == "POST"
    if enrolment is None or not (posted or enrolment.is_draft):
        return redirect("enroll")
    form = AgreementForm(request.POST if posted else None)
    if form.is_valid():
        accepted = {"agreement_version": form.cleaned_data["version"]}
        services.fill_in(enrolment, **accepted, agreement_accepted_at=now())
        _attach(request, enrolment)
        return redirect("enroll")
    context = _context(request, enrolment) | {"form": form}
    context["text"] = wording.agreement_text()
    return render_form(request, "partners/enroll_agreement.html", context)


@confidential
def review(request):
    """*Review and submit*: everything as it will be stored."""
    enrolment, posted = _current(request), request.method == "POST"
    if enrolment is None or not enrolment.is_draft:
        return redirect("enroll")
    form = SubmitForm(request.POST if posted else None, enrolment=enrolment)
    if form.is_valid():
        _attach(request, enrolment)
        return _submit(enrolment)
    context = _context(request, enrolment) | {"form": form}
    return render_form(request, "partners/enroll_review.html", context)


def _submit(enrolment):
    with suppress(InvalidTransition):  # pressed twice: the first press did it
        services.submit_enrolment(enrolment)
    return redirect("enroll")


@require_POST
def take_back(request):
    """*Take back for correction*, as long as nobody has decided."""
    enrolment = _current(request)
    if enrolment is not None and not enrolment.is_draft:
        services.take_back_enrolment(enrolment)
    return redirect("enroll")


def _current(request):
    """The visitor's latest enrolment, or None."""
    signed_in = request.user.is_authenticated
    applicant = request.user if signed_in else request.session.get(SESSION_KEY)
    if applicant is None:
        return None
    mine = Enrolment.objects.of_applicant(applicant).select_related("applicant", "company")
    found = mine.first()
    return found if found and (signed_in or is_unproven(found.applicant)) else None


def _context(request, enrolment):
    """What all pages show: whose enrolment, which invitation led here, and the way back to it."""
    back = _next(request)
    remembered = services.invitation_of(enrolment) if enrolment else None
    return {
        "enrolment": enrolment,
        "next": back,
        "invited": invitation_at(back) or remembered,
        "list_url": django_reverse("enroll", query={"next": back} if back else None),
    }


def _attach(request, enrolment):
    """The invitation whose page led here is remembered with the enrolment."""
    services.attach_invitation(enrolment, invitation_at(_next(request)))


def _next(request):
    sent = request.POST if request.method == "POST" else request.GET
    return safe_url(request, sent.get("next", ""))
