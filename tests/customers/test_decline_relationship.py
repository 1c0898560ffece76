"""The customer's no."""

import pytest

from customers.models import Customer
from portal.accounts.roles import Role
from portal.notices.models import MutedTopic
from tests.customers.conftest import do_background_work
from tests.factories import (
    make_membership,
)


@pytest.fixture
def decline(browser_of, url):
    def press(person, **fields):
        data = {"company": person.organization.slug} | fields
        return browser_of(person).post(f"{url}decline/", data)

    return press


def test_with_a_reason(decline, asked, vogel, provider, mailoutbox):
    response = decline(vogel, reason="Too early for us.")
    do_background_work()

    asked.refresh_from_db()
    assert response.status_code == 302
    assert (asked.status, asked.decline_reason) == ("declined", "Too early for us.")
    assert asked.organization == vogel.organization
    assert not Customer.objects.exists()
    [mail] = mailoutbox
    assert mail.to == [provider.user.email]
    assert "Too early for us." in mail.body


def test_it_is_a_notice_that_can_be_turned_off(decline, vogel, provider, browser_of, mailoutbox):
    MutedTopic.objects.create(user=provider.user, topic="relationship_answered")

    decline(vogel)
    do_background_work()

    assert mailoutbox == []
    home = browser_of(provider).open("subscriptions:home").text
    assert "Vogel Optik declined your relationship request" in home


def test_without_a_reason(decline, vogel, mailoutbox):
    decline(vogel)
    do_background_work()

    assert "No reason was given." in mailoutbox[0].body


def test_only_a_global_admin_of_a_customer(decline, asked, vogel, provider):
    member = make_membership(Role.USER_ADMIN, organization=vogel.organization)

    for person in (member, provider):
        assert decline(person).status_code == 302
        asked.refresh_from_db()
        assert asked.status == "sent"


@pytest.mark.parametrize("fields", [{"reason": "x" * 501}, {"reason": "\x00"}, {"company": "x"}])
def test_bad_input(decline, asked, vogel, fields):
    assert decline(vogel, **fields).status_code == 422

    asked.refresh_from_db()
    assert asked.status == "sent"


def test_twice(decline, vogel):
    decline(vogel)

    assert decline(vogel).status_code == 410
