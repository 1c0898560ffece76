"""Django's ``flush``: only the role that owns the tables may empty them."""

from django.core.management.commands.flush import Command as FlushCommand

from portal.scope import OWNER, connected_as


class Command(FlushCommand):
    def handle(self, **options):
        with connected_as(OWNER):
            super().handle(**options)
