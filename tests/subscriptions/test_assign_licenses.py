"""Licenses: never more than were bought, never two that exclude each other."""

from threading import Barrier, Thread

import pytest
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction

from customers import services as customers
from portal.accounts.roles import Kind, Role
from portal.audit.models import AuditEntry
from portal.scope import OPERATOR, acting
from subscriptions import services
from subscriptions.exclusions import Exclusions
from subscriptions.models import ExclusivePlan, LicenseAssignment, Offer, Product, Subscription
from tests.conftest import Browser
from tests.factories import (
    make_assignment,
    make_customer,
    make_grant,
    make_membership,
    make_offer,
    make_partner,
    make_person,
    make_subscription,
)

PAGE = "subscriptions:user_licenses"


@pytest.fixture
def customer(provider, reseller):
    customer = make_customer(provider.organization, reseller.organization)
    make_grant(customer)
    return customer


@pytest.fixture
def people(customer):
    return [make_person(customer.organization, name=f"Person {n}") for n in range(3)]


@pytest.fixture
def subscription(customer):
    return make_subscription(customer, name="Business Premium", quantity=3)


def send(browser, subscription, people, *first, action="assign", page=PAGE):
    data = {
        "id": [person.reference for person in people],
        "action": action,
        "subscription": subscription.reference,
    }
    return browser.send(page, *first, data=data)


def count(subscription):
    """The number the subscription says; it must be the number of rows."""
    subscription.refresh_from_db()
    assert subscription.assigned == subscription.assignments.count()
    return subscription.assigned


def test_selected_users_get_a_license_and_give_it_back(provider, customer, subscription, people):
    staff = Browser(provider)
    page = staff.open(PAGE, customer.pk, id=[p.reference for p in people])
    assert "Business Premium: 3 of 3 licenses available" in page.text
    assert "Person 2" in page.text

    for _twice in range(2):
        assert send(staff, subscription, people, customer.pk).status_code == 302
        assert count(subscription) == 3
    for _twice in range(2):
        send(staff, subscription, people[:2], customer.pk, action="revoke")
        assert count(subscription) == 1
    entries = AuditEntry.objects.filter(organization=provider.organization)
    assert entries.filter(action="licenseassignment.assigned").count() == 3
    assert entries.filter(action="licenseassignment.revoked").count() == 2


def test_the_customers_own_admin_and_the_reseller_do_the_same(
    customer, reseller, subscription, people
):
    own = Browser(make_membership(Role.USER_ADMIN, organization=customer.organization))

    assert send(own, subscription, people[:1], page="subscriptions:own_user_licenses").url
    assert count(subscription) == 1
    assert send(Browser(reseller), subscription, people[1:2], customer.pk).status_code == 302
    assert count(subscription) == 2


def test_a_customer_may_count_licenses_and_nothing_else(customer, subscription):
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with refused, acting(customer.organization.actor), transaction.atomic():
        Subscription.objects.update(quantity=99)


def test_too_few_licenses_are_refused_with_the_number_and_nobody_gets_one(
    provider, customer, people
):
    subscription = make_subscription(customer, name="Power BI", quantity=2)

    response = send(Browser(provider), subscription, people, customer.pk)

    assert response.status_code == 422
    assert "Power BI has 2 licenses left; you need 3." in response.text
    assert count(subscription) == 0


def test_the_database_refuses_more_than_was_bought(subscription):
    with pytest.raises(IntegrityError, match="subscription_assigns_what_it_has"):
        Subscription.objects.update(assigned=4)


def test_a_license_cannot_go_to_another_organizations_user(customer, subscription):
    stranger = make_person(make_partner(Kind.CUSTOMER, domain="other.example"))
    with pytest.raises(IntegrityError, match="_agree"), transaction.atomic():
        LicenseAssignment.objects.create(
            subscription=subscription, person=stranger, **subscription.parties
        )


@pytest.mark.parametrize("status", ["suspended", "pending", "expired", "cancelled"])
def test_only_active_subscriptions_give_licenses(provider, customer, people, status):
    subscription = make_subscription(customer, status=status)

    with pytest.raises(customers.Refused):
        services.assign_licenses(subscription, people, actor=provider)
    assert send(Browser(provider), subscription, people, customer.pk).status_code == 422
    assert count(subscription) == 0


