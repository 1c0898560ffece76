"""*Change reseller or support contact* of many: looked at first, then done exactly once."""

import csv
from io import StringIO
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from partners.models import Partnership
from portal import batches
from portal.accounts.roles import Kind, Role
from portal.audit.models import AuditEntry
from portal.outbox.models import OutboxMessage
from portal.outbox.worker import work_once
from portal.references import encode
from portal.scope import OPERATOR, acting
from subscriptions import services
from subscriptions.change_verdicts import validate_change
from subscriptions.models import ChangeBatch, ChangeBatchRow, RecordPeriod, Subscription
from tests.conftest import Browser
from tests.factories import (
    make_change_batch,
    make_customer,
    make_membership,
    make_offer,
    make_partner,
    make_partnership,
    make_subscription,
)
from tests.subscriptions.conftest import do_background_work

LIST, PAGE, BATCH = (
    f"subscriptions:{name}"
    for name in ("subscription_list", "subscriptions_change", "change_batch")
)
HTMX = {"HX-Request": "true", "HX-Target": "change-progress"}


@pytest.fixture
def fjord(provider):
    company = make_partner(Kind.RESELLER, name="Fjord Digital ApS")
    return make_partnership(provider.organization, company)


@pytest.fixture
def subscriptions(customer, offer, partnership):
    """Three of one customer: two name its reseller, one names nobody."""
    named = {"reseller_of_record": partnership.location}
    return [make_subscription(customer, offer, **fields) for fields in (named, named, {})]


@pytest.fixture
def few_at_once(monkeypatch):
    monkeypatch.setattr(batches, "AT_ONCE", 2)
    monkeypatch.setattr(batches, "CHUNK", 2)


def button(browser, **query):
    """What the button of the preview sends."""
    form = browser.open(PAGE, **query).context["button"]
    return {name: form[name].value() for name in form.fields}


def press(browser, **query):
    return browser.send(PAGE, data=button(browser, **query))


def reasons(subscriptions, actor, **changes):
    return [verdict.reason for verdict in validate_change(subscriptions, changes, actor)]


def named():
    found = Subscription.objects.order_by("pk")
    return list(found.values_list("reseller_of_record__mpn_id", "support_contact__name"))


def test_the_verdicts(provider, reseller, partnership, fjord, subscriptions, offer):
    far = make_subscription(make_customer(provider.organization, country="US"), offer)
    gone = make_subscription(make_customer(provider.organization, status="removed"), offer)
    over = make_subscription(subscriptions[0].customer, offer, status="cancelled")
    all_of_them = [*subscriptions, far, gone, over]
    unsigned = make_partnership(provider.organization, make_partner(signed=False))
    ended = {"status": "removed", "removed_at": now(), "statement_version": "2026-01"}
    former = make_partnership(provider.organization, make_partner(), **ended)

    def judged(**changes):
        return reasons(all_of_them, provider, **changes)

    over = ["gone", "over"]
    assert judged(reseller_of_record=partnership.location) == ["same", "same", "", "region", *over]
    assert judged(reseller_of_record=fjord.location) == ["", "", "", "region", *over]
    assert judged(reseller_of_record=None) == ["", "", "same", "same", *over]
    assert judged(reseller_of_record=unsigned.location)[:3] == ["unsigned"] * 3
    assert judged(reseller_of_record=former.location)[:3] == ["no_partnership"] * 3
    assert judged(support_contact=former.reseller)[:3] == ["no_partnership"] * 3
    assert judged(support_contact=None)[:4] == ["same"] * 4
    both = {"reseller_of_record": partnership.location, "support_contact": fjord.reseller}
    assert judged(**both)[:4] == ["", "", "", "region"]
    assert all(v.words for v in validate_change([far, gone], both, provider))


def test_judging_costs_the_same_for_many(provider, fjord, subscriptions):
    with CaptureQueriesContext(connection) as captured:
        validate_change(subscriptions * 200, {"reseller_of_record": fjord.location}, provider)
    assert len(captured) == 1


def test_the_preview_says_what_changes(staff, provider, partnership, fjord, subscriptions, offer):
    far = make_subscription(make_customer(provider.organization, country="US"), offer)
    selected = [one.reference for one in (*subscriptions[1:], far)]

    text = staff.open(PAGE, selected=selected, to=fjord.location.mpn_id, contact="provider").text

    assert "2 subscriptions change." in text and "Change 2 subscriptions" in text
    assert f'<del><span class="mono">{partnership.location.mpn_id}</span>' in text
    assert "The customer is in another sales region than the reseller." in text
    assert Subscription.objects.filter(reseller_of_record=fjord.location).count() == 0


def test_first_something_is_chosen(staff, subscriptions):
    text = staff.open(PAGE, selected=subscriptions[0].reference).text
    assert "Show what changes" in text and "Change 1 subscription" not in text

    url = staff.url(PAGE, selected=subscriptions[0].reference)
    response = staff.get(f"{url}&to=&mpn_id=&contact=")
    assert response.status_code == 422
    assert "Choose a reseller, a support contact or both." in response.text


