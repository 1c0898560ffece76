"""The reseller's answer to a personal link. Looking changes nothing; posting answers.

Nobody is in an organization here: the link itself lets its bearer read the one request, and the
chosen company answers it in its own name.
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from partners import rights, services, wording
from partners.candidates import candidates, deciders
from partners.forms.invitations import AuthorizeForm, DeclineForm
from partners.models import Enrolment, PartnershipRequest
from portal import tokens
from portal.accounts.roles import Kind, Permission
from portal.accounts.suspension import Suspended
from portal.confidential import confidential
from portal.htmx import render_form
from portal.lifecycle import InvalidTransition
from portal.links import reverse
from portal.personal_links import holding
from portal.scope import acting

SAFE = {"GET", "HEAD"}
UNKNOWN = "unknown"
RESTS = "rests"
ACCEPTED = gettext_lazy("%(provider)s is now in your Indirect providers list.")
# Answered by somebody else, run out, or given a new link in this very moment.
TOO_LATE = (InvalidTransition, PartnershipRequest.DoesNotExist)
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
            return render(request, "partners/invitation.html", _about(invited, token))
        return _answer(request, token, invited)


@confidential
def decline(request, token):
    """*Decline*, with a reason if the reseller wants to give one."""
    with _holding(request, token):
        invited, mine = _find(token), _mine(request.user)
        if not _is_open(invited):
            return _closed(request, invited)
        if not mine:
            return redirect("invitation", token)
        form = DeclineForm(_posted(request), memberships=mine)
        if form.is_valid():
            return _decline(request, token, invited, form)
        context = {"invited": invited, "form": form, "token": token}
        return render_form(request, "partners/invitation_decline.html", context)


@confidential
@require_safe
@login_not_required
def ask(request, token):
    """*I need to ask a colleague*: who can answer, and a mail to them with the link."""
    with _holding(request, token):
        invited = _find(token)
        if not _is_open(invited):
            return _closed(request, invited)
        user = request.user
        companies = deciders(user) if user.is_authenticated else []
        people = {person for company in companies for person in company.people} - {user}
        to = sorted(person.email for person in people if person.email)
        context = {"invited": invited, "token": token, "companies": companies}
        context["letter"] = wording.forwarded(invited, token, user, to=to)
        return render(request, "partners/invitation_ask.html", context)


@confidential
@require_POST
@login_not_required
def opened(request, token):
    """The page says that it is on somebody's screen; loading it alone never gets here."""
    with holding(token):
        invited = _find(token)
    if invited is None:
        return _closed(request, invited)
    if _is_open(invited) and not _is_asking(request, invited) and not _is_prefetch(request):
        services.note_opened(invited)
    return HttpResponse(status=204)


@confidential
@require_POST
@login_not_required
def new_link(request, token):
    """*Ask for a new link* on an expired page: whoever asked is told, nothing is granted."""
    with holding(token):
        invited = _find(token)
    if invited is None or invited.state != PartnershipRequest.Status.EXPIRED:
        return redirect("invitation", token) if _is_open(invited) else _closed(request, invited)
    whom = {"name": invited.created_by}
    if services.ask_for_new_link(invited):
        messages.success(request, _("%(name)s is told that you ask for a new link.") % whom)
    else:
        messages.info(request, _("%(name)s has been told today already.") % whom)
    return redirect("invitation", token)


def _about(invited, token):
    """What the page tells everybody who holds the link."""
    return {
        "invited": invited,
        "token": token,
        "they": rights.of_the_provider(),
        "you": rights.of_the_reseller(getattr(invited.provider, "partner", None)),
    }


