"""Opening the address of a button, from a bookmark or after signing in again, is no dead end."""

import pytest

from tests.factories import make_message, make_request

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def browser(provider, browser_of):
    return browser_of(provider)


def test_it_leads_to_the_page_above(browser, provider):
    request = make_request(provider.organization, created_by=provider.user)
    button = browser.url("partners:request_remind", request.pk)

    response = browser.get(button, headers=BROWSER, follow=True)

    assert response.redirect_chain == [(browser.url("partners:request_detail", request.pk), 302)]
    assert "Nothing was done" in response.text
    request.refresh_from_db()
    assert request.reminders == 0


def test_over_addresses_that_lead_nowhere(browser, provider):
    button = browser.url("outbox:message_retry", make_message(provider.organization).pk)

    response = browser.get(button, headers=BROWSER)

    assert (response.status_code, response["Location"]) == (302, browser.url("outbox:message_list"))


def test_signed_out_and_in_again(client, browser, provider):
    button = browser.url("outbox:message_retry", make_message(provider.organization).pk)
    sign_in = client.get(button, headers=BROWSER)["Location"]

    assert sign_in.startswith("/accounts/login/?next=")
    assert browser.get(button, headers=BROWSER).status_code == 302


@pytest.mark.parametrize(
    "headers",
    [{}, {"Accept": "*/*"}, {"Accept": "application/json"}, BROWSER | {"HX-Request": "true"}],
)
def test_programs_are_told(browser, provider, headers):
    button = browser.url("outbox:message_retry", make_message(provider.organization).pk)

    assert browser.get(button, headers=headers).status_code == 405


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused_to_browsers_too(browser, provider, method):
    button = browser.url("outbox:message_retry", make_message(provider.organization).pk)

    assert getattr(browser, method)(button, headers=BROWSER).status_code == 405


def test_odd_characters_stay_in_the_address(client):
    response = client.get("/invitations/a%3Fb%25/opened/", headers=BROWSER)

    assert response["Location"] == "/invitations/a%3Fb%25/"


def test_somebody_elses_stay_hidden(browser, outsider, browser_of, provider):
    button = browser.url("outbox:message_retry", make_message(provider.organization).pk)

    assert browser_of(outsider).get(button, headers=BROWSER).status_code == 404
