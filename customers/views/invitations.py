"""A user's personal link to choose the first password: sent, sent again, withdrawn."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from customers import services
from customers.forms.users import InviteForm
from customers.places import place_of
from portal.accounts.decorators import reauthenticated, requires
from portal.accounts.roles import Permission
from portal.htmx import render_form
from portal.sending import NotSent

READS = ["GET", "HEAD", "POST"]


@require_http_methods(READS)
@requires(Permission.MANAGE_USERS)
@reauthenticated
def user_invite(request, person, pk=None):
    """*Send link* or *Send again*: whoever reads that mail chooses the user's password."""
    place = place_of(request.membership, pk)
    found, waiting = _person(request, place, person)
    posted = request.POST if request.method == "POST" else None
    form = InviteForm(posted, place=place, person=found, invitation=waiting)
    if form.is_valid() and (sent := _invite(request, found, form)):
        words = _("The link is on its way to %(email)s. It works once, until %(day)s.")
        day = date_format(localtime(sent.expires_at))
        messages.success(request, words % {"email": sent.email, "day": day})
        return HttpResponseRedirect(place.url("subscriptions", "user_list", view="invited"))
    context = {"place": place, "person": found, "invitation": waiting, "form": form}
    return render_form(request, "customers/user_invite.html", context)


@require_http_methods(READS)
@requires(Permission.MANAGE_USERS)
def user_invitation_withdraw(request, person, pk=None):
    """Take the link back: looking asks, posting does it; the user stays."""
    place = place_of(request.membership, pk)
    found, waiting = _person(request, place, person)
    if waiting and request.method != "POST":
        context = {"place": place, "person": found, "invitation": waiting}
        return render(request, "customers/user_invitation_withdraw.html", context)
    if waiting and services.withdraw_account_invitation(found, actor=request.membership):
        messages.success(request, _("The link of %s no longer works.") % found)
    return HttpResponseRedirect(place.url("subscriptions", "user_detail", found.pk))


def _person(request, place, pk):
    """The user, if the visitor may touch them, and the invitation that waits for them or None."""
    person = get_object_or_404(place.people.active().with_account(), pk=pk)
    services.check_may_touch(request.membership, roles=person.membership.roles)
    return person, person.invitations.unanswered().first()


def _invite(request, person, form):
    """The invitation that is on its way, or None with what stands in the way at the form."""
    try:
        return services.invite_to_account(person, actor=request.membership, **form.cleaned_data)
    except (services.Refused, NotSent) as refusal:
        form.add_error("email", refusal.reason)
