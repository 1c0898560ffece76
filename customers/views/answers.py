"""The customer's answer to a personal link. Looking changes nothing; posting answers.

Nobody is in an organization here: the link itself lets its bearer read the one request, and the
chosen company answers it in its own name.
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from customers import services, wording
from customers.candidates import candidates
from customers.forms.answers import AnswerForm, DeclineRelationshipForm
from customers.models import AdminAccount, RelationshipRequest
from customers.relationships import abilities
from partners.models import holding
from portal.accounts.roles import Permission
from portal.accounts.suspension import Suspended
from portal.confidential import confidential
from portal.htmx import render_form
from portal.lifecycle import InvalidTransition
from portal.links import reverse
from portal.scope import GUEST, acting

SAFE = {"GET", "HEAD"}
RESTS = "rests"  # while one of those who ask is suspended
ENDED = "ended"  # the partnership, while the request itself is still open


@confidential
@login_not_required
def relationship_request(request, token):
    """Who asks, for what, until when; and the answer of a global admin."""
    with _holding(request, token):
        asked = _find(token)
        if closed := _why_closed(asked):
            return _closed(request, asked, closed)
        if not request.user.is_authenticated:
            return render(request, "customers/relationship_request.html", _shown(asked))
        return _ask(request, token, asked)


@confidential
def relationship_decline(request, token):
    """*Decline*, with a reason if the customer wants to give one."""
    with _holding(request, token):
        asked, deciders = _find(token), _deciders(request.user)
        if closed := _why_closed(asked):
            return _closed(request, asked, closed)
        if not deciders:
            return redirect("relationship_request", token)
        form = DeclineRelationshipForm(_posted(request), memberships=deciders)
        if form.is_valid():
            return _decline(request, token, asked, form)
        context = {"asked": asked, "form": form, "token": token}
        return render_form(request, "customers/relationship_decline.html", context)


def _ask(request, token, asked):
    """The page of somebody signed in: a choice of companies, then what that company answers."""
    found = candidates(request.user, asked)
    able = {candidate.company.slug: candidate for candidate in found if not candidate.obstacle}
    chosen = _chosen(request, able)
    form = AnswerForm(_posted(request), candidate=chosen) if chosen else None
    if form and form.is_valid():
        return _accept(request, token, asked, chosen.membership, form)
    if request.method == "POST" and (closed := _why_closed(now := _find(token))):
        # Answered since we looked, perhaps by this person's first press of the button.
        return _closed(request, now, closed)
    context = _shown(asked, chosen and chosen.membership) | {
        "candidates": found,
        "able": list(able.values()),
        "chosen": chosen,
        "form": form,
        "agreement": wording.agreement_text(),
        "may_decline": bool(_deciders(request.user)),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "customers/relationship_request.html", context, status=status)


def _chosen(request, able):
    """The candidate that is named, or the only one there is; None where that is open."""
    named = (request.POST or request.GET).get("company", "")
    if named in able:
        return able[named]
    is_clear = able and (len(able) == 1 or request.method == "POST")
    return next(iter(able.values())) if is_clear else None


def _shown(asked, membership=None):
    """What the page tells everybody who has the link, and whoever answers as ``membership``."""
    has_account = bool(membership) and _has_account(asked, membership)
    asking = [
        (company, abilities(company.kind, asked.provider, has_account=has_account))
        for company in asked.asking
    ]
    return {"asked": asked, "asking": asking}


def _has_account(asked, membership):
    """Whether the provider that asks has set up the first admin account of ``membership``."""
    with acting(membership.actor, read_only=True):
        accounts = AdminAccount.objects.visible_to(membership)
        return accounts.filter(customer__provider=asked.provider_id).exists()


def _posted(request):
    return request.POST if request.method == "POST" else None


def _why_closed(asked):
    """Why the link can't be answered, as a word; empty when it can."""
    if asked is None:
        return "unknown"
    if not asked.is_answerable:
        return str(asked.state)
    if any(company.is_suspended for company in asked.asking):
        return RESTS
    return "" if services.are_still_partners(asked) else ENDED


def _holding(request, token):
    """The scope of whoever holds this link, read-only while only looking."""
    return acting(holding(GUEST, token), read_only=request.method in SAFE)


def _answering(membership, token):
    """The scope of the company that answers, holding the same link."""
    return acting(holding(membership.actor, token))


def _find(token):
    return RelationshipRequest.objects.for_token(token).with_parties().first()


def _deciders(user):
    able = (place for place in user.places if place.can(Permission.ANSWER_RELATIONSHIP))
    return [place for place in able if not place.organization.is_suspended]


def _accept(request, token, asked, membership, form):
    try:
        with _answering(membership, token):
            services.accept_relationship(asked, actor=membership, **form.answer)
    except services.PartnershipEnded:
        return _closed(request, _find(token), ENDED)
    except (services.StandingChanged, Suspended):
        raise  # the link is still good: the page must be read again
    except InvalidTransition:  # somebody was faster, or the last day has just ended
        return _closed(request, now := _find(token), str(now.state))
    text = _("You accepted the request of %(company)s.") % {"company": asked.asked_by}
    return _arrived(request, membership.organization, text)


def _decline(request, token, asked, form):
    membership, reason = form.membership, form.cleaned_data["reason"]
    try:
        with _answering(membership, token):
            services.decline_relationship(asked, actor=membership, reason=reason)
    except Suspended:
        raise
    except InvalidTransition:
        return _closed(request, now := _find(token), str(now.state))
    text = _("You declined the request of %(company)s.") % {"company": asked.asked_by}
    return _arrived(request, membership.organization, text)


def _arrived(request, organization, text):
    messages.success(request, text)
    return _to_partners(organization)


def _to_partners(organization):
    return HttpResponseRedirect(reverse("customers:partner_list", organization=organization))


def _closed(request, asked, why):
    """A link that can't be answered: 404 when nobody knows it, else 410 and why."""
    if asked is None:
        return render(request, "customers/relationship_unknown.html", status=404)
    places = request.user.places if request.user.is_authenticated else []
    mine = {place.organization_id: place.organization for place in places}
    answering = mine.get(asked.organization_id)
    if request.method == "POST" and answering and why == RelationshipRequest.Status.ACCEPTED:
        # Pressed twice: the first press did it.
        messages.info(request, _("The request has been accepted already."))
        return _to_partners(answering)
    party = next((mine[company.pk] for company in asked.asking if company.pk in mine), None)
    detail = "customers:relationship_detail"
    context = {
        "asked": asked,
        "why": why,
        "request_url": party and reverse(detail, asked.pk, organization=party),
        "partners_url": answering and reverse("customers:partner_list", organization=answering),
    }
    return render(request, "customers/relationship_closed.html", context, status=410)
