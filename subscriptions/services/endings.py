"""The end of a partnership, with what its provider decides about the customers.

Whoever ends, settles or takes back holds the partnership's row first, then those of the resellers
that take over, then customers, always in the order of their ids; adding a customer holds the
partnership as well.
"""

from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _

from customers.models import Customer, DelegatedAdmin
from customers.services import hand_over, put_back, restore_admin, take_back, withdraw_admin
from partners.models import Partnership
from partners.services import UndoRefused, remove_partnership, restore_partnership
from partners.services import why_no_undo as why_not_between_partners
from portal.audit.models import AuditEntry
from portal.lifecycle import InvalidTransition, transition_all
from subscriptions.ending import LEAVE, Plan
from subscriptions.models import CustomerMove, Order, OrderLine, Subscription

Status = Partnership.Status
BATCH = 500  # rows per statement

# What belongs to a customer, by the path that leads from it to the customer. Held in this order.
OF_CUSTOMERS = {
    Customer: "pk",
    Order: "customer",
    OrderLine: "order__customer",
    Subscription: "customer",
    DelegatedAdmin: "customer",
}


class EndingRefused(Exception):
    """It can't be done as it was decided; ``reason`` is a sentence."""

    def __init__(self, reason):
        self.reason = reason
        super().__init__(reason)


@transaction.atomic
def decide_customers(partnership, customers, successor, *, actor):
    """Write down who is to look after ``customers`` (a queryset) once the partnership ends.

    ``successor`` is an organization, None for no indirect reseller, or LEAVE. Nothing happens to
    anybody yet. Returns how many customers that are.
    """
    _hold(partnership)
    ids = list(
        customers.active().filter(reseller=partnership.reseller_id).values_list("pk", flat=True)
    )
    decided = CustomerMove.objects.of(partnership).decided().filter(customer__in=ids)
    decided.delete()
    if successor != LEAVE:
        CustomerMove.objects.bulk_create(
            CustomerMove(
                provider_id=partnership.provider_id,
                partnership=partnership,
                customer_id=pk,
                successor=successor,
                decided_by=actor.user,
            )
            for pk in ids
        )
    return len(ids)


@transaction.atomic
def end_partnership(partnership, *, actor, seen, withdraw=False, **confirmation):
    """Carry out what is decided about the customers, and remove the partnership.

    ``seen`` is the fingerprint of the Plan the person saw; with ``withdraw`` the reseller also
    loses its delegated admin privileges at the customers that get a successor or none;
    ``confirmation`` is what ``remove_partnership`` takes. Raises InvalidTransition when it has
    ended already, EndingRefused when the plan is another or can't be carried out.
    """
    held = _hold(partnership)
    if held[partnership.pk].status != Status.ACTIVE:
        raise InvalidTransition(held[partnership.pk], Status.REMOVED)
    shared = Customer.objects.active().filter(
        provider=partnership.provider_id, reseller=partnership.reseller_id
    )
    customers = shared.count()
    _carry_out(partnership, held, seen, withdraw, actor)
    return remove_partnership(partnership, actor=actor, customers=customers, **confirmation)


@transaction.atomic
def settle_customers(partnership, *, actor, seen, withdraw=False):
    """Carry out what is decided about customers that a removed partnership left as they were.

    Returns how many they are; raises InvalidTransition when the partnership is active,
    EndingRefused as ``end_partnership`` does.
    """
    held = _hold(partnership)
    if held[partnership.pk].status != Status.REMOVED:
        raise InvalidTransition(held[partnership.pk], Status.REMOVED)
    return _carry_out(partnership, held, seen, withdraw, actor)


@transaction.atomic
def undo_ending(partnership, *, actor):
    """Take the end back: the partnership, each moved customer's reseller, and all rights.

    Returns the partnership; raises UndoRefused when ``why_no_undo`` has a reason.
    """
    locked = Partnership.objects.select_for_update(of=("self",)).get(pk=partnership.pk)
    moves = CustomerMove.objects.of(partnership).done()
    for model, path in OF_CUSTOMERS.items():  # from here on nobody else acts on them
        _lock(model.objects.filter(**{f"{path}__in": moves.values("customer")}))
    if why := why_no_undo(locked, actor):
        raise UndoRefused(locked, why)
    _put_back(locked, moves, actor)
    return restore_partnership(locked, actor=actor)


