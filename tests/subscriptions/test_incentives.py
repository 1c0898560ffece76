"""*Incentives*: who was reseller of record at the end of each month, and for how many licenses."""

import csv
import re
from datetime import UTC, date, datetime
from io import StringIO

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.roles import Role
from portal.references import encode
from subscriptions import services
from subscriptions.incentives import ANYBODY, NOBODY, Month, Report, recent_months
from subscriptions.incentives_chart import draw_bars
from subscriptions.models import RecordPeriod
from tests.factories import (
    make_customer,
    make_membership,
    make_partner,
    make_partnership,
    make_subscription,
)

REPORT, ROWS, EXPORT = (
    f"subscriptions:{name}" for name in ("incentives", "incentive_rows", "incentive_export")
)
TODAY = datetime(2026, 11, 26, 12, tzinfo=UTC)
AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (Month(2026, number) for number in (8, 9, 10, 11))


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def fjord(provider):
    return make_partnership(provider.organization, make_partner(name="Fjord Digital ApS"))


@pytest.fixture
def since_september(customer, partnership):
    """Ten licenses since 15 September, of the customer's reseller."""
    return make_subscription(
        customer, reseller_of_record=partnership.location, started_on=date(2026, 9, 15)
    )


@pytest.fixture
def without(customer):
    """Four licenses since August, without a reseller of record."""
    return make_subscription(customer, quantity=4, started_on=date(2026, 8, 1))


def change(subscription, actor, moment, **changes):
    with time_machine.travel(moment, tick=False):
        subscription.refresh_from_db()
        version = subscription.version
        services.change_subscription(subscription, actor=actor, version=version, **changes)


def licenses(provider, partnership, *months):
    report = Report(provider, recent_months(12))
    found = {line.mpn_id: line for line in report.lines}
    line = found.get(partnership.location.mpn_id if partnership else NOBODY)
    return [line.figures[month].licenses if line else 0 for month in months]


def test_months():
    assert str(OCTOBER) == "2026-10" and OCTOBER.back(10) == Month(2025, 12)
    assert Month(2026, 12).back(-1) == Month(2027, 1)
    assert recent_months(2) == [NOVEMBER, OCTOBER]
    assert OCTOBER.end == datetime(2026, 11, 1, tzinfo=UTC) and NOVEMBER.end == TODAY


def test_it_counts_from_its_first_month_end_on(provider, partnership, since_september):
    months = AUGUST, SEPTEMBER, OCTOBER, NOVEMBER
    assert licenses(provider, partnership, *months) == [0, 10, 10, 10]


def test_who_is_named_at_the_end_of_the_month_counts(provider, partnership, fjord, since_september):
    moment = datetime(2026, 10, 31, 23, 59, tzinfo=UTC)
    change(since_september, provider, moment, reseller_of_record=fjord.location)

    assert licenses(provider, partnership, SEPTEMBER, OCTOBER, NOVEMBER) == [10, 0, 0]
    assert licenses(provider, fjord, SEPTEMBER, OCTOBER, NOVEMBER) == [0, 10, 10]


def test_the_first_moment_of_a_month_belongs_to_that_month(
    provider, partnership, fjord, since_september
):
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    change(since_september, provider, moment, reseller_of_record=fjord.location)

    assert licenses(provider, partnership, OCTOBER, NOVEMBER) == [10, 0]
    assert licenses(provider, fjord, OCTOBER, NOVEMBER) == [0, 10]


def test_licenses_are_those_of_then(provider, partnership, since_september):
    change(since_september, provider, datetime(2026, 11, 3, tzinfo=UTC), quantity=25)

    assert licenses(provider, partnership, OCTOBER, NOVEMBER) == [10, 25]


def test_what_is_suspended_counts_for_nobody(provider, partnership, since_september):
    change(since_september, provider, datetime(2026, 10, 3, tzinfo=UTC), status="suspended")
    change(since_september, provider, datetime(2026, 11, 3, tzinfo=UTC), status="active")

    assert licenses(provider, partnership, SEPTEMBER, OCTOBER, NOVEMBER) == [10, 0, 10]


def test_without_a_reseller_is_a_line_of_its_own(provider, since_september, without):
    assert licenses(provider, None, AUGUST, NOVEMBER) == [4, 4]
    report = Report(provider, recent_months(12))
    assert [line.mpn_id for line in report.lines][-1] == NOBODY
    assert report.totals[-1] == (NOVEMBER, (1, 10), (1, 4))


def test_every_number_leads_to_its_rows(staff, provider, fjord, since_september, without):
    make_subscription(since_september.customer, reseller_of_record=fjord.location)
    page = staff.open(REPORT)

    assert len(page.context["lines"]) == 3
    for _line, figure, url in page.context["lines"]:
        rows = staff.get(url).context["page"]
        assert rows.count == figure.subscriptions
        assert sum(row.licenses for row in rows.rows) == figure.licenses
    for month in page.context["months"]:
        for url, figure in month["cells"]:
            rows = staff.get(url).context["page"]
            assert rows.count == figure.subscriptions
            assert sum(row.licenses for row in rows.rows) == figure.licenses


