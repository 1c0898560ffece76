"""The end of a partnership with what is decided about the customers."""

import pytest

from customers.models import DelegatedAdmin
from partners import wording
from partners.services import remove_partnership
from portal.audit.models import AuditEntry
from portal.outbox.models import OutboxMessage
from portal.references import encode
from subscriptions import services
from subscriptions.ending import Plan
from subscriptions.models import CustomerMove
from tests.factories import (
    make_customer,
    make_move,
    make_order,
    make_partner,
    make_partnership,
    make_subscription,
)

REMOVE = "subscriptions:partnership_remove"
SETTLE = "subscriptions:reseller_settle"


@pytest.fixture
def alpina(partnership, stranger):
    make_partnership(partnership.provider, stranger.organization)
    return stranger.organization


@pytest.fixture
def vogel(partnership):
    return make_customer(partnership.provider, partnership.reseller, company_name="Vogel Optik")


@pytest.fixture
def remove(provider, partnership, browser_of):
    def press(**changes):
        plan = {"plan": Plan(partnership).fingerprint}
        data = {"confirmed": "on", "version": wording.REMOVAL_VERSION} | plan | changes
        return browser_of(provider).send(REMOVE, partnership.reseller_id, data=data)

    return press


def rights(customer):
    """Who has delegated admin privileges."""
    granted = DelegatedAdmin.objects.granted().filter(customer=customer)
    return set(granted.values_list("partner__name", flat=True))


def test_handing_over(remove, vogel, partnership, alpina):
    make_move(vogel, partnership, alpina)

    assert remove().status_code == 302

    vogel.refresh_from_db()
    partnership.refresh_from_db()
    assert partnership.status == "removed"
    assert vogel.reseller == alpina
    assert rights(vogel) == {"Kessler IT-Systemhaus", "Alpina Cloud Services"}


def test_taking_to_direct(remove, vogel, partnership):
    make_move(vogel, partnership)

    remove()

    vogel.refresh_from_db()
    assert vogel.reseller is None
    assert rights(vogel) == {"Kessler IT-Systemhaus"}


def test_the_others_stay(remove, vogel, partnership, alpina):
    left = make_customer(partnership.provider, partnership.reseller)
    make_move(vogel, partnership, alpina)

    remove(withdraw="on")

    left.refresh_from_db()
    assert left.reseller == partnership.reseller
    assert rights(left) == {"Kessler IT-Systemhaus"}


def test_withdrawing_rights_is_an_extra_step(remove, vogel, partnership, alpina):
    direct = make_customer(partnership.provider, partnership.reseller)
    make_move(vogel, partnership, alpina)
    make_move(direct, partnership)

    remove(withdraw="on")

    assert rights(vogel) == {"Alpina Cloud Services"}
    assert rights(direct) == set()


def test_a_successor_that_has_rights_already_gets_no_second_ones(
    remove, vogel, partnership, alpina
):
    DelegatedAdmin.objects.create(customer=vogel, partner=alpina, **vogel.parties)
    make_move(vogel, partnership, alpina)

    remove()

    assert rights(vogel) == {"Kessler IT-Systemhaus", "Alpina Cloud Services"}
    assert CustomerMove.objects.get().granted is None


def test_reseller_of_record_and_support_contact_never_change(remove, vogel, partnership, alpina):
    subscription = make_subscription(
        vogel, reseller_of_record=partnership.location, support_contact=partnership.reseller
    )
    order = make_order(vogel)
    make_move(vogel, partnership, alpina)

    remove(withdraw="on")

    subscription.refresh_from_db()
    order.refresh_from_db()
    assert subscription.reseller_of_record == partnership.location
    assert subscription.support_contact == partnership.reseller
    assert {subscription.reseller, order.reseller} == {alpina}  # who looks after the customer
    assert (subscription.version, order.status) == (1, "placed")


