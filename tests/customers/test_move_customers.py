"""*Assign indirect reseller*: looked at first, then done once, for one customer or many."""

import csv
from io import StringIO
from threading import Barrier, Thread
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from customers import services
from customers.models import Customer, DelegatedAdmin, MoveBatch, MoveBatchRow
from partners.models import Partnership
from portal import batches
from portal.accounts.roles import Kind, Role
from portal.audit.models import AuditEntry
from portal.outbox.models import OutboxMessage
from portal.outbox.worker import work_once
from portal.queries import LONGEST
from portal.references import encode
from portal.scope import OPERATOR, acting
from tests.conftest import Browser
from tests.factories import (
    make_customer,
    make_membership,
    make_move_batch,
    make_partner,
    make_partnership,
    make_subscription,
)

PAGE, BATCH = "customers:customers_move", "customers:move_batch"
HTMX = {"HX-Request": "true", "HX-Target": "move-progress"}


@pytest.fixture
def browser(provider, browser_of):
    return browser_of(provider)


@pytest.fixture
def fjord(provider):
    company = make_partner(Kind.RESELLER, name="Fjord Digital ApS")
    make_partnership(provider.organization, company)
    return company


@pytest.fixture
def albrecht(provider, reseller, partnership):
    return make_customer(provider.organization, reseller.organization, company_name="Albrecht")


@pytest.fixture
def berg(provider):
    return make_customer(provider.organization, company_name="Berg")


def reference(company):
    return encode("R", company.pk)


def button(browser, **query):
    """What the button of the preview sends."""
    form = browser.open(PAGE, **query).context["button"]
    return {name: form[name].value() for name in form.fields}


def press(browser, **query):
    return browser.send(PAGE, data=button(browser, **query))


def reasons(customers, reseller, actor):
    return [verdict.reason for verdict in services.validate_move(customers, reseller, actor)]


def test_the_verdicts(provider, reseller, partnership, fjord, albrecht, berg):
    gone = make_customer(provider.organization, status="removed")
    far = make_customer(provider.organization, country="US")
    stranger = make_partner(Kind.RESELLER)
    unsigned = make_partner(Kind.RESELLER, signed=False)
    make_partnership(provider.organization, unsigned)
    former = make_partner(Kind.RESELLER)
    ended = {"status": "removed", "removed_at": now(), "statement_version": "2026-01"}
    make_partnership(provider.organization, former, **ended)
    four = [albrecht, berg, gone, far]

    assert reasons(four, fjord, provider) == ["", "", "removed", "region"]
    assert reasons(four, reseller.organization, provider)[0] == "already"
    assert reasons(four, None, provider) == ["", "direct", "removed", "direct"]
    assert reasons([berg], stranger, provider) == ["no_partnership"]
    assert reasons([berg], former, provider) == ["no_partnership"]
    assert reasons([berg], unsigned, provider) == ["unsigned"]
    assert all(v.words for v in services.validate_move([gone, far], fjord, provider))


def test_a_partnership_of_somebody_else_does_not_count(provider, outsider, berg):
    theirs = make_partner(Kind.RESELLER)
    make_partnership(outsider.organization, theirs)

    assert reasons([berg], theirs, provider) == ["no_partnership"]


def test_validating_costs_the_same_for_many(provider, fjord, berg):
    with CaptureQueriesContext(connection) as captured:
        services.validate_move([berg] * 500, fjord, provider)
    assert len(captured) == 1


def test_the_preview_says_what_changes(browser, reseller, fjord, albrecht, berg):
    gone = make_customer(berg.provider, company_name="Gone", status="removed")
    selected = [albrecht.reference, berg.reference, gone.reference]

    text = browser.open(PAGE, selected=selected, to=reference(fjord)).text

    assert "2 customers go to Fjord Digital ApS." in text
    assert "keeps its admin privileges" in text
    assert "The relationship with this customer has ended." in text
    assert "Assign 2 customers" in text
    albrecht.refresh_from_db()
    assert albrecht.reseller == reseller.organization


