"""Every form of the portal, and everything one should not type into it."""

from itertools import islice

import pytest
from django import forms
from django.utils.html import escape

from tests.hostile.addresses import addresses, names
from tests.hostile.attacker import answered
from tests.hostile.canaries import heard
from tests.hostile.forms import FORMS, SIGN_IN_FORMS
from tests.hostile.values import doubtful, kind_of, refused

LISTED = {form.name for form in FORMS + SIGN_IN_FORMS}
# They never ask for anything: there are no codes to download, nobody is looked as, and a session
# goes on.
NO_FORM = {"mfa_download_recovery_codes": 404, "view_as_end": 302, "stay": 200}
HIDDEN = (forms.PasswordInput, forms.HiddenInput)


def test_every_address_that_takes_posts_is_in_the_list(scene):
    """What is not listed refuses the method itself."""
    unknown = []
    for address in addresses(scene):
        if address.name not in LISTED:
            status = scene.browser(address.who).post(address.url).status_code
            if status != NO_FORM.get(address.name, 405):
                unknown.append((address.name, status))
    assert unknown == []


def test_the_list_names_addresses_that_exist():
    assert set(names()) >= LISTED


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_good_input_is_accepted(attack, form):
    """Otherwise nothing below would mean anything."""
    attacker = attack(form)
    response, written = attacker.send(attacker.valid)

    assert response.status_code == form.answer
    assert bool(written) == (form.writes and form.answer != 422)
    has_input = attacker.valid and form.writes
    assert attacker.fields() or form.extra or not has_input


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_bad_input_is_refused_at_the_field_and_writes_nothing(attack, form):
    attacker = attack(form)
    wrong = []
    shown = [(name, field) for name, field in attacker.fields() if name not in form.unshown]
    for turn, (name, field) in enumerate(shown):
        valid = attacker.valid.get(name, "")
        for what, value in islice(refused(field, valid, turn), 1 if form.brief else None):
            wrong += [
                f"{name}, {what}: {problem}" for problem in complaints(attacker, name, field, value)
            ]
    assert wrong == []


def complaints(attacker, name, field, value):
    """What is wrong with the answer to ``value`` in one field, everything else being fine."""
    response, written = attacker.send(attacker.valid | {name: value})
    if response.status_code != 422:
        yield f"answered {response.status_code}"
        return
    form, html = response.context["form"], response.text
    if name not in form.errors and not isinstance(field.widget, HIDDEN):
        yield f"complains elsewhere: {dict(form.errors)}"
    elif name in form.errors and not field.widget.is_hidden and f"id_{name}_error" not in html:
        yield "no message at the field"
    if is_shown(field) and escape(value) not in html:
        yield "what was typed is gone"
    yield from lost(attacker, form, html, name)
    if written:
        yield f"wrote {written}"
    if songs := heard(html):
        yield f"told {songs}"


def lost(attacker, form, html, wrong):
    """What was typed into the other fields and is not on the page."""
    for name, value in attacker.valid.items():
        field = form.fields.get(name)
        if field and is_shown(field) and name != wrong and escape(value) not in html:
            yield f"{name} is lost"


def is_shown(field):
    """Whether what was typed can be seen again."""
    return kind_of(field) == "text" and not isinstance(field.widget, HIDDEN)


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_hostile_words_are_words_or_refused(attack, form):
    attacker = attack(form)
    wrong = []
    for turn, (name, field) in enumerate(attacker.fields()):
        for what, value in islice(doubtful(field, turn), 1 if form.brief else None):
            response, written = attacker.send(attacker.valid | {name: value})
            wrong += [f"{name}, {what}: {problem}" for problem in answered(form, response, written)]
    assert wrong == []


@pytest.mark.parametrize("form", [form for form in FORMS if form.extra], ids=str)
def test_inputs_that_are_no_fields(scene, attack, form):
    """Buttons, hidden inputs and numbers beside offers: refused, or as if they were not there."""
    attacker = attack(form)
    wrong = []
    for turn, name in enumerate(form.extra):
        name = f"licenses-{scene.offer.pk}" if name == "licenses" else name
        text = forms.CharField()
        for what, value in (*refused(text, "1", turn), *doubtful(text, turn)):
            response, written = attacker.send(attacker.valid | {name: value})
            if response.status_code == 404 and not written:
                continue
            problems = answered(form, response, written)
            wrong += [f"{name}, {what}: {problem}" for problem in problems]
    assert wrong == []