def test_one_month_is_chosen(staff, fjord, since_september, without):
    text = staff.open(REPORT, month="2026-08").text

    assert "Resellers in August 2026" in text
    assert len(staff.open(REPORT, month="2026-08").context["lines"]) == 1
    assert len(staff.open(REPORT, month="2026-09").context["lines"]) == 2


def test_filtering_by_reseller_and_months(staff, partnership, since_september, without):
    reseller = encode("R", partnership.reseller_id)
    context = staff.open(REPORT, since="2026-09", until="2026-10", reseller=reseller).context

    assert [str(row["month"]) for row in context["months"]] == ["2026-09", "2026-10"]
    assert [line.name for line, _figure, _url in context["lines"]] == [partnership.reseller.name]
    swapped = staff.open(REPORT, since="2026-10", until="2026-09").context["months"]
    assert [str(row["month"]) for row in swapped] == ["2026-09", "2026-10"]
    nobody = staff.open(REPORT, reseller="none").context["lines"]
    assert [figure for _line, figure, _url in nobody] == [(1, 4)]


@pytest.mark.parametrize(
    "query",
    [
        {"since": "1999-01"},
        {"until": "x"},
        {"month": "2026-13"},
        {"month": "\0"},
        {"reseller": "R-000000"},
        {"since": "2026-10", "until": "2024-12"},
    ],
)
def test_rubbish_shows_something_usual(staff, since_september, query):
    for page in (REPORT, ROWS, EXPORT):
        assert staff.open(page, **query).status_code == 200
    assert 1 <= len(staff.open(REPORT, **query).context["months"]) <= 24


def test_an_unknown_mpn_id_is_not_found(staff, since_september):
    assert staff.open(ROWS, mpn_id="1").status_code == 404
    assert staff.open(ROWS, mpn_id=ANYBODY).context["page"].count == 1


def test_the_file(staff, partnership, since_september, without):
    response = staff.open(EXPORT, since="2026-09", until="2026-10")

    rows = list(csv.reader(StringIO(response.text)))
    name, mpn_id = partnership.reseller.name, partnership.location.mpn_id
    assert rows == [
        ["Month", "Indirect reseller", "MPN ID", "Subscriptions", "Licenses"],
        ["2026-09", name, mpn_id, "1", "10"],
        ["2026-09", "No indirect reseller", "", "1", "4"],
        ["2026-10", name, mpn_id, "1", "10"],
        ["2026-10", "No indirect reseller", "", "1", "4"],
    ]


def test_nothing_of_other_providers(browser_of, outsider, since_september):
    page = browser_of(outsider).open(REPORT)

    assert page.context["lines"] == []
    assert "No subscription was counted in this month." in page.text


def test_every_role_of_a_provider_reads_it(browser_of, provider, since_september):
    for role in Role:
        person = make_membership(role, organization=provider.organization)
        assert browser_of(person).open(REPORT).status_code == 200


def test_many_subscriptions_cost_no_more_queries(staff, provider, since_september):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            staff.open(REPORT)
        return len(captured)

    few = cost()
    for _number in range(20):
        partnership = make_partnership(provider.organization, make_partner())
        customer = make_customer(provider.organization, partnership.reseller)
        make_subscription(customer, reseller_of_record=partnership.location)
    assert cost() == few
    assert RecordPeriod.objects.count() == 21


def test_the_chart_is_drawn_without_a_style(staff, since_september, without):
    text = staff.open(REPORT).text

    chart = re.search(r"<svg viewBox=.*?</svg>", text, re.S)[0]
    assert 'role="img"' in chart and "<title" in chart and "<desc" in chart
    assert chart.count("<g>") == 12
    assert "style=" not in text and "<script>" not in text
    assert "November 2026: 10 licenses with a reseller, 4 without" in chart


def test_bars_stand_on_each_other_and_fit(provider, since_september, without):
    bars, scale = draw_bars(Report(provider, recent_months(12)).totals, lambda *_total: "")

    assert [number for _y, number in scale] == [0, 10, 20]
    for bar in bars:
        assert bar.nobody_y >= scale[-1][0]
        assert bar.nobody_y + bar.nobody_height == pytest.approx(bar.named_y, abs=0.1)
        assert bar.named_y + bar.named_height == pytest.approx(scale[0][0], abs=0.1)
    assert bars[-1].words == "11/26" and sum(bool(bar.words) for bar in bars) == 6


def test_german_numbers_do_not_break_the_chart(staff, provider, since_september):
    provider.user.language = "de"
    provider.user.save()
    text = staff.get(staff.url(REPORT), headers={"Accept-Language": "de"}).text

    chart = re.search(r"<svg viewBox=.*?</svg>", text, re.S)[0]
    assert not re.search(r'(x|y|width|height)="[\d]*,', chart)
