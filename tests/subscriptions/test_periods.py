"""Money adds up to the cent, whatever the dates, prices and numbers are."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from subscriptions.marketplace import MONTHS, term_end
from subscriptions.models import Subscription
from subscriptions.periods import STEPS, charge_of, credit_of, period_at, periods, share

DAY = timedelta(days=1)
# Pure arithmetic: two hundred cases take a second. The same ones every time.
settings.register_profile("money", max_examples=200, derandomize=True, deadline=None)
money = settings.get_profile("money")

starts = st.dates(date(2024, 1, 1), date(2030, 12, 31))
plans = st.sampled_from([("P1M", "monthly"), ("P1Y", "monthly"), ("P1Y", "annual")]) | (
    st.sampled_from([("P3Y", "monthly"), ("P3Y", "annual"), ("P1Y", "one_time"), ("P30D", "none")])
)
prices = st.decimals("0.00", "9999.99", places=2)
quantities = st.integers(1, 500)


def a_term(start, plan, price, quantity):
    term, billing = plan
    return Subscription(
        started_on=start,
        ends_on=term_end(start, term),
        term=term,
        billing=billing,
        unit_price=price,
        quantity=quantity,
        anchor_day=start.day,
    )


@money
@given(starts, plans, prices, quantities)
def test_a_term_costs_its_price_for_every_license_and_period(start, plan, price, quantity):
    subscription = a_term(start, plan, price, quantity)
    found = periods(subscription)

    months = MONTHS.get(subscription.term, 0)
    assert len(found) == (months // STEPS[subscription.billing] if plan[1] in STEPS else 1)
    charges = [charge_of(subscription, first) for first, _end in found]
    assert sum(charges) == price * quantity * len(found)


@money
@given(starts, plans)
def test_periods_follow_each_other_without_a_gap(start, plan):
    subscription = a_term(start, plan, Decimal(1), 1)
    found = periods(subscription)

    assert (found[0][0], found[-1][1]) == (start, subscription.ends_on)
    assert all(end == following for (_, end), (following, _) in zip(found, found[1:], strict=False))
    for day in (start, start + DAY, subscription.ends_on - DAY):
        first, end = period_at(subscription, day)
        assert first <= day < end


@money
@given(starts, plans, prices, quantities, st.integers(0, 400))
def test_what_is_credited_was_charged_and_less_every_day(start, plan, price, quantity, days):
    subscription = a_term(start, plan, price, quantity)
    period = first, end = period_at(subscription, start)
    on = min(first + timedelta(days=days), end)

    assert share(price * quantity, period, first) == price * quantity
    assert share(price * quantity, period, end) == 0
    assert 0 <= credit_of(subscription, on) <= price * quantity
    if on < end:
        assert credit_of(subscription, on + DAY) <= credit_of(subscription, on)


@money
@given(starts, plans, prices, st.lists(st.tuples(quantities, st.integers(0, 6)), max_size=6))
def test_credits_never_exceed_charges(start, plan, price, purchases):
    """Bought a few at a time, and all of it cancelled on the last day of the window."""
    subscription = a_term(start, plan, price, 1)
    charged, on = charge_of(subscription, start), start
    for more, days in sorted(purchases, key=lambda purchase: purchase[1]):
        on, before = start + timedelta(days=days), subscription.quantity
        subscription.increases.append([f"{on}T12:00:00+00:00", before])
        subscription.quantity += more
        charged += charge_of(subscription, on, before=before)

    assert credit_of(subscription, on) <= charged
    assert credit_of(subscription, start + 6 * DAY) <= charged
    assert credit_of(subscription, start) == price * subscription.quantity


def test_what_was_bought_last_goes_first():
    subscription = a_term(date(2027, 4, 1), ("P1Y", "monthly"), Decimal("10.00"), 10)
    subscription.increases = [["2027-04-04T12:00:00+00:00", 7]]

    assert credit_of(subscription, date(2027, 4, 4), keep=7) == Decimal("27.00")
    assert credit_of(subscription, date(2027, 4, 4), keep=5) == Decimal("45.00")
