"""Several people at once about one license request: one result, and no half change."""

from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.utils.timezone import now

from portal.accounts.roles import Kind
from portal.audit.models import AuditEntry
from portal.scope import OPERATOR, acting
from subscriptions.models import LicenseRequest, Subscription
from subscriptions.rounds import look_after_license_requests
from tests.conftest import Browser
from tests.factories import (
    make_customer,
    make_license_request,
    make_membership,
    make_partner,
    make_partnership,
    make_subscription,
)
from tests.subscriptions.asking import APPROVE, CREATE, DECLINE, WITHDRAW
from tests.subscriptions.test_end_concurrently import at_once, press

ROUNDS = 5
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db):
    with acting(OPERATOR):
        provider, reseller = make_partner(Kind.PROVIDER), make_partner()
        make_partnership(provider, reseller)
        customer = make_customer(provider, reseller)
        people = [make_membership(organization=provider) for _ in range(2)]
        people += [make_membership(organization=reseller)]
        buyers = [make_membership(organization=customer.organization) for _ in range(2)]
        return SimpleNamespace(
            staff=[Browser(person) for person in people],
            buyers=[Browser(person) for person in buyers],
            subscriptions=[make_subscription(customer) for _ in range(ROUNDS)],
        )


def asked_for(subscription, **fields):
    with acting(OPERATOR):
        return make_license_request(subscription, **fields)


def outcome(asked):
    with acting(OPERATOR):
        asked.refresh_from_db()
        subscription = Subscription.objects.get(pk=asked.subscription_id)
        entries = AuditEntry.objects.about(subscription).filter(action="subscription.changed")
        changes = entries.filter(organization=subscription.provider_id).count()
        return asked.status, subscription.quantity, changes


def test_several_approve_and_one_change_is_made(world):
    for subscription in world.subscriptions:
        asked = asked_for(subscription)
        steps = [press(browser, APPROVE, asked.pk, version=1) for browser in world.staff]

        answers = at_once(*steps)

        assert outcome(asked) == ("approved", 25, 1)
        assert set(answers) == {302}


def test_approved_or_declined_but_never_both(world):
    one, other = world.staff[0], world.staff[2]
    for subscription in world.subscriptions:
        asked = asked_for(subscription)

        at_once(
            press(one, APPROVE, asked.pk, version=1),
            press(other, DECLINE, asked.pk, reason="No"),
        )

        assert outcome(asked) in {("approved", 25, 1), ("declined", 10, 0)}


def test_withdrawn_or_approved_but_never_both(world):
    for subscription in world.subscriptions:
        asked = asked_for(subscription)

        at_once(
            press(world.staff[0], APPROVE, asked.pk, version=1),
            press(world.buyers[0], WITHDRAW, asked.pk),
        )

        assert outcome(asked) in {("approved", 25, 1), ("withdrawn", 10, 0)}


def test_two_colleagues_ask_and_one_request_is_open(world):
    for subscription in world.subscriptions:
        steps = [
            press(browser, CREATE, subscription.pk, quantity=25, submission=str(uuid4()))
            for browser in world.buyers
        ]

        answers = at_once(*steps)

        assert sorted(answers) == [302, 422]
        with acting(OPERATOR):
            assert LicenseRequest.objects.filter(subscription=subscription).count() == 1


def test_one_button_pressed_twice_at_the_same_moment_asks_once(world):
    for subscription in world.subscriptions:
        form = {"quantity": 25, "submission": str(uuid4())}
        again = press(world.buyers[0], CREATE, subscription.pk, **form)

        assert at_once(again, again) == [302, 302]

        with acting(OPERATOR):
            assert LicenseRequest.objects.filter(subscription=subscription).count() == 1


def test_an_approval_and_a_change_by_hand_do_not_overwrite_each_other(world):
    page = "subscriptions:subscription_detail"
    by_hand = {"version": 1, "initial-version": 1, "quantity": 12, "initial-quantity": 10}
    by_hand |= {"status": "active", "initial-status": "active"}
    by_hand |= {"reseller_of_record": "none", "initial-reseller_of_record": "none"}
    for subscription in world.subscriptions:
        asked = asked_for(subscription)

        at_once(
            press(world.staff[0], APPROVE, asked.pk, version=1),
            press(world.staff[1], page, subscription.pk, **by_hand),
        )

        assert outcome(asked) in {("approved", 25, 1), ("open", 12, 1)}


def test_two_rounds_at_once_expire_once(world):
    with acting(OPERATOR):
        late = [make_license_request(s, expires_at=now()) for s in world.subscriptions]

    at_once(look_after_license_requests, look_after_license_requests)

    for asked in late:
        assert outcome(asked) == ("expired", 10, 0)
        with acting(OPERATOR):
            entries = AuditEntry.objects.about(asked).filter(action="licenserequest.expired")
            assert entries.filter(organization=asked.provider_id).count() == 1
