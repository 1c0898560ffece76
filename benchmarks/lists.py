"""CPU of each list page against a bare raw-SQL page, on the same server software in one run.

``make bench`` runs it; BENCH_ROWS (default 20,000) and BENCH_REQUESTS (default 150) size it.
What counts is the ratio: milliseconds depend on the machine and on who else uses it.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from statistics import median

ROWS = int(os.environ.get("BENCH_ROWS", "20000"))
REQUESTS = int(os.environ.get("BENCH_REQUESTS", "150"))
ROUNDS = 3
DATABASE = "bench"
PAGES = {
    "Indirect resellers": "partners:reseller_list",
    "Customers": "customers:customer_list",
    "Subscriptions": "subscriptions:subscription_list",
    "Orders": "subscriptions:order_list",
    "Activity log": "audit:entry_list",
    "Deliveries": "outbox:message_list",
}
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "portal.settings",
    "DEBUG": "0",
    "ALLOWED_HOSTS": "127.0.0.1",
    "SECRET_KEY": "bench",
    "REQUIRE_MFA": "0",
}


def main():
    """Make a database, fill it, start both servers, measure, print."""
    with database() as dsn:
        staff, cookie = prepare()
        env = os.environ | {
            "BENCH_DSN": dsn,
            "BENCH_PROVIDER": str(staff.organization_id),
        }
        with (
            server("benchmarks.bare:application", env) as bare,
            server("portal.wsgi", env) as portal,
        ):
            report(list(measure(bare, portal, staff, cookie)))


@contextmanager
def database():
    """A database of its own next to the tests'; DATABASE_URL points at it from here on."""
    import dj_database_url
    import psycopg
    from psycopg.conninfo import make_conninfo

    url = os.environ["DATABASE_URL"]
    config = dj_database_url.parse(url)
    place = {"host": config["HOST"], "port": config["PORT"] or 5432, "user": config["USER"]}
    place |= {"password": config["PASSWORD"]} if config["PASSWORD"] else {}
    with psycopg.connect(**place, dbname=config["NAME"], autocommit=True) as connection:
        connection.execute(f"drop database if exists {DATABASE} with (force)")
        connection.execute(f"create database {DATABASE}")
        os.environ["DATABASE_URL"] = url.partition("?")[0].rpartition("/")[0] + f"/{DATABASE}"
        os.environ |= ENVIRONMENT
        try:
            yield make_conninfo(**place, dbname=DATABASE)
        finally:
            connection.execute(f"drop database if exists {DATABASE} with (force)")


def prepare():
    """Tables and rows; returns the staff member and the cookie of a signed-in browser."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from benchmarks.data import fill
    from portal.scope import OPERATOR, OWNER, acting, connected_as

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    with acting(OPERATOR):
        staff = fill(ROWS)
    with connected_as(OWNER), connection.cursor() as cursor:
        cursor.execute("analyze")
    client = Client()
    client.force_login(staff.user, backend="portal.accounts.backends.AccountBackend")
    connection.close()
    return staff, client.cookies["session"].value


@contextmanager
def server(application, env):
    """One gunicorn with one worker; gives its port and the worker's pid."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", application, "-w", "1", "-b", f"127.0.0.1:{port}"]
    command += ["--no-control-socket", "--log-level", "error"]
    process = subprocess.Popen(command, env=env)
    try:
        wait_for(port)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        yield port, int(children.read_text().split()[0])
    finally:
        process.terminate()
        process.wait()


def wait_for(port):
    for _ in range(200):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The server did not start.")


def cpu_seconds(pid):
    """What the scheduler gave the process so far; its clock ticks are too coarse for the floor."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def cost(server, path, cookie):
    """CPU milliseconds of the worker per request, and the size of the answer in bytes."""
    port, pid = server
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", headers={"Cookie": f"session={cookie}"}
    )
    for _ in range(10):
        body = urllib.request.urlopen(request).read()
    before = cpu_seconds(pid)
    for _ in range(REQUESTS):
        urllib.request.urlopen(request).read()
    return 1000 * (cpu_seconds(pid) - before) / REQUESTS, len(body)


def measure(bare, portal, staff, cookie):
    """For each page the medians over the rounds: name, ms, ratio to the floor, bytes."""
    from portal.links import reverse

    for title, name in PAGES.items():
        path = reverse(name, organization=staff.organization)
        rounds = [(cost(bare, "/", cookie), cost(portal, path, cookie)) for _ in range(ROUNDS)]
        ratio = median(page[0] / floor[0] for floor, page in rounds)
        yield title, median(page[0] for _floor, page in rounds), ratio, rounds[0][1][1]


def report(results):
    print(f"\n{ROWS:,} customers and subscriptions, {REQUESTS} requests a round, {ROUNDS} rounds\n")
    print(f"{'page':22}{'CPU ms':>8}{'x floor':>9}{'bytes':>9}")
    for title, milliseconds, ratio, size in results:
        print(f"{title:22}{milliseconds:8.1f}{ratio:9.1f}{size:9,}")


if __name__ == "__main__":
    main()
