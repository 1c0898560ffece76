"""*New customer* to *Submit*: a draft at its own address, so that two tabs don't mix."""

from django.contrib import messages
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from customers.forms import CustomerAccountForm
from customers.services import allow_setup_info
from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.htmx import render_page
from portal.links import redirect_to, reverse
from portal.parking import typed_again
from subscriptions import services
from subscriptions.buying import Buyer
from subscriptions.picker import Picker
from subscriptions.review import Review
from subscriptions.steps import steps
from subscriptions.views.drafts import identity, open_draft, own_draft, sent

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
@requires(Permission.ADD_CUSTOMER)
@own_draft
def draft_create(request):
    """*New customer*; the draft begins with the first valid submit."""
    data = request.POST if request.method == "POST" else None
    reseller = request.GET.get("reseller")
    form = CustomerAccountForm(data, membership=request.membership, reseller=reseller)
    submission = identity(request, "submission")
    if form.is_complete():
        tab = identity(request, "tab")
        draft = services.create_draft(
            actor=request.membership, form=form, submission=submission, tab=tab
        )
        return redirect_to(request, "subscriptions:draft_subscriptions", draft.pk)
    cancel_url = reverse("customers:customer_list", organization=_here(request))
    autosave = reverse("subscriptions:draft_begin", organization=_here(request))
    return _show_account(
        request, form, submission=submission, cancel_url=cancel_url, autosave=autosave
    )


@get_or_post
@requires(Permission.ADD_CUSTOMER)
@open_draft
def draft_account(request, draft):
    """*New customer* again, with what was entered; a change from *Review* returns there."""
    form, changes = _account_form(request, draft), {}
    if request.method == "POST" and form.is_complete():
        try:
            return _update_account(request, draft, form)
        except services.AccountChanged as changed:
            draft, changes = changed.draft, services.differences(changed.draft, form.stored())
    autosave = reverse("subscriptions:draft_autosave", draft.pk, organization=_here(request))
    context = _about(request, draft) | {"autosave": autosave, "changes": form.in_words(changes)}
    kept = "" if changes else sent(request).get("seen", "")
    seen = kept or services.account_fingerprint(draft)
    return _show_account(request, form, seen=seen, **context)


@get_or_post
@requires(Permission.ADD_CUSTOMER)
@open_draft
def draft_subscriptions(request, draft):
    """*New subscription*: filters and *Next: Review* both keep every number that was typed."""
    if not draft.account:
        return redirect_to(request, "subscriptions:draft_account", draft.pk)
    buyer = Buyer.of_account(draft.account)
    if request.method == "POST":
        return _choose(request, draft, Picker.posted(buyer, request.POST))
    if typed := typed_again():
        return _show_offers(request, draft, Picker.posted(buyer, typed))
    chosen = {pk: str(n) for pk, n in draft.quantities.items()}
    picker = Picker(buyer, request.GET, chosen, bases=draft.bases)
    picker.fingerprint = services.offers_fingerprint(draft)
    return _show_offers(request, draft, picker)


@get_or_post
@requires(Permission.ADD_CUSTOMER)
@open_draft
def draft_review(request, draft):
    """*Review*: nothing is ordered until *Submit*, and once it is, it is ordered once."""
    if not draft.account or not draft.lines:
        missing = "subscriptions" if draft.account else "account"
        return redirect_to(request, f"subscriptions:draft_{missing}", draft.pk)
    if request.method != "POST":
        return _show_review(request, draft)
    try:
        return _submit(request, draft)
    except services.SUBMIT_REFUSED as refusal:
        draft.refresh_from_db()
        return _show_review(request, draft, errors=_reasons(request, draft, refusal))


@get_or_post
@requires(Permission.ADD_CUSTOMER)
@open_draft
def draft_cancel(request, draft):
    """*Cancel this order?* Yes discards everything; nothing of it remains."""
    if request.method == "POST":
        if not services.discard_draft(draft, actor=request.membership):
            return redirect_to(request, "subscriptions:draft_review", draft.pk)
        messages.success(request, _("The order is cancelled. Everything you entered is discarded."))
        return redirect_to(request, "customers:customer_list")
    return render(request, "subscriptions/draft_cancel.html", _about(request, draft))


