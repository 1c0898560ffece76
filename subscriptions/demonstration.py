"""Invented companies to try the portal with: two providers, their resellers, some customers.

The products are real, the prices and everybody in here are not. Always the same data, so that
people can talk about what they see.
"""

from datetime import timedelta
from random import Random
from uuid import UUID, uuid4

from django.contrib.auth.hashers import make_password
from django.utils.timezone import localdate, now

from customers.models import AdminAccount, Customer
from customers.services import draft_relationship, mark_relationship_sent, save_relationship
from partners.models import (
    Enrolment,
    MpnAccount,
    PartnerProfile,
    Partnership,
    PartnershipRequest,
)
from partners.services import draft_request
from portal.accounts.models import Membership, Organization, User
from portal.accounts.roles import Kind, Role
from portal.accounts.roles import Permission as P
from portal.addresses import address_layout
from portal.countries import countries
from portal.text import fold
from subscriptions import (
    demonstration_customers,
    demonstration_grants,
    demonstration_life,
    demonstration_news,
    demonstration_orders,
    demonstration_requests,
    demonstration_staff,
    demonstration_users,
    demonstration_views,
)
from subscriptions.demonstration_data import (
    AGREEMENT,
    CUSTOMERS,
    DRAFTS,
    ENROLMENTS,
    FAMILIES,
    FIRST_NAMES,
    FORMS,
    PASSWORD,
    PROVIDERS,
    RELATIONSHIPS,
    REMOVAL_STATEMENT,
    REQUESTS,
    RESELLERS,
    STAFF,
    TRADES,
)
from subscriptions.models import Offer, Order, OrderDraft, OrderLine, Subscription


def load():
    """Create everything. Expects an empty portal, offers to sell and an operator's scope."""
    chance = Random(2021)
    hashed = make_password(PASSWORD)
    companies = _companies()
    people = {slug: _staff(companies[slug], STAFF.get(slug, ()), hashed) for slug in companies}
    _person("operator@portal.example", "Olga", "Petrova", hashed, is_staff=True, is_superuser=True)
    partnerships = _partnerships(companies)
    _ended(companies["nordwind"], companies["isar"], people["nordwind"][0].user)
    offers, served = _offers(), []
    for slug, number in CUSTOMERS.items():
        partners = [p.reseller for p in partnerships if p.provider == companies[slug]]
        creator = people[slug][0].user
        customers = _customers(companies[slug], partners, creator, number, chance)
        _subscriptions(customers, offers, creator, chance)
        served += customers
    User.objects.filter(username="admin@albrecht.onportal.example").update(password=hashed)
    demonstration_customers.enliven(people, offers[0][0])
    demonstration_users.add(people["nordwind"][0])
    _requests(people["nordwind"][-1])
    _drafts(people["nordwind"])
    demonstration_news.tell(companies, people["kessler"][0])
    kesslers = Subscription.objects.filter(provider=companies["nordwind"], reseller__slug="kessler")
    asking = kesslers.exclude(customer=served[0]).filter(quantity=5).order_by("pk")[:2]
    demonstration_requests.ask(served[0], asking, offers, people["nordwind"][0])
    own = Subscription.objects.filter(provider=companies["nordwind"], quantity__gte=10)
    demonstration_life.turn(own.exclude(customer__in=served[:1]).exclude(assigned__gt=0))
    troubled = list(Customer.objects.filter(pk__in=kesslers.values("customer")).active()[1:4])
    demonstration_orders.trouble(troubled, offers, people["nordwind"][0], people["kessler"][0])
    demonstration_views.keep(people["nordwind"])
    demonstration_staff.invite(people["nordwind"][0], people["kessler"][0])
    for facts in RELATIONSHIPS:
        _relationship(*facts, partnerships, people)
    _enrolments(hashed)