def test_first_the_reseller_is_chosen(browser, fjord, albrecht):
    response = browser.open(PAGE, selected=albrecht.reference)

    assert "Show what changes" in response.text
    assert "Assign 1 customer" not in response.text
    assert f'value="{reference(fjord)}"' in response.text
    assert f'<input type="hidden" name="selected" value="{albrecht.reference}">' in response.text


def test_assigning(browser, provider, reseller, fjord, albrecht, berg):
    subscription = make_subscription(albrecht, support_contact=reseller.organization)

    response = press(browser, selected=[albrecht.reference, berg.reference], to=reference(fjord))

    batch = MoveBatch.objects.get()
    assert response["Location"] == browser.url(BATCH, batch.pk)
    assert batch.status == "completed" and batch.ended_at
    assert set(Customer.objects.values_list("reseller", flat=True)) == {fjord.pk}
    subscription.refresh_from_db()
    assert subscription.reseller == fjord
    assert subscription.support_contact == reseller.organization
    granted = DelegatedAdmin.objects.granted().filter(customer=albrecht)
    assert {right.partner for right in granted} == {fjord, reseller.organization}
    entry = AuditEntry.objects.filter(action="customer.handed_over", target_id=albrecht.pk).first()
    assert entry.details["batch"] == batch.reference and entry.actor == provider.user
    text = browser.get(response["Location"]).text
    assert "2 customers were moved." in text and "Customers of Fjord Digital ApS" in text


def test_clearing(browser, albrecht, berg):
    response = press(browser, scope="matching", to="none")

    albrecht.refresh_from_db()
    assert albrecht.reseller is None
    assert {row.outcome: row.reason for row in MoveBatchRow.objects.all()} == {
        "moved": "",
        "skipped": "direct",
    }
    text = browser.get(response["Location"]).text
    assert "1 customer was moved." in text and "1 was left out" in text


def test_a_second_press_finds_the_first(browser, fjord, albrecht):
    data = button(browser, selected=albrecht.reference, to=reference(fjord))

    first, second = browser.send(PAGE, data=data), browser.send(PAGE, data=data)

    assert first["Location"] == second["Location"]
    assert MoveBatch.objects.count() == 1
    assert AuditEntry.objects.filter(action="customer.handed_over").count() == len(
        {*albrecht.tenants, fjord.pk}
    )


def test_all_that_match_means_what_was_shown(browser, fjord, berg):
    data = button(browser, scope="matching", q="berg", to=reference(fjord))
    make_customer(berg.provider, company_name="Bergmann")

    response = browser.send(PAGE, data=data)

    assert response.status_code == 422
    assert "The list has changed: 2 customers can be moved now." in response.text
    assert not MoveBatch.objects.exists()
    form = response.context["button"]
    again = {name: form[name].value() for name in form.fields}
    assert browser.send(PAGE, data=again).status_code == 302
    assert MoveBatchRow.objects.filter(outcome="moved").count() == 2


def test_a_reseller_that_changed_meanwhile_is_a_change(browser, provider, fjord, albrecht):
    data = button(browser, selected=albrecht.reference, to="none")
    services.hand_over([albrecht], fjord, actor=provider)

    assert browser.send(PAGE, data=data).status_code == 422
    albrecht.refresh_from_db()
    assert albrecht.reseller == fjord


@pytest.mark.parametrize(
    "changes",
    [
        {"query": ""},
        {"query": "selected=C-000000&to=none"},
        {"query": "scope=matching&to=R-000000"},
        {"expected": "0"},
        {"expected": "2"},
        {"fingerprint": "0" * 64},
        {"submission": "x"},
    ],
)
def test_a_forged_button_moves_nobody(browser, albrecht, changes):
    data = button(browser, selected=albrecht.reference, to="none")

    assert browser.send(PAGE, data=data | changes).status_code == 422
    albrecht.refresh_from_db()
    assert albrecht.reseller


def test_customers_of_others_are_not_there(browser, outsider):
    theirs = make_customer(outsider.organization)

    response = browser.open(PAGE, selected=theirs.reference, to="none", q="x")

    assert response["Location"] == browser.url("customers:customer_list", q="x")
    assert "Select at least one customer." in browser.get(response["Location"]).text


