"""A file of users from end to end: read and judged, created by the worker's code, passwords made.

Run with ``python -m devstack test benchmarks.users``. BENCH_USERS (default 10,000) sizes the file.
One process, the whole application and PostgreSQL, passwords hashed as in production; then the list
of users is asked for, by a provider with three thousand customers.
"""

import os
import time
import tracemalloc
from contextlib import contextmanager

from benchmarks.lists import database

USERS = int(os.environ.get("BENCH_USERS", "10000"))
LOOKS = 20


def main():
    """Make a database, upload, save, create, download, look at the list; print the seconds."""
    with database():
        staff, customer = prepare()
        page = upload(staff, customer)
        create(staff, page)
        download(staff, page)
        look(staff, customer)
        refuse(staff, customer)


def prepare():
    import django

    django.setup()
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    setup_test_environment()
    from portal.accounts.roles import Kind
    from portal.scope import OPERATOR, acting
    from tests.conftest import Browser
    from tests.factories import make_customer, make_grant, make_membership, make_partner

    with acting(OPERATOR):
        staff = make_membership(organization=make_partner(Kind.PROVIDER))
        customers = [make_customer(staff.organization, created_by=staff.user) for _ in range(3000)]
        for customer in customers:
            make_grant(customer)
    return Browser(staff), customers[0]


@contextmanager
def timed(what):
    before = time.perf_counter()
    yield
    print(f"{what:60}{time.perf_counter() - before:8.1f} s", flush=True)


def file_of(number):
    from django.core.files.uploadedfile import SimpleUploadedFile

    rows = (f"Ben,Bauer {n},Ben Bauer {n},ben.bauer{n}," for n in range(number))
    text = "\r\n".join(["First name,Last name,Display name,Email,Status update", *rows])
    return SimpleUploadedFile("users.csv", text.encode())


def upload(browser, customer):
    file = file_of(USERS)
    with timed(f"Validate {USERS:,} rows, in the request"):
        response = browser.send("customers:upload_create", customer.pk, data={"file": file})
    return response["Location"]


def create(browser, page):
    from portal.outbox.worker import work_once

    with timed("Save, in the request"):
        assert browser.post(f"{page}save/", {"country": "DE"}).status_code == 302
    with timed("Create all users, in the background, one worker"):
        while work_once():
            pass
    assert f"{USERS} users were created" in browser.get(page).text


def download(browser, page):
    with timed("Make, hash and send the temporary passwords"):
        response = browser.post(f"{page}passwords/")
        lines = sum(chunk.count(b"\n") for chunk in response.streaming_content)
    assert lines == USERS + 1


def look(browser, customer):
    for words, query in (("Users and licenses", {}), ("… searched", {"q": "bauer 77"})):
        url = browser.url("subscriptions:user_list", customer.pk, **query)
        browser.get(url)
        before = time.perf_counter()
        for _ in range(LOOKS):
            assert browser.get(url).status_code == 200
        print(f"{words:60}{1000 * (time.perf_counter() - before) / LOOKS:8.1f} ms", flush=True)


def refuse(browser, customer):
    file = file_of(100_000)
    tracemalloc.start()
    with timed("Refuse 100,000 rows"):
        response = browser.send("customers:upload_create", customer.pk, data={"file": file})
    assert response.status_code == 422
    print(f"  at most {tracemalloc.get_traced_memory()[1] / 2**20:.0f} MB, the sender's included")


if __name__ == "__main__":
    main()
