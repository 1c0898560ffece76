"""Which reseller looks after customers, and who may administer them: both can change.

Each function takes several customers of one provider, for one as for three thousand. A
subscription's reseller of record and its support contact are facts of their own and stay as they
are.
"""

from collections import defaultdict

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.utils.timezone import now

from customers.models import Customer, DelegatedAdmin, TenantRow
from customers.services.partnerships import hold_partnership
from portal.audit.services import record_all
from portal.lifecycle import InvalidTransition, transition_all
from portal.references import encode

NOBODY = "none"
BATCH = 1000  # rows per statement


@transaction.atomic
def hand_over(customers, reseller, *, actor, **details):
    """Let another reseller look after the customers, with the privileges of one that adds them.

    Whatever the former reseller was granted stays; ``details`` go into the record. Returns the
    DelegatedAdmin rows that were granted: none where ``reseller`` had the privileges before.
    Raises InvalidTransition when the partnership with ``reseller`` is not active or a customer is
    gone.
    """
    hold_partnership(actor.organization, reseller)
    moved = _associate(customers, reseller, "customer.handed_over", actor=actor, **details)
    return grant_admin(moved, reseller, actor=actor)


@transaction.atomic
def take_back(customers, *, actor, **details):
    """Serve the customers directly from now on, without any indirect reseller."""
    return _associate(customers, None, "customer.taken_back", actor=actor, **details)


@transaction.atomic
def put_back(customers, reseller, *, actor, **details):
    """Give the customers back to the reseller that looked after them a moment ago.

    Grants nothing, and asks for no active partnership: whoever ended it is just restoring it.
    """
    return _associate(customers, reseller, "customer.returned", actor=actor, **details)


@transaction.atomic
def grant_admin(customers, partner, *, actor, name="", days=None):
    """Delegated admin privileges for ``partner`` where it has none now; returns the new ones.

    They are called ``name`` and last ``days`` (1 to 730; None: as long as the portal lets them
    last). What has run out before is written down first: it must not stand in their way.
    """
    before = DelegatedAdmin.objects.filter(partner=partner, customer__in=customers)
    transition_all(before.run_out(), DelegatedAdmin.Status.EXPIRED, actor=None)
    known = set(before.granted().values_list("customer", flat=True))
    terms = DelegatedAdmin.term(days or settings.DELEGATED_ADMIN_DAYS)
    terms |= {"name": name, "granted_by": actor.user}
    granted = DelegatedAdmin.objects.bulk_create(
        (
            DelegatedAdmin(customer=customer, partner=partner, **terms, **customer.parties)
            for customer in customers
            if customer.pk not in known
        ),
        batch_size=BATCH,
    )
    record_all("delegatedadmin.granted", actor=actor, targets=granted)
    return granted


def withdraw_admin(customers, partner, *, actor):
    """End the partner's delegated admin privileges; returns those that it had."""
    rights = DelegatedAdmin.objects.granted().filter(partner=partner, customer__in=customers)
    return transition_all(rights, DelegatedAdmin.Status.REVOKED, actor=actor, revoked_at=now())


def restore_admin(rights, *, actor):
    """Make withdrawn privileges (a queryset) what they were, their first day included."""
    return transition_all(rights, DelegatedAdmin.Status.GRANTED, actor=actor, revoked_at=None)


def _associate(customers, reseller, action, *, actor, **details):
    rows = Customer.objects.filter(pk__in=[customer.pk for customer in customers])
    by_former = defaultdict(list)
    for customer in rows.order_by("pk").select_for_update():
        if customer.status != Customer.Status.ACTIVE:
            raise InvalidTransition(customer, Customer.Status.ACTIVE)
        by_former[customer.reseller_id].append(customer)
        customer.reseller = reseller
    rows.update(reseller=reseller)
    _let_rows_follow(by_former[None])
    after = _reference(reseller and reseller.pk)
    for former, moved in by_former.items():
        also = [former] if former else []
        told = {"before": _reference(former), "after": after, **details}
        record_all(action, actor=actor, targets=moved, also=also, reseller_id=former, **told)
    return [customer for moved in by_former.values() for customer in moved]


def _let_rows_follow(customers):
    """Rows that named no reseller: a foreign key with nothing in it does not cascade."""
    for model in apps.get_models() if customers else ():
        if issubclass(model, TenantRow) and model is not Customer:
            rows = model._base_manager.filter(
                provider=customers[0].provider_id,
                organization__in=[customer.organization_id for customer in customers],
            )
            rows.update(reseller=customers[0].reseller_id)


def _reference(reseller_id):
    return encode("R", reseller_id) if reseller_id else NOBODY
