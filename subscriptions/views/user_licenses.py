"""*Manage licenses* of one user or of several that were selected in the list."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from customers import services as customers
from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from subscriptions import services
from subscriptions.licensing import add_licenses, held_by_users
from subscriptions.user_forms import LicensesForm, references_of, selected


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ASSIGN_LICENSES)
def user_licenses(request, pk=None):
    """The users named by ``id`` (``U-…``, several times), and what they get or give back."""
    place = customers.place_of(request.membership, pk)
    is_posted = request.method == "POST"
    source = request.POST if is_posted else request.GET
    people = selected(place, source.getlist("id"))
    form = LicensesForm(request.POST if is_posted else None, subscriptions=held_by_users(place))
    if not people and is_posted:
        form.add_error(None, _("Select at least one user."))
    if form.is_valid() and _change(request, form, people):
        return HttpResponseRedirect(_back(place, people))
    return _show(request, place, people, form)


def _change(request, form, people):
    """Whether it was done; else what stands in the way is said at the form."""
    subscription = form.chosen
    try:
        if form.cleaned_data["action"] == "assign":
            number = services.assign_licenses(subscription, people, actor=request.membership)
            words = ngettext(
                "%(number)d license of %(name)s is assigned.",
                "%(number)d licenses of %(name)s are assigned.",
                number,
            )
        else:
            number = services.revoke_licenses(subscription, people, actor=request.membership)
            words = ngettext(
                "%(number)d license of %(name)s is free again.",
                "%(number)d licenses of %(name)s are free again.",
                number,
            )
    except customers.Refused as refusal:
        form.add_error("subscription", refusal.reason)
        return False
    messages.success(request, words % {"number": number, "name": subscription.name})
    return True


def _show(request, place, people, form):
    add_licenses(place, people)
    context = {
        "place": place,
        "people": people,
        "references": references_of(people),
        "form": form,
        "back_url": _back(place, people),
    }
    status = 422 if form.is_bound else 200
    return render(request, "subscriptions/user_licenses.html", context, status=status)


def _back(place, people):
    """The user's page for one, the list for several."""
    if len(people) == 1:
        return place.url("subscriptions", "user_detail", people[0].pk)
    return place.users_url
