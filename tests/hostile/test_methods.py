"""Signed out, without a token, with another method: refused everywhere, and nothing written."""

import pytest
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory

from tests.hostile.addresses import addresses
from tests.hostile.attacker import text_of
from tests.hostile.forms import FORMS
from tests.hostile.state import changed, everything
from tests.hostile.test_sign_in_forms import ON_LOOKING

METHODS = ["head", "options", "put", "patch", "delete", "trace"]
FINE = {200, 302, 400, 403, 404, 405, 410, 415, 422}
TOKEN = "a" * 32
# Whoever posts to these needs no account.
PUBLIC = {"invitation", "invitation_opened", "invitation_new_link", "set_language", "set_theme"}
PUBLIC |= {
    "join",
    "first_password_link",
    "join_new_link",
    "first_password_new_link",
    "enroll_you",
    "enroll_code",
    "enroll_code_resend",
    "relationship_request",
}
CLOSED = [form for form in FORMS if form.name not in PUBLIC]


@pytest.mark.parametrize("method", METHODS)
def test_other_methods_do_nothing(scene, method):
    targets = list(addresses(scene))
    people = {who: scene.browser(who) for who in {target.who for target in targets}}
    before, wrong = everything(), []
    for target in targets:
        data = {} if method in {"head", "trace"} else {"data": b"confirmed=on"}
        response = getattr(people[target.who], method)(target.url, **data)
        # Ready it is not: no worker runs here.
        if response.status_code not in FINE and target.name != "readyz":
            wrong.append((target.url, response.status_code))
        if method == "head" and text_of(response):
            wrong.append((target.url, "has a body"))
    assert wrong == []
    assert set(changed(before)) <= ON_LOOKING


@pytest.mark.parametrize("form", CLOSED, ids=str)
def test_signed_out_visitors_are_asked_to_sign_in(scene, form):
    data, before = form.valid(scene), everything()

    response = Client().post(scene.url(form.name, form.who, form.about), data)

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=/")
    assert changed(before) == []


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_without_a_token_nothing_is_done(scene, form):
    browser = scene.browser(form.who)
    browser.handler.enforce_csrf_checks = True
    data, before = form.valid(scene), everything()
    url = scene.url(form.name, form.who, form.about)
    stranger = get_token(RequestFactory().get("/"))

    for extra in ({}, {"csrfmiddlewaretoken": "x"}, {"csrfmiddlewaretoken": stranger}):
        assert browser.post(url, data | extra).status_code == 403
    assert changed(before) == []


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_pages_of_other_sites_can_press_no_button(scene, form):
    """A token of one's own and an origin of somebody else's."""
    browser = scene.browser(form.who)
    browser.handler.enforce_csrf_checks = True
    browser.cookies["csrf"] = TOKEN
    data, before = form.valid(scene) | {"csrfmiddlewaretoken": TOKEN}, everything()
    url = scene.url(form.name, form.who, form.about)

    for origin in ("https://evil.example", "null", "http://testserver.evil.example", "x"):
        response = browser.post(url, data, headers={"Origin": origin})
        assert response.status_code == 403
    assert changed(before) == []
    assert browser.post(url, data).status_code == form.answer