@pytest.mark.parametrize(
    "typed,words",
    [
        ("abc", "An MPN ID has 5 to 8 digits."),
        ("9999999", "We don&#x27;t know the MPN ID 9999999."),
    ],
)
def test_a_wrong_mpn_id_is_told_and_kept(staff, subscriptions, typed, words):
    response = staff.open(PAGE, selected=subscriptions[0].reference, mpn_id=typed)

    assert response.status_code == 422
    assert words in response.text and f'value="{typed}"' in response.text


def test_a_typed_mpn_id_counts(staff, fjord, subscriptions):
    press(staff, scope="matching", mpn_id=fjord.location.mpn_id)

    assert {mpn_id for mpn_id, _contact in named()} == {fjord.location.mpn_id}


def test_changing_both(staff, provider, partnership, fjord, subscriptions):
    contact = encode("R", fjord.reseller_id)
    selected = [one.reference for one in subscriptions[1:]]

    response = press(staff, selected=selected, to=fjord.location.mpn_id, contact=contact)

    batch = ChangeBatch.objects.get()
    assert response["Location"] == staff.url(BATCH, batch.pk)
    assert batch.status == "completed" and batch.ended_at
    ours = (partnership.location.mpn_id, None)
    assert named() == [ours, *[(fjord.location.mpn_id, "Fjord Digital ApS")] * 2]
    entries = AuditEntry.objects.filter(
        action="subscription.changed", organization=provider.organization
    ).order_by("pk")
    assert {entry.details["before"] for entry in entries} == {
        f"MPN ID {ours[0]}, support contact none",
        "MPN ID none, support contact none",
    }
    assert {entry.details["batch"] for entry in entries} == {batch.reference}
    versions = Subscription.objects.order_by("pk").values_list("version", flat=True)
    assert list(versions) == [1, 2, 2]
    assert RecordPeriod.objects.filter(location=fjord.location, until=None).count() == 2
    assert "2 subscriptions were changed." in staff.get(response["Location"]).text


def test_what_is_not_chosen_stays(staff, fjord, partnership, subscriptions):
    press(staff, scope="matching", contact=encode("R", fjord.reseller_id))

    mpn_id = partnership.location.mpn_id
    assert named() == [(number, "Fjord Digital ApS") for number in (mpn_id, mpn_id, None)]


def test_naming_no_reseller(staff, subscriptions):
    press(staff, scope="matching", to="none")

    assert named() == [(None, None)] * 3
    assert [row.reason for row in ChangeBatchRow.objects.order_by("subscription_id")] == [
        "",
        "",
        "same",
    ]


def test_the_filters_of_the_list_decide(staff, fjord, subscriptions):
    press(staff, scope="matching", reseller="none", to=fjord.location.mpn_id)

    assert [mpn_id for mpn_id, _contact in named()].count(fjord.location.mpn_id) == 1


def test_a_second_press_does_nothing(staff, fjord, subscriptions):
    data = button(staff, scope="matching", to=fjord.location.mpn_id)

    first, second = (staff.send(PAGE, data=data) for _number in range(2))

    assert first["Location"] == second["Location"]
    assert ChangeBatch.objects.count() == 1
    assert set(Subscription.objects.values_list("version", flat=True)) == {2}


def test_a_list_that_has_changed_is_shown_again(staff, provider, fjord, subscriptions):
    data = button(staff, scope="matching", to=fjord.location.mpn_id)
    services.change_subscription(
        subscriptions[0], actor=provider, version=1, reseller_of_record=fjord.location
    )

    response = staff.send(PAGE, data=data)

    assert response.status_code == 422
    assert "2 subscriptions can be changed now. Check again." in response.text
    assert not ChangeBatch.objects.exists()


def test_nothing_selected(staff, outsider, subscriptions):
    theirs = make_subscription(make_customer(outsider.organization))

    response = staff.open(PAGE, selected=theirs.reference, to="none", q="x")

    assert response["Location"] == staff.url(LIST, q="x")
    assert "Select at least one subscription." in staff.get(response["Location"]).text


@pytest.mark.parametrize(
    "data", [{}, {"query": "to=none"}, {"query": "x" * 20_000, "expected": "-1"}]
)
def test_a_button_that_has_lost_its_facts(staff, subscriptions, data):
    response = staff.send(PAGE, data=data)

    assert response.status_code == 422
    assert "No subscription was changed." in response.text


def test_many_are_changed_in_the_background(staff, fjord, subscriptions, offer, few_at_once):
    for _number in range(2):
        make_subscription(subscriptions[0].customer, offer)

    press(staff, scope="matching", to=fjord.location.mpn_id)

    batch = ChangeBatch.objects.get()
    assert (batch.status, OutboxMessage.objects.count()) == ("running", 3)
    assert "0 of 5 subscriptions" in staff.open(BATCH, batch.pk).text
    assert work_once()
    fragment = staff.get(staff.url(BATCH, batch.pk), headers=HTMX)
    assert "2 of 5 subscriptions" in fragment.text and "<html" not in fragment.text
    do_background_work()
    batch.refresh_from_db()
    assert batch.status == "completed"
    assert {mpn_id for mpn_id, _contact in named()} == {fjord.location.mpn_id}
    assert staff.get(staff.url(BATCH, batch.pk), headers=HTMX)["HX-Refresh"] == "true"


