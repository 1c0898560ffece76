"""One partnership request that was made: what became of it, and what can be done about it."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from partners import services, wording
from partners.elsewhere import partnership_with_recipient
from partners.forms.requests import ExtendForm, ResendForm, StartForm
from partners.models import PartnershipRequest
from partners.timeline import deliveries, timeline
from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.htmx import render_form
from portal.links import redirect_to, safe_url
from portal.sending import NotSent


@never_cache
@require_safe
@requires(Permission.VIEW_RESELLERS)
def request_detail(request, pk):
    """One request: its state, the text, what happened to it, and what comes next."""
    found = find(request, pk)
    is_draft = found.status == PartnershipRequest.Status.DRAFT
    may_edit = request.membership.can(Permission.REQUEST_PARTNERSHIP)
    if is_draft and may_edit and has_working_link(found):
        return redirect_to(request, "partners:request_draft", pk)
    return render(request, "partners/request_detail.html", _context(request, found))


@never_cache
@require_POST
@requires(Permission.REQUEST_PARTNERSHIP)
def request_link(request, pk):
    """*Copy link*: the page with the link on it; that somebody had it shown is on record."""
    found = find(request, pk)
    services.show_link(found, actor=request.membership)
    context = _context(request, found) | {"link": wording.invitation_url(found)}
    return render(request, "partners/request_detail.html", context)


@never_cache
@require_POST
@requires(Permission.REQUEST_PARTNERSHIP)
def request_remind(request, pk):
    """*Send reminder*; where the portal knows no address, the text of one to send oneself."""
    found = find(request, pk)
    if not found.recipient:
        return _reminder_by_hand(request, found)
    try:
        done = services.remind_recipient(found, actor=request.membership)
    except NotSent as refused:
        return _refused(request, found, refused)
    found.refresh_from_db(fields=["reminded_at"])
    if done:
        messages.success(request, _("A reminder is on its way to %s.") % found.recipient)
    elif moment := found.next_reminder_at:
        day = date_format(localtime(moment), "DATETIME_FORMAT")
        text = _("They were reminded already. The next reminder is possible from %s on.")
        messages.info(request, text % day)
    return _return(request, pk)


@require_POST
@requires(Permission.REQUEST_PARTNERSHIP)
def request_extend(request, pk):
    """*Extend*: the provider's usual time from now on, with a new link."""
    found, form = find(request, pk), ExtendForm(request.POST)
    text = _("The link works until %(day)s now. The old one is dead.")
    return _renew(request, found, form, services.extend_request, text)


@require_POST
@requires(Permission.REQUEST_PARTNERSHIP)
def request_resend(request, pk):
    """*Send again*: the same text with a new link."""
    found, form = find(request, pk), ResendForm(request.POST)
    text = _("The request is on its way to %(recipient)s again. The old link is dead.")
    return _renew(request, found, form, services.resend_request, text)


@require_POST
@requires(Permission.REQUEST_PARTNERSHIP)
def request_again(request, pk):
    """*Request again*: a new draft to the same recipient."""
    found = find(request, pk)
    form = StartForm(request.POST, membership=request.membership)
    if not form.is_valid():
        return render_form(
            request, "partners/request_detail.html", _context(request, found) | {"form": form}
        )
    submission = form.cleaned_data["submission"] or uuid4()
    draft = services.ask_again(found, actor=request.membership, submission=submission)
    return redirect_to(request, "partners:request_draft", draft.pk)


@requires(Permission.REQUEST_PARTNERSHIP)
def request_withdraw(request, pk):
    """Take a request back: looking asks, posting does it."""
    found = find(request, pk)
    if not found.is_pending:
        return redirect_to(request, "partners:request_detail", pk)
    if request.method != "POST":
        return render(request, "partners/request_withdraw.html", {"invited": found})
    services.withdraw_request(found, actor=request.membership)
    text = _("Request %(reference)s is withdrawn. Its link no longer works.")
    messages.success(request, text % {"reference": found.reference})
    return redirect_to(request, "partners:reseller_list", view="pending")


def find(request, pk):
    """The request with this id, joined with everybody it names, or 404."""
    requests = PartnershipRequest.objects.visible_to(request.membership)
    joined = requests.select_related(
        "provider__partner", "created_by", "reseller", "answered_by", "partnership", "previous"
    )
    return get_object_or_404(joined, pk=pk)


def has_working_link(invited):
    """Whether the link can be answered and we can still write it down."""
    return invited.is_answerable and bool(invited.token)


def _context(request, found):
    mails = deliveries(found, request.membership)
    is_open = found.status == PartnershipRequest.Status.SENT and found.is_answerable
    seen = found.sent_at.isoformat() if found.sent_at else ""
    asked_again = PartnershipRequest.objects.visible_to(request.membership).filter(previous=found)
    return {
        "invited": found,
        "text": wording.without_secret(found),
        "unsettled": [mail for mail in mails if mail.status != mail.Status.DONE],
        "history": timeline(found, request.membership, mails),
        "is_open": is_open,
        "elsewhere": partnership_with_recipient(found) if is_open else None,
        "extend": ExtendForm(initial={"seen": seen, "by_mail": True}),
        "resend": ResendForm(initial={"seen": seen}),
        "again": StartForm(initial={"submission": uuid4()}),
        "next_requests": asked_again.only("pk", "status", "expires_at").order_by("pk"),
    }


def _reminder_by_hand(request, found):
    services.show_link(found, actor=request.membership)
    text = wording.reminder(found, request.membership.user)
    context = {"invited": found, "letter": text, "mailto": wording.mailto_url("", text)}
    return render(request, "partners/request_reminder.html", context)


def _renew(request, found, form, renew, text):
    """Renew the link as the form says, and tell; a second press is told that it is done."""
    if not form.is_valid():
        context = _context(request, found) | {"form": form}
        return render_form(request, "partners/request_detail.html", context)
    try:
        renewed = renew(found, actor=request.membership, **form.cleaned_data)
    except NotSent as refused:
        return _refused(request, found, refused)
    if renewed:
        day = date_format(localtime(renewed.expires_at), "DATE_FORMAT")
        messages.success(request, text % {"day": day, "recipient": renewed.recipient})
    else:
        messages.info(request, _("The link has been renewed already."))
    return redirect_to(request, "partners:request_detail", found.pk)


def _refused(request, found, refused):
    messages.error(request, refused.reason)
    return _return(request, found.pk)


def _return(request, pk):
    """To the page named in ``next``, as rows of a list do, else to the request's own."""
    url = safe_url(request, request.POST.get("next", ""))
    return HttpResponseRedirect(url) if url else redirect_to(request, "partners:request_detail", pk)
