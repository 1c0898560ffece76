"""Races for one personal link, for customers and for orders; what the clock tells of unknown links.

Run with ``python -m devstack test benchmarks.races``. RACE_ROUNDS (default 20) and RACE_CROWD
(default 30) size the races, RACE_LOOKS (default 400) the comparison of the clock; those about
orders are in ``benchmarks.races_orders``. Threads, a real
PostgreSQL and the whole application, in one process.
"""

import logging
import os
import time
from statistics import median

from benchmarks.lists import database
from benchmarks.races_orders import race_for_orders
from benchmarks.racing import ROUNDS, copies_of, count, press_at_once, run

CROWD = int(os.environ.get("RACE_CROWD", "30"))
LOOKS = int(os.environ.get("RACE_LOOKS", "400"))
UNKNOWN = "/invitations/7Q2FK-9XM4T-RBW8Z-D3HNC-5VYJ2-PT/"
CONSENT = {"authorized": "on"}


def main():
    """Make a database, race, look at the clock, print."""
    with database():
        prepare()
        from benchmarks import races_customers  # its models need Django set up

        run(RACES + races_customers.RACES)
        race_for_orders(ROUNDS)
        compare_clocks()


def prepare():
    import django
    from django.conf import settings

    django.setup()
    # Sessions are signed in without them; hashing slowly would take most of the time.
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "portal.accounts.hashers.TemporaryPasswordHasher",
    ]
    logging.disable(logging.WARNING)  # every loser of a race is told so, and logged
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    setup_test_environment()


def invite(links):
    """The addresses of new personal links of one new provider."""
    from django.urls import reverse

    from portal.accounts.roles import Kind
    from tests.factories import make_partner, make_request

    provider = make_partner(Kind.PROVIDER)
    requests = [make_request(provider) for _ in range(links)]
    return [reverse("invitation", args=[request.token]) for request in requests]


def people(number):
    """(browser, input) of this many global admins, each of a new reseller."""
    from tests.conftest import Browser
    from tests.factories import make_membership, make_partner

    found = [make_membership(organization=make_partner()) for _ in range(number)]
    return [
        (Browser(one), CONSENT | {"location": one.organization.mpn_accounts.get().mpn_id})
        for one in found
    ]


def set_up(companies, links):
    from portal.scope import OPERATOR, acting

    with acting(OPERATOR):
        return people(companies), invite(links)


def outcome(answers, urls):
    """The answers, and how many partnerships came of these links."""
    from partners.models import Partnership, PartnershipRequest
    from portal.scope import OPERATOR, acting

    with acting(OPERATOR):
        asked = [PartnershipRequest.objects.for_token(url.split("/")[2]).get() for url in urls]
        return count(answers), Partnership.objects.filter(request__in=asked).count()


def a_crowd_on_one_link():
    crowd, urls = set_up(CROWD, 1)
    return outcome(press_at_once([(browser, urls[0], data) for browser, data in crowd]), urls)


def one_person_pressing_often():
    [(browser, data)], urls = set_up(1, 1)
    copies = copies_of(browser, CROWD)
    return outcome(press_at_once([(copy, urls[0], data) for copy in copies]), urls)


def one_company_by_many_links():
    [(browser, data)], urls = set_up(1, CROWD)
    pairs = zip(copies_of(browser, len(urls)), urls, strict=True)
    return outcome(press_at_once([(copy, url, data) for copy, url in pairs]), urls)


RACES = [
    (f"{CROWD} companies on one link", a_crowd_on_one_link, "partnerships"),
    (f"One person pressing {CROWD} times", one_person_pressing_often, "partnerships"),
    (f"One company by {CROWD} links", one_company_by_many_links, "partnerships"),
]


def compare_clocks():
    """Medians of an unknown and a withdrawn link, looked at in turn by a visitor."""
    from django.test import Client

    from partners.models import PartnershipRequest
    from portal.scope import OPERATOR, acting

    with acting(OPERATOR):
        [withdrawn] = invite(1)
        token = withdrawn.split("/")[2]
        request = PartnershipRequest.objects.for_token(token)
        request.update(status=PartnershipRequest.Status.WITHDRAWN)
    browser, times = Client(), {withdrawn: [], UNKNOWN: []}
    for _ in range(LOOKS):
        for url, taken in times.items():
            before = time.perf_counter()
            browser.get(url)
            taken.append(1000 * (time.perf_counter() - before))
    known, unknown = (median(taken[20:]) for taken in times.values())
    print(f"\nUnknown link {unknown:.2f} ms, withdrawn link {known:.2f} ms (medians of {LOOKS})")
    print(f"  ratio {unknown / known:.3f}")


if __name__ == "__main__":
    main()
