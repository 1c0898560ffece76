"""Each status a model can have is coloured on purpose, not by chance."""

import re

from django.apps import apps

from tests.look.oklch import STYLES

# Nothing to watch and nothing to celebrate.
NEUTRAL = {"draft", "reset"}


def statuses():
    """Return every value of every field called status, except those of other packages."""
    ours = [m for m in apps.get_models() if not m.__module__.startswith(("django", "allauth"))]
    fields = [f for m in ours for f in m._meta.get_fields() if f.name == "status"]
    return {str(value) for field in fields for value, _ in field.choices or ()}


def test_every_status_has_its_colour():
    sheet = (STYLES / "components.css").read_text()
    coloured = set(re.findall(r"\[data-status=([a-z_]+)\]", sheet))
    assert statuses() - coloured - NEUTRAL == set()


def test_there_are_statuses():
    assert {"active", "removed", "accepted"} <= statuses()