def test_an_unsigned_reseller_is_shown_and_closed(browser, provider, berg):
    unsigned = make_partner(Kind.RESELLER, signed=False)
    make_partnership(provider.organization, unsigned)

    text = browser.open(PAGE, selected=berg.reference, to=reference(unsigned)).text

    assert "disabled" in text
    assert "None of these customers can be moved" in text
    assert "This reseller has not signed the partner agreement yet." in text


@pytest.fixture
def few_at_once(monkeypatch):
    monkeypatch.setattr(batches, "AT_ONCE", 3)
    monkeypatch.setattr(batches, "CHUNK", 2)


def test_many_are_moved_in_the_background(browser, provider, fjord, few_at_once, reseller):
    for number in range(5):
        make_customer(provider.organization, company_name=f"Company {number}")

    press(browser, scope="matching", to=reference(fjord))

    batch = MoveBatch.objects.get()
    assert batch.status == "running"
    assert OutboxMessage.objects.count() == 3
    text = browser.open(BATCH, batch.pk).text
    assert "0 of 5 customers" in text and 'hx-trigger="every 2s"' in text
    assert '<noscript><meta http-equiv="refresh"' in text
    assert work_once()
    fragment = browser.get(browser.url(BATCH, batch.pk), headers=HTMX)
    assert "2 of 5 customers" in fragment.text and "<html" not in fragment.text
    while work_once():
        pass
    batch.refresh_from_db()
    assert batch.status == "completed"
    assert set(Customer.objects.values_list("reseller", flat=True)) == {fjord.pk}
    assert browser.get(browser.url(BATCH, batch.pk), headers=HTMX)["HX-Refresh"] == "true"


def test_what_changed_while_it_waited_is_left_out(
    browser, provider, fjord, reseller, partnership, few_at_once
):
    made = [make_customer(provider.organization, company_name=f"C{n}") for n in range(5)]
    press(browser, scope="matching", to=reference(fjord))
    services.hand_over([made[0]], reseller.organization, actor=provider)
    Customer.objects.filter(pk=made[1].pk).update(status="removed")

    while work_once():
        pass

    rows = {row.customer_id: row for row in MoveBatchRow.objects.all()}
    assert (rows[made[0].pk].outcome, rows[made[0].pk].reason) == ("skipped", "changed")
    assert (rows[made[1].pk].outcome, rows[made[1].pk].reason) == ("skipped", "removed")
    assert sum(row.outcome == "moved" for row in rows.values()) == 3
    assert MoveBatch.objects.get().status == "completed"


def test_a_partnership_that_ended_while_it_waited(browser, provider, fjord, few_at_once):
    for _number in range(5):
        make_customer(provider.organization)
    press(browser, scope="matching", to=reference(fjord))
    Partnership.objects.filter(reseller=fjord).update(
        status="removed", removed_at=now(), statement_version="2026-01"
    )

    while work_once():
        pass

    assert set(MoveBatchRow.objects.values_list("outcome", "reason")) == {
        ("skipped", "no_partnership")
    }


def test_who_lost_the_right_moves_nobody_any_more(browser, provider, fjord, few_at_once):
    for _number in range(5):
        make_customer(provider.organization)
    press(browser, scope="matching", to=reference(fjord))
    make_membership(organization=provider.organization)  # who stays
    provider.roles = [Role.USER_ADMIN]
    provider.save()

    while work_once():
        pass

    assert not Customer.objects.filter(reseller=fjord).exists()
    assert MoveBatch.objects.get().status == "completed"


def test_many_need_as_many_statements_as_few(provider, reseller, partnership, fjord):
    def cost(number):
        made = [make_customer(provider.organization, reseller.organization) for _ in range(number)]
        made += [make_customer(provider.organization, fjord) for _ in range(number)]
        with CaptureQueriesContext(connection) as captured:
            services.start_move(made, fjord, actor=provider, submission=uuid4())
        return len(captured)

    cost(1)
    assert cost(3) == cost(60) < 40


