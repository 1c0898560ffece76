"""The second wall: who is asking, as PostgreSQL knows it.

Every kind of actor is a database role of its own, entered for one transaction together with the
organization's id. Row-level security (``portal.tenancy``) then shows that role its own rows, so
that a forgotten filter returns nothing of others. Outside a scope a connection is ``APP``, which
may not touch tenant tables at all: forgetting the scope is a loud error, never a leak.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from django.db import connection, transaction

OWNER = "twotier_owner"  # owns the tables and runs migrations
APP = "twotier_app"  # what a connection is before it enters a scope


class Actor(NamedTuple):
    """A database role, with the organization it acts for and the invitation it holds."""

    role: str
    organization: int | None = None
    invitation: str = ""


KINDS = ("provider", "reseller", "customer")
ROLES = [f"twotier_{kind}" for kind in (*KINDS, "guest", "system", "operator")]
GUEST = Actor("twotier_guest")
SYSTEM = Actor("twotier_system")  # the worker choosing its next piece of work
OPERATOR = Actor("twotier_operator")  # Django admin and management commands
NOBODY = Actor(APP)

_current = ContextVar("actor", default=NOBODY)

SETTINGS = """
    select set_config('role', %s, true),
           set_config('twotier.organization', %s, true),
           set_config('twotier.invitation', %s, true)
"""
READ_ONLY = ", set_config('transaction_read_only', 'on', true)"


def member_of(kind, organization_id):
    """The actor of an organization of this kind."""
    return Actor(f"twotier_{kind}", organization_id)


@contextmanager
def acting(actor, *, read_only=False):
    """One transaction as ``actor``; with ``read_only``, PostgreSQL refuses every write in it."""
    nested = connection.in_atomic_block
    previous = _current.get()
    token = _current.set(actor)
    try:
        with transaction.atomic():
            _enter(actor, read_only=read_only and not nested)
            try:
                yield
            finally:
                if nested and not connection.needs_rollback:
                    _enter(previous)
    finally:
        _current.reset(token)


def _enter(actor, *, read_only=False):
    organization = "" if actor.organization is None else str(actor.organization)
    with connection.cursor() as cursor:
        cursor.execute(
            SETTINGS + READ_ONLY if read_only else SETTINGS,
            [actor.role, organization, actor.invitation],
        )


@contextmanager
def connected_as(role):
    """Reconnect as ``role`` (None: as the login itself) for the length of the block."""
    options = connection.settings_dict["OPTIONS"]
    before = options.get("assume_role")
    _reconnect(options, role)
    try:
        yield
    finally:
        _reconnect(options, before)


def _reconnect(options, role):
    options["assume_role"] = role
    connection.close()
