"""The end of the relationship between a provider and a customer. What was stays on record."""

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import get_language

from customers.models import AdminAccount, Customer, DelegatedAdmin
from customers.services import telling
from portal.lifecycle import transition, transition_all


@transaction.atomic
def remove_customer(customer, *, actor, statement_version):
    """End the relationship; every partner loses its delegated admin privileges.

    ``statement_version`` is the version of the statement that was confirmed. Whether anything
    stands in the way is for the apps to say that put something there: ask them first. Returns the
    customer; raises InvalidTransition when it has ended already. (domain.md 2.12)
    """
    said = {"statement": statement_version, "language": get_language()}
    end = {"removed_at": now(), "removed_by": actor.user, "statement_version": statement_version}
    removed = transition(customer, Customer.Status.REMOVED, actor=actor, details=said, **end)
    # From here on nobody resets a password any more: see ``services.accounts``.
    list(AdminAccount.objects.filter(customer=removed).select_for_update())
    granted = DelegatedAdmin.objects.granted().filter(customer=removed)
    transition_all(granted, DelegatedAdmin.Status.REVOKED, actor=actor, revoked_at=now())
    telling.customer_removed(removed, actor=actor)
    return removed