def test_a_deleted_user_gets_none(provider, subscription, people):
    services.delete_user(people[0], actor=provider)

    with pytest.raises(customers.Refused, match="was deleted"):
        services.assign_licenses(subscription, people[:1], actor=provider)


@pytest.mark.parametrize("data", [{}, {"id": ["U-nonsense"]}, {"action": "x"}])
def test_nonsense_is_refused(provider, customer, subscription, people, data):
    good = {
        "id": [people[0].reference],
        "action": "assign",
        "subscription": subscription.reference,
    }

    response = Browser(provider).send(PAGE, customer.pk, data=(good | data) if data else {})

    assert response.status_code == 422
    assert count(subscription) == 0


# ---- Licenses never below what is assigned


def test_the_quantity_cannot_fall_below_what_is_assigned(provider, customer, people):
    subscription = make_subscription(customer, quantity=10)
    services.assign_licenses(subscription, people, actor=provider)
    staff, page = Browser(provider), "subscriptions:subscription_detail"

    shown = staff.open(page, subscription.pk)
    assert "3 of 10" in shown.text
    assert f"users/?license={subscription.reference}" in shown.text
    form = {"version": 1, "quantity": "2", "initial-quantity": "10", "status": "active"}
    form |= {"reseller_of_record": "none", "support_contact": "", "mpn_id": ""}
    response = staff.send(page, subscription.pk, data=form)

    assert response.status_code == 422
    assert "3 licenses are assigned to users" in response.text
    with pytest.raises(services.StillAssigned):
        services.change_subscription(subscription, actor=provider, version=1, quantity=2)
    form |= {"quantity": "3", "action": "confirm"}
    assert staff.send(page, subscription.pk, data=form).status_code == 302


# ---- Plans that exclude each other


def exclusive(offer, group, plan):
    ExclusivePlan.objects.create(product=offer.product, group=group, plan_id=plan, name="X")


ONE, OTHER = "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"


@pytest.fixture
def excluding(customer):
    """Subscriptions of two products of which a user can have only one."""
    offers = make_offer("Plan 1"), make_offer("Plan 2")
    exclusive(offers[0], "Mail", ONE)
    exclusive(offers[1], "Mail", OTHER)
    return [make_subscription(customer, offer) for offer in offers]


def test_two_that_exclude_each_other_are_refused_by_name(provider, customer, people, excluding):
    services.assign_licenses(excluding[0], people[:1], actor=provider)

    response = send(Browser(provider), excluding[1], people, customer.pk)

    assert response.status_code == 422
    assert "Person 0 has Plan 1. It can&#x27;t be combined with Plan 2." in response.text
    assert count(excluding[1]) == 0


def test_what_another_partner_gave_excludes_too_but_is_not_named(customer, outsider, people):
    offers = make_offer("Secret plan"), make_offer("Plan 2")
    exclusive(offers[0], "Mail", ONE)
    exclusive(offers[1], "Mail", OTHER)
    theirs = make_customer(outsider.organization, organization=customer.organization)
    make_grant(theirs)
    services.assign_licenses(make_subscription(theirs, offers[0]), people[:1], actor=outsider)
    staff = make_membership(organization=customer.provider)
    ours = make_subscription(customer, offers[1])

    with acting(staff.actor), pytest.raises(customers.Refused) as refusal:
        services.assign_licenses(ours, people[:1], actor=staff)

    assert "another partner" in refusal.value.reason and "Secret" not in refusal.value.reason


def test_a_plan_that_is_over_excludes_nothing(provider, people, excluding):
    services.assign_licenses(excluding[0], people[:1], actor=provider)
    Subscription.objects.filter(pk=excluding[0].pk).update(status="cancelled")

    assert services.assign_licenses(excluding[1], people[:1], actor=provider) == 1


def test_a_shared_plan_does_not_exclude():
    exclusions = Exclusions([])
    exclusions.plans = {1: {"Mail": {1}}, 2: {"Mail": {1, 2}}, 3: {"Mail": {2}}, 4: {"Chat": {9}}}

    assert exclusions.between(1, 3) and exclusions.between(3, 1)
    assert not exclusions.between(1, 2)
    assert not exclusions.between(1, 4) and not exclusions.between(1, None)


