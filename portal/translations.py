"""Our ``.po`` files become ``.mo`` files at set-up; a fresh machine has no GNU gettext."""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings


def compile_translations():
    """Compile every catalogue whose ``.mo`` is missing or older; returns how many there were."""
    stale = [po for po in Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/*.po") if _stale(po)]
    for source in stale:
        _compile(source)
    return len(stale)


def _compile(source):
    """Write beside the target and rename: several processes may start at the same time."""
    new = source.with_suffix(f".{os.getpid()}.tmp")
    with source.open("rb") as po, new.open("wb") as mo:
        write_mo(mo, read_po(po))
    new.replace(source.with_suffix(".mo"))


def _stale(source):
    target = source.with_suffix(".mo")
    return not target.exists() or target.stat().st_mtime < source.stat().st_mtime
