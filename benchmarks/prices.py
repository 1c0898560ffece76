"""A whole price list from a file into the catalogue: how long that takes.

Run with ``python -m devstack test benchmarks.prices``. BENCH_PRICES (default 50,000) is how many
rows the artificial list has, in the columns of the real one; two in a hundred are wrong. The month
after, a tenth of the prices is another one.
"""

import os
import time
import tracemalloc
from contextlib import contextmanager
from io import BytesIO

from benchmarks.lists import database

ROWS = int(os.environ.get("BENCH_PRICES", "50000"))
MARKETS = {"DE": "EUR", "AT": "EUR", "CH": "CHF", "GB": "GBP", "US": "USD"}
PLANS = (("P1M", "Monthly", 1), ("P1Y", "Monthly", 12), ("P1Y", "Annual", 12))
WRONG = 50  # one row in so many has no term


def main():
    """Import a list, the same again, and the one of the month after; print the seconds."""
    with database():
        prepare()
        january, february = price_list(ROWS, 1), price_list(ROWS, 2)
        print(f"{ROWS:,} rows, {len(january) / 2**20:.1f} MB", flush=True)
        run("A whole list, dry run", january, dry_run=True)
        run("A whole list, everything new", january)
        run("The same again", january)
        run("The month after, a tenth changed", february, is_full=True)
        memory(january)


def price_list(rows, month):
    """An artificial list of one month (1 or 2) as bytes, in the columns of the real one."""
    from subscriptions.price_lists.formats import PRICE_COLUMNS

    lines = (_line(number, month) for number in range(rows))
    return "\n".join([",".join(PRICE_COLUMNS), *lines, ""]).encode("utf-8-sig")


def _line(number, month):
    product, place = divmod(number, len(MARKETS) * len(PLANS))
    market = list(MARKETS)[place % len(MARKETS)]
    term, plan, months = PLANS[place // len(MARKETS)]
    changed = month == 2 and number % 10 == 0
    price = months * (5 + product % 40) + changed
    start = "2026-02-01" if changed else "2026-01-01"
    title = f"Artificial product {product}"
    return (
        f"{title},CFQ7TTC{product:05d},0001,{title},Artificial Corporation,Invented,"
        f"1 License,{'' if number % WRONG == 7 else term},{plan},{market},{MARKETS[market]},"
        f"{price}.00,,,{start}T00:00:00.0000000Z,9999-12-30T00:00:00.0000000Z,License,{price}.99"
    )


def prepare():
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


@contextmanager
def timed(what):
    before = time.perf_counter()
    yield
    print(f"{what:40}{time.perf_counter() - before:8.1f} s", flush=True)


def run(what, data, **options):
    from portal.scope import OPERATOR, acting
    from subscriptions.price_lists import import_file, read

    with timed(f"{what}: reading"):
        file = read(BytesIO(data))
    with timed(f"{what}: all else"), acting(OPERATOR):
        found = import_file(file, **options)
    print("  ", found.counts, flush=True)


def memory(data):
    from subscriptions.price_lists import read

    tracemalloc.start()
    read(BytesIO(data))
    print(f"At most {tracemalloc.get_traced_memory()[1] / 2**20:.0f} MB for reading", flush=True)


if __name__ == "__main__":
    main()
