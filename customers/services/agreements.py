"""The customer accepts the customer agreement by itself, on a page of its own."""

from django.db import transaction

from customers.models import Customer
from customers.services import telling
from customers.services.answers import signature_of
from portal.audit.services import record
from portal.scope import acting


@transaction.atomic
def accept_agreement(customer, *, actor, version):
    """Note that ``actor``, of the customer, accepted the agreement's ``version`` today.

    Orders that wait for it are the provider's to start. Returns whether it was still missing.
    """
    # A customer may not write what is its provider's.
    with acting(customer.provider.actor):
        locked = Customer.objects.select_for_update().get(pk=customer.pk)
        if locked.may_buy or locked.status != Customer.Status.ACTIVE:
            return False
        Customer.objects.filter(pk=locked.pk).update(**signature_of(actor.user))
        record("customer.agreed", actor=actor, target=locked, agreement=version)
    telling.agreement_accepted(customer)
    return True
