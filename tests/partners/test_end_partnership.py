"""The end of a partnership from the reseller's side."""

from datetime import timedelta

import pytest
from django.utils.timezone import localtime, now

from partners import wording
from partners.models import Partnership
from partners.services import remove_partnership, telling
from portal.accounts.roles import Role
from portal.audit.models import AuditEntry
from subscriptions import services
from subscriptions.ending import Plan
from tests.factories import (
    make_customer,
    make_membership,
    make_move,
    make_partnership,
    make_request,
    make_subscription,
)

END, ENDED, UNDO = "partners:partnership_end", "partners:provider_ended", "partners:provider_undo"
CONFIRMED = {"confirmed": "on", "version": wording.REMOVAL_VERSION}


@pytest.fixture
def end(reseller, partnership, browser_of):
    def press(by=None, **changes):
        browser = browser_of(by or reseller)
        data = {name: value for name, value in (CONFIRMED | changes).items() if value}
        response = browser.post(browser.url(END, partnership.provider_id), data)
        partnership.refresh_from_db()
        return response

    return press


@pytest.fixture
def undo(reseller, partnership, browser_of):
    def press(by=None):
        browser = browser_of(by or reseller)
        response = browser.post(browser.url(UNDO, partnership.provider_id), follow=True)
        partnership.refresh_from_db()
        return response

    return press


@pytest.fixture
def told(monkeypatch):
    """Who was told that a partnership ended: (partnership, actor)."""
    calls = []
    monkeypatch.setattr(
        telling, "partnership_ended", lambda ended, *, actor: calls.append((ended, actor))
    )
    return calls


def test_what_stays_comes_first(reseller, partnership, browser_of):
    customer = make_customer(partnership.provider, partnership.reseller, company_name="Vogel Optik")
    make_subscription(
        customer, reseller_of_record=partnership.location, support_contact=partnership.reseller
    )

    text = browser_of(reseller).open(END, partnership.provider_id).text

    assert "End partnership with Nordwind Distribution?" in text
    assert "<strong>1 customer stays</strong> with Nordwind Distribution" in text
    assert "Vogel Optik" in text
    assert "Delegated admin privileges stay as they are: 1 grant." in text
    assert "1 subscription keeps you in Reseller (MPN ID)." in text
    assert "1 subscription keeps you as designated support contact." in text
    assert "in good faith, for a legitimate business purpose" in text
    assert "Yes, end partnership" in text
    assert "No, keep it" in text


def test_ending(end, partnership, reseller, provider):
    customer = make_customer(partnership.provider, partnership.reseller)

    response = end(reason="Other plans")

    customer.refresh_from_db()
    assert response["Location"].endswith("/indirect-providers/")
    assert (partnership.status, partnership.removed_for) == ("removed", reseller.organization)
    assert (partnership.removed_by, partnership.removal_reason) == (reseller.user, "Other plans")
    assert partnership.statement_version == wording.REMOVAL_VERSION
    assert customer.reseller == reseller.organization
    assert customer.delegated_admins.get().status == "granted"
    for membership in (provider, reseller):
        entry = AuditEntry.objects.visible_to(membership).get()
        assert (entry.action, entry.actor) == ("partnership.removed", reseller.user)


@pytest.mark.parametrize("changes", [{"confirmed": ""}, {"version": "1999"}, {"reason": "x" * 501}])
def test_without_the_statement_nothing_happens(end, partnership, changes):
    assert end(**changes).status_code == 422
    assert partnership.status == "active"


def test_only_global_admins_may(end, partnership, reseller):
    agent = make_membership(Role.ADMIN_AGENT, organization=reseller.organization)

    assert end(by=agent).status_code == 403
    assert partnership.status == "active"


def test_whoever_is_concerned_is_told_by_one_rule(end, told, partnership, reseller):
    end()

    assert told == [(partnership, reseller)]


def test_the_same_rule_is_asked_when_the_provider_ends_it(partnership, provider, told):
    services.end_partnership(
        partnership, actor=provider, seen=Plan(partnership).fingerprint, statement_version="1"
    )

    assert told == [(partnership, provider)]


