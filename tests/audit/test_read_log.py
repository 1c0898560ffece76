"""The activity log: what happened, to whom, by whom; opened row by row, filtered, taken away."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate, now

from customers.services.moving import hand_over, take_back
from portal.accounts.roles import Role
from portal.audit import export
from portal.audit.models import AuditEntry
from portal.audit.origin import coming_from
from portal.audit.services import record
from portal.lifecycle import transition
from portal.references import encode
from subscriptions.services.assignments import assign_licenses
from tests.factories import (
    make_customer,
    make_grant,
    make_membership,
    make_order,
    make_partner,
    make_partnership,
    make_person,
    make_subscription,
    make_user,
)

LIST, PANEL, EXPORT = "audit:entry_list", "audit:entry_panel", "audit:entry_export"


@pytest.fixture
def customer(provider, reseller, partnership):
    return make_customer(
        provider.organization, reseller.organization, company_name="Albrecht Maschinenbau"
    )


@pytest.fixture
def owner(customer):
    """The customer's global admin."""
    return make_membership(organization=customer.organization)


@pytest.fixture
def seller(provider):
    user = make_user(first_name="Timo", last_name="Roth")
    return make_membership(Role.SALES_AGENT, organization=provider.organization, user=user)


def written(organization, days_ago, **fields):
    """An entry of an earlier day: the table itself refuses to be changed."""
    at = now() - timedelta(days=days_ago)
    made = {"action": "customer.added", "target_type": "x.y", "target_id": "1"} | fields
    entry = AuditEntry(organization=organization, **made)
    field = AuditEntry._meta.get_field("at")
    field.auto_now_add, entry.at = False, at
    try:
        entry.save()
    finally:
        field.auto_now_add = True
    return entry


def entry_of(membership, **which):
    return AuditEntry.objects.filter(organization=membership.organization, **which).first()


def rows_of(response):
    return response.context["page"].rows


def file_of(response):
    text = b"".join(response.streaming_content).decode().removeprefix("\ufeff")
    return list(csv.reader(StringIO(text), delimiter=";" if ";" in text.split("\n")[0] else ","))


def headings(response):
    return [column.header for column in response.context["page"].table.columns]


def test_partners_read_when_whom_what_and_who(provider, customer, browser_of):
    record("customer.agreed", actor=provider, target=customer)
    response = browser_of(provider).open(LIST)

    assert headings(response) == [
        "Date-Time (Europe/Berlin)",
        "Affected customer",
        "Action",
        "Partner user",
        "Details",
    ]
    for words in ("Albrecht Maschinenbau", "customer agreement", customer.reference, "Ada Wong"):
        assert words in response.text


def test_customers_read_their_own(provider, customer, owner, outsider, browser_of):
    record("customer.agreed", actor=provider, target=customer)
    record("customer.agreed", actor=outsider, target=make_customer(outsider.organization))
    for role in (Role.GLOBAL_ADMIN, Role.USER_ADMIN):
        reader = make_membership(role, organization=customer.organization)
        response = browser_of(reader).open(LIST)
        assert headings(response) == ["Date-Time (Europe/Berlin)", "Action", "User", "Details"]
        assert [row.organization_id for row in rows_of(response)] == [customer.organization_id]
        assert "Partner user" not in response.text
        assert 'name="customer"' not in response.text


def test_whoever_oversees_nobody_reads_what_they_did_themselves(
    provider, seller, customer, browser_of
):
    record("customer.agreed", actor=provider, target=customer)
    record("customer.changed", actor=seller, target=customer)
    theirs = entry_of(provider, action="customer.agreed")
    browser = browser_of(seller)

    response = browser.open(LIST)
    assert [row.action for row in rows_of(response)] == ["customer.changed"]
    assert "What you did yourself" in response.text
    assert browser.open(PANEL, theirs.pk).status_code == 404
    assert len(file_of(browser.open(EXPORT))) == 2
    assert len(rows_of(browser.open(LIST, user="Ada"))) == 1  # the filter is not theirs


