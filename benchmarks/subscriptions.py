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
        change_all(browser)


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


def change_all(browser):
    """In the background, one worker: no reseller for all."""
    from portal.outbox.worker import work_once

    query = {"scope": "matching", "to": "none"}
    page = browser.open("subscriptions:subscriptions_change", **query)
    form = page.context["button"]
    data = {name: form[name].value() for name in form.fields}
    answer = browser.send("subscriptions:subscriptions_change", data=data)
    before = time.perf_counter()
    while work_once():
        pass
    seconds = time.perf_counter() - before
    print(
        f"{'Changing all in the background':45}{seconds:8.1f} s  {answer.status_code}", flush=True
    )


if __name__ == "__main__":
    main()