def _drafts(staff):
    """Begun by two colleagues and not finished: one can take the other's over."""
    for person, typed in zip((staff[0], staff[-1]), DRAFTS, strict=True):
        OrderDraft.objects.create(provider=person.organization, created_by=person.user, typed=typed)


def _companies():
    companies = {}
    for slug, name, country, city, mpn_id in PROVIDERS:
        companies[slug] = _company(Kind.PROVIDER, slug, name, country, city, mpn_id, "", True)
    for *facts, _providers in RESELLERS:
        companies[facts[0]] = _company(Kind.RESELLER, *facts)
    return companies


def _company(kind, slug, name, country, city, mpn_id, global_id, signed):
    company = Organization.objects.create(slug=slug, name=name, kind=kind, country=country)
    PartnerProfile.objects.create(
        organization=company,
        city=city,
        email=f"info@{slug}.example",
        website=f"https://www.{slug}.example/",
        agreement_version=AGREEMENT if signed else "",
        agreement_signed_at=now() - timedelta(days=400) if signed else None,
        enrolled_at=now() - timedelta(days=900),
    )
    for number, type_ in ((mpn_id, MpnAccount.Type.LOCATION), (global_id, MpnAccount.Type.GLOBAL)):
        if number:
            MpnAccount.objects.create(
                mpn_id=number, type=type_, organization=company, city=city, country=country
            )
    return company


def _staff(company, people, hashed):
    return [
        Membership.objects.create(
            user=_person(f"{name}@{company.slug}.example", first, last, hashed),
            organization=company,
            roles=[role],
        )
        for name, first, last, role in people
    ]


def _person(username, first_name, last_name, hashed, **fields):
    email = fields.pop("email", username)
    return User.objects.create(
        username=username,
        email=email,
        first_name=first_name,
        last_name=last_name,
        password=hashed,
        is_demonstration=True,
        **fields,
    )


def _partnerships(companies):
    found = []
    for slug, *_facts, providers in RESELLERS:
        for letter, provider in (("n", "nordwind"), ("s", "suedstern")):
            if letter in providers:
                found.append(_partnership(companies[provider], companies[slug], len(found)))
    return found


def _partnership(provider, reseller, number):
    location = reseller.mpn_accounts.get(type=MpnAccount.Type.LOCATION)
    started = now() - timedelta(days=60 + 45 * number)
    return Partnership.objects.create(
        provider=provider, reseller=reseller, location=location, started_at=started
    )


def _ended(provider, reseller, person):
    """A partnership of the past."""
    ended = _partnership(provider, reseller, number=12)
    Partnership.objects.filter(pk=ended.pk).update(
        status=Partnership.Status.REMOVED,
        removed_at=now() - timedelta(days=40),
        removed_by=person,
        removed_for=provider,
        removal_reason="They moved their cloud business to another distributor.",
        statement_version=REMOVAL_STATEMENT,
    )


def _offers():
    """What customers have: the well-known offers, with their price in every currency."""
    offers = Offer.objects.filter(is_available=True, is_trial=False, is_add_on=False)
    offers = offers.filter(category__in=["small_business", "enterprise"]).prefetch_related("prices")
    return [
        (offer, {price.currency: price.unit_price for price in offer.prices.all()})
        for offer in offers.order_by("pk")[:12]
    ]


def _customers(provider, partners, creator, number, chance):
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
    demonstration_customers.attested(customers)
    _admin_accounts(customers)
    demonstration_grants.grant(customers, chance)
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


def _subscriptions(customers, offers, creator, chance):
    wanted = [
        (_order(customer, creator), _sold_to(customer, chance.sample(offers, chance.randrange(4))))
        for customer in customers
    ]
    Order.objects.bulk_create(order for order, sold in wanted if sold)
    pairs = [
        (order, _subscription(order, offer, price, chance))
        for order, sold in wanted
        for offer, price in sold
    ]
    Subscription.objects.bulk_create(subscription for _, subscription in pairs)
    OrderLine.objects.bulk_create(_line(order, subscription) for order, subscription in pairs)