def why_no_undo(partnership, membership):
    """Why ``membership`` can't take the end back, with who did what and when; "" if it can."""
    if why := why_not_between_partners(partnership, membership):
        return why
    if act := _first_act(partnership, membership):
        at = date_format(localtime(act.at), "TIME_FORMAT")
        words = {"who": act.actor, "did": act.words, "what": act.reference, "at": at}
        if act.reference:
            return _("%(who)s %(did)s (%(what)s, %(at)s).") % words
        return _("%(who)s %(did)s (%(at)s).") % words
    return ""


def _hold(partnership):
    """Lock the partnership and those of the successors; returns them by id."""
    successors = CustomerMove.objects.of(partnership).decided().values("successor")
    theirs = Q(reseller__in=successors, status=Status.ACTIVE)
    held = Partnership.objects.filter(
        Q(pk=partnership.pk) | theirs, provider=partnership.provider_id
    )
    in_order = held.order_by("pk").select_for_update(of=("self",))
    return {each.pk: each for each in in_order.select_related("reseller__partner")}


def _carry_out(partnership, held, seen, withdraw, actor):
    plan = Plan(partnership)
    if plan.fingerprint != seen:
        raise EndingRefused(
            _("The choices about customers have changed in the meantime. Check them again.")
        )
    _refuse_those_who_cannot(plan, held)
    moves = list(plan.moves.select_related("customer", "successor"))
    _lock(Customer.objects.filter(pk__in=[move.customer_id for move in moves]))
    if withdraw:  # before they move: it is on record with the reseller it concerns
        everybody = [move.customer for move in moves]
        _remember(moves, "withdrawn", withdraw_admin(everybody, partnership.reseller, actor=actor))
    for group in plan.groups:
        _move([move for move in moves if move.successor == group.successor], partnership, actor)
    for move in moves:
        move.done_at = now()
    CustomerMove.objects.bulk_update(moves, ["granted", "withdrawn", "done_at"], batch_size=BATCH)
    return plan.count


def _refuse_those_who_cannot(plan, held):
    """A successor needs an active partnership and a signed agreement, at this very moment."""
    ready = {each.reseller_id for each in held.values() if not each.agreement_missing}
    for group in plan.groups:
        if group.successor and group.successor.pk not in ready:
            words = _("%(name)s can't take customers over any more. Decide again about them.")
            raise EndingRefused(words % {"name": group.successor})


def _move(moves, partnership, actor):
    """Carry out ``moves`` to the same successor, or to none."""
    customers, successor = [move.customer for move in moves], moves[0].successor
    if successor:
        rights = hand_over(customers, successor, actor=actor, partnership=partnership.pk)
        _remember(moves, "granted", rights)
    else:
        take_back(customers, actor=actor, partnership=partnership.pk)


def _remember(moves, name, rights):
    """Note for each of the ``moves`` which DelegatedAdmin row was granted or withdrawn."""
    by_customer = {right.customer_id: right for right in rights}
    for move in moves:
        setattr(move, name, by_customer.get(move.customer_id))


def _put_back(partnership, moves, actor):
    """The rights that were granted go first and the withdrawn ones come back last: each is on
    record with the reseller it concerns."""
    rights = DelegatedAdmin.objects.filter(pk__in=moves.values("granted"))
    transition_all(rights, DelegatedAdmin.Status.REVOKED, actor=actor, revoked_at=now())
    customers = [move.customer for move in moves.select_related("customer")]
    put_back(customers, partnership.reseller, actor=actor)
    restore_admin(DelegatedAdmin.objects.filter(pk__in=moves.values("withdrawn")), actor=actor)
    moves.delete()


def _lock(rows):
    list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))


def _first_act(partnership, membership):
    """The first thing a person did since the end to a customer that moved, or None.

    What the portal does by itself, as setting up an order line, is nobody's act.
    """
    since = AuditEntry.objects.visible_to(membership).filter(
        at__gt=partnership.removed_at, actor__isnull=False
    )
    entries = list(since.with_actors().order_by("at"))
    touched = _among_moved(partnership, entries)
    return next((entry for entry in entries if _target(entry) in touched), None)


def _among_moved(partnership, entries):
    """The targets of the entries that belong to a customer that moved."""
    moved = CustomerMove.objects.of(partnership).done().values("customer")
    found = set()
    for model, path in OF_CUSTOMERS.items():
        label = model._meta.label_lower
        ids = {entry.target_id for entry in entries if entry.target_type == label}
        rows = model.objects.filter(**{"pk__in": ids, f"{path}__in": moved}) if ids else ()
        found |= {(label, str(row.pk)) for row in rows}
    return found


def _target(entry):
    return entry.target_type, entry.target_id
