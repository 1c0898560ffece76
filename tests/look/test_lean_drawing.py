"""What is drawn by hand to be fast says the same as what it stands in for."""

from datetime import date

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime, override
from pytest_django.asserts import assertHTMLEqual

from portal.outbox.models import OutboxMessage
from portal.templatetags import ui

CHOICES = [
    ("", "Any <country>"),
    ("Europe", [("DE", 'Germany "D"'), ("a&b", "A & B")]),
    (7, "<script>alert(1)</script>"),
]


class ClosedOptions(forms.Select):
    def create_option(self, *args, **kwargs):
        option = super().create_option(*args, **kwargs)
        option["attrs"] |= {"disabled": option["value"] == "DE", "data-note": '"quoted"'}
        return option


def drawn(widget, value, renderer=None):
    return widget.render("place", value, attrs={"id": "id_place"}, renderer=renderer)


@pytest.mark.parametrize("value", ["", "DE", 7, "a&b", None, "unknown"])
@pytest.mark.parametrize("widget", [forms.Select, ClosedOptions, forms.NullBooleanSelect])
def test_selects_are_what_django_draws(widget, value):
    field = widget() if widget is forms.NullBooleanSelect else widget(choices=CHOICES)
    assertHTMLEqual(drawn(field, value), drawn(field, value, DjangoTemplates()))


def test_moments_are_in_the_readers_zone_and_language():
    moment = parse_datetime("2026-11-22T23:30:00+00:00")
    with override("Europe/Berlin"), translation.override("en"):
        time = '<time datetime="2026-11-23T00:30:00+01:00">'
        assert ui.moment(moment) == f"{time}23 Nov 2026, 00:30</time>"
        assert ui.day(moment) == f"{time}23 Nov 2026</time>"
        assert ui.day(date(2026, 3, 1)) == '<time datetime="2026-03-01">1 Mar 2026</time>'
    assert ui.moment(None) == ui.day(None) == ""


@pytest.mark.parametrize("language", ["en", "de"])
def test_moments_are_written_as_django_writes_them(language):
    for moment in map(parse_datetime, ("2026-03-01T08:05:00+00:00", "2026-12-31T23:30:00+00:00")):
        with override("Europe/Berlin"), translation.override(language):
            words = date_format(localtime(moment), "SHORT_DATETIME_FORMAT")
            assert f">{words}</time>" in ui.moment(moment)


@pytest.mark.parametrize("language", ["en", "de"])
def test_states_are_called_what_django_calls_them(language):
    with translation.override(language):
        for status in OutboxMessage.Status:
            message = OutboxMessage(status=status.value)
            assert ui.status_words(message) == message.get_status_display()
