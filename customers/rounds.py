"""The regular rounds: through requests to customers, and through what customers granted.

Of several reminders that are due at once, the last one goes out alone. See ``portal.rounds``.
"""

from celery import shared_task

from customers import services
from customers.models import AccountInvitation, DelegatedAdmin, RelationshipRequest, TenantOwner
from customers.services import renewing
from portal.accounts.models import Organization
from portal.rounds import do_each, go_through, waiting_for_the_database
from portal.scope import SYSTEM, acting
from portal.staff.services.links import expire_invitation


@shared_task
def look_after_relationships():
    """Expire what nobody answered in time; nobody is reminded by this round."""
    late = RelationshipRequest.objects.run_out().order_by("expires_at", "pk")
    go_through([(late, services.expire_relationship)], owner="asked_by")
    late = AccountInvitation.objects.run_out().order_by("expires_at", "pk")
    go_through([(late, expire_invitation)], owner="organization")


@shared_task
def look_after_grants():
    """Write down what has ended, then remind: nobody is reminded of what is over."""
    with waiting_for_the_database():
        for due, act in (
            (DelegatedAdmin.objects.run_out(), renewing.expire_grants),
            (TenantOwner.objects.run_out(), renewing.expire_owners),
            (DelegatedAdmin.objects.reminders_due(), renewing.remind_holder),
        ):
            _each_pair(due, act)


def _each_pair(due, act):
    """Act for each pair of provider and partner with something due, a transaction each."""
    with acting(SYSTEM):
        pairs = sorted(due.order_by().values_list("provider", "partner").distinct())
    companies = Organization.objects.in_bulk({pk for pair in pairs for pk in pair})
    do_each(
        pairs,
        lambda pair: act(*(companies[pk] for pk in pair)),
        owner=lambda pair: companies[pair[0]],
    )
