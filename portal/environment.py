"""Reads the environment for ``settings.py``; a wrong value stops the start in one sentence."""

import os
from datetime import datetime
from urllib.parse import unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}


def text(name, default=""):
    return os.environ.get(name, default)


def boolean(name, default=False):
    """True or False from the usual words; anything else raises ImproperlyConfigured."""
    value = text(name, str(default)).strip().lower()
    if value not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")
    return value in TRUE


def number(name, default):
    value = text(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def words(name, default=""):
    """A comma-separated list without blanks and empty entries."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def interval(name):
    """Start and end of an ISO 8601 interval with offsets from UTC; None when it is not set."""
    value = text(name).strip()
    if not value:
        return None
    try:
        start, end = map(datetime.fromisoformat, value.split("/"))
        valid = bool(start.tzinfo and end.tzinfo) and start < end
    except ValueError:
        valid = False
    if not valid:
        example = "2026-12-05T22:00+01:00/2026-12-05T23:30+01:00"
        raise ImproperlyConfigured(f"{name} must be a start and an end like {example}.")
    return start, end


def required(name, *, fallback):
    """The value of ``name``; without one, ``fallback``, and without that, a refusal to start."""
    value = text(name) or fallback
    if not value:
        raise ImproperlyConfigured(f"Set {name}: it must be secret and stay the same.")
    return value


def database(role):
    """DATABASE_URL as a Django database whose connections run as the database role ``role``."""
    url = text("DATABASE_URL", "postgres://portal@127.0.0.1:5432/portal")
    try:
        config = dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
    except (dj_database_url.ParseError, ValueError) as error:
        raise ImproperlyConfigured("DATABASE_URL is not a database address.") from error
    if not config["ENGINE"].endswith("postgresql"):
        raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database.")
    config.setdefault("OPTIONS", {})["assume_role"] = role
    return config


def email(url):
    """Django's mail settings from ``smtp://user:password@host:port`` (or smtp+tls, smtps)."""
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtp+tls", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured("EMAIL_URL must look like smtp://user:password@host:587.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or {"smtp": 25, "smtp+tls": 587, "smtps": 465}[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 10,
    }


def celery_broker(url):
    """The address Celery wants for a Redis server that redis-py calls ``unix:///path?db=0``."""
    if not url.startswith("unix://"):
        return url
    path, _, query = url.removeprefix("unix://").partition("?")
    return f"redis+socket://{path}?virtual_host={query.removeprefix('db=') or 0}"
