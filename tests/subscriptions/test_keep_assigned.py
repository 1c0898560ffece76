"""Licenses that users have are not reduced away, whichever way somebody tries."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate, now

from customers.models import CustomerUser
from portal.scope import acting
from subscriptions.license_rules import still_assigned
from subscriptions.models import LicenseRequest
from subscriptions.rounds import look_after_license_requests
from tests.factories import (
    make_assignment,
    make_grant,
    make_license_request,
    make_person,
    make_subscription,
)
from tests.subscriptions.asking import approve

RENEWAL = localdate() + timedelta(days=60)


@pytest.fixture
def subscription(customer, offer):
    """10 licenses, 3 of them in the hands of users."""
    subscription = make_subscription(customer, offer, ends_on=RENEWAL)
    for _ in range(3):
        make_assignment(subscription, make_person(customer.organization))
    return subscription


def quantity_of(asked):
    asked.subscription.refresh_from_db()
    return asked.subscription.quantity


def test_a_request_for_fewer_can_not_be_approved(staff, subscription, buyer):
    asked = make_license_request(subscription, quantity=2, asked_by=buyer.user)

    response = approve(staff, asked)

    assert response.status_code == 422
    assert still_assigned(subscription) in response.text
    assert quantity_of(asked) == 10


def test_as_many_as_users_have_can_be_approved(staff, subscription, buyer):
    asked = make_license_request(subscription, quantity=3, asked_by=buyer.user)

    assert approve(staff, asked).status_code == 302
    assert quantity_of(asked) == 3


def test_what_was_promised_waits_until_users_have_given_enough_back(
    staff, subscription, buyer, caplog
):
    asked = make_license_request(subscription, quantity=2, due_on=RENEWAL, asked_by=buyer.user)
    approve(staff, asked)
    LicenseRequest.objects.filter(pk=asked.pk).update(due_on=localdate())

    look_after_license_requests()
    assert quantity_of(asked) == 10
    assert caplog.records == []

    type(subscription).objects.filter(pk=subscription.pk).update(assigned=2)
    look_after_license_requests()
    assert quantity_of(asked) == 2


def test_the_wall_itself_closes_when_the_grant_is_over(customer, provider):
    """Even for code that forgets to ask who may administer."""
    make_person(customer.organization)
    grant = make_grant(customer)
    with acting(provider.actor):
        assert CustomerUser.objects.count() == 1

    grant.granted_at, grant.ends_at = now() - timedelta(days=9), now() - timedelta(seconds=1)
    grant.save()

    with acting(provider.actor):
        assert not CustomerUser.objects.exists()
