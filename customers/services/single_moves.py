"""*Move to another reseller*, for one customer: what stands in the way, and the move."""

from django.db import transaction
from django.utils.translation import gettext as _

from customers.models import Customer
from customers.services.moving import hand_over, take_back
from customers.services.partnerships import hold_partnership
from partners.models import Partnership
from portal.countries import countries


class MoveRefused(Exception):
    """The customer can't be moved, or not any more; ``reason`` is a sentence."""

    def __init__(self, reason):
        self.reason = reason
        super().__init__(reason)


def move_problem(customer, reseller):
    """Why ``reseller`` (an organization; None: no reseller) can't look after ``customer``.

    A sentence, "" when it can. Looked up in the provider's scope.
    """
    if not customer.is_active:
        return _("The relationship with this customer has ended.")
    if reseller is None:
        return "" if customer.reseller_id else _("You serve this customer without a reseller.")
    if customer.reseller_id == reseller.pk:
        return _("%(name)s looks after this customer already.") % {"name": reseller}
    found = Partnership.objects.active().with_partners()
    partnership = found.filter(provider=customer.provider_id, reseller=reseller).first()
    return _partner_problem(partnership, reseller) or _region_problem(partnership, customer)


@transaction.atomic
def move_customer(customer, reseller, *, actor, seen):
    """Let ``reseller`` look after the customer from now on, or nobody but the provider (None).

    ``seen`` is the id of the reseller that the person saw, None for none. Delegated admin
    privileges of the former reseller stay, subscriptions keep their reseller of record and support
    contact. Raises MoveRefused when something stands in the way, InvalidTransition when the
    partnership ends at this very moment.
    """
    _refuse(move_problem(customer, reseller))
    if reseller:
        hold_partnership(actor.organization, reseller)
    locked = Customer.objects.select_for_update().get(pk=customer.pk)
    if locked.reseller_id != seen:
        _refuse(_("Somebody else has just moved this customer. Check it again."))
    _refuse(move_problem(locked, reseller))
    if reseller:
        hand_over([locked], reseller, actor=actor)
    else:
        take_back([locked], actor=actor)


def _refuse(reason):
    if reason:
        raise MoveRefused(reason)


def _partner_problem(partnership, reseller):
    if partnership is None:
        return _("You have no active partnership with %(name)s.") % {"name": reseller}
    if partnership.agreement_missing:
        return _("%(name)s has not signed the partner agreement.") % {"name": reseller}
    return ""


def _region_problem(partnership, customer):
    """Resellers sell in their own sales region and nowhere else."""
    region = countries()[partnership.location.country].region
    if region == countries()[customer.country].region:
        return ""
    words = _("%(name)s belongs to another sales region than the customer: %(region)s.")
    return words % {"name": partnership.reseller, "region": region}
