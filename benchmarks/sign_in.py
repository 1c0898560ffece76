"""Does the clock tell who has an account? Wrong passwords for all kinds of accounts and for none.

Run with ``python -m devstack test benchmarks.sign_in``. BENCH_TRIES (default 40) of each, in turn,
through the whole application, passwords hashed as in production; prints medians in milliseconds.
"""

import os
import time
from statistics import median

from benchmarks.lists import database

TRIES = int(os.environ.get("BENCH_TRIES", "40"))


def main():
    """Make a database and the accounts, try, print one line for each kind."""
    with database():
        logins = prepare()
        taken = {kind: [] for kind in logins}
        for _ in range(TRIES):
            for kind, login in logins.items():
                taken[kind].append(press(login))
        report(taken)


def prepare():
    """The login of each kind of account, and of none."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    setup_test_environment()
    settings.ACCOUNT_RATE_LIMITS = False
    from portal.accounts.models import User
    from portal.accounts.temporary import cheap_hash

    make = User.objects.create_user
    make("known@nord.test", "known@mail.test", "correct horse battery")
    make("off@nord.test", "off@mail.test", "correct horse battery", is_active=False)
    User.objects.create(username="new@nord.test", password=cheap_hash("Abcd-Efgh"))
    return {
        "known, by name": "known@nord.test",
        "known, by address": "known@mail.test",
        "inactive": "off@nord.test",
        "temporary": "new@nord.test",
        "nobody": "nobody@nord.test",
    }


def press(login):
    """Milliseconds until a wrong password is refused."""
    from django.test import Client

    from portal.accounts.models import Tries

    Tries.objects.all().delete()
    client = Client()
    start = time.perf_counter()
    client.post("/accounts/login/", {"login": login, "password": "wrong"})
    return 1000 * (time.perf_counter() - start)


def report(taken):
    nobody = median(taken["nobody"])
    for kind, times in taken.items():
        middle = median(times)
        print(f"{kind:18} {middle:7.1f} ms  {middle / nobody:.2f} of nobody's")


if __name__ == "__main__":
    main()
