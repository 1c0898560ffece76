"""Tenant owner permissions: the customer gives them to a reseller and takes them back."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from customers import grant_telling as telling
from customers.models import TenantOwner
from portal.audit.services import record
from portal.lifecycle import InvalidTransition, transition, transition_all

Status = TenantOwner.Status


class OwnerAlready(Exception):
    """Exactly these permissions are given at this moment."""

    reason = property(lambda self: _("They have tenant owner permissions already."))


@transaction.atomic
def give_ownership(customer, partner, person, *, actor, days):
    """Make ``partner``, or only ``person`` there, tenant owner for ``days`` (1 to 730).

    ``customer`` is the relationship it rests on. Returns the TenantOwner; raises OwnerAlready.
    """
    same = TenantOwner.objects.filter(customer=customer, partner=partner, person=person)
    transition_all(same.run_out(), Status.EXPIRED, actor=None)
    try:
        with transaction.atomic():
            owner = TenantOwner.objects.create(
                customer=customer,
                partner=partner,
                person=person,
                ends_at=now() + timedelta(days=days),
                granted_by=actor.user,
                **customer.parties,
            )
    except IntegrityError as twice:
        raise OwnerAlready from twice
    record("tenantowner.granted", actor=actor, target=owner, days=days)
    telling.ownership_given(owner, actor=actor)
    return owner


@transaction.atomic
def revoke_ownership(owner, *, actor):
    """Take the permissions back at once. Raises InvalidTransition when they are over already."""
    locked = TenantOwner.objects.select_for_update(of=("self",)).get(pk=owner.pk)
    if not locked.is_in_force:
        raise InvalidTransition(locked, Status.REVOKED)
    revoked = transition(locked, Status.REVOKED, actor=actor, revoked_at=now())
    telling.ownership_revoked(revoked, actor=actor)
    return revoked
