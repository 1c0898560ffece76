"""*Add user*, and the people who are invited and have not answered yet."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.decorators import reauthenticated, requires
from portal.accounts.roles import Permission
from portal.htmx import render_form, render_page
from portal.links import redirect_to
from portal.lists import Page
from portal.sending import NotSent
from portal.shown_once import allow
from portal.staff import emails
from portal.staff.forms import AddMemberForm
from portal.staff.models import UserInvitation
from portal.staff.services import joining, passwords
from portal.staff.tables import InvitationTable
from portal.staff.views.passwords import SESSION_KEY

READS = ["GET", "HEAD", "POST"]


@require_http_methods(READS)
@requires(Permission.MANAGE_STAFF)
@reauthenticated
def member_add(request):
    """*Add user*: an invitation by mail, or an account with a password that is shown once."""
    posted = request.method == "POST"
    form = AddMemberForm(request.POST if posted else None, actor=request.membership)
    known = None
    if form.is_valid():
        try:
            return _invite(request, form) if form.invites else _create(request, form)
        except (joining.NotInvited, NotSent) as refused:
            form.add_error("email", refused.reason)
            known = getattr(refused, "membership", None)
        except passwords.AccountNameTaken:
            form.add_error("account", _("This account name is taken."))
    return render_form(request, "staff/member_add.html", {"form": form, "known": known})


@require_safe
@requires(Permission.VIEW_STAFF)
def invitation_list(request):
    """Who is invited and has not answered."""
    return _show_list(request)


@require_POST
@requires(Permission.MANAGE_STAFF)
def invitation_resend(request, pk):
    """*Send again*: a new link for another week; the old one is dead."""
    found = _find(request, pk)
    try:
        sent = joining.resend_invitation(found, actor=request.membership)
    except (joining.NotInvited, NotSent) as refused:
        messages.error(request, refused.reason)
    else:
        words = _("The invitation is on its way to %(email)s again. The old link is dead.")
        messages.success(request, words % {"email": sent.email})
    return redirect_to(request, "staff:invitation_list")


@never_cache
@require_POST
@requires(Permission.MANAGE_STAFF)
@reauthenticated
def invitation_link(request, pk):
    """*Copy link*: the list with the link above it; that somebody had it shown is on record."""
    found = joining.show_invitation_link(_find(request, pk), actor=request.membership)
    return _show_list(request, invitation=found, shown_link=emails.invitation_url(found))


@require_http_methods(READS)
@requires(Permission.MANAGE_STAFF)
def invitation_withdraw(request, pk):
    """Take an invitation back: looking asks, posting does it."""
    found = _find(request, pk)
    if not found.can_become(UserInvitation.Status.WITHDRAWN):
        return redirect_to(request, "staff:invitation_list")
    if request.method != "POST":
        return render(request, "staff/invitation_withdraw.html", {"invitation": found})
    joining.withdraw_invitation(found, actor=request.membership)
    words = _("The invitation of %(person)s is withdrawn. Its link no longer works.")
    messages.success(request, words % {"person": found})
    return redirect_to(request, "staff:invitation_list")


def _invite(request, form):
    email = form.cleaned_data["email"]
    joining.invite_user(actor=request.membership, email=email, **form.person)
    messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": email})
    return redirect_to(request, "staff:invitation_list")


def _create(request, form):
    account = form.cleaned_data["account"] + form.suffix
    membership = passwords.add_member(actor=request.membership, account=account, **form.person)
    allow(request, SESSION_KEY, membership.pk)
    messages.success(request, _("%s is added.") % membership.user)
    return redirect_to(request, "staff:member_password", membership.pk)


def _find(request, pk):
    mine = UserInvitation.objects.visible_to(request.membership)
    return get_object_or_404(mine.select_related("organization", "invited_by"), pk=pk)


def _show_list(request, **context):
    """The list; its table alone when htmx asks for it."""
    waiting = UserInvitation.objects.visible_to(request.membership).waiting()
    page = Page(request, InvitationTable, waiting.select_related("invited_by"), series="J")
    count = ngettext("%(count)s person is invited", "%(count)s people are invited", page.count)
    context |= {
        "page": page,
        "row_template": "staff/invitation_rows.html",
        "caption": _("Invited people"),
        "count_text": "" if page.capped else count % {"count": page.count},
        "empty": {"heading": _("Nobody is invited at the moment")},
    }
    region = "components/table_region.html"
    return render_page(request, "staff/invitation_list.html", context, partial=region)
