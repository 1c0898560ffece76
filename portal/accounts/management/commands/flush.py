"""Django's ``flush``: only the role that owns the tables may empty them."""

from contextlib import contextmanager

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands.flush import Command as FlushCommand
from django.db import connection, transaction
from django.db.backends.base.creation import TEST_DATABASE_PREFIX

from portal.scope import OWNER, connected_as

RECORD = ("audit_auditentry", "audit_auditlink")  # refuses to be emptied


class Command(FlushCommand):
    def handle(self, **options):
        if not (settings.DEBUG or _is_for_tests()):
            raise CommandError("Not without DEBUG: the record of what happened is never emptied.")
        with tables_to_empty():
            super().handle(**options)


@contextmanager
def tables_to_empty():
    """A transaction as the role that may empty all tables, those of the record, too."""
    with connected_as(OWNER), transaction.atomic():
        _let_empty("disable")
        yield
        _let_empty("enable")


def _is_for_tests():
    return connection.settings_dict["NAME"].startswith(TEST_DATABASE_PREFIX)


def _let_empty(verb):
    with connection.cursor() as cursor:
        for table in RECORD:
            cursor.execute(f"alter table {table} {verb} trigger audit_never_emptied")
