"""What somebody may not open is refused, and noted where they work."""

import pytest
from django.core.cache import cache

from portal.accounts import denials
from portal.accounts.roles import Role
from portal.audit.models import AuditEntry
from portal.links import reverse
from portal.scope import OPERATOR, acting
from tests.factories import make_customer, make_membership


@pytest.fixture
def seller(provider):
    return make_membership(Role.SALES_AGENT, organization=provider.organization)


def denied():
    return AuditEntry.objects.filter(action="access.denied")


def test_a_colleague_without_the_right_is_noted(seller, browser_of):
    response = browser_of(seller).open("partners:letter_list")

    assert response.status_code == 403
    entry = denied().get()
    assert (entry.organization, entry.actor) == (seller.organization, seller.user)
    assert entry.details == {
        "page": "partners:letter_list",
        "method": "GET",
        "permission": "edit_letters",
    }
    assert entry.request_reference == response.headers["X-Request-ID"]
    assert entry.ip == "127.0.0.1"


def test_once_a_minute_for_each_page(seller, browser_of, monkeypatch):
    browser = browser_of(seller)
    for _ in range(3):
        browser.open("partners:letter_list")
    browser.send("partners:letter_test")
    assert browser.open("subscriptions:own_user_list").status_code == 404  # no such page for them
    assert denied().count() == 2

    cache.clear()
    browser.open("partners:letter_list")
    assert denied().count() == 3


def test_a_stranger_is_noted_at_home_without_a_word_about_where(provider, outsider, browser_of):
    customer = make_customer(provider.organization)
    elsewhere = reverse(
        "customers:customer_detail", customer.pk, organization=provider.organization
    )
    assert browser_of(outsider).get(elsewhere).status_code == 404

    entry = denied().get()
    assert entry.organization == outsider.organization
    assert entry.details == {
        "page": "customers:customer_detail",
        "method": "GET",
        "elsewhere": True,
    }
    told = f"{entry.details} {entry.target_type} {entry.target_id} {entry.customer_id}"
    assert provider.organization.slug not in told
    assert (entry.target_id, entry.customer_id) == (str(outsider.organization_id), None)


def test_an_organization_that_is_not_there_is_noted_alike(outsider, browser_of):
    """Otherwise one's own log would tell which ones there are."""
    assert browser_of(outsider).get("/o/nowhere/settings/activity-log/").status_code == 404
    assert denied().get().details["page"] == "audit:entry_list"


def test_what_is_no_page_is_not_noted(provider, client, browser_of):
    browser = browser_of(provider)
    for path in ("/o/nowhere/no/such/page/", "/nowhere/"):
        assert browser.get(path).status_code == 404
    assert client.get("/o/nowhere/").status_code == 302
    assert not denied().exists()


def test_a_page_that_is_gone_is_no_attempt(provider, browser_of):
    assert browser_of(provider).open("customers:customer_detail", 1).status_code == 404
    assert not denied().exists()


def test_the_answer_stays_when_it_cannot_be_noted(
    seller, outsider, browser_of, monkeypatch, caplog
):
    def broken(*args, **kwargs):
        raise RuntimeError("no place left")

    monkeypatch.setattr(denials, "record", broken)
    assert browser_of(seller).open("partners:letter_list").status_code == 403
    assert browser_of(outsider).get("/o/nowhere/").status_code == 404
    assert "could not be recorded" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_it_is_committed_though_the_request_is_rolled_back(browser_of):
    with acting(OPERATOR):
        seller = make_membership(Role.SALES_AGENT)
        browser = browser_of(seller)
    assert browser.open("partners:letter_list").status_code == 403
    assert browser.send("partners:letter_test").status_code == 403
    with acting(OPERATOR):
        assert denied().count() == 2
