"""The personal link under which a customer's user chooses their first password.

Nobody is in an organization here: the link itself lets its bearer read the one invitation; all
else is asked as the customer, to whom the account belongs.
"""

from contextlib import contextmanager

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from customers import services
from customers.forms.passwords import ChoosePasswordForm
from customers.models import AccountInvitation
from portal.confidential import confidential
from portal.lifecycle import InvalidTransition
from portal.personal_links import holding
from portal.scope import GUEST, acting
from portal.staff.views.closed import EXPIRED, OPEN, closed_page, say_asked, state_of

SAFE = {"GET", "HEAD"}
PAGE, NEW_LINK = "first_password_link", "first_password_new_link"
# Used, run out, or given a new link in this very moment.
TOO_LATE = (InvalidTransition, AccountInvitation.DoesNotExist)


@confidential
@sensitive_post_parameters("password")
@login_not_required
def first_password_link(request, token):
    """Who made the account, for what, until when; and the password its bearer chooses."""
    posted = request.method not in SAFE
    if posted and not ratelimit.consume(request, action="signup"):
        return ratelimit.respond_429(request)
    with _looking(token, read_only=not posted) as invitation:
        state = state_of(invitation, services.stands)
        if state != OPEN:
            return closed_page(request, invitation, state, new_link=NEW_LINK)
        if request.user.is_authenticated:  # never by mistake: the password is another account's
            return redirect(PAGE, token) if posted else _page(request, invitation, None)
        form = ChoosePasswordForm(request.POST if posted else None, user=invitation.person.user)
        if not form.is_valid():
            return _page(request, invitation, form)
    return _choose(request, invitation, token, form.cleaned_data["password"])


@confidential
@require_POST
@login_not_required
def first_password_new_link(request, token):
    """*Ask for a new link* on an expired page: whoever invited is told, nothing is granted."""
    with _looking(token) as invitation:
        if state_of(invitation, services.stands) != EXPIRED:
            return redirect(PAGE, token)
        told = services.ask_for_new_account_link(invitation)
    say_asked(request, invitation, told=told)
    return redirect(PAGE, token)


@contextmanager
def _looking(token, *, read_only=False):
    """The invitation behind the link, or None, as the organization sees it whose user it is of."""
    with holding(token, read_only=True):
        holds = AccountInvitation.objects.for_token(token)
        found = holds.select_related("organization", "invited_by").first()
    with acting(found.organization.actor if found else GUEST, read_only=read_only):
        yield found


def _page(request, invitation, form):
    context = {"invitation": invitation, "person": invitation.person, "form": form}
    if invitation.acting_for_id != invitation.organization_id:
        context["partner"] = invitation.acting_for
    status = 422 if form and form.is_bound else 200
    return render(request, "customers/first_password.html", context, status=status)


def _choose(request, invitation, token, password):
    try:
        place = services.choose_invited_password(invitation, token=token, password=password)
    except TOO_LATE:
        with _looking(token, read_only=True) as found:
            state = state_of(found, services.stands)
            return closed_page(request, found, state, new_link=NEW_LINK)
    messages.success(request, _("Welcome. From now on you sign in as %s.") % place.user.username)
    login = Login(user=place.user, redirect_url=reverse("home"))
    return perform_password_login(request, {"username": place.user.username}, login)
