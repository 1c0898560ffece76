"""Texts are found in templates as Django itself would find them."""

import io

import pytest

from devstack.messages import collect, texts_of_template


def texts(source):
    found = texts_of_template(io.BytesIO(source.encode()), {}, [], {})
    return [(function, message) for _, function, message, _ in found]


@pytest.mark.parametrize(
    ("source", "function", "message"),
    [
        ('{% translate "Don\'t" %}', "gettext", ("Don't",)),
        ('{% translate "May" context "month" %}', "pgettext", ("month", "May")),
        (
            "{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}",
            "gettext",
            ("Hello %(name)s",),
        ),
        (
            "{% blocktranslate trimmed %}\n  two\n  lines\n{% endblocktranslate %}",
            "gettext",
            ("two lines",),
        ),
        (
            "{% blocktranslate count n=x %}one{% plural %}{{ n }}{% endblocktranslate %}",
            "ngettext",
            ("one", "%(n)s", None),
        ),
        ('{% include "x.html" with label=_("Save") only %}', "_", ("Save",)),
        ('{{ value|default:_("None yet") }}', "_", ("None yet",)),
    ],
)
def test_a_text_in_a_template(source, function, message):
    assert texts(source) == [(function, message)]


def test_what_is_no_text_is_left_alone():
    assert texts('<p title="_(x)">it\'s {{ x }} {# _("no") #} gettext()</p>') == []


def test_the_sources_are_read(monkeypatch, request):
    monkeypatch.chdir(request.config.rootpath)
    messages = {message.id: message for message in collect() if message.id}
    assert messages["Global admin"].locations
