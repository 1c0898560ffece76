"""After the end of a partnership: what was done, what is left to do, and *Undo*."""

from uuid import uuid4

from django.contrib import messages
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from customers.models import Customer
from partners.models import Partnership
from partners.services import Consequences, UndoRefused
from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.lifecycle import InvalidTransition
from portal.links import redirect_to
from subscriptions import services
from subscriptions.ending import Plan, SettleForm, grouped
from subscriptions.models import CustomerMove
from subscriptions.views.partnerships import latest_partnership

ENDED = "subscriptions:reseller_ended"


@require_safe
@requires(Permission.VIEW_RESELLERS)
def reseller_ended(request, pk):
    """What was done when the partnership ended, and what can still be done about it."""
    partnership = latest_partnership(request, pk)
    if partnership.status == Partnership.Status.ACTIVE:
        return redirect_to(request, "partners:reseller_detail", pk)
    membership = request.membership
    done = _done(membership, partnership)
    plan, stays = Plan(partnership), Consequences(partnership, membership)
    context = {
        "partnership": partnership,
        "how": partnership.ending_for(membership),
        "is_ours": partnership.removed_for_id in {None, membership.organization_id},
        "why_no_undo": services.why_no_undo(partnership, membership),
        "groups": [
            (group, stays.these(_customers(membership, done, group))) for group in grouped(done)
        ],
        "moved": done.count(),
        "withdrawn": done.filter(withdrawn__isnull=False).count(),
        "plan": plan,
        "form": SettleForm(plan=plan),
        "stays": stays,
        "submission": uuid4(),
    }
    return render(request, "subscriptions/reseller_ended.html", context)


@require_POST
@requires(Permission.REMOVE_PARTNERSHIP)
def reseller_undo(request, pk):
    """*Undo*: for a while, and as long as nobody has acted on the end."""
    partnership = latest_partnership(request, pk)
    try:
        services.undo_ending(partnership, actor=request.membership)
    except UndoRefused as refusal:
        messages.warning(request, refusal.reason)
        return redirect_to(request, ENDED, pk)
    words = _("The partnership with %(name)s is active again, and everything is as it was.")
    messages.success(request, words % {"name": partnership.reseller})
    return redirect_to(request, "partners:reseller_detail", pk)


@require_POST
@requires(Permission.REMOVE_PARTNERSHIP)
def reseller_settle(request, pk):
    """Carry out what is decided about the customers that kept the former reseller."""
    partnership = latest_partnership(request, pk)
    form = SettleForm(request.POST, plan=Plan(partnership))
    try:
        if form.is_valid():
            number = services.settle_customers(
                partnership, actor=request.membership, **form.carried_out
            )
            words = ngettext("%(number)s customer moved.", "%(number)s customers moved.", number)
            messages.success(request, words % {"number": number})
        else:
            texts = [text for texts in form.errors.values() for text in texts]
            messages.warning(request, " ".join(texts))
    except services.EndingRefused as refusal:
        messages.warning(request, refusal.reason)
    except InvalidTransition:
        pass  # active again: the next page says so
    return redirect_to(request, ENDED, pk)


def _done(membership, partnership):
    return CustomerMove.objects.visible_to(membership).of(partnership).done()


def _customers(membership, done, group):
    """The customers of a Group among the moves that are ``done``."""
    moved = done.filter(successor=group.successor).values("customer")
    return Customer.objects.visible_to(membership).filter(pk__in=moved)
