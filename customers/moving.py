"""Which reseller looks after a customer, and who may administer it: both can change.

A subscription's reseller of record and its support contact are facts of their own and stay as
they are.
"""

from django.apps import apps
from django.db import transaction
from django.utils.timezone import now

from customers.models import Customer, DelegatedAdmin, TenantRow
from partners.models import Partnership
from portal.audit.services import record
from portal.lifecycle import InvalidTransition, transition
from portal.references import encode

NOBODY = "none"


@transaction.atomic
def hand_over(customer, reseller, *, actor, **details):
    """Let another reseller look after the customer, with the privileges of one that adds it.

    Whatever the former reseller was granted stays; ``details`` go into the record. Returns the
    DelegatedAdmin that was granted, None when ``reseller`` had it before. Raises InvalidTransition
    when the partnership with ``reseller`` is not active or the customer is gone.
    """
    hold_partnership(customer.provider, reseller)
    moved = _associate(customer, reseller, "customer.handed_over", actor=actor, **details)
    return grant_admin(moved, reseller, actor=actor)


@transaction.atomic
def take_back(customer, *, actor, **details):
    """Serve the customer directly from now on, without any indirect reseller."""
    return _associate(customer, None, "customer.taken_back", actor=actor, **details)


@transaction.atomic
def put_back(customer, reseller, *, actor, **details):
    """Give the customer back to the reseller that looked after it a moment ago.

    Grants nothing, and asks for no active partnership: whoever ended it is just restoring it.
    """
    return _associate(customer, reseller, "customer.returned", actor=actor, **details)


@transaction.atomic
def grant_admin(customer, partner, *, actor):
    """Delegated admin privileges for ``partner``; returns None when it has them already."""
    if DelegatedAdmin.objects.granted().filter(customer=customer, partner=partner).exists():
        return None
    granted = DelegatedAdmin.objects.create(customer=customer, partner=partner, **customer.parties)
    record("delegatedadmin.granted", actor=actor, target=granted)
    return granted


@transaction.atomic
def withdraw_admin(customer, partner, *, actor):
    """End the partner's delegated admin privileges; returns them, or None when it has none."""
    rights = DelegatedAdmin.objects.granted().filter(customer=customer, partner=partner)
    right = rights.select_for_update().first()
    if right is None:
        return None
    return transition(right, DelegatedAdmin.Status.REVOKED, actor=actor, revoked_at=now())


def restore_admin(right, *, actor):
    """Make withdrawn privileges what they were, their first day included."""
    return transition(right, DelegatedAdmin.Status.GRANTED, actor=actor, revoked_at=None)


def hold_partnership(provider, reseller):
    """Keep the partnership from being removed until the customer is written.

    Raises InvalidTransition when it has been removed already.
    """
    found = Partnership.objects.filter(provider=provider, reseller=reseller)
    newest_first = found.select_for_update().order_by("status", "-pk")
    partnership = newest_first[0]
    if partnership.status != Partnership.Status.ACTIVE:
        raise InvalidTransition(partnership, Partnership.Status.ACTIVE)


def _associate(customer, reseller, action, *, actor, **details):
    customer = Customer.objects.select_for_update().get(pk=customer.pk)
    if customer.status != Customer.Status.ACTIVE:
        raise InvalidTransition(customer, Customer.Status.ACTIVE)
    former, customer.reseller = customer.reseller_id, reseller
    customer.save(update_fields=["reseller"])
    if former is None:
        _let_rows_follow(customer)
    details |= {"before": _reference(former), "after": _reference(customer.reseller_id)}
    also = [former] if former else []
    record(action, actor=actor, target=customer, also=also, **details)
    return customer


def _let_rows_follow(customer):
    """Rows that named no reseller: a foreign key with nothing in it does not cascade."""
    for model in apps.get_models():
        if issubclass(model, TenantRow) and model is not Customer:
            rows = model._base_manager.filter(
                provider=customer.provider_id, organization=customer.organization_id
            )
            rows.update(reseller=customer.reseller_id)


def _reference(reseller_id):
    return encode("R", reseller_id) if reseller_id else NOBODY
