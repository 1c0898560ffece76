"""Our ``.po`` files become ``.mo`` files at set-up; a fresh machine has no GNU gettext."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings


def compile_translations():
    """Compile every catalogue whose ``.mo`` is missing or older; returns how many there were."""
    stale = [po for po in Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/*.po") if _stale(po)]
    for source in stale:
        with source.open("rb") as po, source.with_suffix(".mo").open("wb") as mo:
            write_mo(mo, read_po(po))
    return len(stale)


def _stale(source):
    target = source.with_suffix(".mo")
    return not target.exists() or target.stat().st_mtime < source.stat().st_mtime