@pytest.mark.django_db
def test_the_conflicts_come_with_the_catalogue():
    call_command("import_catalog", "--currencies", "EUR", verbosity=0)
    call_command("import_catalog", "--currencies", "EUR", verbosity=0)

    assert ExclusivePlan.objects.count() > 400
    offers = Offer.objects.exclude(product=None).in_bulk(field_name="pk").values()
    products = {offer.name: offer.product_id for offer in offers}
    premium = next(pk for name, pk in products.items() if "Business Premium" in name)
    e3 = Product.objects.filter(name__in=["Office 365 E3", "OFFICE 365 E3"]).first()
    assert Exclusions([premium, e3.pk]).between(premium, e3.pk)


# ---- Races


def run_at_once(number, act):
    barrier, won = Barrier(number), []

    def run(turn):
        try:
            barrier.wait()
            won.append(act(turn))
        except (customers.Refused, services.StillAssigned, services.Stale) as error:
            won.append(type(error).__name__)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[turn]) for turn in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return won


@pytest.fixture
def raced(transactional_db):
    with acting(OPERATOR):
        provider = make_membership(organization=make_partner(Kind.PROVIDER))
        customer = make_customer(provider.organization)
        make_grant(customer)
        people = [make_person(customer.organization) for _ in range(30)]
        own = make_membership(organization=customer.organization)
    return provider, own, customer, people


def test_thirty_ask_for_the_last_license_and_one_gets_it(raced):
    """Staff of the provider and of the customer, each in the scope of their own kind."""
    provider, own, customer, people = raced
    with acting(OPERATOR):
        subscription = make_subscription(customer, quantity=1)

    def assign(turn):
        actor = (provider, own)[turn % 2]
        with acting(actor.actor):
            return services.assign_licenses(subscription, [people[turn]], actor=actor)

    answers = run_at_once(30, assign)

    assert sorted(map(str, answers)) == ["1", *["Refused"] * 29]
    with acting(OPERATOR):
        assert count(subscription) == 1


def test_assigning_and_reducing_at_once_never_leaves_more_assigned_than_there_are(raced):
    provider, _own, customer, people = raced
    with acting(OPERATOR):
        subscription = make_subscription(customer, quantity=10)

    def act(turn):
        with acting(provider.actor):
            if turn % 5:
                return services.assign_licenses(subscription, [people[turn]], actor=provider)
            return services.change_subscription(
                subscription, actor=provider, version=1, quantity=5
            )[1]

    run_at_once(20, act)

    with acting(OPERATOR):
        assert count(subscription) <= subscription.quantity


def test_deleting_and_assigning_at_once_leaves_no_license_behind(raced):
    provider, own, customer, people = raced
    with acting(OPERATOR):
        subscriptions = [make_subscription(customer) for _ in range(9)]
    person = people[0]

    def act(turn):
        actor = (provider, own)[turn % 2]
        with acting(actor.actor):
            if turn == 9:
                return services.delete_user(person, actor=actor)
            return services.assign_licenses(subscriptions[turn], [person], actor=actor)

    run_at_once(10, act)

    with acting(OPERATOR):
        assert not LicenseAssignment.objects.filter(person=person).exists()
        assert all(count(subscription) == 0 for subscription in subscriptions)


def test_two_that_exclude_each_other_at_once_leave_one(raced):
    provider, own, customer, people = raced
    with acting(OPERATOR):
        offers = make_offer("Plan 1"), make_offer("Plan 2")
        exclusive(offers[0], "Mail", ONE)
        exclusive(offers[1], "Mail", OTHER)
        both = [make_subscription(customer, offer) for offer in offers]

    def act(turn):
        actor = (provider, own)[turn % 2]
        with acting(actor.actor):
            return services.assign_licenses(both[turn % 2], people[:1], actor=actor)

    run_at_once(10, act)

    with acting(OPERATOR):
        assert LicenseAssignment.objects.filter(person=people[0]).count() == 1


def test_a_held_license_is_listed(provider, customer, subscription, people):
    make_assignment(subscription, people[0])

    text = Browser(provider).open("subscriptions:user_list", customer.pk).text

    assert "Business Premium" in text and "2 of 3 available" in text
