"""*Users and licenses* of a customer, for its partners and for its own staff."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers import services as customers
from customers.forms import UserForm
from customers.models import CustomerUser, add_invitations
from portal.accounts import confirmation
from portal.accounts.decorators import requires
from portal.accounts.devices import leave
from portal.accounts.roles import Permission
from portal.audit.models import AuditEntry
from portal.htmx import render_form, render_page
from portal.lists import Page, capped_count
from portal.sending import NotSent
from subscriptions import services
from subscriptions.licensing import add_licenses, assignable
from subscriptions.tables import (
    CustomerUserTable,
    DeletedUserTable,
    InvitedUserTable,
    OwnUserTable,
)
from subscriptions.user_forms import AddUserForm, CustomerUserFilter
from subscriptions.views.user_sessions import sign_in_of

DELETED, INVITED = "deleted", "invited"
VIEWS = {DELETED: gettext_lazy("Deleted users"), INVITED: gettext_lazy("Invited users")}
READS = ["GET", "HEAD", "POST"]


@require_safe
@requires(Permission.VIEW_USERS)
def user_list(request, pk=None):
    """*Users and licenses*; with ``?view=`` those that can be restored, or were sent a link."""
    place = customers.place_of(request.membership, pk, lenient=True)
    if not (place.is_own or customers.may_administer(request.membership, place.customer)):
        return render(request, "subscriptions/user_list_closed.html", {"place": place})
    view = request.GET.get("view") if request.GET.get("view") in VIEWS else ""
    subscriptions = list(assignable(place))
    filters = CustomerUserFilter(request.GET, place=place, subscriptions=subscriptions)
    page = Page(request, _table(place, view), filters.apply(_people(place, view)), series="U")
    if view == INVITED:
        add_invitations(page.rows)
    elif not view:
        add_licenses(place, page.rows)
    context = {
        "place": place,
        "page": page,
        "filters": filters,
        "deleted": view == DELETED,
        "invited": view == INVITED,
        "keep": [{"name": "view", "value": view}] if view else [],
        "deleted_count": capped_count(place.people.restorable()),
        "invited_count": capped_count(place.people.invited()),
        "subscriptions": subscriptions,
        "users_url": place.users_url,
        "row_template": "subscriptions/user_rows.html",
        "bar_template": "" if view else "subscriptions/user_bar.html",
        "caption": VIEWS.get(view) or _("Users and licenses"),
        "count_text": _number(page),
        "empty": _nobody(request, place, view),
    }
    region = "components/table_region.html"
    return render_page(request, "subscriptions/user_list.html", context, partial=region)


@require_http_methods(READS)
@requires(Permission.MANAGE_USERS)
def user_add(request, pk=None):
    """*Add user*: by a mailed link, or with a temporary password that is then shown once."""
    place = customers.place_of(request.membership, pk)
    form = AddUserForm(request.POST if request.method == "POST" else None, place=place)
    if form.is_valid() and _must_confirm(request, form, held=[]):
        return confirmation.ask(request)
    if form.is_valid() and (person := _add(request, place, form)):
        return _added(request, place, form, person)
    return render_form(request, "subscriptions/user_add.html", {"place": place, "form": form})


@require_http_methods(READS)
@requires(Permission.VIEW_USERS)
def user_detail(request, person, pk=None):
    """One user: names, location and role for those who may change them; licenses; history."""
    place = customers.place_of(request.membership, pk)
    found = _person(place, person)
    if request.method == "POST":
        return _edit(request, place, found)
    return _show(request, place, found, _form(request, place, found))


@require_http_methods(READS)
@requires(Permission.MANAGE_USERS)
def user_delete(request, person, pk=None):
    """*Delete user*: what happens then is said first."""
    place = customers.place_of(request.membership, pk)
    found = _person(place, person)
    customers.check_may_touch(request.membership, roles=found.membership.roles)
    if request.method != "POST" or not found.is_active:
        return _confirm(request, place, found, status=200 if request.method != "POST" else 409)
    try:
        freed = services.delete_user(found, actor=request.membership)
    except customers.Refused as refusal:
        return _confirm(request, place, found, refusal.reason, status=422)
    words = ngettext(
        "%(name)s is deleted and signed out. %(number)d license is free again.",
        "%(name)s is deleted and signed out. %(number)d licenses are free again.",
        freed,
    )
    messages.success(request, words % {"name": found, "number": freed})
    return HttpResponseRedirect(place.users_url)


@require_POST
@requires(Permission.MANAGE_USERS)
def user_restore(request, person, pk=None):
    """*Restore*: the sign-in works as before, licenses have to be assigned again."""
    place = customers.place_of(request.membership, pk)
    found = _person(place, person)
    if not found.is_active:
        customers.restore_user(found, actor=request.membership)
        words = _("%s is restored. Licenses do not come back by themselves: assign them again.")
        messages.success(request, words % found)
    return HttpResponseRedirect(place.url("subscriptions", "user_detail", found.pk))


def _add(request, place, form):
    """The new user, or None with what stands in the way at the form."""
    email = form.cleaned_data["email"] if form.invites else ""
    fields = form.fields_of_user | {"subscriptions": form.chosen, "email": email}
    try:
        return services.add_user_with_licenses(
            actor=request.membership, organization=place.organization, **fields
        )
    except customers.AccountTaken as refusal:
        form.add_error("account", refusal.reason)
    except customers.Refused as refusal:
        form.add_error("licenses", refusal.reason)
    except NotSent as refusal:
        form.add_error("email", refusal.reason)


def _added(request, place, form, person):
    """On to who is invited, or to the password of the new user, once."""
    if form.invites:
        said = _("%(name)s is added, and a link is on its way to %(email)s.")
        messages.success(request, said % {"name": person, "email": form.cleaned_data["email"]})
        return HttpResponseRedirect(place.url("subscriptions", "user_list", view=INVITED))
    customers.allow_user_password(request, person)
    messages.success(request, _("%s is added.") % person)
    return HttpResponseRedirect(place.url("customers", "user_password", person.pk))


@requires(Permission.MANAGE_USERS)
def _edit(request, place, person):
    customers.check_may_touch(request.membership, roles=person.membership.roles)
    form = UserForm(request.POST, place=place, person=person)
    if not form.is_valid():
        return _show(request, place, person, form, status=422)
    if _must_confirm(request, form, held=person.membership.roles):
        return confirmation.ask(request)
    try:
        changed = customers.edit_user(person, actor=request.membership, **form.fields_of_user)
    except customers.Refused as refusal:
        form.add_error("role", refusal.reason)
        return _show(request, place, person, form, status=422)
    if person.user_id == request.user.pk and request.membership.roles != person.membership.roles:
        return leave(request, _("Your roles are changed. Sign in again."))
    said = _("Changes to %s saved.") if changed else _("Nothing was changed in %s.")
    messages.success(request, said % person)
    return HttpResponseRedirect(place.url("subscriptions", "user_detail", person.pk))


def _must_confirm(request, form, *, held):
    """Whether other roles than those ``held`` are given by whoever has long been signed in."""
    roles = set(map(str, form.fields_of_user["roles"]))
    return roles != set(held) and not confirmation.is_confirmed(request)


def _show(request, place, person, form, status=200):
    entries = AuditEntry.objects.visible_to(request.membership).about(person)
    add_licenses(place, [person])
    add_invitations([person])
    context = {
        "place": place,
        "person": person,
        "form": form,
        "users_url": place.users_url,
        "may_touch": _may_touch(request.membership, person),
        "history": entries.with_actors()[:10],
    }
    if context["may_touch"]:
        context |= sign_in_of(request, place, person)
    return render(request, "subscriptions/user_detail.html", context, status=status)


def _form(request, place, person):
    """The form, or None where the visitor may only look."""
    may = request.membership.can(Permission.MANAGE_USERS) and person.is_active
    if not (may and _may_touch(request.membership, person)):
        return None
    return UserForm(place=place, person=person)


def _may_touch(membership, person):
    return not person.is_global_admin or membership.can(Permission.MANAGE_GLOBAL_ADMINS)


def _confirm(request, place, person, error="", status=200):
    add_licenses(place, [person])
    context = {"place": place, "person": person, "errors": [error] if error else []}
    return render(request, "subscriptions/user_delete.html", context, status=status)


def _person(place, pk):
    people = place.people.with_account()
    person = get_object_or_404(people, pk=pk)
    if person.status == CustomerUser.Status.PURGED:
        raise Http404
    return person


def _number(page):
    return ngettext("%(number)d user", "%(number)d users", page.count) % {"number": page.count}


def _people(place, view):
    if view == DELETED:
        return place.people.restorable().for_list()
    if view == INVITED:
        return place.people.invited().for_list()
    shown = place.people.active().for_list()
    return shown.with_second_factor() if place.is_own else shown


def _table(place, view):
    active = OwnUserTable if place.is_own else CustomerUserTable
    return {DELETED: DeletedUserTable, INVITED: InvitedUserTable}.get(view, active)


def _nobody(request, place, view):
    if view == DELETED:
        text = _("Deleted users can be restored here for 30 days.")
        return {"heading": _("No deleted users"), "text": text}
    if view == INVITED:
        text = _("Who was sent a personal link and has not chosen a password yet is listed here.")
        return {"heading": _("Nobody is invited at the moment"), "text": text}
    empty = {"heading": _("No users yet")}
    if request.membership.can(Permission.MANAGE_USERS):
        empty |= {"url": place.url("subscriptions", "user_add"), "label": _("Add user")}
        empty |= {"second_url": place.url("customers", "upload_create")}
        empty |= {"second_label": _("Upload users")}
    return empty
