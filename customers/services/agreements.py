"""The customer agreement: accepted by the customer itself, or attested by its provider.

Once it is accepted, ``customer_agreed`` says so within the same transaction: what waited for it
can go on.
"""

from django.db import transaction
from django.dispatch import Signal
from django.utils.timezone import localdate, now

from customers import wording
from customers.models import Customer
from customers.services import telling
from portal.audit.services import record
from portal.lifecycle import InvalidTransition
from portal.scope import acting

customer_agreed = Signal()  # with ``customer``, locked, and ``actor``
SIGNER = ("first_name", "last_name", "email", "phone")
NAMED = ("agreement_first_name", "agreement_last_name", "agreement_email")


class SignedAlready(Exception):
    """This very person's acceptance is on record; a second one says nothing new."""


@transaction.atomic
def confirm_agreement(customer, *, actor, accepted_on, signer):
    """*Confirm acceptance*: ``signer`` accepted the agreement for the customer on ``accepted_on``.

    ``actor`` is a member of the provider, ``signer`` a dict of first_name, last_name, email and
    phone. Where it is accepted already, only another signer is news. Returns the customer; raises
    SignedAlready, or InvalidTransition when the relationship has ended.
    """
    locked = Customer.objects.select_for_update().get(pk=customer.pk)
    if not locked.is_active:
        raise InvalidTransition(locked, Customer.Status.ACTIVE)
    signed = {f"agreement_{name}": signer[name] for name in SIGNER}
    if locked.may_buy and _named(vars(locked)) == _named(signed):
        raise SignedAlready
    return _accept(locked, actor, accepted_on, signed | said_by(actor))


@transaction.atomic
def accept_agreement(*, actor):
    """The customer's own global admin accepts the agreement, for each provider that waits for it.

    Returns the customers, one per provider; none when all had been accepted before.
    """
    mine = Customer.objects.visible_to(actor).active().filter(agreement=Customer.Agreement.ASKED)
    waiting = mine.select_related("provider").order_by("pk")
    accepted = (_accept_for(customer, actor) for customer in waiting)
    return [customer for customer in accepted if customer]


def said_by(actor):
    """Who says so, when, and of which text; fields of Customer."""
    return {
        "agreement_version": wording.AGREEMENT_VERSION,
        "agreement_by": actor.user,
        "agreement_for": actor.organization,
        "agreement_at": now(),
    }


def signature(actor):
    """The agreement, accepted today by the customer's member ``actor``; fields of Customer."""
    user = actor.user
    return said_by(actor) | {
        "agreement": Customer.Agreement.ACCEPTED,
        "agreement_date": localdate(),
        "agreement_first_name": user.first_name[:50],
        "agreement_last_name": user.last_name[:50],
        "agreement_email": user.email,
        "agreement_phone": "",
    }


def _accept_for(customer, actor):
    """A customer may not write what is its provider's: that keeps what it was told."""
    with acting(customer.provider.actor):
        locked = Customer.objects.select_for_update().get(pk=customer.pk)
        if locked.may_buy or not locked.is_active:
            return None  # somebody was faster
        agreed = _accept(locked, actor, localdate(), signature(actor))
        telling.agreement_accepted(agreed)
        return agreed


def _accept(customer, actor, accepted_on, fields):
    fields = fields | {"agreement": Customer.Agreement.ACCEPTED, "agreement_date": accepted_on}
    for name, value in fields.items():
        setattr(customer, name, value)
    customer.save(update_fields=list(fields))
    facts = {"on": accepted_on.isoformat(), "agreement": fields["agreement_version"]}
    record("customer.agreed", actor=actor, target=customer, **facts)
    customer_agreed.send(sender=Customer, customer=customer, actor=actor)
    return customer


def _named(fields):
    return [fields[name].casefold() for name in NAMED]
