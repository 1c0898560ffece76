"""Races about orders: the crowds of ``tests/subscriptions/test_order_concurrently.py``, in figures.

Run by ``benchmarks.races``. RACE_PRESSES (default 1024) says how often the one form is submitted.
"""

import os
import time
from collections import Counter

PRESSES = int(os.environ.get("RACE_PRESSES", "1024"))
THREADS = 32


def race_for_orders(rounds):
    """Run and print them all; each gets ``rounds`` rounds but the first."""
    one_form_many_times()
    for title, race in RACES.items():
        report(title, [race() for _ in range(rounds)])


def report(title, outcomes):
    print(f"\n{title}, {len(outcomes)} rounds")
    for outcome, times in Counter(outcomes).most_common():
        print(f"  {times} x {outcome}", flush=True)


def one_form_many_times():
    from portal.scope import OPERATOR, acting
    from subscriptions.models import Order, Subscription
    from tests.subscriptions import test_order_concurrently as races

    world = races.new_world()
    browser, before = world.staff[0], time.perf_counter()
    answers = races.crowd(
        races.copies_of(browser, THREADS),
        browser.url(races.ADD, world.customer.pk),
        races.form_of(world.offers),
        PRESSES,
    )
    seconds = time.perf_counter() - before
    with acting(OPERATOR):
        orders = Order.objects.filter(customer=world.customer).count()
        subscriptions = Subscription.objects.filter(customer=world.customer).count()
    statuses = Counter(status for (status, _url), n in answers.items() for _ in range(n))
    print(f"\nOne form of three offers submitted {PRESSES} times by {THREADS} threads")
    print(f"  answers: {dict(statuses)}, {seconds:.0f} s")
    print(f"  orders: {orders}, subscriptions: {subscriptions}", flush=True)


def last_one_per_customer():
    """Two people, two forms, an offer that is sold once to each customer."""
    from portal.scope import OPERATOR, acting
    from subscriptions.models import Offer, Subscription
    from tests.subscriptions import test_order_concurrently as races

    world = races.new_world()
    with acting(OPERATOR):
        Offer.objects.filter(pk=world.offers[0].pk).update(limit_per_customer=1)
    answers = races.at_once(
        *(
            races.press(one, races.ADD, world.customer.pk, **races.form_of(world.offers[:1]))
            for one in world.staff
        )
    )
    with acting(OPERATOR):
        found = Subscription.objects.filter(customer=world.customer).count()
    return f"{sorted(answers)}, {found} subscription(s)"


def cancelled_while_set_up():
    from tests.subscriptions import test_order_concurrently as races

    world = races.new_world()
    order = races.ordered(world)
    work = races.do_background_work
    answer, *_ = races.at_once(races.press(world.staff[0], races.CANCEL, order.pk), work, work)
    work()
    return f"{answer}, {_words(races.facts(order))}"


def tried_again_twice():
    from tests.subscriptions import test_order_concurrently as races

    world = races.new_world()
    order = races.failed(world)
    answers = races.at_once(*(races.press(one, races.RETRY, order.pk) for one in world.staff))
    races.do_background_work()
    return f"{answers}, {_words(races.facts(order))}"


def _words(facts):
    status, lines, subscriptions = facts
    return f"order {status}, lines {sorted(lines)}, subscriptions {sorted(subscriptions)}"


RACES = {
    "Two people for the only one a customer may have": last_one_per_customer,
    "Cancelled while two workers set it up": cancelled_while_set_up,
    "Try again pressed by two at once": tried_again_twice,
}
