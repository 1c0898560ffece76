"""The customers of a provider and their admin accounts, made by the hundred."""

from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.utils.timezone import now

from customers.models import AdminAccount, Customer
from portal.accounts.models import Membership, Organization, User
from portal.accounts.roles import Kind, Role
from portal.addresses import address_layout
from portal.text import fold
from subscriptions.demonstration import grants, stories
from subscriptions.demonstration.data import FAMILIES, FIRST_NAMES, FORMS, TRADES


def add_customers(provider, partners, creator, number, chance):
    """Create ``number`` customers, each looked after by one of ``partners`` or by none."""
    names = [f"{family} {trade}" for family in FAMILIES for trade in TRADES]
    names = ["Albrecht Maschinenbau"] * (provider.slug == "nordwind") + chance.sample(names, number)
    partners = [*partners, None]  # some are served without a reseller
    drafts = [
        _customer(provider, f"{name} {chance.choice(FORMS)}", place, partners, creator, chance)
        for place, name in enumerate(dict.fromkeys(names))
    ]
    organizations = Organization.objects.bulk_create(draft.organization for draft in drafts)
    for draft, organization in zip(drafts, organizations, strict=True):
        draft.organization = organization
    customers = Customer.objects.bulk_create(drafts)
    stories.attested(customers)
    _admin_accounts(customers)
    grants.grant(customers, chance)
    return customers


def _customer(provider, name, place, partners, creator, chance):
    is_albrecht = name.startswith("Albrecht Maschinenbau") and place == 0
    prefix = "albrecht" if is_albrecht else f"{fold(name.split()[0])}{provider.slug[0]}{place}"
    reseller = partners[0] if is_albrecht else chance.choice(partners)
    country = reseller.country if reseller else provider.country
    contact = chance.choice(FIRST_NAMES), name.split()[0]
    created = now() - timedelta(days=chance.randrange(1, 900), minutes=chance.randrange(1440))
    domain = f"{prefix}.onportal.example"
    return Customer(
        provider=provider,
        reseller=reseller,
        organization=Organization(
            name=name, slug=prefix, kind=Kind.CUSTOMER, country=country, domain=domain
        ),
        company_name=name,
        name_key=fold(name),
        domain=domain,
        country=country,
        address_line_1=f"Hauptstraße {chance.randrange(1, 120)}",
        city=reseller.partner.city if reseller else provider.partner.city,
        postal_code=address_layout(country).postal_example,
        first_name=contact[0],
        last_name=contact[1],
        email=f"{fold(contact[0])}@{prefix}.example",
        language="en" if country == "GB" else "de",
        agreement=Customer.Agreement.ACCEPTED,
        agreement_date=created.date(),
        created_by=creator,
        created_at=created,
    )


def _admin_accounts(customers):
    """Every customer's admin account is handed over; nobody but Albrecht can sign in with it."""
    users = User.objects.bulk_create(_admin(customer) for customer in customers)
    pairs = list(zip(customers, users, strict=True))
    Membership.objects.bulk_create(
        Membership(user=user, organization=customer.organization, roles=[Role.GLOBAL_ADMIN])
        for customer, user in pairs
    )
    AdminAccount.objects.bulk_create(_handed_over(customer, user) for customer, user in pairs)


def _admin(customer):
    return User(
        username=f"admin@{customer.domain}",
        first_name=customer.first_name,
        last_name=customer.last_name,
        password=make_password(None),
        language=customer.language,
        is_demonstration=True,
    )


def _handed_over(customer, user):
    return AdminAccount(
        customer=customer,
        account_name=user.username,
        status=AdminAccount.Status.REVEALED,
        user=user,
        requested_by=customer.created_by,
        provisioned_at=customer.created_at,
        revealed_at=customer.created_at,
        revealed_by=customer.created_by,
        **customer.parties,
    )
