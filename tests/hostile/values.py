"""What nobody should type, and what a form does about it."""

from django import forms

SCRIPT = "<script>alert(1)</script>"
SQL = "'; drop table users; --"
TEMPLATE = "{{ 7*7 }}{% debug %}"
RAW_SCRIPT = "<script>alert"
LONG = "x" * 100_000

INVISIBLE = {
    "NUL": "\x00",
    "control": "\x08",
    "escape": "\x1b",
    "right-to-left": "\u202e",
    "zero-width": "\u200b",
}
# Text may be anything one can see: these are refused where they make no sense, else they are text.
WORDS = {
    "script": SCRIPT,
    "SQL": SQL,
    "template": TEMPLATE,
    "huge number": "9" * 40,
    "negative": "-1",
    "digits": "٣",
    "infinity": "1e400",
    "percent": "%s%n%00",
}
NO_VALUES = ("SQL", "huge number", "infinity", "template")
DATES = ("2026-02-31", "0000-00-00", "999999-01-01", "0001-01-01", "9999-12-31", "31.12.2026")


def kind_of(field):
    """How a form field is attacked: as text, as a choice, as a box to tick, or as a value."""
    if isinstance(field, forms.BooleanField):
        return "box"
    if isinstance(field, forms.ChoiceField):
        return "choice"
    return "text" if isinstance(field, forms.CharField) else "value"


def refused(field, valid, turn=0):
    """(what, value) that this field must refuse whatever else is typed; ``valid`` is fine.

    ``turn`` counts the fields of a form: each gets another of the invisible characters besides NUL.
    """
    if field.required:
        yield "empty", ""
    kind = kind_of(field)
    if kind == "box":
        return
    for what in ("NUL", _in_turn(INVISIBLE, turn)):
        mark = INVISIBLE[what]
        yield what, f"{valid[:1]}{mark}{valid[1:]}" if valid else f"a{mark}b"
    yield "too long", LONG
    if kind != "text":
        yield from ((what, WORDS[what]) for what in ("script", _in_turn(NO_VALUES, turn)))
    elif limit := getattr(field, "max_length", None):
        yield "one too many", "x" * (limit + 1)


def doubtful(field, turn=0):
    """(what, value) that may be text to this field, or nonsense."""
    if kind_of(field) == "choice":
        return
    words = dict.fromkeys(("script", _in_turn(WORDS, turn), _in_turn(WORDS, turn + 4)))
    yield from ((what, WORDS[what]) for what in words)
    if isinstance(field, forms.DateField):
        yield from (("date", date) for date in DATES)


def _in_turn(values, turn):
    names = list(values)
    return names[turn % len(names)]