def test_an_opened_row_tells_everything(provider, customer, browser_of):
    subscription = make_subscription(customer)
    operator = make_user(first_name="Olga", last_name="Operator")
    with coming_from(ip="203.0.113.77", reference="7K3Q-X2M9", operator_id=operator.pk):
        transition(subscription, "suspended", actor=provider, suspended_at=now())
    entry = entry_of(provider)
    browser = browser_of(provider)

    panel = browser.open(PANEL, entry.pk, headers={}).url
    page = browser.get(panel.partition("#")[0])
    for words in (
        "Active → Suspended",
        "203.0.113.77",
        "7K3Q-X2M9",
        "Seen as Ada Wong by operator Olga Operator",
        provider.organization.name,
        f'<a href="{browser.url("subscriptions:subscription_detail", subscription.pk)}">',
        f'href="{browser.url("subscriptions:customer_subscriptions", customer.pk)}"',
        'aria-expanded="true"',
    ):
        assert words in page.text, words

    fragment = browser.get(browser.url(PANEL, entry.pk), HTTP_HX_REQUEST="true")
    assert "7K3Q-X2M9" in fragment.text
    assert "<html" not in fragment.text


def test_changes_by_hand_show_field_by_field(provider, customer, browser_of):
    changes = [["city", "Hamburg", "Kiel"], ["phone", "", "<b>1</b>"]]
    record("customer.changed", actor=provider, target=customer, changes=changes)
    browser = browser_of(provider)
    text = browser.get(browser.url(PANEL, entry_of(provider).pk), HTTP_HX_REQUEST="true").text
    assert "Hamburg → Kiel" in text
    assert "– → &lt;b&gt;1&lt;/b&gt;" in text


@pytest.mark.parametrize(
    ("ip", "masked"), [("203.0.113.77", "203.0.113.…"), ("2001:db8:5:6::7", "2001:db8:5:…")]
)
def test_addresses_are_whole_for_ones_own_global_admin_alone(
    provider, reseller, owner, customer, browser_of, ip, masked
):
    with coming_from(ip=ip):
        record("customer.agreed", actor=provider, target=customer)
    agent = make_membership(Role.ADMIN_AGENT, organization=provider.organization)
    for reader, shown in ((provider, ip), (agent, masked), (reseller, masked), (owner, masked)):
        browser = browser_of(reader)
        panel = browser.get(browser.url(PANEL, entry_of(reader).pk), HTTP_HX_REQUEST="true")
        assert f">{shown}<" in panel.text
        assert file_of(browser.open(EXPORT))[1][8] == shown


def test_what_the_reader_cannot_open_has_no_link(provider, reseller, owner, customer, browser_of):
    order = make_order(customer)
    record("order.placed", actor=provider, target=order)
    for reader, linked in ((provider, True), (reseller, False), (owner, False)):
        browser = browser_of(reader)
        panel = browser.get(browser.url(PANEL, entry_of(reader).pk), HTTP_HX_REQUEST="true")
        assert order.reference in panel.text
        assert (browser.url("subscriptions:order_detail", order.pk) in panel.text) == linked


def test_anothers_entry_is_not_there(provider, outsider, customer, browser_of):
    record("customer.agreed", actor=provider, target=customer)
    entry = entry_of(provider)
    browser = browser_of(outsider)
    assert browser.open(PANEL, entry.pk).status_code == 404
    assert "Albrecht" not in browser.open(LIST, open=entry.pk, after=entry.pk).text
    assert len(file_of(browser.open(EXPORT))) == 1


def test_without_days_the_last_month_is_shown_and_the_page_says_so(provider, browser_of):
    place = provider.organization
    for days in (1, 29, 32, 400):
        written(place, days)
    browser = browser_of(provider)

    usual = browser.open(LIST)
    assert len(rows_of(usual)) == 2
    assert "the last 30" in usual.text
    assert f'value="{localdate() - timedelta(days=30)}"' in usual.text
    everything = browser.open(LIST, since=f"{localdate() - timedelta(days=500)}")
    assert len(rows_of(everything)) == 4
    assert "the last 30" not in everything.text
    assert len(rows_of(browser.get(browser.url(LIST) + "?since="))) == 4
    early = browser.open(LIST, until=f"{localdate() - timedelta(days=32)}")
    assert len(rows_of(early)) == 2
    assert len(file_of(browser.open(EXPORT))) == 3


def test_filters_find_by_action_person_customer_and_reference(
    provider, seller, customer, browser_of
):
    other = make_customer(provider.organization, company_name="Vogel Optik")
    with coming_from(reference="7K3Q-X2M9"):
        record("customer.agreed", actor=provider, target=customer)
    record("customer.changed", actor=seller, target=other)
    browser = browser_of(provider)

    def found(**query):
        return {row.action.partition(".")[2] for row in rows_of(browser.open(LIST, **query))}

    assert found() == {"agreed", "changed"}
    assert found(action="customer.agreed") == {"agreed"}
    assert found(user="roth TIMO") == {"changed"}
    assert found(user="roth ada") == set()
    assert found(customer="optik") == {"changed"}
    assert found(reference=customer.reference) == {"agreed"}
    assert found(reference=other.reference.lower().replace("-", " ")) == {"changed"}
    for typed in ("7K3Q-X2M9", "7k3qx2m9", " 7K3QX2M9 "):
        assert found(reference=typed) == {"agreed"}
    assert found(reference=customer.reference[:-1] + "?") == set()


