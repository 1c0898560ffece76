"""No sequence of what people and time do to subscriptions breaks what must always be true.

Hypothesis makes up the sequences, on the real database: the same few of them every time, so that
the suite stays quick and says the same to everybody. For a long search raise ``EXAMPLES`` and take
``derandomize`` away; for the shortest sequence that fails, which can take minutes, ``phases``.
"""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from types import SimpleNamespace
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils.timezone import localdate
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from customers.services import Refused
from portal.audit.models import AuditEntry
from portal.lifecycle import InvalidTransition
from portal.scope import OPERATOR, acting
from subscriptions import services
from subscriptions.license_rules import check_change, refuse_unless_active
from subscriptions.life_rounds import due, to_be_reminded
from subscriptions.models import Offer, OfferPrice, OrderLine, Subscription
from subscriptions.periods import charge_of, credit_of, period_at
from subscriptions.services.life import bring_up_to_date
from subscriptions.services.reminding import remind
from subscriptions.tasks import provision_line
from tests.factories import make_offer, make_person
from tests.subscriptions.living import add_on_to, sell_as

EXAMPLES, STEPS = 20, 30
Status = Subscription.Status
# What people are told when something can't be done; everything else is a mistake of ours.
REFUSALS = (
    InvalidTransition,
    Refused,
    ValidationError,
    services.LifeRefused,
    services.OrderRefused,
    services.RequestRefused,
    services.Stale,
    services.StillAssigned,
)
PASSING = st.one_of(
    st.builds(timedelta, hours=st.integers(1, 30)),
    st.builds(timedelta, days=st.integers(1, 40)),
    st.builds(timedelta, days=st.integers(60, 400)),
)
BEGIN = datetime(2027, 1, 31, 8, tzinfo=UTC)  # the last of a month, for the shorter ones to come


@pytest.fixture
def world(provider, buyer, customer):
    yearly = make_offer(max_quantity=50)
    monthly = sell_as(yearly, "24.13", term="P1M")
    annual = sell_as(yearly, "240.07", billing="annual")
    trial = make_offer(
        "Trial",
        "0",
        term="P30D",
        billing="none",
        is_trial=True,
        max_quantity=25,
        conversions=[yearly.sku_id],
    )
    offers = [yearly, monthly, annual, trial]
    people = [make_person(customer.organization) for _ in range(4)]
    return SimpleNamespace(
        provider=provider, buyer=buyer, customer=customer, offers=offers, people=people
    )


@contextmanager
def as_person(person):
    """Everything one press of a button does, or nothing of it where it is refused."""
    try:
        with acting(person.organization.actor):
            yield
    except REFUSALS:
        pass


