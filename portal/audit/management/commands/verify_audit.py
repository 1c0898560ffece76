from django.core.management.base import BaseCommand, CommandError

from portal.audit import chain, verifying
from portal.scope import OPERATOR, acting


class Command(BaseCommand):
    help = (
        "Check that no entry of the activity log was changed, taken out or put in. Prints the head "
        "of each organization's chain (id, number, hash) to be kept elsewhere; exit code 1 and the "
        "first broken entry of each chain if something is wrong; operators find it in Django admin."
    )

    def add_arguments(self, parser):
        parser.add_argument("--against", metavar="FILE", help="heads that were printed earlier")

    def handle(self, *, against, **options):
        wrong = self._tell(verifying.verify())
        with acting(OPERATOR, read_only=True):
            if against:
                wrong += self._tell_against(against)
            for head in chain.heads():
                self.stdout.write(str(head))
        if wrong:
            raise CommandError(f"The record is not what was written: {wrong} findings.")

    def _tell(self, found):
        """Write down what was found; returns how much that is."""
        return sum(1 for broken in found if not self.stderr.write(str(broken)))

    def _tell_against(self, path):
        try:
            with open(path, encoding="utf-8") as lines:
                return self._tell(chain.breaks_against(lines))
        except (OSError, ValueError) as error:
            raise CommandError(f"{path} can't be read as heads: {error}") from error
