"""Rows for the benchmark: one provider with many customers, each with a subscription."""

from itertools import cycle

from django.utils.timezone import localdate, now

from customers.models import Customer
from portal.accounts.models import Organization
from portal.accounts.roles import Kind
from portal.audit.services import record
from portal.text import fold
from subscriptions.models import Order, Subscription
from tests.factories import (
    make_membership,
    make_message,
    make_offer,
    make_partner,
    make_partnership,
)

BATCH = 2000
KIND = Kind.CUSTOMER


def fill(rows):
    """``rows`` customers of one provider and as many subscriptions; returns its global admin."""
    provider = make_partner(Kind.PROVIDER, name="Bench Distribution", slug="bench")
    staff = make_membership(organization=provider)
    resellers = [make_partner(Kind.RESELLER) for _ in range(60)]
    for reseller in resellers:
        make_partnership(provider, reseller)
        make_message(provider)
    offer, supply = make_offer(), cycle(resellers)
    for start in range(0, rows, BATCH):
        numbers = range(start, min(start + BATCH, rows))
        _batch(provider, staff.user, supply, offer, numbers)
    return staff


def _batch(provider, user, supply, offer, numbers):
    organizations = Organization.objects.bulk_create(
        Organization(
            name=_name(n), slug=f"c{n}", kind=Kind.CUSTOMER, country="DE", domain=f"c{n}.x"
        )
        for n in numbers
    )
    customers = Customer.objects.bulk_create(
        Customer(
            provider=provider,
            reseller=next(supply),
            organization=organization,
            company_name=organization.name,
            name_key=fold(organization.name),
            domain=organization.domain,
            country="DE",
            address_line_1="Hauptstraße 1",
            city="Hamburg",
            first_name="Vera",
            last_name="Vogel",
            email="vera@vogel.example",
            language="de",
            agreement=Customer.Agreement.ACCEPTED,
            agreement_date=localdate(),
            created_by=user,
        )
        for organization in organizations
    )
    Subscription.objects.bulk_create(_subscription(customer, offer) for customer in customers)
    Order.objects.bulk_create(
        Order(customer=customer, currency="EUR", placed_by=user, **customer.parties)
        for customer in customers
    )
    record("customer.added", actor=None, target=customers[0])


def _name(number):
    return f"{['Müller', 'Vogel', 'Albrecht', 'Schröder', 'Neumann'][number % 5]} Werke {number:06}"


def _subscription(customer, offer):
    return Subscription(
        customer=customer,
        offer=offer,
        name=offer.name,
        quantity=10,
        status=Subscription.Status.ACTIVE,
        unit_price="20.60",
        currency="EUR",
        term=offer.term,
        billing=offer.billing,
        started_on=localdate(),
        created_at=now(),
        **customer.parties,
    )
