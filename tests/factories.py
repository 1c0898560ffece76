"""Objects for tests, with sensible values for everything a test does not care about."""

from decimal import Decimal
from itertools import count
from uuid import uuid4

from django.utils.timezone import localdate, now

from customers.models import (
    AccountInvitation,
    AdminAccount,
    AdminRenewal,
    Customer,
    CustomerTag,
    CustomerUser,
    DelegatedAdmin,
    MoveBatch,
    MoveBatchRow,
    RelationshipRequest,
    TenantOwner,
    UserUpload,
    UserUploadRow,
)
from partners.models import (
    Enrolment,
    LetterTemplate,
    MpnAccount,
    PartnerProfile,
    Partnership,
    PartnershipRequest,
    ProfileChange,
    RequestBatch,
    RequestBatchRow,
)
from portal.accounts.models import Membership, Organization, User
from portal.accounts.roles import Kind, Role
from portal.audit.models import BrokenChain
from portal.notices.models import Notice
from portal.outbox.models import OutboxMessage
from portal.savedviews.models import SavedView, StartView
from portal.staff.models import Handout, UserInvitation
from subscriptions.models import (
    CalendarFeed,
    ChangeBatch,
    ChangeBatchRow,
    CustomerMove,
    LicenseAssignment,
    LicenseRequest,
    Offer,
    OfferPrice,
    Order,
    OrderLine,
    OrderRequest,
    Product,
    Subscription,
)

numbers = count(1)


def make_user(username=None, password="demo", **fields):
    username = username or f"person{next(numbers)}@example.test"
    fields.setdefault("email", username)
    fields.setdefault("first_name", "Ada")
    fields.setdefault("last_name", "Wong")
    return User.objects.create_user(username, password=password, **fields)


def make_organization(kind=Kind.PROVIDER, **fields):
    number = next(numbers)
    fields.setdefault("name", f"{Kind(kind).label} {number}")
    fields.setdefault("slug", f"{kind}-{number}")
    fields.setdefault("country", "DE")
    return Organization.objects.create(kind=kind, **fields)


def make_membership(*roles, organization=None, kind=Kind.PROVIDER, user=None):
    """A person's place; global admin unless ``roles`` say otherwise."""
    return Membership.objects.create(
        user=user or make_user(),
        organization=organization or make_partner(kind),
        roles=[str(role) for role in roles or [Role.GLOBAL_ADMIN]],
    )


def make_invitation(organization, *roles, invited_by=None, **fields):
    """Somebody is invited by mail, as user admin unless ``roles`` say otherwise, by an admin."""
    fields.setdefault("email", f"invited{next(numbers)}@example.test")
    fields.setdefault("first_name", "Ida")
    fields.setdefault("last_name", "Ivens")
    fields.setdefault("language", "en")
    return UserInvitation.objects.create(
        organization=organization,
        roles=[str(role) for role in roles or [Role.USER_ADMIN]],
        invited_by=invited_by or make_membership(organization=organization).user,
        **fields,
    )


def make_handout(membership, shown_to):
    """A temporary password of ``membership`` that waits to be shown to ``shown_to``."""
    return Handout.objects.create(
        organization=membership.organization, membership=membership, shown_to=shown_to
    )


def make_partner(kind=Kind.RESELLER, *, signed=True, mpn_id=None, **fields):
    """An enrolled company with a location MPN ID."""
    organization = make_organization(kind, **fields)
    if kind == Kind.CUSTOMER:
        return organization
    PartnerProfile.objects.create(
        organization=organization,
        city="Hamburg",
        agreement_version="2026-01" if signed else "",
        agreement_signed_at=now() if signed else None,
    )
    make_mpn(organization, mpn_id=mpn_id)
    return organization


def make_mpn(organization, mpn_id=None, type=MpnAccount.Type.LOCATION):
    return MpnAccount.objects.create(
        organization=organization,
        mpn_id=mpn_id or str(4_000_000 + next(numbers)),
        type=type,
        city="Hamburg",
        country=organization.country,
    )


