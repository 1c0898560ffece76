from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from portal.scope import OPERATOR, acting
from subscriptions.price_lists import Kind, import_file, read
from subscriptions.price_lists.reading import currencies


class Command(BaseCommand):
    help = (
        "Import price lists and offer matrices, in the order in which they are given. Which of "
        "the four kinds a file is, its columns say. Good rows are imported whatever the others "
        "hold; bad ones are listed and make the exit code 1."
    )

    def add_arguments(self, parser):
        parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="say what would change")
        parser.add_argument(
            "--currency", choices=currencies(), default="", help="of a legacy price list"
        )
        parser.add_argument(
            "--full",
            action="store_true",
            help="the list is complete: what it does not name is withdrawn",
        )

    def handle(self, *, files, dry_run, currency, full, verbosity, **options):
        refused = 0
        for file in files:
            found = self._import(file, currency, is_full=full, dry_run=dry_run)
            refused += found.counts["refused"]
            self._report(file, found, dry_run, verbosity)
        if refused:
            raise CommandError(f"Rows refused: {refused}")

    def _import(self, path, currency, **options):
        try:
            with path.open("rb") as stream, acting(OPERATOR):
                return import_file(read(stream, currency=currency), **options)
        except OSError as error:
            raise CommandError(f"A file could not be read: {error}") from error
        except ValidationError as problem:
            raise CommandError(f"{path.name}: {problem.messages[0]}") from problem

    def _report(self, path, found, dry_run, verbosity):
        counts = ", ".join(f"{number:,} {name}" for name, number in found.counts.items())
        if verbosity:
            ending = " Nothing was written." if dry_run else ""
            self.stdout.write(f"{path.name} ({found.format_name}): {counts}.{ending}")
        for change in found.changes:
            if change.kind == Kind.REFUSED:
                self.stderr.write(f"{path.name} line {change.line}: {change.reason}")
            elif verbosity > 1:
                words = f"{change.kind}: {change.name}, {change.about}"
                self.stdout.write(f"  {words}: {change.before or '-'} -> {change.after or '-'}")
