"""What the database holds, compared before and after: nothing written means nothing at all."""

from contextlib import contextmanager
from functools import cache

from django.db import connection, transaction

# Whoever is signed in has a session, and a message for the next page is no effect.
NOT_COUNTED = {"django_session", "django_migrations", "audit_auditlink"}
# That somebody tried what they may not is all that may be left of it.
WHICH = {"audit_auditentry": "where action <> 'access.denied'"}


@cache
def _query():
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    parts = [
        f"select '{table}', count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) from {table} t"
        f" {WHICH.get(table, '')}"
        for table in sorted(set(tables) - NOT_COUNTED)
    ]
    return " union all ".join(parts)


def everything():
    """Number of rows and a sum over their contents, for each table."""
    with connection.cursor() as cursor:
        cursor.execute(_query())
        return {table: (rows, contents) for table, rows, contents in cursor.fetchall()}


def changed(before):
    """Names of the tables that are not what they were."""
    now = everything()
    return sorted(table for table in now if now[table] != before[table])


@contextmanager
def undone():
    """Whatever happens in the block did not happen."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