def test_all_of_it_is_on_record_with_everybody_it_concerns(
    remove, vogel, partnership, provider, reseller, stranger, alpina
):
    make_move(vogel, partnership, alpina)

    remove(withdraw="on")

    def recorded(membership):
        entries = AuditEntry.objects.visible_to(membership).order_by("at")
        return [entry.action for entry in entries]

    assert recorded(provider) == [
        "delegatedadmin.revoked",
        "customer.handed_over",
        "delegatedadmin.granted",
        "partnership.removed",
    ]
    assert recorded(reseller) == [
        "delegatedadmin.revoked",
        "customer.handed_over",
        "partnership.removed",
    ]
    assert recorded(stranger) == ["customer.handed_over", "delegatedadmin.granted"]
    entry = AuditEntry.objects.filter(action="customer.handed_over").first()
    assert entry.details["before"] == partnership.reference
    assert entry.details["after"] == encode("R", alpina.pk)


def test_taking_to_direct_is_on_record(remove, vogel, partnership, provider):
    make_move(vogel, partnership)

    remove()

    entry = AuditEntry.objects.visible_to(provider).get(action="customer.taken_back")
    assert (entry.reference, entry.details["after"]) == (vogel.reference, "none")


def test_nobody_is_told_of_a_customer_that_moves(remove, vogel, partnership, provider, alpina):
    make_move(vogel, partnership, alpina)

    remove(withdraw="on")

    assert not OutboxMessage.objects.exclude(organization=provider.organization).exists()


def test_how_many_customers_there_were_is_on_record(remove, vogel, partnership, provider, alpina):
    make_customer(partnership.provider, partnership.reseller)
    make_move(vogel, partnership, alpina)

    remove()

    entry = AuditEntry.objects.visible_to(provider).get(action="partnership.removed")
    assert entry.details["customers"] == 2


def test_choices_that_changed_meanwhile_are_shown_again(remove, vogel, partnership, alpina):
    seen = Plan(partnership).fingerprint
    make_move(vogel, partnership, alpina)

    response = remove(plan=seen)

    partnership.refresh_from_db()
    assert response.status_code == 422
    assert "have changed in the meantime" in response.text
    assert Plan(partnership).fingerprint in response.text
    assert partnership.status == "active"


@pytest.mark.parametrize("gone", ["removed", "unsigned"])
def test_a_successor_that_can_take_over_no_more_stops_it(
    remove, vogel, partnership, provider, alpina, gone
):
    make_move(vogel, partnership, alpina)
    if gone == "removed":
        theirs = type(partnership).objects.get(reseller=alpina)
        services.end_partnership(
            theirs, actor=provider, seen=Plan(theirs).fingerprint, statement_version="1"
        )
    else:
        alpina.partner.agreement_signed_at = None
        alpina.partner.save()

    response = remove()

    vogel.refresh_from_db()
    assert response.status_code == 422
    assert "Alpina Cloud Services can&#x27;t take customers over any more" in response.text
    assert vogel.reseller == partnership.reseller


def test_a_customer_that_went_elsewhere_meanwhile_is_left_alone(remove, vogel, partnership):
    other = make_partner()
    make_move(vogel, partnership)
    vogel.reseller = other
    vogel.save()

    assert remove().status_code == 302

    vogel.refresh_from_db()
    assert vogel.reseller == other


def test_the_reason_is_kept_for_ones_own_side(remove, partnership, provider, reseller, browser_of):
    remove(reason="They sold to\r\ncompetitors")

    partnership.refresh_from_db()
    assert partnership.removal_reason == "They sold to\ncompetitors"
    assert (partnership.removed_by, partnership.removed_for) == (
        provider.user,
        provider.organization,
    )
    ours = browser_of(provider).open("subscriptions:reseller_ended", partnership.reseller_id)
    theirs = browser_of(reseller).open("partners:provider_ended", partnership.provider_id)
    assert "competitors" in ours.text
    assert "competitors" not in theirs.text
    assert "Ada Wong ended" not in theirs.text


def test_afterwards_the_list_leads_to_what_was_done(remove, provider, partnership, browser_of):
    browser = browser_of(provider)
    data = {
        "confirmed": "on",
        "version": wording.REMOVAL_VERSION,
        "plan": Plan(partnership).fingerprint,
    }
    browser.send(REMOVE, partnership.reseller_id, data=data)

    text = browser.open("partners:reseller_list").text

    assert "The partnership with Kessler IT-Systemhaus is removed." in text
    assert browser.url("subscriptions:reseller_ended", partnership.reseller_id) in text
    assert "Undo until" in text