def test_a_reference_is_found_on_whatever_day(provider, customer, browser_of):
    written(provider.organization, 400, target_type="customers.customer", target_id=customer.pk)
    usual, other = (f"{localdate() - timedelta(days=days)}" for days in (30, 10))
    browser = browser_of(provider)

    def found(**days):
        return len(rows_of(browser.open(LIST, reference=customer.reference, **days)))

    assert found() == found(since=usual) == found(since=usual, until="") == 1
    assert found(since=other) == found(since=usual, until=other) == 0
    assert len(rows_of(browser.open(LIST, reference=" ", since=usual))) == 0


def test_it_says_which_colleague_was_meant(provider, seller, browser_of):
    record("membership.revealed", actor=provider, target=seller)
    operator = make_user(first_name="Olga", last_name="Petrova", is_staff=True)
    with coming_from(operator_id=operator.pk):
        record("organization.suspended", actor=None, target=provider.organization)
    browser = browser_of(provider)

    page = browser.open(LIST).text
    assert '<span class="sub">Timo Roth</span>' in page
    assert 'Olga Petrova<span class="sub">Operator</span>' in page
    lines = [";".join(line) for line in file_of(browser.open(EXPORT))]
    assert any("User: Timo Roth" in line for line in lines)
    assert "Timo Roth" in browser.open("subscriptions:home").text


HOSTILE = ["\0", "%00", "'; drop table x --", "ﬀ" * 300, "<script>", "-1", "2026-13-45", "￿"]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize(
    "name", ["since", "until", "action", "user", "customer", "reference", "open", "after", "sort"]
)
def test_no_value_of_a_filter_breaks_the_page(provider, browser_of, name, value):
    record("customer.agreed", actor=provider, target=provider.organization)
    browser = browser_of(provider)
    assert browser.open(LIST, **{name: value}).status_code == 200
    response = browser.open(EXPORT, **{name: value})
    assert response.status_code == 200
    assert file_of(response)


def test_the_export_holds_all_that_the_filters_show(provider, customer, browser_of, monkeypatch):
    monkeypatch.setattr(export, "AT_ONCE", 2)
    names = ["=1+1", "a", "b", "c", "d"]
    for name in names:
        with coming_from(reference="7K3Q-X2M9"):
            record(
                "customer.changed",
                actor=provider,
                target=customer,
                changes=[["company_name", "", name]],
            )
    for _ in range(3):
        record("customer.agreed", actor=None, target=customer)
    lines = file_of(browser_of(provider).open(EXPORT, action="customer.changed"))

    assert lines[0][:6] == [
        "Date-Time",
        "Affected customer",
        "Action",
        "Changes",
        "Concerning",
        "Partner user",
    ]
    assert [line[3] for line in lines[1:]] == [f"Company: – → {n}" for n in names[::-1]]
    assert lines[1][0].endswith(("+01:00", "+02:00"))
    assert lines[1][1] == "Albrecht Maschinenbau"
    assert lines[1][4] == customer.reference
    assert lines[1][9] == "7K3Q-X2M9"


def test_the_export_speaks_the_readers_language_and_excels(provider, customer, browser_of):
    customer.organization.name = "=cmd()"
    customer.organization.save()
    record("customer.agreed", actor=None, target=customer)
    browser = browser_of(provider)
    browser.cookies["django_language"] = "de"
    response = browser.open(EXPORT, format="excel")
    assert response["Cache-Control"] == "no-store"
    assert "activity-log" in response["Content-Disposition"]
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeffDatum")
    assert ";das System;" in text
    assert ";'=cmd();" in text


def test_the_page_is_german_for_germans(provider, customer, browser_of):
    record("customer.agreed", actor=None, target=customer)
    browser = browser_of(provider)
    browser.cookies["django_language"] = "de"
    text = browser.open(LIST).text
    for words in (
        "Betroffener Kunde",
        "Aktivitätsprotokoll",
        "das System",
        "der letzten 30\u00a0Tage",
    ):
        assert words in text


