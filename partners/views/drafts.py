"""*Request a partnership*: the draft with its personal link, until it is sent somehow."""

from uuid import uuid4

from django.contrib import messages
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRefresh

from partners import services, wording
from partners.forms.requests import DraftForm, FinishedDraftForm, SendForm, StartForm
from partners.models import PartnershipRequest
from partners.views.requests import find, has_working_link
from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.htmx import render_form, wants_partial
from portal.links import redirect_to


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
    draft = find(request, pk)
    if draft.status != PartnershipRequest.Status.DRAFT or not has_working_link(draft):
        return redirect_to(request, "partners:request_detail", pk)
    if request.method != "POST":
        form = DraftForm(draft=draft, membership=request.membership)
        return _editor(request, draft, form)
    form_class, act = ACTIONS.get(request.POST.get("action"), ACTIONS["update"])
    form = form_class(request.POST, draft=draft, membership=request.membership)
    if not form.is_valid():
        return _editor(request, draft, form)
    return act(request, draft, services.save_draft(draft, **form.typed))


def _editor(request, draft, form, new_text=False):
    """The whole page, or with htmx only what depends on the text; with ``new_text`` that, too."""
    if new_text:
        form.fields["text"].widget.attrs["hx-swap-oob"] = "true"
    context = {
        "form": form,
        "draft": draft,
        "mailto": wording.mailto(draft),
        "is_untouched": wording.is_untouched(draft),
        "has_link": wording.invitation_url(draft) in (form["text"].value() or ""),
        "new_text": new_text,
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
    return _editor(request, draft, form, new_text=request.POST.get("carried", "") != draft.note)


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


# What a button of the editor asks of the form, and what follows when the draft is saved.
ACTIONS = {
    "update": (DraftForm, _updated),
    "link": (DraftForm, _link_put_back),
    "rewrite": (DraftForm, _rewritten),
    "send": (SendForm, _sent),
    "done": (FinishedDraftForm, _done),
}