def make_request(provider, *, created_by=None, **fields):
    """A partnership request that was sent and waits for an answer."""
    fields.setdefault("status", PartnershipRequest.Status.SENT)
    fields.setdefault("language", "en")
    fields.setdefault("subject", "Partnership request")
    fields.setdefault("body", "Hello, please open the link.")
    return PartnershipRequest.objects.create(
        provider=provider, created_by=created_by or make_user(), **fields
    )


def make_partnership(provider, reseller, **fields):
    location = reseller.mpn_accounts.filter(type=MpnAccount.Type.LOCATION).first()
    return Partnership.objects.create(
        provider=provider, reseller=reseller, location=location, **fields
    )


def make_letter_template(provider, *, changed_by=None, **fields):
    """A provider's own text of the partnership request."""
    fields.setdefault("language", "en")
    fields.setdefault("subject", "A request from {provider}")
    fields.setdefault("body", "Hello,\n\nplease open {link}")
    return LetterTemplate.objects.create(
        provider=provider, changed_by=changed_by or make_user(), **fields
    )


def make_batch(provider, *, recipients=("new@kessler-it.example",), **fields):
    """A file of requests that was read and waits to be sent."""
    fields.setdefault("created_by", make_user())
    batch = RequestBatch.objects.create(provider=provider, file_name="resellers.csv", **fields)
    for line, recipient in enumerate(recipients, start=2):
        RequestBatchRow.objects.create(
            provider=provider,
            batch=batch,
            line=line,
            status=RequestBatchRow.Status.READY,
            recipient=recipient,
            language="en",
        )
    return batch


def make_enrolment(applicant=None, **fields):
    """A company that is being filled in."""
    return Enrolment.objects.create(applicant=applicant or make_user(), **fields)


def make_profile_change(organization, *, asked_by=None, text="Our new address"):
    return ProfileChange.objects.create(
        organization=organization, asked_by=asked_by or make_user(), text=text
    )


def make_customer(provider, reseller=None, **fields):
    """A provider's customer with an organization of its own and its pending admin account."""
    number = next(numbers)
    name = fields.pop("company_name", f"Customer {number}")
    creator = fields.pop("created_by", None) or make_user()
    domain = fields.pop("domain", f"customer{number}.onportal.example")
    organization = fields.pop("organization", None) or make_organization(
        Kind.CUSTOMER, name=name, domain=domain, country=provider.country
    )
    defaults = {
        "country": provider.country,
        "address_line_1": "Jungfernstieg 1",
        "city": "Hamburg",
        "postal_code": "20354",
        "first_name": "Vera",
        "last_name": "Vogel",
        "email": "vera@vogel.example",
        "language": "de",
        "agreement": Customer.Agreement.ACCEPTED,
        "agreement_date": localdate(),
    }
    customer = Customer.objects.create(
        provider=provider,
        reseller=reseller,
        organization=organization,
        company_name=name,
        domain=domain,
        created_by=creator,
        **(defaults | fields),
    )
    AdminAccount.objects.create(
        customer=customer,
        account_name=f"admin@{domain}",
        requested_by=creator,
        **customer.parties,
    )
    if reseller:
        DelegatedAdmin.objects.create(customer=customer, partner=reseller, **customer.parties)
    return customer


def make_grant(customer, partner=None, **fields):
    """Delegated admin privileges of a partner, or of the provider, in force for two years."""
    partner = partner or customer.provider
    return DelegatedAdmin.objects.create(
        customer=customer, partner=partner, **(customer.parties | fields)
    )


def make_admin_renewal(grant, **fields):
    """A partner's request for more time that waits for the customer."""
    return AdminRenewal.objects.create(
        grant=grant, partner_id=grant.partner_id, **grant.parties, **fields
    )


def make_tenant_owner(customer, partner=None, **fields):
    """The customer's reseller, its whole team, is tenant owner."""
    partner = partner or customer.reseller
    return TenantOwner.objects.create(
        customer=customer, partner=partner, **customer.parties, **fields
    )


def make_person(organization, *roles, name="Ben Bauer", account=None, **fields):
    """A user of a customer organization who can sign in (password ``demo``)."""
    account = account or f"person{next(numbers)}@{organization.domain}"
    membership = Membership.objects.create(
        user=make_user(account, email="", first_name=name.split()[0], last_name=name.split()[-1]),
        organization=organization,
        roles=[str(role) for role in roles],
    )
    return CustomerUser.objects.create(
        organization=organization,
        user=membership.user,
        membership=membership,
        display_name=name,
        country=organization.country,
        **fields,
    )


