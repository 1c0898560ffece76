"""Whose draft it is, and what is kept of it while it is being typed."""

from functools import wraps
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from customers.forms import CustomerAccountForm
from portal import parking
from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.links import redirect_to, reverse
from subscriptions import services
from subscriptions.models import OrderDraft

SAVED = "draft-saved"  # the place in the form that says what is saved


def own_draft(view):
    """Answer with whose draft it is when ``view`` finds out that it is a colleague's."""

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except services.DraftTaken as taken:
            return _show_owner(request, taken.draft)
        except OrderDraft.DoesNotExist as gone:  # cancelled in another tab, just now
            raise Http404 from gone

    return wrapper


def open_draft(view):
    """Give ``view`` the draft of the address; one that became an order shows what came of it.

    A colleague's draft is shown with who has it and how to take it over, and nothing of it is
    changed: what was typed is kept for its page, for whoever takes it over.
    """

    @wraps(view)
    @own_draft
    def wrapper(request, pk):
        draft = find_draft(request, pk)
        if draft.order_id:
            return redirect_to(request, "subscriptions:order_confirmation", draft.order_id)
        if draft.owner_id != request.user.pk:
            raise services.DraftTaken(draft)
        return view(request, draft)

    return wrapper


def find_draft(request, pk):
    drafts = OrderDraft.objects.visible_to(request.membership)
    return get_object_or_404(drafts.select_related("created_by", "taken_by"), pk=pk)


@require_POST
@requires(Permission.ADD_CUSTOMER)
def draft_take_over(request, pk):
    """*Take over*: from now on the draft belongs to whoever pressed it."""
    try:
        draft = services.take_over(find_draft(request, pk), actor=request.membership)
    except OrderDraft.DoesNotExist as gone:
        raise Http404 from gone
    if not draft.order_id:
        messages.success(request, _("The draft is yours now."))
    return redirect_to(request, "subscriptions:draft_account", draft.pk)


@require_POST
@requires(Permission.ADD_CUSTOMER)
@own_draft
def draft_begin(request):
    """The first change of *New customer*: from here on it is a draft with an address."""
    draft = services.begin_typing(
        actor=request.membership,
        typed=_typed(request),
        submission=identity(request, "submission"),
        tab=identity(request, "tab"),
    )
    response = _saved(request, draft)
    account = "subscriptions:draft_account"
    organization = request.membership.organization
    response["HX-Replace-Url"] = reverse(account, draft.pk, organization=organization)
    return response


@require_POST
@requires(Permission.ADD_CUSTOMER)
@open_draft
def draft_autosave(request, draft):
    """What is typed into *New customer*, kept as it stands; nothing is checked yet."""
    try:
        draft = services.keep_typing(
            draft,
            actor=request.membership,
            typed=_typed(request),
            tab=identity(request, "tab"),
            seen=request.POST.get("seen", ""),
        )
    except services.AccountChanged:
        return _saved(request, draft, template="subscriptions/draft_not_saved.html")
    return _saved(request, draft)


def identity(request, name):
    """The UUID of the form or page that was sent, or a new one for one about to be shown.

    A form that comes back after the end of a session is still the same one.
    """
    try:
        return UUID(sent(request).get(name, ""))
    except ValueError:
        return uuid4()


def sent(request):
    """What the form holds that was sent now, or before the session ended."""
    return request.POST or parking.typed_again() or {}


def _typed(request):
    names = CustomerAccountForm.base_fields
    return {name: request.POST[name] for name in names if name in request.POST}


def _saved(request, draft, template="subscriptions/draft_saved.html"):
    if not request.htmx:
        return redirect_to(request, "subscriptions:draft_account", draft.pk)
    return render(request, template, {"draft": draft})


def _show_owner(request, draft):
    if request.htmx and request.htmx.target == SAVED:  # stands beside what is being typed
        context = {"taken_by": draft.taken_by}
        return render(request, "subscriptions/draft_not_saved.html", context, status=422)
    posted = request.method == "POST"
    if posted and not request.htmx:
        parking.park(request, request.user.pk)
    status = 409 if posted else 200
    context = {"draft": draft, "posted": posted}
    return render(request, "subscriptions/draft_owner.html", context, status=status)