class Life(RuleBasedStateMachine):
    world = None
    bought = Bundle("bought")

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.clock = time_machine.travel(BEGIN)
        self.traveller = self.clock.start()
        self.accounts = {}  # what was charged and credited in the billing period of each

    def teardown(self):
        try:
            self.every_move_was_allowed()
        finally:
            self.clock.stop()
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    # ---- What people do

    @initialize(target=bought)
    def begin(self):
        """One of each kind, so that there is something to do from the first step on."""
        bought = [self.order(offer, 10) for offer in self.world.offers]
        for pk in bought:
            services.assign_licenses(now_of(pk), self.world.people[:2], actor=self.world.provider)
        return multiple(*bought, self.add_on(now_of(bought[0])))

    @rule(target=bought, offer=st.integers(0, 3), quantity=st.integers(1, 30))
    def buy(self, offer, quantity):
        return self.order(self.world.offers[offer], quantity) or multiple()

    @rule(target=bought, base=bought)
    def buy_add_on(self, base):
        base = now_of(base)
        if base.status != Status.ACTIVE or base.base_id:
            return multiple()
        return self.add_on(base)

    @rule(pk=bought, quantity=st.integers(1, 60))
    def change_licenses(self, pk, quantity):
        with self.paying(pk) as before, as_person(self.world.provider):
            refuse_unless_active(before)
            check_change(before, quantity)
            self.change(before, quantity=quantity)

    @rule(pk=bought, status=st.sampled_from([Status.SUSPENDED, Status.ACTIVE]))
    def suspend_or_resume(self, pk, status):
        with as_person(self.world.provider):
            self.change(now_of(pk), status=status)

    @rule(pk=bought, sure=st.sampled_from([True, False, False, False]))
    def cancel(self, pk, sure):
        """Rarely, or nothing would live for long."""
        before = now_of(pk)
        if not sure:
            return
        with as_person(self.world.provider):
            services.cancel_subscription(before, actor=self.world.provider, version=before.version)

    @rule(
        pk=bought,
        auto_renew=st.booleans(),
        quantity=st.none() | st.integers(0, 60),
        term=st.sampled_from(["", "P1M", "P1Y", "P3Y"]),
        billing=st.sampled_from(["", "monthly", "annual"]),
    )
    def plan(self, pk, **plan):
        seen = now_of(pk)
        with as_person(self.world.provider):
            services.change_renewal(seen, actor=self.world.provider, version=seen.version, **plan)

    @rule(pk=bought, offer=st.integers(0, 3), quantity=st.integers(1, 60))
    def convert(self, pk, offer, quantity):
        seen = now_of(pk)
        with as_person(self.world.provider):
            services.convert_trial(
                seen,
                actor=self.world.provider,
                version=seen.version,
                offer=self.world.offers[offer],
                quantity=quantity,
            )

    @rule(pk=bought, quantity=st.integers(1, 30))
    def ask_and_approve(self, pk, quantity):
        asked = None
        with as_person(self.world.buyer):
            asked = services.ask_for_licenses(
                now_of(pk), actor=self.world.buyer, quantity=quantity, submission=uuid4()
            )
        with self.paying(pk) as seen, as_person(self.world.provider):
            if asked:
                services.approve_request(asked, actor=self.world.provider, version=seen.version)

    @rule(pk=bought, number=st.integers(3, 4))
    def assign(self, pk, number):
        with as_person(self.world.provider):
            services.assign_licenses(
                now_of(pk), self.world.people[:number], actor=self.world.provider
            )

    @rule(pk=bought, number=st.integers(1, 4))
    def take_back(self, pk, number):
        with as_person(self.world.provider):
            services.revoke_licenses(
                now_of(pk), self.world.people[:number], actor=self.world.provider
            )

    @rule(
        offer=st.integers(0, 3),
        is_available=st.sampled_from([True, True, True, False]),
        unit_price=st.decimals("0.01", "99.99", places=2),
    )
    def publish(self, offer, is_available, unit_price):
        offer = self.world.offers[offer]
        Offer.objects.filter(pk=offer.pk).update(is_available=is_available)
        OfferPrice.objects.filter(offer=offer).update(unit_price=unit_price)

    # ---- What time does

    @rule(step=PASSING, worker=st.booleans())
    def time_goes_by(self, step, worker):
        """With a worker at the end of it, or without: then the next one makes up for it."""
        self.traveller.shift(step)
        if worker:
            self.round_comes_by()

    def round_comes_by(self):
        for found, act in ((due(), bring_up_to_date), (to_be_reminded(), remind)):
            for row in found.select_related("provider").order_by("ends_on", "pk"):
                with acting(row.provider.actor):
                    act(row)
        assert not due().exists() and not to_be_reminded().exists()
        for one in self.all():
            if one.status == Status.ACTIVE:
                assert one.started_on <= localdate() < one.ends_on

    # ---- What is always true

    @invariant()
    def everything_holds(self):
        for one in self.all().annotate(given=Count("assignments")):
            self.licenses_cover_their_users(one)
            if one.base_id and one.status == Status.ACTIVE:
                assert one.base.status == Status.ACTIVE
            if one.started_on:
                assert one.started_on < one.ends_on and one.started_on <= localdate()
                self.credits_never_exceed_charges(one)

    def licenses_cover_their_users(self, one):
        assert one.given == one.assigned <= one.quantity
        assert one.given == 0 or one.status not in {Status.CANCELLED, Status.DELETED}

    def credits_never_exceed_charges(self, one):
        account = self.account_of(one)
        assert account.credited <= account.charged
        assert one.credit is None or 0 <= one.credit <= account.charged - account.credited

    def every_move_was_allowed(self):
        with acting(OPERATOR):
            for one in self.all():
                entries = AuditEntry.objects.about(one).filter(organization=one.provider_id)
                moves = [e for e in entries.order_by("at") if e.action.split(".")[1] in Status]
                for entry in moves:
                    before, after = entry.details["before"], entry.details["after"]
                    assert after in Subscription.TRANSITIONS[before]
                for earlier, later in pairwise(moves):
                    assert earlier.details["after"] == later.details["before"]
                if moves:
                    assert moves[-1].details["after"] == one.status

    # ---- How it is counted

    def all(self):
        rows = Subscription.objects.select_related("base").order_by("pk")
        return rows.filter(customer=self.world.customer)

    def order(self, offer, quantity):
        """The id of the subscription that was bought, or None."""
        order = None
        with as_person(self.world.provider):
            order = services.place_order(
                self.world.customer,
                actor=self.world.provider,
                quantities={offer.pk: quantity},
                reseller_of_record=None,
                submission=uuid4(),
            )
            line = OrderLine.objects.get(order=order)
            provision_line(line.pk)
        return order and line.subscription_id

    def add_on(self, base):
        return add_on_to(base, started_on=localdate(), ends_on=localdate() + timedelta(40)).pk

    def change(self, seen, **changes):
        services.change_subscription(
            seen, actor=self.world.provider, version=seen.version, **changes
        )

    def account_of(self, one):
        """The billing period of today: charged in full when it begins."""
        start = period_at(one, localdate())[0]
        known = self.accounts.get(one.pk)
        if known is None or known.period != (one.offer_id, one.started_on, start):
            charged = one.unit_price * one.quantity
            known = SimpleNamespace(
                period=(one.offer_id, one.started_on, start), charged=charged, credited=Decimal(0)
            )
            self.accounts[one.pk] = known
        return known

    @contextmanager
    def paying(self, pk):
        """What more licenses cost and fewer bring back, on the account of their period."""
        before = now_of(pk)
        yield before
        after = now_of(pk)
        if not before.started_on or after.quantity == before.quantity:
            return
        account = self.account_of(before)
        if after.quantity > before.quantity:
            account.charged += charge_of(after, localdate(), before=before.quantity)
        else:
            account.credited += credit_of(before, localdate(), keep=after.quantity)


def now_of(pk):
    return Subscription.objects.select_related("offer", "provider").get(pk=pk)


def test_nothing_breaks_what_must_be_true(world):
    Life.world = world
    chosen = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        derandomize=True,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Life, settings=chosen)