def test_the_preview_costs_the_same_for_many(browser, provider, reseller, partnership):
    def cost(number):
        for _ in range(number):
            make_customer(provider.organization, reseller.organization)
        with CaptureQueriesContext(connection) as captured:
            assert browser.open(PAGE, scope="matching", to="none").status_code == 200
        return len(captured)

    cost(1)
    assert cost(2) == cost(30)


def test_the_result_as_a_file(browser, fjord, albrecht, berg):
    response = press(browser, scope="matching", to="none")
    batch = MoveBatch.objects.get()

    text = browser.open("customers:move_result", batch.pk).content.decode("utf-8-sig")
    header, first, second = csv.reader(StringIO(text))

    assert response.status_code == 302
    assert header[:2] == ["Customer ID", "Company name"]
    assert first[1:] == ["Albrecht", "Kessler IT-Systemhaus", "No indirect reseller", "Moved", ""]
    assert second[4] == "Skipped" and second[5].startswith("No indirect reseller looks after")


def test_the_batch_is_nobody_elses(albrecht, outsider, reseller, browser_of):
    batch = make_move_batch(albrecht)

    for membership in (outsider, reseller):
        assert browser_of(membership).open(BATCH, batch.pk).status_code == 404


@pytest.fixture
def long_filters(provider):
    """Filters that show Berg alone, in an address too long to be redirected to."""
    resellers = [make_partner(Kind.RESELLER) for _number in range(120)]
    for company in resellers:
        make_partnership(provider.organization, company)
    filters = {"reseller": sorted(map(reference, resellers)) + ["none"], "q": "berg"}
    assert len(urlencode(filters, doseq=True)) > LONGEST
    return filters


def test_however_long_the_filters_are_they_are_kept(browser, provider, fjord, berg, long_filters):
    for number in range(3):
        make_customer(provider.organization, company_name=f"Company {number}")
    export = browser.open("customers:customer_list", **long_filters).context["export"]

    for address in (export["move_all_url"], export["dialects"][0]["matching_url"]):
        assert parse_qs(urlsplit(address).query)["q"] == ["berg"]
    kept = browser.get(export["move_all_url"]).context["moving"].kept
    preview = browser.get(f"{browser.url(PAGE)}?{urlencode([*kept, ('to', reference(fjord))])}")
    form = preview.context["button"]
    data = {name: form[name].value() for name in form.fields}
    assert browser.send(PAGE, data=data).status_code == 302
    assert list(Customer.objects.filter(reseller=fjord)) == [berg]


def test_nothing_selected_leads_back_from_the_longest_address(browser, long_filters):
    for page in (PAGE, "customers:customer_export"):
        response = browser.open(page, scope="selected", **long_filters)

        assert response.status_code == 302
        assert response["Location"] == browser.url("customers:customer_list")


@pytest.mark.parametrize("role, status", [(Role.SALES_AGENT, 200), (Role.USER_ADMIN, 403)])
def test_who_may_move(provider, albrecht, browser_of, role, status):
    browser = browser_of(make_membership(role, organization=provider.organization))

    assert browser.open(PAGE, selected=albrecht.reference).status_code == status


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_time_are_one():
    with acting(OPERATOR):
        staff = make_membership(organization=make_partner(Kind.PROVIDER))
        fjord = make_partner(Kind.RESELLER)
        make_partnership(staff.organization, fjord)
        make_customer(staff.organization)
    browsers = [Browser(staff), Browser(staff)]
    data = button(browsers[0], scope="matching", to=reference(fjord))
    together, answers = Barrier(2), []

    def send(browser):
        together.wait()
        try:
            answers.append(browser.send(PAGE, data=data))
        finally:
            connection.close()

    threads = [Thread(target=send, args=[browser]) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({answer["Location"] for answer in answers}) == 1
    with acting(OPERATOR):
        assert MoveBatch.objects.count() == 1
        assert AuditEntry.objects.filter(action="customer.handed_over").count() == 3
