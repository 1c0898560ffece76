from django.core.management.base import BaseCommand

from portal.translations import compile_translations


class Command(BaseCommand):
    help = "Compile the translations in locale/ (no GNU gettext needed)."

    def handle(self, **options):
        compile_translations()
