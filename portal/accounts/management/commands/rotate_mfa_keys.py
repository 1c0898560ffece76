from django.core.management.base import BaseCommand, CommandError

from portal.accounts import seeds


class Command(BaseCommand):
    help = "Encrypt the seeds of all second factors with the first of MFA_KEYS."

    def handle(self, **options):
        counts = seeds.rotate()
        self.stdout.write("{changed} changed, {current} already current.".format(**counts))
        if counts["unreadable"]:
            raise CommandError(
                f"{counts['unreadable']} can't be read with any key: put the missing key back."
            )
