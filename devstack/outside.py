"""Tries the services that DATABASE_URL and REDIS_URL name, before anything is started.

A program of its own (``python -m devstack.outside``), so that the supervisor need not hold the
client libraries: one sentence on stderr and exit code 1 when a service is not usable. No sentence
repeats an address, as that may contain a password.
"""

import os
import subprocess
import sys

from devstack.console import Refusal, complain

OLDEST_POSTGRES = 15
SECONDS = 5


def check():
    """Raise Refusal when DATABASE_URL or REDIS_URL is set and wrong."""
    if not (os.environ.get("DATABASE_URL") or os.environ.get("REDIS_URL")):
        return
    command = [sys.executable, "-m", "devstack.outside"]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    if done.returncode:
        raise Refusal(done.stderr.strip() or "The outside services could not be tried.")


def try_database(url):
    import dj_database_url
    import psycopg

    try:
        config = dj_database_url.parse(url)
    except (dj_database_url.ParseError, ValueError):
        raise Refusal(
            "DATABASE_URL must look like postgres://user:password@host:5432/name."
        ) from None
    if not config["ENGINE"].endswith("postgresql"):
        raise Refusal("DATABASE_URL must name a PostgreSQL database (postgres://…).")
    try:
        with psycopg.connect(**connection_parameters(config)) as connection:
            version = connection.info.server_version // 10000
    except psycopg.Error as error:
        raise Refusal(f"DATABASE_URL can't be used: {one_line(error)}") from None
    if version < OLDEST_POSTGRES:
        raise Refusal(
            f"DATABASE_URL names a PostgreSQL {version}; it must be {OLDEST_POSTGRES} or newer."
        )


def connection_parameters(config):
    names = {
        "HOST": "host",
        "PORT": "port",
        "USER": "user",
        "PASSWORD": "password",
        "NAME": "dbname",
    }
    given = {names[key]: value for key, value in config.items() if key in names and value}
    return {"connect_timeout": SECONDS, **given, **config.get("OPTIONS", {})}


def try_redis(url):
    import redis

    try:
        client = redis.Redis.from_url(url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS)
    except ValueError:
        raise Refusal("REDIS_URL must look like redis://:password@host:6379/0.") from None
    try:
        client.ping()
    except (redis.RedisError, OSError) as error:
        raise Refusal(f"REDIS_URL can't be used: {one_line(error)}") from None


def one_line(error):
    return " ".join(str(error).split())


if __name__ == "__main__":
    try:
        for variable, attempt in {"DATABASE_URL": try_database, "REDIS_URL": try_redis}.items():
            if address := os.environ.get(variable):
                attempt(address)
    except Refusal as refusal:
        complain(refusal)
        sys.exit(1)