def test_the_page_of_the_ended_partnership(
    remove, vogel, partnership, provider, alpina, browser_of
):
    make_customer(partnership.provider, partnership.reseller, company_name="Müller Bau")
    make_move(vogel, partnership, alpina)
    remove(withdraw="on")

    text = browser_of(provider).open("subscriptions:reseller_ended", partnership.reseller_id).text

    assert "1 customer was handed over to Alpina Cloud Services." in text
    assert "The delegated admin privileges of Kessler IT-Systemhaus were withdrawn at 1" in text
    assert "1 customer has Kessler IT-Systemhaus as its reseller." in text
    assert "Müller Bau" in text
    assert "Draft a message to the reseller" in text
    assert "Draft a message to customers" in text


def test_whoever_looks_at_a_partnership_that_has_ended_is_told_by_whom(
    partnership, reseller, provider, browser_of
):
    remove_partnership(partnership, actor=reseller, statement_version="1")
    browser = browser_of(provider)

    response = browser.get(browser.url(REMOVE, partnership.reseller_id), follow=True)

    assert "Kessler IT-Systemhaus ended the partnership on" in response.text
    assert "Ada Wong" not in response.text.partition("<main")[2]


def test_customers_can_be_settled_after_the_end(
    remove, vogel, partnership, provider, alpina, browser_of
):
    remove()
    make_move(vogel, partnership, alpina)
    data = {"plan": Plan(partnership).fingerprint, "withdraw": "on"}

    browser_of(provider).send(SETTLE, partnership.reseller_id, data=data)

    vogel.refresh_from_db()
    assert vogel.reseller == alpina
    assert rights(vogel) == {"Alpina Cloud Services"}


def test_settling_twice_or_a_plan_of_yesterday_changes_nothing(
    remove, vogel, partnership, provider, alpina, browser_of
):
    remove()
    stale = Plan(partnership).fingerprint
    make_move(vogel, partnership, alpina)
    browser = browser_of(provider)

    for plan in (stale, "nonsense", "", Plan(partnership).fingerprint):
        browser.send(SETTLE, partnership.reseller_id, data={"plan": plan})
    browser.send(SETTLE, partnership.reseller_id, data={"plan": Plan(partnership).fingerprint})

    assert (
        AuditEntry.objects.visible_to(provider).filter(action="customer.handed_over").count() == 1
    )


def test_while_the_partnership_is_active_nothing_is_settled(
    vogel, partnership, provider, browser_of
):
    make_move(vogel, partnership)
    data = {"plan": Plan(partnership).fingerprint}

    browser_of(provider).send(SETTLE, partnership.reseller_id, data=data)

    vogel.refresh_from_db()
    assert vogel.reseller == partnership.reseller


def test_in_a_dialog_the_form_is_short(vogel, partnership, provider, browser_of):
    browser = browser_of(provider)
    htmx = {"HX-Request": "true", "HX-Target": "dialog"}
    url = browser.url(REMOVE, partnership.reseller_id)

    dialog, page = browser.get(url, headers=htmx).text, browser.get(url).text

    assert "Vogel Optik" in page
    assert "Vogel Optik" not in dialog
    assert f'<a href="{url}">See them all, or decide who looks after the customers</a>' in dialog
    assert "Yes, remove partnership" in dialog


def test_the_rows_behind_each_number_are_named(vogel, partnership, provider, browser_of):
    subscription = make_subscription(
        vogel, reseller_of_record=partnership.location, support_contact=partnership.reseller
    )
    order = make_order(vogel)
    for _ in range(51):
        make_customer(partnership.provider, partnership.reseller)

    page = browser_of(provider).open(REMOVE, partnership.reseller_id)

    stays = page.context["stays"]
    assert (stays.customers.count, len(stays.customers.first), stays.customers.further) == (
        52,
        50,
        2,
    )
    for row in (subscription, order):
        assert f"{row.reference}/" in page.text
    whole = browser_of(provider).url("customers:customer_list", reseller=partnership.reference)
    assert f'href="{whole}"' in page.text
    assert "1 subscription keeps the reseller as designated support contact." in page.text
