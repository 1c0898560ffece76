"""Changing what is known about a customer."""

from django.db import transaction

from customers.models import Customer
from portal.audit.services import record
from portal.lifecycle import InvalidTransition

# What can change; the domain and the country, on which prices rest, never do.
EDITABLE = {
    "company_name",
    "address_line_1",
    "address_line_2",
    "city",
    "state",
    "postal_code",
    "registration_number",
    "qualification",
    "education_segment",
    "education_website",
    "first_name",
    "last_name",
    "email",
    "phone",
    "language",
}


class Stale(Exception):
    """Somebody else changed the customer first; ``customer`` is what it is now."""

    def __init__(self, customer):
        self.customer = customer
        super().__init__(f"{customer.reference} is at version {customer.version}")


@transaction.atomic
def change_customer(customer, *, actor, version, **changes):
    """Write ``changes``, fields of Customer that are EDITABLE, with old and new on record.

    ``version`` is the one the person saw. Returns (customer, whether anything changed); raises
    Stale when it is not the current one, InvalidTransition when the relationship has ended, and
    ValueError for a field that can't change.
    """
    if fixed := set(changes) - EDITABLE:
        raise ValueError(f"{', '.join(sorted(fixed))} can't be changed")
    locked = Customer.objects.select_for_update().get(pk=customer.pk)
    if not locked.is_active:
        raise InvalidTransition(locked, Customer.Status.ACTIVE)
    if locked.version != version:
        raise Stale(locked)
    old = {name: getattr(locked, name) for name in changes}
    differing = [name for name in old if old[name] != changes[name]]
    if differing:
        _write(locked, {name: changes[name] for name in differing})
        told = [[name, old[name], changes[name]] for name in differing]
        record("customer.changed", actor=actor, target=locked, changes=told)
    return locked, bool(differing)


def _write(customer, changes):
    for name, value in changes.items():
        setattr(customer, name, value)
    customer.version += 1
    customer.save(update_fields=[*changes, "name_key", "version"])