def _order(customer, creator):
    return Order(
        customer=customer,
        status=Order.Status.COMPLETED,
        currency=countries()[customer.country].currency,
        placed_by=creator,
        placed_at=customer.created_at,
        **customer.parties,
    )


def _sold_to(customer, offers):
    """Which of ``offers`` have a price where the customer is, and that price."""
    currency = countries()[customer.country].currency
    return [(offer, prices[currency]) for offer, prices in offers if currency in prices]


def _subscription(order, offer, price, chance):
    customer, started = order.customer, order.placed_at.date()
    served = customer.reseller if chance.random() < 0.9 else None
    return Subscription(
        customer=customer,
        offer=offer,
        name=offer.name,
        quantity=min(offer.max_quantity, chance.choice([1, 3, 5, 10, 25, 40, 120])),
        status=Subscription.Status.ACTIVE,
        unit_price=price,
        currency=order.currency,
        term=offer.term,
        billing=offer.billing,
        started_on=started,
        ends_on=localdate() + timedelta(days=chance.randrange(5, 360)),
        reseller_of_record=served and _location(served),
        support_contact=served if chance.random() < 0.5 else None,
        created_at=order.placed_at,
        changed_at=order.placed_at,
        **order.parties,
    )


def _location(reseller):
    if not hasattr(reseller, "known_location"):
        reseller.known_location = reseller.mpn_accounts.get(type=MpnAccount.Type.LOCATION)
    return reseller.known_location


def _line(order, subscription):
    return OrderLine(
        order=order,
        offer_id=subscription.offer_id,
        name=subscription.name,
        quantity=subscription.quantity,
        unit_price=subscription.unit_price,
        currency=subscription.currency,
        status=OrderLine.Status.FULFILLED,
        subscription=subscription,
        **order.parties,
    )


def _requests(seller):
    """Invitations in every state a list can show."""
    for number, (recipient, status, days_left, language) in enumerate(REQUESTS):
        draft = draft_request(actor=seller, submission=UUID(int=number), language=language)
        PartnershipRequest.objects.filter(pk=draft.pk).update(
            recipient=recipient,
            status=status,
            route=PartnershipRequest.Route.BY_HAND,
            sent_at=now() - timedelta(days=30 - days_left),
            expires_at=now() + timedelta(days=days_left),
            opened_at=now() if days_left > 20 else None,
            answered_at=now() if status == PartnershipRequest.Status.DECLINED else None,
        )


def _relationship(provider, reseller, asking, recipient, note, partnerships, people):
    """A request to an existing customer that waits for its answer."""
    [partnership] = (
        p for p in partnerships if (p.provider.slug, p.reseller.slug) == (provider, reseller)
    )
    actor = next(person for person in people[asking] if person.can(P.REQUEST_DELEGATED_ADMIN))
    draft = draft_relationship(
        actor=actor,
        submission=uuid4(),
        language="de",
        provider=partnership.provider,
        partnership=partnership,
        delegated_admin=True,
    )
    typed = {"language": "de", "recipient": recipient, "note": note}
    text = {"subject": draft.subject, "text": draft.body}
    mark_relationship_sent(save_relationship(draft, **typed, **text), actor=actor)


def _enrolments(hashed):
    """Two companies on their way: one in review, led here by an invitation, and one half done."""
    for email, first, last, recipient, facts in ENROLMENTS:
        begun = now() - timedelta(days=2)
        submitted = {"status": Enrolment.Status.SUBMITTED, "submitted_at": begun}
        Enrolment.objects.create(
            applicant=_person(email, first, last, hashed),
            first_name=first,
            last_name=last,
            email=email,
            email_confirmed_at=begun,
            request=PartnershipRequest.objects.filter(recipient=recipient).first(),
            **facts,
            **(submitted if facts.get("mpn_id") else {}),
        )
