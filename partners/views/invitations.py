"""The reseller's answer to a personal link. Looking changes nothing; posting answers.

Nobody is in an organization here: the link itself lets its bearer read the one request, and the
chosen company answers it in its own name.
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import services, tokens
from partners.candidates import candidates
from partners.forms.invitations import AuthorizeForm, DeclineForm
from partners.models import PartnershipRequest
from portal.accounts.roles import Kind, Permission
from portal.confidential import confidential
from portal.htmx import render_form
from portal.lifecycle import InvalidTransition
from portal.links import reverse
from portal.scope import GUEST, acting

SAFE = {"GET", "HEAD"}
ACCEPTED = gettext_lazy("%(provider)s is now in your Indirect providers list.")
DECLINED = gettext_lazy("You declined the request of %(provider)s.")


@confidential
@login_not_required
def invitation(request, token):
    """Who asks, for what, until when; and the answer of a global admin."""
    with _holding(request, token):
        invited = _find(token)
        if not _is_open(invited):
            return _closed(request, invited)
        if not request.user.is_authenticated:
            return render(request, "partners/invitation.html", {"invited": invited})
        return _ask(request, token, invited)


@confidential
def decline(request, token):
    """*Decline*, with a reason if the reseller wants to give one."""
    with _holding(request, token):
        invited, deciders = _find(token), _deciders(request.user)
        if not _is_open(invited):
            return _closed(request, invited)
        if not deciders:
            return redirect("invitation", token)
        form = DeclineForm(_posted(request), memberships=deciders)
        if form.is_valid():
            return _decline(request, token, invited, form)
        context = {"invited": invited, "form": form, "token": token}
        return render_form(request, "partners/invitation_decline.html", context)


def _ask(request, token, invited):
    found = candidates(request.user, invited, back=request.path)
    form = AuthorizeForm(_posted(request), invited=invited, user=request.user, candidates=found)
    if form.is_valid():
        return _authorize(request, token, invited, form)
    if form.is_bound and not _is_open(now := _find(token)):
        # Answered since we looked, perhaps by this person's first press of the button.
        return _closed(request, now)
    context = {
        "invited": invited,
        "form": form,
        "candidates": found,
        "is_enrolled": any(
            place.company.kind == Kind.RESELLER or place.company == invited.provider
            for place in found
        ),
        "may_decline": bool(_deciders(request.user)),
    }
    return render_form(request, "partners/invitation.html", context)


def _posted(request):
    return request.POST if request.method == "POST" else None


def _is_open(invited):
    return invited is not None and invited.is_answerable


def _holding(request, token):
    """The scope of whoever holds this link, read-only while only looking."""
    bearer = GUEST._replace(invitation=tokens.digest(token))
    return acting(bearer, read_only=request.method in SAFE)


def _answering(membership, token):
    """The scope of the company that answers, holding the same link."""
    return acting(membership.actor._replace(invitation=tokens.digest(token)))


def _find(token):
    found = PartnershipRequest.objects.for_token(token)
    return found.select_related(
        "provider__partner", "created_by", "reseller", "answered_by"
    ).first()


def _deciders(user):
    return [place for place in user.places if place.can(Permission.ANSWER_PARTNERSHIP)]


def _authorize(request, token, invited, form):
    membership, location = form.answer
    try:
        with _answering(membership, token):
            services.accept_request(invited, actor=membership, location=location)
    except InvalidTransition:  # somebody was faster, or the last day has just ended
        return _closed(request, _find(token))
    return _arrived(request, membership, ACCEPTED % {"provider": invited.provider})


def _decline(request, token, invited, form):
    membership, reason = form.membership, form.cleaned_data["reason"]
    try:
        with _answering(membership, token):
            services.decline_request(invited, actor=membership, reason=reason)
    except InvalidTransition:
        return _closed(request, _find(token))
    return _arrived(request, membership, DECLINED % {"provider": invited.provider})


def _arrived(request, membership, text):
    messages.success(request, text)
    return _to_providers(membership.organization)


def _to_providers(organization):
    return HttpResponseRedirect(reverse("partners:provider_list", organization=organization))


def _closed(request, invited):
    """A link that can't be answered: 404 when nobody knows it, else 410 and why."""
    if invited is None:
        return render(request, "partners/invitation_unknown.html", status=404)
    places = request.user.places if request.user.is_authenticated else []
    mine = {place.organization_id: place.organization for place in places}
    answering, state = mine.get(invited.reseller_id), invited.state
    if request.method == "POST" and answering and state == PartnershipRequest.Status.ACCEPTED:
        # Pressed twice: the first press did it.
        messages.info(request, _("The request has been accepted already."))
        return _to_providers(answering)
    asking = mine.get(invited.provider_id)
    context = {
        "invited": invited,
        "state": state,
        "request_url": asking
        and reverse("partners:request_detail", invited.pk, organization=asking),
        "providers_url": answering and reverse("partners:provider_list", organization=answering),
    }
    return render(request, "partners/invitation_closed.html", context, status=410)
