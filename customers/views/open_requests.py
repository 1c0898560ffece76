"""One request for a relationship, and what can be done with it while it is open."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from customers import services, wording
from customers.forms.requests import ExtendRelationshipForm
from customers.models import Customer, RelationshipRequest
from customers.views.requests import find_own, is_editable, visible
from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.audit.models import AuditEntry
from portal.htmx import render_form
from portal.links import redirect_to
from portal.outbox.models import OutboxMessage
from portal.sending import NotSent

DETAIL, PAGE = "customers:relationship_detail", "customers/relationship_detail.html"
Status = RelationshipRequest.Status


@never_cache
@require_safe
@requires(Permission.VIEW_CUSTOMERS)
def relationship_detail(request, pk):
    """One request: its state, its link, the text, and what happened to it."""
    found = get_object_or_404(visible(request), pk=pk)
    if _may_edit(request, found) and is_editable(found):
        return redirect_to(request, "customers:relationship_draft", pk)
    return render(request, PAGE, _context(request, found))


@never_cache
@require_POST
@requires(Permission.INVITE_CUSTOMERS)
def relationship_remind(request, pk):
    """*Send reminder*: the present link once more, once in three days."""
    found = find_own(request, pk)
    try:
        done = services.remind_relationship(found, actor=request.membership)
    except NotSent as refused:
        messages.error(request, refused.reason)
        return redirect_to(request, DETAIL, pk)
    found.refresh_from_db(fields=["reminded_at"])
    if done:
        messages.success(request, _("A reminder is on its way to %s.") % found.recipient)
    elif moment := found.next_reminder_at:
        day = date_format(localtime(moment), "DATETIME_FORMAT")
        text = _("They were reminded already. The next reminder is possible from %s on.")
        messages.info(request, text % day)
    else:
        messages.info(request, _("The request names no address. Copy the link and send it."))
    return redirect_to(request, DETAIL, pk)


@never_cache
@require_POST
@requires(Permission.INVITE_CUSTOMERS)
def relationship_extend(request, pk):
    """*Extend*: the provider's usual time from now on, with a new link."""
    found, form = find_own(request, pk), ExtendRelationshipForm(request.POST)
    if not form.is_valid():
        return render_form(request, PAGE, _context(request, found) | {"form": form})
    try:
        extended = services.extend_relationship(
            found, actor=request.membership, **form.cleaned_data
        )
    except NotSent as refused:
        messages.error(request, refused.reason)
        return redirect_to(request, DETAIL, pk)
    if extended:
        day = date_format(localtime(extended.expires_at), "DATE_FORMAT")
        text = _("The link works until %(day)s now. The old one is dead.")
        messages.success(request, text % {"day": day})
    else:
        messages.info(request, _("The link has been renewed already."))
    return redirect_to(request, DETAIL, pk)


def _may_edit(request, found):
    is_ours = found.asked_by_id == request.membership.organization_id
    return is_ours and request.membership.can(Permission.INVITE_CUSTOMERS)


def _context(request, found):
    deliveries = OutboxMessage.objects.visible_to(request.membership)
    history = AuditEntry.objects.visible_to(request.membership).about(found).with_actors()
    customers = Customer.objects.visible_to(request.membership)
    may_act = _may_edit(request, found) and found.is_answerable
    return {
        "asked": found,
        "may_withdraw": may_act,
        "link": wording.relationship_url(found) if may_act else "",
        "extend": _extension(found) if may_act and found.status == Status.SENT else None,
        "text": found.body.replace(wording.LINK_MARK, _("[personal link]")),
        "delivery": deliveries.for_key(found.delivery_key).first(),
        "history": [_event(entry) for entry in history],
        "customer": customers.filter(
            provider=found.provider_id, organization=found.organization_id
        ).first(),
    }


def _extension(found):
    """The form of *Extend*; it knows which sending the page showed."""
    seen = found.sent_at.isoformat() if found.sent_at else ""
    return ExtendRelationshipForm(initial={"seen": seen, "by_mail": True})


def _event(entry):
    who = entry.actor or _("the system")
    return {"title": capfirst(f"{who} {entry.words}"), "at": entry.at}