def test_the_provider_was_faster(end, partnership, provider, reseller, browser_of):
    remove_partnership(partnership, actor=provider, statement_version="1", reason="Secret")
    browser = browser_of(reseller)
    url = browser.url(END, partnership.provider_id)

    for response in (browser.get(url, follow=True), browser.post(url, CONFIRMED, follow=True)):
        assert "Nordwind Distribution ended the partnership on" in response.text
        assert "Secret" not in response.text


def test_afterwards(end, partnership, reseller, browser_of):
    make_customer(partnership.provider, partnership.reseller, company_name="Vogel Optik")
    end(reason="Other plans")

    text = browser_of(reseller).open(ENDED, partnership.provider_id).text

    until = localtime(partnership.removed_at + timedelta(minutes=20))
    assert "Ada Wong ended the partnership on" in text
    assert f"<strong>You can undo this until {until:%H:%M}</strong>" in text
    assert "1 customer has you as its reseller." in text
    assert "Vogel Optik" in text
    assert "Other plans" in text


def test_undo(end, undo, partnership, provider, reseller):
    end(reason="By mistake")

    response = undo(by=make_membership(organization=reseller.organization))

    assert "is active again" in response.text
    assert partnership.status == "active"
    assert partnership.removed_at is partnership.removed_by is partnership.removed_for is None
    assert partnership.removal_reason == partnership.statement_version == ""
    actions = AuditEntry.objects.visible_to(provider).values_list("action", flat=True)
    assert list(actions.order_by("at")) == ["partnership.removed", "partnership.active"]


def test_undo_once(end, undo, provider):
    end()
    undo()

    assert "This partnership is active." in undo().text
    assert AuditEntry.objects.visible_to(provider).filter(action="partnership.active").count() == 1


def test_undo_in_time_only(end, undo, partnership):
    end()
    over = now() - Partnership.UNDO
    Partnership.objects.filter(pk=partnership.pk).update(removed_at=over)

    assert "It could be undone until" in undo().text
    assert partnership.status == "removed"


def test_what_the_provider_ended_only_the_provider_takes_back(undo, partnership, provider):
    remove_partnership(partnership, actor=provider, statement_version="1")

    assert "Nordwind Distribution ended it, and only they can take that back." in undo().text
    assert partnership.status == "removed"


def test_a_new_request_of_the_provider_closes_it(end, undo, partnership, reseller):
    end()
    make_request(partnership.provider, recipient=reseller.user.email)

    assert "A new partnership was requested at" in undo().text
    assert partnership.status == "removed"


def test_customers_that_got_another_reseller_close_it(end, undo, partnership, provider, stranger):
    customer = make_customer(partnership.provider, partnership.reseller)
    make_partnership(partnership.provider, stranger.organization)
    end()
    make_move(customer, partnership, stranger.organization)
    services.settle_customers(partnership, actor=provider, seen=Plan(partnership).fingerprint)

    assert "A customer got another reseller at" in undo().text
    assert partnership.status == "removed"


def test_nobody_elses(browser_of, stranger, partnership):
    browser = browser_of(stranger)

    for name in (END, ENDED):
        assert browser.open(name, partnership.provider_id).status_code == 404
    assert browser.send(UNDO, partnership.provider_id).status_code == 404


def test_in_a_dialog_the_form_is_short(reseller, partnership, browser_of):
    make_customer(partnership.provider, partnership.reseller, company_name="Vogel Optik")
    browser = browser_of(reseller)
    htmx = {"HX-Request": "true", "HX-Target": "dialog"}

    text = browser.get(browser.url(END, partnership.provider_id), headers=htmx).text

    assert "Vogel Optik" not in text
    assert "Yes, end partnership" in text
    assert "See them all" in text


def test_it_can_start_again(end, partnership, undo):
    end()

    again = make_partnership(partnership.provider, partnership.reseller)

    assert end().status_code == 302
    again.refresh_from_db()
    assert again.status == "removed"
