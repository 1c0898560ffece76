"""The customer's admin signs in for the first time, through the same door as everybody."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from portal.accounts.models import User
from portal.audit.models import AuditEntry
from portal.links import reverse
from tests.customers.test_show_setup_info import password_in, reveal
from tests.factories import make_subscription

NEW = "Blaue-Brille-im-Regal-7"


@pytest.fixture
def password(submitter, provisioned):
    """The temporary password, as the provider read it off the page."""
    return password_in(reveal(submitter, provisioned))


def sign_in(customer, password):
    browser = Client()
    account = {"login": customer.admin_account.account_name, "password": password}
    return browser, browser.post("/accounts/login/", account)


def choose(browser, password=NEW):
    return browser.post(
        "/accounts/first-password/", {"new_password1": password, "new_password2": password}
    )


def page(customer, name):
    return reverse(name, organization=customer.organization)


def test_the_account_name_and_the_temporary_password_open_one_page_only(provisioned, password):
    browser, response = sign_in(provisioned, password)
    assert response.status_code == 302

    for url in ("/", page(provisioned, "customers:partner_list"), "/o/"):
        assert browser.get(url)["Location"] == "/accounts/first-password/"
    assert browser.get("/accounts/first-password/").status_code == 200


def test_with_a_password_of_their_own_they_are_in(provisioned, password):
    make_subscription(provisioned, name="Business Premium", quantity=12)
    browser, _response = sign_in(provisioned, password)

    assert choose(browser).status_code == 302

    partners = browser.get(page(provisioned, "customers:partner_list"))
    assert "Nordwind Distribution" in partners.text
    assert "Business Premium" in browser.get(page(provisioned, "subscriptions:home")).text
    entry = AuditEntry.objects.filter(action="user.password_changed").get()
    assert entry.organization == provisioned.organization


def test_the_temporary_password_is_dead_afterwards(provisioned, password):
    browser, _response = sign_in(provisioned, password)
    choose(browser)

    assert sign_in(provisioned, password)[1].status_code == 200  # the form again
    assert sign_in(provisioned, NEW)[1].status_code == 302


def test_the_temporary_password_cannot_become_the_own_one(provisioned, password):
    browser, _response = sign_in(provisioned, password)

    assert choose(browser, password).status_code == 422
    assert User.objects.get(username=provisioned.admin_account.account_name).must_change_password


def test_unused_for_too_long_it_no_longer_opens(provisioned, password):
    user = User.objects.get(username=provisioned.admin_account.account_name)
    user.temporary_password_until = now() - timedelta(minutes=1)
    user.save()

    browser, response = sign_in(provisioned, password)

    assert response.status_code == 403
    assert "Nordwind Distribution" in response.text  # whom to ask
    assert browser.get("/o/")["Location"].startswith("/accounts/login/")


def test_it_lasts_as_long_as_the_setting_says(provisioned, password, settings):
    user = User.objects.get(username=provisioned.admin_account.account_name)

    left = user.temporary_password_until - now()
    assert timedelta(0) <= settings.TEMPORARY_PASSWORD_LIFETIME - left < timedelta(minutes=1)


def test_before_it_was_shown_nothing_opens(provisioned):
    for guess in ("", "!", "password"):
        assert sign_in(provisioned, guess)[1].status_code == 200


def test_the_customer_sees_nothing_of_others(provisioned, password, outsider):
    browser, _response = sign_in(provisioned, password)
    choose(browser)

    assert browser.get(page(provisioned, "customers:customer_list")).status_code == 404
    assert browser.get(f"/o/{outsider.organization.slug}/partner-relationships/").status_code == 404
