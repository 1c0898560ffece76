"""What a person decides about a subscription: its renewal, its end, a trial's future."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils.timezone import localdate, now

from portal.audit.models import AuditEntry
from portal.lifecycle import InvalidTransition
from portal.scope import acting
from subscriptions import services
from subscriptions.models import OfferPrice, Subscription
from tests.factories import make_assignment, make_offer, make_person, make_subscription

DAY = timedelta(days=1)
A_YEAR = timedelta(days=365)


@pytest.fixture
def subscription(customer, offer):
    """Ten licenses for a year, bought today, at 20.60 EUR a month."""
    return make_subscription(customer, offer, ends_on=localdate() + A_YEAR)


@pytest.fixture
def trial(customer):
    offer = make_offer(
        "Business Premium Trial", "0", term="P30D", billing="none", is_trial=True, max_quantity=25
    )
    ends_on = localdate() + timedelta(days=30)
    return make_subscription(
        customer, offer, quantity=25, unit_price=0, ends_on=ends_on, auto_renew=False
    )


@pytest.fixture
def paid(trial):
    """What the trial can become."""
    offer = make_offer("Business Premium", sku_id="PAID")
    trial.offer.conversions = ["PAID"]
    trial.offer.save()
    return offer


def sell_as(offer, price="250.00", **fields):
    """The same thing for another term or billing plan."""
    fields = {"term": offer.term, "billing": offer.billing} | fields
    return make_offer(offer.name, price, sku_id=offer.sku_id, **fields)


def plan(subscription, actor, **wanted):
    wanted = {"version": subscription.version, "auto_renew": True} | wanted
    return services.change_renewal(subscription, actor=actor, **wanted)


def test_another_number_term_and_billing_plan_are_planned(subscription, offer, provider):
    sell_as(offer, billing="annual")

    planned, changed = plan(subscription, provider, quantity=20, term="P1Y", billing="annual")

    assert changed
    assert (planned.renewal_quantity, planned.renewal_term) == (20, "")
    assert planned.renewal_billing == "annual"
    entry = AuditEntry.objects.about(planned).first()
    assert entry.details["after"] == "renews, licenses 20, billing annual"
    assert not plan(planned, provider, quantity=20, billing="annual")[1]


def test_without_renewal_nothing_is_planned(subscription, provider):
    planned, _changed = plan(subscription, provider, quantity=20)
    planned, changed = plan(planned, provider, auto_renew=False, quantity=20)

    assert changed
    assert (planned.auto_renew, planned.renewal_quantity) == (False, None)


@pytest.mark.parametrize(
    "wanted, field",
    [
        ({"quantity": 301}, "quantity"),
        ({"quantity": 0}, "quantity"),
        ({"billing": "annual"}, "term"),
        ({"term": "P3Y"}, "term"),
    ],
)
def test_what_is_not_sold_is_not_planned(subscription, provider, wanted, field):
    with pytest.raises(services.LifeRefused) as refusal:
        plan(subscription, provider, **wanted)

    assert refusal.value.field == field


def test_a_trial_is_not_renewed(trial, provider):
    with pytest.raises(services.LifeRefused, match="convert it"):
        plan(trial, provider)


def test_a_plan_on_top_of_a_colleagues_is_refused(subscription, provider):
    plan(subscription, provider, quantity=20)

    with pytest.raises(services.Stale):
        services.change_renewal(subscription, actor=provider, version=1, auto_renew=False)


def test_cancelled_on_the_first_day_everything_comes_back(subscription, provider):
    cancelled = services.cancel_subscription(subscription, actor=provider, version=1)

    assert cancelled.status == Subscription.Status.CANCELLED
    assert cancelled.credit == Decimal("206.00")


def test_cancelled_later_the_days_that_were_used_are_paid(customer, offer, provider):
    with time_machine.travel("2027-04-01 10:00+00:00") as clock:
        subscription = make_subscription(customer, offer, quantity=7, ends_on=localdate() + A_YEAR)
        clock.shift(6 * DAY)

        cancelled = services.cancel_subscription(subscription, actor=provider, version=1)

    assert cancelled.credit == Decimal("115.36")  # 24 of 30 days of 144.20


def test_cancelled_too_late_is_refused_with_the_dates(subscription, provider):
    too_late = pytest.raises(services.LifeRefused, match="could be cancelled until")

    with time_machine.travel(now() + 7 * DAY), too_late:
        services.cancel_subscription(subscription, actor=provider, version=1)


def test_cancelling_frees_the_licenses(subscription, provider, customer):
    person = make_person(customer.organization)
    make_assignment(subscription, person)

    with acting(provider.organization.actor):  # who was granted nothing and sees no users
        cancelled = services.cancel_subscription(subscription, actor=provider, version=1)

    cancelled.refresh_from_db()

    assert (cancelled.assigned, person.licenses.count()) == (0, 0)
    assert AuditEntry.objects.filter(action="licenseassignment.revoked").exists()


def test_a_trial_becomes_a_paid_subscription_and_keeps_its_users(trial, paid, provider, customer):
    make_assignment(trial, make_person(customer.organization))

    bought = services.convert_trial(trial, actor=provider, version=1, offer=paid, quantity=12)

    assert (bought.pk, bought.assigned, bought.quantity) == (trial.pk, 1, 12)
    assert (bought.name, bought.unit_price) == ("Business Premium", Decimal("20.60"))
    assert (bought.term, bought.billing, bought.auto_renew) == ("P1Y", "monthly", True)
    assert bought.started_on == localdate()
    assert bought.last_day_to_cancel == localdate() + 6 * DAY


def test_a_trial_becomes_only_what_the_catalogue_names(trial, paid, provider):
    with pytest.raises(services.LifeRefused) as refusal:
        services.convert_trial(trial, actor=provider, version=1, offer=make_offer(), quantity=5)
    assert refusal.value.field == "offer"

    with pytest.raises(services.LifeRefused) as refusal:
        services.convert_trial(trial, actor=provider, version=1, offer=paid, quantity=301)
    assert refusal.value.field == "quantity"

    OfferPrice.objects.filter(offer=paid).delete()
    with pytest.raises(services.LifeRefused):
        services.convert_trial(trial, actor=provider, version=1, offer=paid, quantity=5)


def test_a_trial_keeps_at_least_the_licenses_of_its_users(trial, paid, provider, customer):
    for _ in range(3):
        make_assignment(trial, make_person(customer.organization))

    with pytest.raises(services.StillAssigned):
        services.convert_trial(trial, actor=provider, version=1, offer=paid, quantity=2)


def test_a_paid_subscription_is_no_trial(subscription, paid, provider):
    with pytest.raises(InvalidTransition):
        services.convert_trial(subscription, actor=provider, version=1, offer=paid, quantity=2)
