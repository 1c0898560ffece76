"""The work lists: their rows, and one number in tabs, on Home and in the list."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate, now

from portal.accounts.roles import Kind
from subscriptions.worklists import WORK_LISTS
from tests.factories import (
    make_partner,
    make_partnership,
    make_subscription,
)

LIST, HOME = "subscriptions:subscription_list", "subscriptions:home"
OFTEN = {"started_on": localdate() - timedelta(days=60)}


@pytest.fixture
def make(customer, offer, partnership):
    """Makes a subscription with nothing to do about it, but for ``fields``."""

    def make(name, **fields):
        partner = partnership.reseller
        calm = {"reseller_of_record": partnership.location, "support_contact": partner, **OFTEN}
        return make_subscription(customer, offer, name=name, **(calm | fields))

    return make


@pytest.fixture
def work(provider, make):
    """One or two subscriptions for each work list, named after it, and a calm one."""
    former = make_partner(Kind.RESELLER)
    ended = {"status": "removed", "removed_at": now(), "statement_version": "2026-01"}
    gone = make_partnership(provider.organization, former, **ended)
    soon = now() - timedelta(days=5)
    make("calm")
    make("unsupported", support_contact=None)
    make("unnamed", reseller_of_record=None)
    make("ended", reseller_of_record=gone.location)
    make("ended", support_contact=former)
    make("ended before", support_contact=former, status="cancelled")
    make("renewal", ends_on=localdate() + timedelta(days=30))
    make("renewal later", ends_on=localdate() + timedelta(days=31))
    make("window", started_on=localdate() - timedelta(days=4))
    make("window", increases=[[(now() - timedelta(days=9)).isoformat(), 4], [soon.isoformat(), 5]])
    make("window later", started_on=localdate() - timedelta(days=3))
    make("window closed", started_on=localdate() - timedelta(days=7))
    make("window later", increases=[[(now() - timedelta(days=3)).isoformat(), 4]])
    make("window closed", increases=[[(now() - timedelta(days=8)).isoformat(), 4]])
    make("suspended", status="suspended", suspended_at=now())


def names(browser, name):
    page = browser.open(LIST, **WORK_LISTS[name].query).context["page"]
    return [row.name for row in page.rows]


@pytest.mark.parametrize("name", [name for name in WORK_LISTS if name != "everything"])
def test_each_holds_what_it_is_named_after(staff, work, name):
    found = names(staff, name)

    assert set(found) == {name}
    assert len(found) == (2 if name in {"ended", "window"} else 1)


@pytest.mark.parametrize("name", WORK_LISTS)
def test_its_number_is_that_of_its_rows(staff, work, name):
    page = staff.open(LIST, **WORK_LISTS[name].query)
    shown = page.context["page"].count

    (tab,) = [tab for tab in page.context["tabs"] if tab["current"]]
    assert tab["label"] == WORK_LISTS[name].label and tab["count"] == shown > 0
    assert staff.get(tab["url"]).context["page"].count == shown


def test_home_says_the_same(staff, work):
    lines = staff.open(HOME).context["attention"]
    ours = [line for line in lines if staff.url(LIST) in line["url"]]

    assert len(ours) == 5
    for line in ours:
        page = staff.get(line["url"])
        assert page.context["page"].count == int(re.match(r"\d+", line["text"])[0])
        assert [tab["count"] for tab in page.context["tabs"] if tab["current"]] == [
            page.context["page"].count
        ]


def test_other_filters_stay_within_the_tab(staff, work):
    page = staff.open(LIST, reseller="none", q="nothing like it")

    assert [tab["label"] for tab in page.context["tabs"] if tab["current"]] == ["Without reseller"]
    assert "Nothing matches these filters" in page.text
    assert page.context["tabs"][2]["count"] == 1


@pytest.mark.parametrize("name", [name for name in WORK_LISTS if name != "everything"])
def test_nothing_to_do_is_said_in_a_sentence(staff, make, name):
    make("calm")

    assert str(WORK_LISTS[name].nothing) in staff.open(LIST, **WORK_LISTS[name].query).text


def test_without_any_subscription(staff, partnership):
    page = staff.open(LIST)

    assert "No subscriptions yet" in page.text
    assert {tab["count"] for tab in page.context["tabs"]} == {0}


def test_a_reseller_has_those_that_concern_it(browser_of, reseller, work):
    browser = browser_of(reseller)
    page = browser.open(LIST)

    labels = [tab["label"] for tab in page.context["tabs"]]
    assert labels == [
        "All",
        "Without reseller",
        "Renewal in 30 days",
        "Windows closing",
        "Suspended",
    ]
    assert browser.open(LIST, partnership="ended").context["page"].count == 15


def test_rubbish_in_the_address_filters_nothing(staff, make):
    make("calm")

    for query in ({"window": "x"}, {"partnership": "\0"}, {"renewal": "' or 1"}):
        assert staff.open(LIST, **query).context["page"].count == 1


def test_the_tabs_cost_no_query_of_their_own(staff, work):
    with CaptureQueriesContext(connection) as captured:
        staff.open(LIST)
    counting = [query["sql"] for query in captured if "jsonb_path_exists" in query["sql"]]

    assert len(counting) == 1