def test_a_portion_done_twice_is_done_once(provider, fjord, subscriptions, few_at_once):
    changes = {"reseller_of_record": fjord.location}
    batch = services.start_change(subscriptions, changes, actor=provider, submission=uuid4())

    for _number in range(2):  # the worker was killed after the first, and another goes on
        services.change_chunk(batch.pk, first=1, last=2, sender_id=provider.user_id)

    assert list(Subscription.objects.order_by("pk").values_list("version", flat=True)) == [2, 2, 1]
    do_background_work()
    assert set(Subscription.objects.values_list("version", flat=True)) == {2}
    assert ChangeBatch.objects.get().status == "completed"


def test_what_changed_while_it_waited_is_left_out(
    staff, provider, partnership, fjord, subscriptions, few_at_once
):
    press(staff, scope="matching", to=fjord.location.mpn_id)
    services.change_subscription(
        subscriptions[0], actor=provider, version=1, reseller_of_record=None
    )
    Subscription.objects.filter(pk=subscriptions[1].pk).update(status="cancelled")

    do_background_work()

    rows = ChangeBatchRow.objects.order_by("subscription_id")
    assert [(row.outcome, row.reason) for row in rows] == [
        ("skipped", "changed"),
        ("skipped", "over"),
        ("changed", ""),
    ]


def test_a_partnership_that_ended_while_it_waited(staff, fjord, subscriptions, few_at_once):
    press(staff, scope="matching", to=fjord.location.mpn_id)
    Partnership.objects.filter(pk=fjord.pk).update(
        status="removed", removed_at=now(), statement_version="2026-01"
    )

    do_background_work()

    assert set(ChangeBatchRow.objects.values_list("reason", flat=True)) == {"no_partnership"}


def test_who_lost_the_right_changes_nothing_any_more(
    staff, provider, fjord, subscriptions, few_at_once
):
    press(staff, scope="matching", to=fjord.location.mpn_id)
    make_membership(organization=provider.organization)  # who stays
    provider.roles = [Role.USER_ADMIN]
    provider.save()

    do_background_work()

    assert not Subscription.objects.filter(reseller_of_record=fjord.location).exists()
    assert set(ChangeBatchRow.objects.values_list("reason", flat=True)) == {"not_allowed"}
    assert ChangeBatch.objects.get().status == "completed"


def test_many_need_as_many_statements_as_few(provider, partnership, fjord, customer, offer):
    named = [{"reseller_of_record": partnership.location}, {}]

    def cost(number):
        made = [make_subscription(customer, offer, **named[n % 2]) for n in range(number * 2)]
        with CaptureQueriesContext(connection) as captured:
            changes = {"reseller_of_record": fjord.location}
            services.start_change(made, changes, actor=provider, submission=uuid4())
        return len(captured)

    cost(1)
    assert cost(3) == cost(60) < 40


def test_the_result_as_a_file(staff, partnership, fjord, subscriptions):
    press(staff, scope="matching", to=fjord.location.mpn_id, contact="provider")

    response = staff.open("subscriptions:change_result", ChangeBatch.objects.get().pk)

    rows = {row["Subscription ID"]: row for row in csv.DictReader(StringIO(response.text))}
    row = rows[subscriptions[0].reference]
    assert partnership.location.mpn_id in row["Reseller up to then"]
    assert fjord.location.mpn_id in row["Reseller afterwards"]
    assert row["Support contact afterwards"] == "Nordwind Distribution"
    assert (row["Outcome"], row["Reason"]) == ("Changed", "")


def test_a_batch_without_a_changed_row(staff, subscriptions):
    batch = make_change_batch(*subscriptions[2:], status="completed")

    assert "No indirect reseller" in staff.open(BATCH, batch.pk).text


def test_the_list_offers_it_to_whoever_may(browser_of, provider, reseller, subscriptions):
    assert "Change reseller or support contact…" in browser_of(provider).open(LIST).text
    admin = make_membership(Role.USER_ADMIN, organization=provider.organization)
    for person in (admin, reseller):
        text = browser_of(person).open(LIST).text
        assert "Change reseller or support contact…" not in text
        assert "Export selected" in text


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_make_one_batch():
    with acting(OPERATOR):
        staff = make_membership(organization=make_partner(Kind.PROVIDER))
        customer = make_customer(staff.organization)
        target = make_partnership(staff.organization, make_partner()).location
        for _number in range(3):
            make_subscription(customer, make_offer())
    data = button(Browser(staff), scope="matching", to=target.mpn_id)
    together, answers = Barrier(2), []

    def send():
        browser = Browser(staff)
        together.wait(timeout=20)
        answers.append(browser.send(PAGE, data=data))
        connection.close()

    threads = [Thread(target=send) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({answer["Location"] for answer in answers}) == 1
    with acting(OPERATOR):
        assert ChangeBatch.objects.count() == 1
        assert set(Subscription.objects.values_list("version", flat=True)) == {2}
