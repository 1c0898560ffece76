"""Ten thousand subscriptions at once: exported, counted as incentives, given other partners.

Run with ``python -m devstack test benchmarks.subscriptions``. BENCH_SUBSCRIPTIONS (default 10,000)
sizes it. One process, the whole application and PostgreSQL.
"""

import os
import time

from benchmarks import lists

NUMBER = int(os.environ.get("BENCH_SUBSCRIPTIONS", "10000"))


def main():
    """Make a database, ask for the files and pages, change all, print the seconds."""
    lists.ROWS = NUMBER
    with lists.database():
        staff, _cookie = lists.prepare()
        browser = browser_of(staff)
        for what, name, query in PAGES:
            timed(what, browser, name, query)
        change_all(browser, some_location(staff))


def browser_of(staff):
    from django.test.utils import setup_test_environment

    setup_test_environment()
    from tests.conftest import Browser

    return Browser(staff)


PAGES = [
    ("Export subscriptions, all", "subscriptions:subscription_export", {"scope": "all"}),
    ("Subscriptions, the list with its numbers", "subscriptions:subscription_list", {}),
    ("Incentives", "subscriptions:incentives", {}),
    ("Preview of changing all", "subscriptions:subscriptions_change", {"to": "none"}),
]


def timed(what, browser, name, query):
    before = time.perf_counter()
    response = browser.open(name, **query)
    seconds = time.perf_counter() - before
    print(f"{what:45}{seconds:8.1f} s  {response.status_code}", flush=True)
    return response


def some_location(staff):
    """The MPN ID of one of the provider's resellers."""
    from partners.models import Partnership
    from portal.scope import OPERATOR, acting

    with acting(OPERATOR):
        mine = Partnership.objects.active().filter(provider=staff.organization_id)
        return mine.select_related("location").first().location.mpn_id


def change_all(browser, mpn_id):
    """In the background, one worker: another reseller for all."""
    from portal.outbox.worker import work_once

    query = {"scope": "matching", "to": mpn_id}
    page = browser.open("subscriptions:subscriptions_change", **query)
    form = page.context["button"]
    data = {name: form[name].value() for name in form.fields}
    answer = browser.send("subscriptions:subscriptions_change", data=data)
    before = time.perf_counter()
    while work_once():
        pass
    seconds = time.perf_counter() - before
    assert answer.status_code == 302
    print(f"{'Changing all in the background':45}{seconds:8.1f} s  {named(mpn_id)}", flush=True)


def named(mpn_id):
    """How many subscriptions name that location now."""
    from portal.scope import OPERATOR, acting
    from subscriptions.models import Subscription

    with acting(OPERATOR):
        return Subscription.objects.filter(reseller_of_record__mpn_id=mpn_id).count()


if __name__ == "__main__":
    main()
