"""Django's ``migrate``, run as the role that owns the tables."""

from django.core.management.commands.migrate import Command as MigrateCommand

from portal.accounts.database_roles import create_roles, grant_tables
from portal.scope import OWNER, connected_as


class Command(MigrateCommand):
    def handle(self, *args, **options):
        with connected_as(None):
            create_roles()
        with connected_as(OWNER):
            super().handle(*args, **options)
            grant_tables()
