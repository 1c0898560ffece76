"""Asking a reseller: the draft with its personal link, and what became of it."""

from uuid import uuid4

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh

from partners import services, wording
from partners.forms.requests import DraftForm, FinishedDraftForm, SendForm, StartForm
from partners.models import PartnershipRequest
from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.audit.models import AuditEntry
from portal.htmx import render_form, wants_partial
from portal.links import redirect_to
from portal.outbox.models import OutboxMessage


@requires(Permission.REQUEST_PARTNERSHIP)
def request_create(request):
    """*Request a partnership*: one press of the button, one draft."""
    initial = {"submission": uuid4()}
    data = request.POST if request.method == "POST" else None
    form = StartForm(data, membership=request.membership, initial=initial)
    if form.is_valid():
        draft = services.draft_request(
            actor=request.membership,
            submission=form.cleaned_data["submission"] or uuid4(),
            language=get_language(),
            recipient=form.recipient,
        )
        return redirect_to(request, "partners:request_draft", draft.pk)
    return render_form(request, "partners/request_start.html", {"form": form})


@never_cache
@requires(Permission.REQUEST_PARTNERSHIP)
def request_draft(request, pk):
    """The draft. The pressed button says what becomes of it; without one it is just kept."""
    draft = _find(request, pk)
    if draft.status != PartnershipRequest.Status.DRAFT or not _has_working_link(draft):
        return redirect_to(request, "partners:request_detail", pk)
    if request.method != "POST":
        form = DraftForm(draft=draft, membership=request.membership)
        return _editor(request, draft, form)
    form_class, act = ACTIONS.get(request.POST.get("action"), ACTIONS["update"])
    form = form_class(request.POST, draft=draft, membership=request.membership)
    if not form.is_valid():
        return _editor(request, draft, form)
    return act(request, draft, services.save_draft(draft, **form.typed))


@never_cache
@require_safe
@requires(Permission.VIEW_RESELLERS)
def request_detail(request, pk):
    """One request: its state, its link, the text, and what happened to it."""
    found = _find(request, pk)
    is_draft = found.status == PartnershipRequest.Status.DRAFT
    may_edit = request.membership.can(Permission.REQUEST_PARTNERSHIP)
    if is_draft and may_edit and _has_working_link(found):
        return redirect_to(request, "partners:request_draft", pk)
    deliveries = OutboxMessage.objects.visible_to(request.membership)
    history = AuditEntry.objects.visible_to(request.membership).about(found).with_actors()
    context = {
        "invited": found,
        "link": wording.invitation_url(found) if found.is_answerable else "",
        "text": found.body.replace(wording.LINK_MARK, _("[personal link]")),
        "delivery": deliveries.for_key(found.delivery_key).first(),
        "history": [_event(entry) for entry in history],
    }
    return render(request, "partners/request_detail.html", context)


@requires(Permission.REQUEST_PARTNERSHIP)
def request_withdraw(request, pk):
    """Take a request back: looking asks, posting does it."""
    found = _find(request, pk)
    if not found.is_pending:
        return redirect_to(request, "partners:request_detail", pk)
    if request.method != "POST":
        return render(request, "partners/request_withdraw.html", {"invited": found})
    services.withdraw_request(found, actor=request.membership)
    text = _("Request %(reference)s is withdrawn. Its link no longer works.")
    messages.success(request, text % {"reference": found.reference})
    return redirect_to(request, "partners:reseller_list", view="pending")


def _find(request, pk):
    requests = PartnershipRequest.objects.visible_to(request.membership)
    joined = requests.select_related("provider__partner", "created_by", "reseller", "answered_by")
    return get_object_or_404(joined, pk=pk)


def _has_working_link(draft):
    return draft.is_answerable and bool(draft.token)


def _editor(request, draft, form):
    """The whole page, or with htmx only what depends on the text."""
    context = {
        "form": form,
        "draft": draft,
        "mailto": wording.mailto(draft),
        "is_untouched": wording.is_untouched(draft),
        "has_link": wording.invitation_url(draft) in (form["text"].value() or ""),
    }
    partial = request.method == "POST" and wants_partial(request)
    template = "partners/request_tools.html" if partial else "partners/request_draft.html"
    return render_form(request, template, context)


def _updated(request, before, draft):
    other_language = before.language != draft.language
    if other_language and not wording.is_untouched(draft):
        messages.info(request, _("Your own text was kept as it is."))
    if not wants_partial(request):
        messages.success(request, _("The draft is saved."))
        return redirect_to(request, "partners:request_draft", draft.pk)
    if other_language:
        return HttpResponseClientRefresh()
    form = DraftForm(draft=draft, membership=request.membership)
    return _editor(request, draft, form)


def _link_put_back(request, before, draft):
    services.put_link_back(draft)
    messages.success(request, _("The link is back in the text."))
    return redirect_to(request, "partners:request_draft", draft.pk)


def _rewritten(request, before, draft):
    services.rewrite_draft(draft)
    messages.success(request, _("The draft is the standard text again."))
    return redirect_to(request, "partners:request_draft", draft.pk)


def _sent(request, before, draft):
    sent = services.send_request(draft, actor=request.membership)
    text = _("Request %(reference)s is on its way to %(recipient)s. The link works until %(day)s.")
    return _opened(request, sent, text)


def _done(request, before, draft):
    sent = services.mark_request_sent(draft, actor=request.membership)
    text = _("Request %(reference)s is open until %(day)s. We tell you when the reseller answers.")
    return _opened(request, sent, text)


def _opened(request, sent, text):
    day = date_format(localtime(sent.expires_at), "DATE_FORMAT")
    facts = {"reference": sent.reference, "recipient": sent.recipient, "day": day}
    messages.success(request, text % facts)
    return redirect_to(request, "partners:reseller_list", view="pending")


def _event(entry):
    return {"title": capfirst(f"{entry.actor or _('the system')} {entry.words}"), "at": entry.at}


# What a button of the editor asks of the form, and what follows when the draft is saved.
ACTIONS = {
    "update": (DraftForm, _updated),
    "link": (DraftForm, _link_put_back),
    "rewrite": (DraftForm, _rewritten),
    "send": (SendForm, _sent),
    "done": (FinishedDraftForm, _done),
}
