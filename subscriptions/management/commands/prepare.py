from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from portal.accounts.models import Organization
from portal.outbox.models import Heartbeat
from portal.translations import compile_translations
from subscriptions.demonstration.data import PASSWORD, SIGN_INS


class Command(BaseCommand):
    """Everything an installation needs before it starts, in one process: each start costs time."""

    help = "Migrate, compile translations and, with DEBUG on, load demonstration data once."

    def handle(self, **options):
        compile_translations()
        call_command("migrate", verbosity=0)
        Heartbeat.objects.all().delete()  # ready means: this start's worker was heard of
        if settings.DEBUG:
            if not Organization.objects.exists():
                call_command("import_catalog", verbosity=0)
                call_command("load_demonstration", verbosity=0)
            self._write_sign_ins()

    def _write_sign_ins(self):
        """Leave the demonstration sign-ins where ``make run`` finds them to print."""
        file = Path(settings.STATE_DIR) / "sign-ins.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = (f"{name:36}{words}\n" for name, words in SIGN_INS)
        text = f"Demonstration sign-ins, password {PASSWORD}:\n{''.join(lines)}"
        file.write_text(text, encoding="utf-8")
