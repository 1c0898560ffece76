"""What happened to some of the demonstration's customers: changed, waiting, gone."""

from uuid import UUID

from customers.forms.agreements import OwnAgreementForm, RemovalForm
from customers.models import Customer
from customers.services import change_customer
from portal.accounts.roles import Kind
from subscriptions.models import Subscription
from subscriptions.services import end_relationship, place_order


def attested(customers):
    """On the day each of ``customers`` began, its provider confirmed the agreement."""
    for customer in customers:
        customer.agreement_version = OwnAgreementForm.VERSION
        customer.agreement_by = customer.created_by
        customer.agreement_for_id = customer.provider_id
        customer.agreement_at = customer.created_at
        customer.agreement_first_name = customer.first_name
        customer.agreement_last_name = customer.last_name
        customer.agreement_email = customer.email
    names = ["version", "by", "for", "at", "first_name", "last_name", "email"]
    Customer.objects.bulk_update(customers, [f"agreement_{name}" for name in names])


def enliven(people, offer):
    """Let things happen; ``people`` are memberships by company, ``offer`` is sold to one."""
    staff = people["nordwind"]
    albrecht = Customer.objects.get(domain="albrecht.onportal.example")
    change_customer(albrecht, actor=staff[0], version=1, phone="+49 40 5550 400")
    colleague = {"address_line_1": "Hafenstraße 12", "postal_code": "20457"}
    change_customer(albrecht, actor=staff[-1], version=2, **colleague)
    _asked_by_another(albrecht, people["suedstern"][0], offer)
    _leave(staff[0])


def _asked_by_another(albrecht, actor, offer):
    """A second provider has added Albrecht: its order waits for the customer agreement."""
    kept = ("country", "address_line_1", "city", "postal_code", "first_name", "last_name", "email")
    customer = Customer.objects.create(
        provider=actor.organization,
        organization=albrecht.organization,
        company_name=albrecht.company_name,
        domain=albrecht.domain,
        language=albrecht.language,
        agreement=Customer.Agreement.ASKED,
        created_by=actor.user,
        **{name: getattr(albrecht, name) for name in kept},
    )
    submission = UUID(int=1)
    wanted = {"quantities": {offer.pk: 8}, "reseller_of_record": None}
    place_order(customer, actor=actor, submission=submission, **wanted)


def _leave(actor):
    """The relationship with one customer that never bought anything has ended."""
    mine = Customer.objects.filter(provider=actor.organization, reseller__kind=Kind.RESELLER)
    bought = Subscription.objects.values("customer")
    customer = mine.exclude(pk__in=bought).order_by("name_key", "pk").first()
    end_relationship(customer, actor=actor, statement_version=RemovalForm.VERSION)
