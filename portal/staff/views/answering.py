"""The answer to an invitation into an organization. Looking changes nothing; posting answers.

Nobody is in the organization here: the link itself lets its bearer read the one invitation. That
its address has an account is no secret from them, because they read the mail of that address. Of a
link that colleagues had shown this is not so: then nothing tells.
"""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from portal.accounts.models import User
from portal.confidential import confidential
from portal.htmx import render_form
from portal.lifecycle import InvalidTransition
from portal.links import reverse
from portal.navigation import HOME
from portal.personal_links import holding
from portal.scope import acting
from portal.staff.forms import AcceptForm, NewAccountForm
from portal.staff.models import UserInvitation
from portal.staff.role_choices import sentence_of
from portal.staff.services import answering, joining
from portal.staff.views.closed import EXPIRED, OPEN, closed_page, say_asked, state_of

SAFE = {"GET", "HEAD"}
# Answered by somebody else, run out, or given a new link in this very moment.
TOO_LATE = (InvalidTransition, UserInvitation.DoesNotExist)


@confidential
@sensitive_post_parameters("password")
@login_not_required
def join(request, token):
    """Who invites, as what, until when; and the yes of whoever is invited."""
    if _is_knocking(request) and not ratelimit.consume(request, action="signup"):
        return ratelimit.respond_429(request)
    with holding(token, read_only=request.method in SAFE):
        invitation = _find(token)
        if state_of(invitation, answering.stands) != OPEN:
            return _closed(request, invitation)
        form = _form(request, invitation)
        if form is None or not form.is_valid():
            return _page(request, invitation, form)
    try:
        return _accept(request, invitation, token, form)
    except TOO_LATE:
        with holding(token):
            return _closed(request, _find(token))


@confidential
@require_POST
@login_not_required
def join_new_link(request, token):
    """*Ask for a new link* on an expired page: whoever invited is told, nothing is granted."""
    with holding(token):
        invitation = _find(token)
        if state_of(invitation, answering.stands) != EXPIRED:
            return redirect("join", token)
    with acting(invitation.organization.actor):
        told = joining.ask_for_new_invitation(invitation)
    say_asked(request, invitation, told=told)
    return redirect("join", token)


def _is_knocking(request):
    """Whether somebody without an account tries names and passwords."""
    return request.method not in SAFE and not request.user.is_authenticated


def _find(token):
    joined = UserInvitation.objects.for_token(token)
    return joined.select_related("organization", "invited_by").first()


def _form(request, invitation):
    """What has to be filled in; None for somebody who must sign in first."""
    posted = request.POST if request.method == "POST" else None
    if request.user.is_authenticated:
        return AcceptForm(posted, invitation=invitation, user=request.user)
    if _has_account(invitation):
        return None
    address = answering.proven_address(invitation)
    return NewAccountForm(posted, invitation=invitation, address=address)


def _has_account(invitation):
    """Whether the address has an account, as far as the bearer of the link may know it."""
    address = answering.proven_address(invitation)
    return bool(address) and User.objects.called(address) is not None


def _page(request, invitation, form):
    kind = invitation.organization.kind
    context = {
        "invitation": invitation,
        "form": form,
        "roles": [(role, sentence_of(kind, role.value)) for role in invitation.held_roles],
        "has_account": form is None or (request.user.is_authenticated and _has_account(invitation)),
    }
    if form is None and request.method in SAFE:
        return render(request, "staff/join.html", context)
    if form is None:  # the account was made a moment ago
        return redirect(request.path)
    return render_form(request, "staff/join.html", context)


def _accept(request, invitation, token, form):
    if request.user.is_authenticated:
        place = answering.accept_invitation(invitation, token=token, user=request.user)
        messages.success(request, _welcome(place))
        return HttpResponseRedirect(_home(place.organization))
    try:
        account = form.account_of_ones_own
        place = answering.join_with_new_account(invitation, token=token, **account)
    except answering.AccountTaken:  # a moment ago: the page now says what to do
        return redirect("join", token)
    messages.success(request, _welcome(place))
    login = Login(user=place.user, redirect_url=_home(place.organization))
    return perform_password_login(request, {"username": place.user.username}, login)


def _welcome(place):
    return _("Welcome. You now work for %(company)s.") % {"company": place.organization}


def _home(organization):
    return reverse(HOME, organization=organization)


def _closed(request, invitation):
    state = state_of(invitation, answering.stands)
    return closed_page(request, invitation, state, new_link="join_new_link")
