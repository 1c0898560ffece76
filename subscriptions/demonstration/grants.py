"""What the demonstration's customers granted: some of it ends soon, some is over."""

from datetime import timedelta

from django.utils.timezone import now

from customers.models import AdminRenewal, DelegatedAdmin, TenantOwner

DAY = timedelta(days=1)
# Days left, state and name of the first few customers' grants; all others last for long.
FIRST = [
    (21, "granted", "Service desk"),
    (6, "granted", ""),
    (1, "granted", "Migration 2026"),
    (-3, "expired", "Project work"),
    (300, "revoked", ""),
]


def grant(customers, chance):
    """Both partners of each customer have delegated admin privileges, and some have had them."""
    grants = DelegatedAdmin.objects.bulk_create(
        _grant(customer, partner, chance, place)
        for place, customer in enumerate(customers)
        for partner in filter(None, (customer.provider_id, customer.reseller_id))
    )
    first = grants[0]
    AdminRenewal.objects.create(
        grant=first, partner_id=first.partner_id, asked_at=now() - 2 * DAY, **first.parties
    )
    served = next(customer for customer in customers if customer.reseller_id)
    TenantOwner.objects.create(
        customer=served,
        partner_id=served.reseller_id,
        granted_at=now() - 10 * DAY,
        ends_at=now() + 80 * DAY,
        **served.parties,
    )


def _grant(customer, partner, chance, place):
    left, status, name = (chance.randrange(40, 730), "granted", "")
    if place < len(FIRST):
        left, status, name = FIRST[place]
    began = min(customer.created_at, now() - 10 * DAY)
    return DelegatedAdmin(
        customer=customer,
        partner_id=partner,
        name=name,
        status=status,
        granted_at=began,
        granted_by=customer.created_by,
        ends_at=now() + left * DAY,
        revoked_at=now() - 5 * DAY if status == "revoked" else None,
        # The visitor's first round has nothing to remind of.
        next_reminder=next((days for days in DelegatedAdmin.REMINDERS if days < left), None),
        **customer.parties,
    )
