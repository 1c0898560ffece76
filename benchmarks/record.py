"""What the chain of the activity log costs, and how long it takes to verify.

Run with ``python -m devstack test benchmarks.record``. BENCH_ENTRIES (default 200,000) is how many
entries are verified.
"""

import os
import time
from contextlib import contextmanager
from threading import Thread

from benchmarks.lists import database

ENTRIES = int(os.environ.get("BENCH_ENTRIES", "200000"))
AT_ONCE = 10_000  # entries of one transaction
THREADS, TURNS = 8, 250


def main():
    """Print the seconds of writing with and without the chain, and of verifying."""
    with database():
        places = prepare()
        write_in_both_ways(places, "with the chain")
        verify(places)
        switch_off()
        write_in_both_ways(places, "without")


def prepare():
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from portal.scope import OPERATOR, acting
    from tests.factories import make_organization

    with acting(OPERATOR):
        return [make_organization() for _ in range(50)]


def write_in_both_ways(places, words):
    with measured(f"{AT_ONCE:,} entries in one transaction, {words}"):
        write(places, AT_ONCE)
    with measured(f"{THREADS * TURNS:,} transactions of {THREADS} threads, {words}"):
        crowd(places)


def switch_off():
    from django.db import connection

    from portal.scope import OWNER, Actor, acting

    with acting(Actor(OWNER)), connection.cursor() as cursor:
        cursor.execute("alter table audit_auditentry disable trigger audit_link")


@contextmanager
def measured(words):
    start = time.perf_counter()
    yield
    print(f"{words}: {time.perf_counter() - start:.2f} s", flush=True)


def write(places, number):
    from portal.audit.services import record_all
    from portal.scope import OPERATOR, acting

    with acting(OPERATOR):
        targets = [places[index % len(places)] for index in range(number)]
        record_all("customer.added", actor=None, targets=targets, note="some words of details")


def crowd(places):
    from django.db import connection

    def work(first):
        for turn in range(TURNS):
            write(places[(first + turn) % len(places) :][:1], 1)
        connection.close()

    threads = [Thread(target=work, args=(first,)) for first in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def verify(places):
    from portal.audit import chain
    from portal.scope import OPERATOR, acting

    for _ in range(ENTRIES // AT_ONCE):
        write(places, AT_ONCE)
    with measured(f"verifying {ENTRIES:,} entries and more"), acting(OPERATOR):
        assert list(chain.breaks()) == []
        assert len(list(chain.heads())) == len(places)


if __name__ == "__main__":
    main()
