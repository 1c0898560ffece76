"""The forms of the sign-in package: bad input is answered 200, 400 or 429, never 500."""

import pytest
from django import forms

from tests.hostile.canaries import heard
from tests.hostile.forms import SIGN_IN_FORMS
from tests.hostile.values import RAW_SCRIPT, doubtful, refused

REFUSALS = {200, 302, 400, 403, 404, 405, 422, 429}
# The package notes the address of whoever looks at theirs.
ON_LOOKING = {"account_emailaddress"}


@pytest.mark.parametrize("form", SIGN_IN_FORMS, ids=str)
def test_bad_input_is_refused(attack, form):
    attacker = attack(form)
    fields = dict(attacker.fields()) | {name: forms.CharField() for name in form.extra}
    wrong = []
    for turn, (name, field) in enumerate(fields.items()):
        for what, value in (*refused(field, attacker.valid.get(name, ""), turn), *doubtful(field)):
            response, written = attacker.send(attacker.valid | {name: value})
            problems = complaints(response, what, name in form.extra, written)
            wrong += [f"{name}, {what}: {problem}" for problem in problems]
    assert wrong == []


def complaints(response, what, is_extra, written):
    if response.status_code not in REFUSALS:
        yield f"answered {response.status_code}"
    if RAW_SCRIPT in response.text:
        yield "speaks script"
    if songs := heard(response.text):
        yield f"told {songs}"
    if what == "NUL" and not is_extra and set(written) - ON_LOOKING:
        yield f"wrote {written}"


@pytest.mark.parametrize("name", ["account_login", "account_logout", "account_reauthenticate"])
@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
        "http://[evil",
        "\x00//evil.example",
        "account_login",
    ],
)
def test_nobody_is_sent_elsewhere(attack, name, target):
    form = next(form for form in SIGN_IN_FORMS if form.name == name)
    attacker = attack(form)

    response, _ = attacker.send(attacker.valid | {"next": target})

    assert response.status_code in {200, 302}
    if response.status_code == 302:
        assert "evil" not in response["Location"]
        assert "script" not in response["Location"]
