"""Sensitive actions: only by whoever has just shown who they are."""

import time

import pytest
import time_machine
from django.urls import get_resolver

from customers.models import Customer
from portal.links import PAGES
from tests.access import make_world
from tests.conftest import Browser
from tests.factories import make_membership
from tests.test_access import views

CONFIRM = "/accounts/reauthenticate/"
SENSITIVE = {
    "customers:admin_password_reset",
    "customers:user_reset",
    "customers:own_user_reset",
    "customers:upload_passwords",
    "customers:own_upload_passwords",
    "subscriptions:partnership_remove",
    "subscriptions:customer_remove",
    "staff:member_add",
    "staff:member_reset",
    "staff:invitation_link",
}


def is_sensitive(name):
    """Listed above, or it takes a whole list out of the portal or makes a new password."""
    return name in SENSITIVE or name.endswith(("_export", "_reset"))


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def browser(world):
    """Somebody of the provider whose sign-in was long ago."""
    user = make_membership(organization=world.provider)
    browser = Browser(user)
    browser.forget_confirmation()
    return browser


def removal(world):
    return "subscriptions:customer_remove", world.customer.pk


def confirm(browser, answer):
    """Give the password where ``answer`` leads; returns where one is sent then."""
    return browser.post(answer["Location"], {"password": "demo"})


def test_sensitive_pages_ask_again():
    """Whoever adds one adds ``@reauthenticated``, too."""
    found = dict(views(get_resolver(PAGES)))
    careless = [
        name
        for name, view in found.items()
        if is_sensitive(name) and not getattr(view, "is_sensitive", False)
    ]
    assert set(found) >= SENSITIVE
    assert careless == []


def test_a_page_opens_after_the_password(browser, world):
    url = browser.url(*removal(world))
    answer = browser.get(url)
    assert answer.status_code == 302 and answer["Location"].startswith(CONFIRM)

    assert confirm(browser, answer)["Location"] == url
    assert browser.get(url).status_code == 200


def test_what_was_sent_is_kept_and_not_done(browser, world):
    url = browser.url(*removal(world))
    sent = browser.post(url, {"reason": "They moved to Lübeck.", "password": "tiger"})
    assert sent.status_code == 302 and sent["Location"].startswith(CONFIRM)
    assert "Nothing was done yet" in browser.get(sent["Location"]).text
    assert "tiger" not in str(dict(browser.session))

    assert confirm(browser, sent)["Location"] == url
    assert "Nothing is submitted yet" in browser.get(url).text
    assert Customer.objects.get(pk=world.customer.pk).is_active


def test_a_wrong_password_confirms_nothing(browser, world):
    answer = browser.get(browser.url(*removal(world)))
    browser.post(answer["Location"], {"password": "wrong"})

    assert browser.open(*removal(world)).status_code == 302


def test_an_export_leads_back_to_its_list(browser):
    page = browser.url("customers:customer_list", q="x")
    export = browser.url("customers:customer_export", format="csv")
    answer = browser.get(export, headers={"Referer": f"http://testserver{page}"})

    assert confirm(browser, answer)["Location"] == page
    assert "export once more" in browser.get(page).text
    assert browser.get(export)["Content-Type"].startswith("text/csv")


def test_htmx_is_led_away_as_a_whole(browser, world):
    page = browser.url("customers:customer_list")
    headers = {"HX-Request": "true", "Referer": f"http://testserver{page}"}
    answer = browser.get(browser.url(*removal(world)), headers=headers)

    assert answer["HX-Redirect"].startswith(CONFIRM)
    assert page.replace("/", "%2F") in answer["HX-Redirect"]


def test_who_has_just_signed_in_is_not_asked(world):
    user = make_membership(organization=world.provider).user
    browser = Browser(user.memberships.get())
    browser.logout()
    browser.post("/accounts/login/", {"login": user.username, "password": "demo"})
    url = browser.url(*removal(world))
    assert browser.get(url).status_code == 200
    assert browser.get("/accounts/2fa/totp/activate/").status_code == 200

    with time_machine.travel(time.time() + 16 * 60):
        assert browser.get(url).status_code == 302
        assert browser.get("/accounts/2fa/totp/activate/").status_code == 302


def test_those_without_the_right_are_not_asked_in_vain(world):
    browser = Browser(make_membership())
    browser.forget_confirmation()
    assert browser.get(f"/o/{world.provider.slug}/customers/export/").status_code == 404
