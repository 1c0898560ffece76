"""*Users*: who works here, and one of them with roles, sign-in and history."""

from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.decorators import reauthenticated, requires
from portal.accounts.devices import devices_of, factors_of, leave, session_number
from portal.accounts.roles import Permission
from portal.accounts.services import LastGlobalAdmin
from portal.audit.models import AuditEntry
from portal.exports import Dialect
from portal.htmx import render_page
from portal.links import redirect_to, reverse
from portal.lists import Page, capped_count, tab_numbers
from portal.staff.member_list import (
    ALL,
    MATCHING,
    TABS,
    MemberList,
    MemberTable,
    global_admin_count,
    kept_query,
)
from portal.staff.models import UserInvitation
from portal.staff.role_forms import RolesForm
from portal.staff.rules import check_may_touch
from portal.staff.services import members as services

LIST, DETAIL = "staff:member_list", "staff:member_detail"


@require_safe
@requires(Permission.VIEW_STAFF)
def member_list(request):
    """*Users*, under tabs, with filters and an export."""
    listed, organization = MemberList(request.membership, request.GET), _here(request)
    counts = listed.counts()
    page = Page(request, MemberTable, listed.members().annotate(**counts), series="W")
    numbers = tab_numbers(page, listed.everybody(), counts)
    context = {
        "page": page,
        "filters": listed.filters,
        "tabs": _tabs(request, listed, numbers),
        "keep": [{"name": "view", "value": listed.tab}] if listed.tab else [],
        "row_template": "staff/member_rows.html",
        "bar_template": "staff/member_bar.html",
        "caption": _("Users"),
        "count_text": ngettext("%(number)d user", "%(number)d users", page.count)
        % {"number": page.count},
        "empty": {"heading": TABS[listed.tab][2], "filtered": _nobody_matches(listed)},
        "export": _export_menu(request, page, numbers),
        "users_url": reverse(LIST, organization=organization),
        "few_admins": global_admin_count(organization) < 2,
    }
    region = "components/table_region.html"
    return render_page(request, "staff/member_list.html", context, partial=region)


@require_safe
@requires(Permission.VIEW_STAFF)
@reauthenticated(gives_file=True)
def member_export(request):
    """*Export users*: a file of what the address asks for."""
    return MemberList(request.membership, request.GET).export()


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_STAFF)
def member_detail(request, pk):
    """One user: roles for those who may change them; two-factor, sessions, history."""
    member = _member(request, pk)
    if request.method == "POST":
        return _change_roles(request, member)
    return _show(request, member, RolesForm(actor=request.membership, member=member))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_STAFF)
def member_deactivate(request, pk):
    """*Deactivate*: what happens then is said first."""
    member = _member(request, pk)
    check_may_touch(request.membership, member)
    if request.method != "POST":
        return _confirm(request, member)
    try:
        done = services.deactivate(member, actor=request.membership)
    except (LastGlobalAdmin, services.Refused) as refusal:
        return _confirm(request, member, refusal.reason, status=422)
    said = _("%s is deactivated and signed out.") if done else _("%s is deactivated already.")
    messages.success(request, said % member.user)
    return redirect_to(request, DETAIL, member.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_STAFF)
def member_reactivate(request, pk):
    """*Reactivate*: the place opens again with the roles it had."""
    member = _member(request, pk)
    check_may_touch(request.membership, member)
    if request.method != "POST":
        return _confirm(request, member)
    services.reactivate(member, actor=request.membership)
    messages.success(request, _("%s can sign in here again.") % member.user)
    return redirect_to(request, DETAIL, member.pk)