def test_many_rows_cost_as_much_as_few(provider, customer, browser_of):
    browser = browser_of(provider)

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            browser.open(LIST)
        return len(asked)

    record("customer.agreed", actor=provider, target=customer)
    browser.open(LIST)
    few = cost()
    for _ in range(20):
        record("customer.agreed", actor=provider, target=customer)
    assert cost() == few


def test_operators_find_an_entry_by_what_people_tell_them(provider, customer):
    with coming_from(reference="7K3Q-X2M9", ip="203.0.113.7"):
        record("customer.agreed", actor=provider, target=customer)
    record("customer.changed", actor=provider, target=make_customer(provider.organization))
    entry = entry_of(provider, action="customer.agreed")
    operator = Client()
    staff = make_user("operator@portal.test", is_staff=True, is_superuser=True)
    operator.force_login(staff, backend="portal.accounts.backends.AccountBackend")

    def found(text):
        response = operator.get("/admin/audit/auditentry/", {"q": text})
        return [row.pk for row in response.context["cl"].result_list]

    for text in (str(entry.pk), "7k3qx2m9", customer.reference):
        assert entry.pk in found(text)
        assert all(AuditEntry.objects.get(pk=pk).action == "customer.agreed" for pk in found(text))
    assert found("nobody") == []
    assert len(found("")) >= 2


# ---- All about one reseller


@pytest.fixture
def other(provider):
    """Another reseller of the same provider, whom it has left."""
    reseller = make_partner(name="Former Systemhaus")
    ended = {"status": "removed", "removed_at": now(), "statement_version": "2026-01"}
    make_partnership(provider.organization, reseller, **ended)
    return reseller


def shown(browser, **query):
    return {row.action for row in rows_of(browser.open(LIST, **query))}


def test_a_provider_sees_all_that_concerns_one_reseller(
    provider, reseller, customer, partnership, other, browser_of
):
    person, subscription = make_person(customer.organization), make_subscription(customer)
    record("partnership.started", actor=reseller, target=partnership)
    record("subscription.changed", actor=reseller, target=subscription)
    record("customertag.added", actor=provider, target=provider.organization)
    make_grant(customer)
    assign_licenses(subscription, [person], actor=provider)
    elsewhere = make_customer(provider.organization, other)
    record("customer.changed", actor=provider, target=elsewhere)
    browser = browser_of(provider)

    named = shown(browser, reseller=encode("R", reseller.organization.pk))
    assert named == {"partnership.started", "subscription.changed", "licenseassignment.assigned"}
    assert shown(browser, reseller=encode("R", other.pk)) == {"customer.changed"}
    assert "customertag.added" in shown(browser)
    file = browser.open(EXPORT, reseller=encode("R", other.pk), format="plain")
    assert len(file_of(file)) == 2


def test_it_stays_with_the_reseller_of_that_time(provider, reseller, customer, other, browser_of):
    record("customer.changed", actor=provider, target=customer)
    take_back([customer], actor=provider)
    make_partnership(provider.organization, other)
    hand_over([customer], other, actor=provider)

    before = shown(browser_of(provider), reseller=encode("R", reseller.organization.pk))
    assert before == {"customer.changed", "customer.taken_back"}
    after = shown(browser_of(provider), reseller=encode("R", other.pk))
    assert "customer.taken_back" not in after and after


def test_what_a_reseller_does_for_nobody_elses_row_is_its_too(provider, reseller, browser_of):
    record(
        "customeruser.added",
        actor=reseller,
        target=provider.organization,
        also=[reseller.organization.pk],
    )

    entry = entry_of(provider)
    assert entry.reseller == reseller.organization
    assert entry_of(reseller).reseller is None  # everything of its own concerns it


def test_partners_of_today_and_before_can_be_chosen(
    provider, reseller, partnership, other, outsider, browser_of
):
    stranger = make_partner(name="Somebody Else's Reseller")
    make_partnership(outsider.organization, stranger)
    names = [name for _ref, name in _choices(browser_of(provider))]

    assert names == ["Any", *sorted([reseller.organization.name, other.name])]
    for nobody in ("R-nonsense", encode("R", stranger.pk)):
        assert browser_of(provider).open(LIST, reseller=nobody).status_code == 200
    assert "reseller" not in browser_of(reseller).open(LIST).context["filters"].fields


def _choices(browser):
    return browser.open(LIST).context["filters"].fields["reseller"].choices


def test_an_index_finds_it(provider, other):
    with connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"set local enable_{way} = off")
    found = AuditEntry.objects.filter(organization=provider.organization, reseller=other)

    plan = found.order_by("-at", "-pk")[:25].explain()

    assert "audit_by_reseller" in plan and "Sort" not in plan