def make_account_invitation(person, *, invited_by=None, acting_for=None, **fields):
    """A link by which ``person`` chooses the first password, sent by the customer's own admin."""
    acting_for = acting_for or person.organization
    person.user.set_unusable_password()
    person.user.save()
    fields.setdefault("email", f"invited{next(numbers)}@example.test")
    fields.setdefault("language", "en")
    return AccountInvitation.objects.create(
        organization=person.organization,
        person=person,
        acting_for=acting_for,
        invited_by=invited_by or make_membership(organization=acting_for).user,
        **fields,
    )


def make_assignment(subscription, person):
    """One license of the subscription in the hands of ``person``, counted as the services do."""
    subscription.assigned += 1
    subscription.save()
    return LicenseAssignment.objects.create(
        subscription=subscription, person=person, **subscription.parties
    )


def make_upload(organization, acting_for, *, created_by=None, accounts=("new",), **fields):
    """A file of users that was read and waits to be saved."""
    upload = UserUpload.objects.create(
        organization=organization,
        acting_for=acting_for,
        created_by=created_by or make_user(),
        file_name="users.csv",
        encoding="utf-8",
        **fields,
    )
    for line, account in enumerate(accounts, start=2):
        UserUploadRow.objects.create(
            acting_for=acting_for,
            upload=upload,
            line=line,
            status=UserUploadRow.Status.READY,
            display_name=f"Person {line}",
            account=account,
        )
    return upload


def make_relationship_request(partnership=None, *, provider=None, created_by=None, **fields):
    """A request to a customer that was sent and waits: of both partners, or ``provider`` alone."""
    provider = provider or partnership.provider
    fields.setdefault("asked_by", provider)
    fields.setdefault("status", RelationshipRequest.Status.SENT)
    fields.setdefault("sent_at", now())
    fields.setdefault("language", "en")
    fields.setdefault("subject", "Relationship request")
    fields.setdefault("body", "Hello, please open the link.")
    return RelationshipRequest.objects.create(
        provider=provider,
        reseller=partnership and partnership.reseller,
        partnership=partnership,
        created_by=created_by or make_user(),
        **fields,
    )


def make_move(customer, partnership, successor=None, **fields):
    """A decision about a customer of a partnership that ends; to direct without a successor."""
    fields.setdefault("decided_by", customer.created_by)
    return CustomerMove.objects.create(
        provider=partnership.provider,
        partnership=partnership,
        customer=customer,
        successor=successor,
        **fields,
    )


def make_tag(customer, text="VIP", *, added_by=None):
    """A word by which the customer's provider finds it again."""
    return CustomerTag.objects.create(
        provider=customer.provider,
        customer=customer,
        text=text,
        added_by=added_by or customer.created_by,
    )


def make_move_batch(*customers, reseller=None, **fields):
    """Customers that somebody has taken from their resellers at once."""
    fields.setdefault("created_by", customers[0].created_by)
    provider = customers[0].provider
    batch = MoveBatch.objects.create(provider=provider, reseller=reseller, **fields)
    for line, customer in enumerate(customers, start=1):
        MoveBatchRow.objects.create(
            provider=provider,
            batch=batch,
            line=line,
            customer=customer,
            former=customer.reseller,
        )
    return batch


def make_saved_view(membership, *, is_start=False, **fields):
    """A view of the member's list of customers."""
    fields.setdefault("list", "customers")
    fields.setdefault("name", f"View {next(numbers)}")
    place = {"organization": membership.organization}
    view = SavedView.objects.create(owner=membership.user, **place, **fields)
    if is_start:
        StartView.objects.create(user=membership.user, list=view.list, view=view, **place)
    return view


def make_broken_chain(organization, **fields):
    """What a verification of the organization's activity log found."""
    at = now()
    defaults = {"wrong": "changed", "number": next(numbers), "found_at": at, "verified_at": at}
    return BrokenChain.objects.create(organization=organization, **(defaults | fields))