def _answer(request, token, invited):
    found = candidates(request.user, invited, back=request.path)
    form = AuthorizeForm(_posted(request), invited=invited, user=request.user, candidates=found)
    if form.is_valid():
        return _authorize(request, token, invited, form)
    if form.is_bound and not _is_open(now := _find(token)):
        # Answered since we looked, perhaps by this person's first press of the button.
        return _closed(request, now)
    mine = Enrolment.objects.of_applicant(request.user)
    context = _about(invited, token) | {
        "form": form,
        "candidates": found,
        "enrolment": mine.under_way().first(),
        "is_enrolled": any(
            place.company.kind == Kind.RESELLER or place.company == invited.provider
            for place in found
        ),
        "may_decline": bool(_mine(request.user)),
    }
    return render_form(request, "partners/invitation.html", context)


def _posted(request):
    return request.POST if request.method == "POST" else None


def _is_open(invited):
    return invited is not None and invited.is_answerable and not invited.provider.is_suspended


def _holding(request, token):
    """The scope of whoever holds this link, read-only while only looking."""
    return holding(token, read_only=request.method in SAFE)


def _answering(membership, token):
    """The scope of the company that answers, holding the same link."""
    return acting(membership.actor._replace(invitation=tokens.digest(token)))


def _find(token):
    found = PartnershipRequest.objects.for_token(token)
    return found.select_related(
        "provider__partner", "created_by", "reseller", "answered_by"
    ).first()


def _is_asking(request, invited):
    """Whether the provider's own staff look at what they sent."""
    user = request.user
    places = user.places if user.is_authenticated else []
    return any(place.organization_id == invited.provider_id for place in places)


def _is_prefetch(request):
    """Whether a browser runs the page before anybody has asked for it."""
    return "pre" in request.headers.get("Sec-Purpose", "")


def _mine(user):
    able = (place for place in user.places if place.can(Permission.ANSWER_PARTNERSHIP))
    return [place for place in able if not place.organization.is_suspended]


def _authorize(request, token, invited, form):
    membership, location = form.answer
    try:
        with _answering(membership, token):
            services.accept_request(invited, actor=membership, location=location)
    except Suspended:
        raise  # since the page was shown, and it may be lifted again
    except TOO_LATE:  # somebody was faster, or the last day has just ended
        return _closed(request, _find(token))
    return _arrived(request, membership, ACCEPTED % {"provider": invited.provider})


def _decline(request, token, invited, form):
    membership, typed = form.membership, form.cleaned_data
    why = {"reason": typed["reason"], "tell": typed["tell"]}
    try:
        with _answering(membership, token):
            services.decline_request(invited, actor=membership, **why)
    except Suspended:
        raise
    except TOO_LATE:
        return _closed(request, _find(token))
    return _arrived(request, membership, DECLINED % {"provider": invited.provider})


def _arrived(request, membership, text):
    messages.success(request, text)
    return _to_providers(membership.organization)


def _to_providers(organization):
    return HttpResponseRedirect(reverse("partners:provider_list", organization=organization))


def _closed(request, invited):
    """A link that can't be answered: 404 when nobody knows it, else 410 and why.

    What it takes is the same either way, so that nobody learns by the clock which links exist.
    """
    state = _state(invited)
    places = request.user.places if request.user.is_authenticated else []
    mine = {place.organization_id: place.organization for place in places}
    answering, asking = (mine.get(pk) for pk in _parties(invited))
    if request.method == "POST" and answering and state == PartnershipRequest.Status.ACCEPTED:
        # Pressed twice: the first press did it.
        messages.info(request, _("The request has been accepted already."))
        return _to_providers(answering)
    context = {
        "invited": invited,
        "state": state,
        "request_url": asking
        and reverse("partners:request_detail", invited.pk, organization=asking),
        "providers_url": answering and reverse("partners:provider_list", organization=answering),
    }
    status = 404 if state == UNKNOWN else 410
    return render(request, "partners/invitation_closed.html", context, status=status)


def _state(invited):
    """The request's own; while the provider is suspended, what could be answered rests."""
    if invited is None:
        return UNKNOWN
    rests = invited.is_answerable and invited.provider.is_suspended
    return RESTS if rests else invited.state


def _parties(invited):
    return (invited.reseller_id, invited.provider_id) if invited else (None, None)
