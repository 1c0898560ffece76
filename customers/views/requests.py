"""Asking a customer organization: the draft with its personal link, and what became of it."""

from uuid import uuid4

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh

from customers import delegated, services, wording
from customers.filters import RelationshipFilter
from customers.forms.requests import (
    FinishedRelationshipForm,
    InviteForm,
    RelationshipDraftForm,
    SendRelationshipForm,
)
from customers.models import RelationshipRequest
from customers.tables import (
    RelationshipTable,
    ResellersRelationshipTable,
    invite_words,
    no_requests,
)
from portal.accounts.decorators import requires
from portal.accounts.roles import Kind, Permission, roles_with
from portal.htmx import render_form, render_page, wants_partial
from portal.links import redirect_to, reverse
from portal.lists import Page

Status = RelationshipRequest.Status


@require_safe
@requires(Permission.VIEW_CUSTOMERS)
def relationship_list(request):
    """*Relationship requests*: one's own, and those a partner made that name one."""
    filters = RelationshipFilter(request.GET)
    asked = RelationshipRequest.objects.visible_to(request.membership).with_parties()
    organization = request.membership.organization
    is_provider = organization.kind == Kind.PROVIDER
    table = RelationshipTable if is_provider else ResellersRelationshipTable
    page = Page(request, table, filters.apply(asked.defer("body", "subject")), series="Q")
    number = ngettext("%(number)d request", "%(number)d requests", page.count)
    context = {
        "page": page,
        "filters": filters,
        "row_template": "customers/relationship_rows.html",
        "caption": _("Relationship requests"),
        "count_text": number % {"number": page.count},
        "empty": no_requests(request.membership),
        "invite_label": invite_words(request.membership),
        "prefix": reverse("customers:relationship_list", organization=organization),
    }
    region = "components/table_region.html"
    return render_page(request, "customers/relationship_list.html", context, partial=region)


@requires(Permission.INVITE_CUSTOMERS)
def relationship_create(request):
    """*Request a reseller relationship*: whom the link asks for; then one press, one draft."""
    membership, posted = request.membership, request.method == "POST"
    partner = request.GET.get("reseller") or request.GET.get("provider") or ""
    form = InviteForm(
        request.POST if posted else None,
        membership=membership,
        partner=partner,
        initial={"submission": uuid4()},
    )
    if form.is_valid():
        draft = services.draft_relationship(
            actor=membership,
            submission=form.cleaned_data["submission"] or uuid4(),
            language=get_language(),
            **form.asked,
        )
        return redirect_to(request, "customers:relationship_draft", draft.pk)
    allowed = roles_with(membership.organization.kind, Permission.REQUEST_DELEGATED_ADMIN)
    context = {
        "form": form,
        "title": invite_words(membership),
        "allowed": ", ".join(str(role.label) for role in allowed),
        "allowing": [
            (kind.label, [service.to_partner for service in delegated.allowed(kind)])
            for kind in (Kind.PROVIDER, Kind.RESELLER)
        ],
    }
    return render_form(request, "customers/relationship_start.html", context)


@never_cache
@requires(Permission.INVITE_CUSTOMERS)
def relationship_draft(request, pk):
    """The draft. The pressed button says what becomes of it; without one it is just kept."""
    draft = find_own(request, pk)
    if not is_editable(draft):
        return redirect_to(request, "customers:relationship_detail", pk)
    if request.method != "POST":
        return _editor(request, draft, _fresh_form(request, draft))
    form_class, act = ACTIONS.get(request.POST.get("action"), ACTIONS["update"])
    form = form_class(request.POST, draft=draft, membership=request.membership)
    if not form.is_valid():
        return _editor(request, draft, form)
    return act(request, draft, services.save_relationship(draft, **form.typed))


@requires(Permission.INVITE_CUSTOMERS)
def relationship_withdraw(request, pk):
    """Take a request back: looking asks, posting does it."""
    found = find_own(request, pk)
    if not found.is_pending:
        return redirect_to(request, "customers:relationship_detail", pk)
    if request.method != "POST":
        return render(request, "customers/relationship_withdraw.html", {"asked": found})
    services.withdraw_relationship(found, actor=request.membership)
    text = _("Request %(reference)s is withdrawn. Its link no longer works.")
    messages.success(request, text % {"reference": found.reference})
    return redirect_to(request, "customers:relationship_list")


def visible(request):
    return RelationshipRequest.objects.visible_to(request.membership).with_parties()


def find_own(request, pk):
    """One that the acting company itself asks; 404 for what a partner asks."""
    own = visible(request).asked_by(request.membership)
    return get_object_or_404(own, pk=pk)


def is_editable(draft):
    return draft.status == Status.DRAFT and draft.is_answerable and bool(draft.token)


def _fresh_form(request, draft):
    return RelationshipDraftForm(draft=draft, membership=request.membership)


def _editor(request, draft, form):
    """The whole page, or with htmx only what depends on the text."""
    context = {
        "form": form,
        "draft": draft,
        "title": invite_words(request.membership),
        "mailto": wording.mailto(draft),
        "is_untouched": wording.is_untouched(draft),
        "has_link": wording.relationship_url(draft) in (form["text"].value() or ""),
    }
    partial = request.method == "POST" and wants_partial(request)
    template = "relationship_tools.html" if partial else "relationship_draft.html"
    return render_form(request, f"customers/{template}", context)


def _updated(request, before, draft):
    changed = (before.language, before.note) != (draft.language, draft.note)
    if changed and not wording.is_untouched(draft):
        messages.info(request, _("Your own text was kept as it is."))
    if not wants_partial(request):
        messages.success(request, _("The draft is saved."))
        return redirect_to(request, "customers:relationship_draft", draft.pk)
    if changed:
        return HttpResponseClientRefresh()
    return _editor(request, draft, _fresh_form(request, draft))


def _link_put_back(request, before, draft):
    services.put_relationship_link_back(draft)
    messages.success(request, _("The link is back in the text."))
    return redirect_to(request, "customers:relationship_draft", draft.pk)


def _rewritten(request, before, draft):
    services.rewrite_relationship(draft)
    messages.success(request, _("The draft is the standard text again."))
    return redirect_to(request, "customers:relationship_draft", draft.pk)


def _sent(request, before, draft):
    sent = services.send_relationship(draft, actor=request.membership)
    text = _("Request %(reference)s is on its way to %(recipient)s. The link works until %(day)s.")
    return _opened(request, sent, text)


def _done(request, before, draft):
    sent = services.mark_relationship_sent(draft, actor=request.membership)
    text = _("Request %(reference)s is open until %(day)s. We tell you when the customer answers.")
    return _opened(request, sent, text)


def _opened(request, sent, text):
    day = date_format(localtime(sent.expires_at), "DATE_FORMAT")
    facts = {"reference": sent.reference, "recipient": sent.recipient, "day": day}
    messages.success(request, text % facts)
    return redirect_to(request, "customers:relationship_list")


# What a button of the editor asks of the form, and what follows when the draft is saved.
ACTIONS = {
    "update": (RelationshipDraftForm, _updated),
    "link": (RelationshipDraftForm, _link_put_back),
    "rewrite": (RelationshipDraftForm, _rewritten),
    "send": (SendRelationshipForm, _sent),
    "done": (FinishedRelationshipForm, _done),
}
