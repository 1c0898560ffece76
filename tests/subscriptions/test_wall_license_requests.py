"""What the database itself refuses about license requests."""

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from portal.accounts.roles import Kind
from portal.scope import acting
from subscriptions.models import LicenseRequest
from tests.factories import (
    make_customer,
    make_license_request,
    make_membership,
    make_partner,
    make_subscription,
)


@pytest.fixture
def subscription(customer, offer):
    return make_subscription(customer, offer)


@pytest.fixture
def elsewhere(outsider):
    """A subscription of another provider's customer."""
    return make_subscription(make_customer(outsider.organization, make_partner(Kind.RESELLER)))


def refused(actor, error, match):
    return pytest.raises(error, match=match), acting(actor), transaction.atomic()


def test_a_customer_can_not_ask_in_the_name_of_another(buyer, elsewhere):
    expected, scope, savepoint = refused(buyer.actor, ProgrammingError, "row-level security")
    with expected, scope, savepoint:
        make_license_request(elsewhere, asked_by=buyer.user)


def test_a_customer_can_not_ask_for_the_subscription_of_another(buyer, subscription, elsewhere):
    """A plain foreign key would accept it: it is checked without row-level security."""
    expected, scope, savepoint = refused(buyer.actor, IntegrityError, "agrees")
    with expected, scope, savepoint:
        LicenseRequest.objects.create(
            subscription=elsewhere,
            before=10,
            quantity=25,
            asked_by=buyer.user,
            **subscription.parties,
        )


@pytest.mark.parametrize("side", ["provider", "reseller"])
def test_partners_can_not_make_one(side, provider, reseller, subscription):
    person = {"provider": provider, "reseller": reseller}[side]
    expected, scope, savepoint = refused(person.actor, ProgrammingError, "permission denied")
    with expected, scope, savepoint:
        make_license_request(subscription, asked_by=person.user)


def test_nobody_deletes_one(subscription, buyer, provider, reseller):
    make_license_request(subscription)
    for person in (buyer, provider, reseller):
        expected, scope, savepoint = refused(person.actor, ProgrammingError, "permission denied")
        with expected, scope, savepoint:
            LicenseRequest.objects.all().delete()


def test_a_change_without_a_filter_touches_only_ones_own(buyer, subscription, elsewhere):
    mine, theirs = make_license_request(subscription), make_license_request(elsewhere)
    with acting(buyer.actor):
        assert LicenseRequest.objects.update(note="mine") == 1

    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.note, theirs.note) == ("mine", "")


def test_it_follows_the_customer_to_its_new_reseller(subscription, customer, stranger):
    asked = make_license_request(subscription)
    customer.reseller = stranger.organization
    customer.save()

    asked.refresh_from_db()
    assert asked.reseller == stranger.organization


@pytest.mark.parametrize(
    "fields",
    [
        {"quantity": 10},
        {"quantity": 0},
        {"quantity": 25, "due_on": "2030-01-01"},
        {"status": "approved"},
        {"status": "declined"},
        {"applied_at": "2026-01-01T00:00Z"},
    ],
)
def test_half_a_request_is_refused(subscription, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_license_request(subscription, **fields)


def test_one_is_open_at_a_time(subscription):
    make_license_request(subscription, status="withdrawn")
    make_license_request(subscription)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_license_request(subscription, quantity=30)


def test_a_member_of_nowhere_sees_none(subscription):
    make_license_request(subscription)
    with acting(make_membership(kind=Kind.CUSTOMER).actor):
        assert not LicenseRequest.objects.exists()