def make_message(organization, **fields):
    """A promised delivery that failed."""
    fields.setdefault("status", OutboxMessage.Status.FAILED)
    fields.setdefault("task", "tests.kernel.tasks.nothing")
    number = next(numbers)
    fields.setdefault("key", f"test:{number}")
    fields.setdefault("subject", f"Delivery {number}")
    return OutboxMessage.objects.create(organization=organization, **fields)


def make_notice(organization, kind="accepted", **fields):
    """Something the organization was told a moment ago."""
    fields.setdefault("about", f"test:{next(numbers)}")
    fields.setdefault("facts", {"reseller": "Kessler IT-Systemhaus", "provider": "Nordwind"})
    return Notice.objects.create(organization=organization, kind=kind, **fields)


def make_offer(name="Business Premium", price="20.60", currency="EUR", **fields):
    product = Product.objects.create(guid=uuid4(), string_id="SPB", name=name)
    defaults = {
        "sku_id": f"SKU{next(numbers)}",
        "publisher": "Microsoft",
        "category": Offer.Category.SMALL_BUSINESS,
        "term": "P1Y",
        "billing": "monthly",
        "max_quantity": 300,
    }
    offer = Offer.objects.create(product=product, name=name, **(defaults | fields))
    OfferPrice.objects.create(offer=offer, currency=currency, unit_price=Decimal(price))
    return offer


def make_trial(offer, **fields):
    """The free trial of an offer, for 25 users, that can become that offer."""
    defaults = {"term": "P30D", "billing": "none", "is_trial": True, "max_quantity": 25}
    name = f"{offer.name} Trial"
    return make_offer(name, "0", conversions=[offer.sku_id], **(defaults | fields))


def make_order(customer, **fields):
    fields.setdefault("currency", "EUR")
    fields.setdefault("placed_by", customer.created_by)
    return Order.objects.create(customer=customer, **customer.parties, **fields)


def make_line(order, offer, **fields):
    fields.setdefault("name", offer.name)
    fields.setdefault("quantity", 10)
    return OrderLine.objects.create(
        order=order,
        offer=offer,
        unit_price=Decimal("20.60"),
        currency=order.currency,
        **order.parties,
        **fields,
    )


def make_subscription(customer, offer=None, **fields):
    offer = offer or make_offer()
    defaults = {
        "name": offer.name,
        "quantity": 10,
        "status": Subscription.Status.ACTIVE,
        "unit_price": Decimal("20.60"),
        "currency": "EUR",
        "term": offer.term,
        "billing": offer.billing,
        "started_on": localdate(),
    }
    return Subscription.objects.create(
        customer=customer, offer=offer, **customer.parties, **(defaults | fields)
    )


def make_calendar_feed(membership, token="a-secret"):
    """The private calendar address of a person."""
    return CalendarFeed.objects.create(
        organization=membership.organization,
        user=membership.user,
        token_hash=CalendarFeed.digest(token),
    )


def make_change_batch(*subscriptions, created_by=None, **fields):
    """Subscriptions that somebody has told at once to name no reseller."""
    provider = subscriptions[0].provider
    batch = ChangeBatch.objects.create(
        provider=provider,
        created_by=created_by or make_user(),
        **({"sets_reseller": True} | fields),
    )
    for line, subscription in enumerate(subscriptions, start=1):
        ChangeBatchRow.objects.create(
            provider=provider,
            batch=batch,
            line=line,
            subscription=subscription,
            former_location=subscription.reseller_of_record,
            former_contact=subscription.support_contact,
        )
    return batch


def make_license_request(subscription, *, asked_by=None, **fields):
    """A customer's request for 25 licenses that waits for its answer."""
    fields.setdefault("before", subscription.quantity)
    fields.setdefault("quantity", 25)
    return LicenseRequest.objects.create(
        subscription=subscription,
        asked_by=asked_by or make_user(),
        **subscription.parties,
        **fields,
    )


def make_order_request(customer, *offers, asked_by=None, **fields):
    """The request of the customer's reseller to order five licenses of each offer."""
    fields.setdefault("lines", {str(offer.pk): {"quantity": 5, "base": ""} for offer in offers})
    fields.setdefault("asked_for", customer.reseller)
    return OrderRequest.objects.create(
        customer=customer, asked_by=asked_by or make_user(), **customer.parties, **fields
    )