def _account_form(request, draft):
    """Filled in with what was typed last; what was right once is checked anew."""
    if request.method == "POST":
        return CustomerAccountForm(request.POST, membership=request.membership)
    if draft.typed or typed_again() or not draft.account:
        return CustomerAccountForm(membership=request.membership, initial=draft.entered)
    return CustomerAccountForm.from_stored(draft.account, membership=request.membership)


def _update_account(request, draft, form):
    tab, seen = identity(request, "tab"), request.POST.get("seen", "")
    services.update_account(draft, actor=request.membership, form=form, tab=tab, seen=seen)
    returns = request.GET.get("next") == "review" and draft.lines
    page = "draft_review" if returns else "draft_subscriptions"
    return redirect_to(request, f"subscriptions:{page}", draft.pk)


def _choose(request, draft, picker):
    going_on = "next" in request.POST
    if not picker.is_valid(complete=going_on):
        return _show_offers(request, draft, picker)
    chosen = {"quantities": picker.quantities, "bases": picker.bases}
    try:
        services.choose_offers(draft, actor=request.membership, seen=picker.fingerprint, **chosen)
    except services.OffersChanged as changed:
        picker.tell_of_others(changed.draft.quantities)
        if going_on:  # they have read it: what they select next counts
            picker.fingerprint = services.offers_fingerprint(changed.draft)
        return _show_offers(request, draft, picker)
    if going_on:
        return redirect_to(request, "subscriptions:draft_review", draft.pk)
    page = redirect_to(request, "subscriptions:draft_subscriptions", draft.pk)
    page["Location"] += picker.query()
    return page


def _submit(request, draft):
    order = services.submit_draft(
        draft,
        actor=request.membership,
        seen=request.POST.get("seen", ""),
        accept_prices="accept_prices" in request.POST,
    )
    allow_setup_info(request, order.customer)
    return redirect_to(request, "subscriptions:order_confirmation", order.pk)


def _reasons(request, draft, refusal):
    """Why Submit was refused, in sentences that lead to where it can be put right."""
    if isinstance(refusal, services.OrderChanged):
        return [_("The order or a price has changed since you opened this page. Check it again.")]
    if isinstance(refusal, services.PricesChanged):
        words = _("Prices have changed. Select “Use the new prices” if the customer agrees.")
        return [format_html('<a href="#accept-prices">{}</a>', words)]
    if isinstance(refusal, services.AccountRefused):
        texts = [text for texts in refusal.form.errors.values() for text in texts]
        page = "draft_account"
    else:
        texts, page = refusal.problems.values(), "draft_subscriptions"
    organization = _here(request)
    url = reverse(f"subscriptions:{page}", draft.pk, organization=organization, next="review")
    return [format_html('<a href="{}">{}</a>', url, text) for text in texts]


def _show_account(request, form, **context):
    context |= {"form": form, "steps": steps(request, "account", context.get("draft"))}
    context["tab"] = identity(request, "tab")
    status = 422 if request.method == "POST" else 200
    return render(request, "subscriptions/draft_account.html", context, status=status)


def _show_offers(request, draft, picker):
    context = {
        "picker": picker,
        "errors": picker.errors,
        "steps": steps(request, "subscriptions", draft),
        **_about(request, draft),
    }
    return render_page(
        request,
        "subscriptions/draft_subscriptions.html",
        context,
        partial="subscriptions/offers_region.html",
        status=422 if picker.errors else 200,
    )


def _show_review(request, draft, errors=()):
    context = {
        "review": Review(draft, request.membership),
        "errors": errors,
        "steps": steps(request, "review", draft),
        **_about(request, draft),
    }
    status = 422 if errors else 200
    return render(request, "subscriptions/draft_review.html", context, status=status)


def _about(request, draft):
    cancel = "subscriptions:draft_cancel"
    return {"draft": draft, "cancel_url": reverse(cancel, draft.pk, organization=_here(request))}


def _here(request):
    return request.membership.organization
