"""Where a customer's users are signed in: for the customer's own staff, not for its partners."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from customers import services as customers
from portal.accounts.decorators import requires
from portal.accounts.devices import devices_of, factors_of, leave, session_number
from portal.accounts.roles import Permission


@require_POST
@requires(Permission.MANAGE_USERS)
def user_sign_out(request, person):
    """*End this session* of a user, or *Sign out everywhere*."""
    place, actor = customers.place_of(request.membership), request.membership
    found = get_object_or_404(place.people.active().with_account(), pk=person)
    if "session" in request.POST:
        number = session_number(request.POST["session"])
        done = number and customers.sign_out_user(found, actor=actor, session=number)
        said = _("The session is ended.") if done else _("That session had ended already.")
    else:
        customers.sign_out_user(found, actor=actor)
        if found.user_id == actor.user_id:
            return leave(request, _("You are signed out everywhere."))
        said = _("%s is signed out everywhere.") % found
    messages.success(request, said)
    return HttpResponseRedirect(place.url("subscriptions", "user_detail", found.pk))


def sign_in_of(request, place, person):
    """What the page of ``person`` shows of the sign-in, for those who may end sessions there."""
    if not (place.is_own and person.is_active and request.membership.can(Permission.MANAGE_USERS)):
        return {}
    return {
        "factors": factors_of(person.user),
        "devices": devices_of(person.user, current_key=request.session.session_key),
        "sign_out_url": place.url("subscriptions", "user_sign_out", person.pk),
    }