@require_POST
@requires(Permission.MANAGE_STAFF)
def member_sign_out(request, pk):
    """*End this session* of a user, or *Sign out everywhere*."""
    member, actor = _member(request, pk), request.membership
    if "session" in request.POST:
        number = session_number(request.POST["session"])
        done = number and services.sign_out(member, actor=actor, session=number)
        said = _("The session is ended.") if done else _("That session had ended already.")
        messages.success(request, said)
        return redirect_to(request, DETAIL, member.pk)
    services.sign_out(member, actor=actor)
    if member.pk == actor.pk:
        return leave(request, _("You are signed out everywhere."))
    messages.success(request, _("%s is signed out everywhere.") % member.user)
    return redirect_to(request, DETAIL, member.pk)


@requires(Permission.MANAGE_STAFF)
@reauthenticated
def _change_roles(request, member):
    check_may_touch(request.membership, member)
    form = RolesForm(request.POST, actor=request.membership, member=member)
    if not form.is_valid():
        return _show(request, member, form, status=422)
    try:
        changed = services.change_roles(member, actor=request.membership, **form.given)
    except services.ChangedMeanwhile as late:
        form.refuse(late.reason, held=late.roles)
        return _show(request, member, form, status=409)
    except (LastGlobalAdmin, services.Refused) as refusal:
        form.refuse(refusal.reason)
        return _show(request, member, form, status=422)
    if changed and member.pk == request.membership.pk:
        return leave(request, _("Your roles are changed. Sign in again."))
    said = _("The roles of %s are saved.") if changed else _("Nothing was changed in %s.")
    messages.success(request, said % member.user)
    return redirect_to(request, DETAIL, member.pk)


def _show(request, member, form, status=200):
    membership = request.membership
    may_touch = member.permissions <= membership.permissions
    may_manage = membership.can(Permission.MANAGE_STAFF)
    entries = AuditEntry.objects.visible_to(membership).about(member)
    context = {
        "member": member,
        "form": form if may_manage and may_touch and member.is_active else None,
        "may_touch": may_touch,
        "is_own": member.pk == membership.pk,
        "factors": factors_of(member.user),
        "devices": devices_of(member.user, current_key=request.session.session_key)
        if may_manage and may_touch
        else None,
        "history": entries.with_actors()[:10],
    }
    return render(request, "staff/member_detail.html", context, status=status)


def _confirm(request, member, error="", status=200):
    context = {
        "member": member,
        "errors": [error] if error else [],
        "is_own": member.pk == request.membership.pk,
        "elsewhere": member.user.memberships.exclude(pk=member.pk).exists(),
    }
    return render(request, "staff/member_confirm.html", context, status=status)


def _member(request, pk):
    """Somebody who works, or worked, where the visitor does."""
    here = _here(request).memberships.visible_to(request.membership)
    return get_object_or_404(here.select_related("user", "organization"), pk=pk)


def _here(request):
    return request.membership.organization


def _tabs(request, listed, numbers):
    organization = _here(request)
    tabs = [
        {
            "label": label,
            "url": reverse(LIST, organization=organization, view=name),
            "current": name == listed.tab,
            "count": numbers[f"in_{name or ALL}"],
        }
        for name, (label, _narrow, _empty) in TABS.items()
    ]
    url = reverse("staff:invitation_list", organization=organization)
    waiting = capped_count(UserInvitation.objects.visible_to(request.membership).waiting())
    return [*tabs, {"label": _("Invited"), "url": url, "current": False, "count": waiting}]


def _nobody_matches(listed):
    """The heading where the filters leave nobody: it names the tab."""
    words = _("Nobody under “%(tab)s” matches these filters")
    return words % {"tab": TABS[listed.tab][0]}


def _export_menu(request, page, numbers):
    name, query = "staff:member_export", kept_query(request.GET)
    address = partial(reverse, name, organization=_here(request), **query)
    dialects = [
        {
            "name": dialect.value,
            "label": dialect.label,
            "matching_url": address(scope=MATCHING, format=dialect.value),
            "all_url": address(scope=ALL, format=dialect.value),
        }
        for dialect in Dialect
    ]
    numbers = {"matching": page.count, "all": numbers[f"in_{ALL}"]}
    return {"unselectable": True, "dialects": dialects, **numbers}
