"""*Calendar of renewals*: a private address, and what calendars read there."""

import re
from datetime import timedelta
from logging import LogRecord

import pytest
import time_machine
from django.test import Client
from django.utils.timezone import localdate, now
from icalendar import Calendar

from portal.audit.models import AuditEntry
from portal.logs import HideSecrets
from subscriptions import calendar, services
from subscriptions.models import CalendarFeed
from tests.factories import make_customer, make_membership, make_offer, make_subscription

PAGE, END = "subscriptions:subscription_calendar", "subscriptions:calendar_end"
SOON = localdate() + timedelta(days=20)


@pytest.fixture
def subscription(customer, offer):
    return make_subscription(customer, offer, name="Business Basic", ends_on=SOON)


def address_in(response):
    return re.search(r'value="[^"]*(/calendars/[^"]+\.ics)"', response.text)[1]


def make_address(browser):
    return address_in(browser.send(PAGE))


def read(address):
    response = Client().get(address)
    assert response.status_code == 200
    return Calendar.from_ical(response.content)


def events(address):
    return {str(event["uid"]): event for event in read(address).walk("VEVENT")}


def summaries(address):
    return sorted(str(event["summary"]) for event in events(address).values())


def test_a_renewal(staff, subscription, customer):
    address = make_address(staff)

    ((uid, event),) = events(address).items()
    assert uid == f"{subscription.reference}-term@localhost"
    assert event["summary"] == f"Renews: Business Basic, {customer.company_name}"
    assert event.decoded("dtstart") == SOON
    assert event.decoded("dtend") == SOON + timedelta(days=1)
    assert "Licenses: 10" in event["description"]
    assert event["url"].endswith(staff.url("subscriptions:subscription_detail", subscription.pk))


def test_what_kinds_there_are(staff, customer, offer):
    make_subscription(customer, offer, name="Ends", ends_on=SOON, auto_renew=False)
    make_subscription(customer, offer, name="Stands", status="suspended", suspended_at=now())
    make_subscription(customer, offer, name="Over", status="cancelled", ends_on=SOON)
    make_subscription(customer, offer, name="Old", ends_on=localdate() - timedelta(days=31))
    make_subscription(customer, offer, name="Endless")

    name = customer.company_name
    assert summaries(make_address(staff)) == [
        f"Deleted unless resumed: Stands, {name}",
        f"Ends: Ends, {name}",
    ]


def test_a_change_moves_the_event(staff, provider, subscription):
    address = make_address(staff)
    before = events(address)
    subscription.ends_on, subscription.version = SOON + timedelta(days=365), 2
    subscription.save()

    after = events(address)
    assert list(before) == list(after)
    assert after.popitem()[1]["sequence"] == 2


def test_names_cannot_break_out(staff, customer, offer):
    name = "Basic\r\nEND:VEVENT;x,y"
    make_subscription(customer, offer, name=name, ends_on=SOON)

    ((_uid, event),) = events(make_address(staff)).items()
    assert "END:VEVENT;x,y" in event["summary"]


def test_it_is_in_the_language_of_the_person(staff, provider, subscription):
    provider.user.language = "de"
    provider.user.save()

    assert summaries(make_address(staff))[0].startswith("Verlängert sich: Business Basic")


def test_everybody_sees_their_own(
    browser_of, provider, reseller, buyer, outsider, subscription, offer
):
    make_subscription(make_customer(provider.organization), offer, name="Direct", ends_on=SOON)
    make_subscription(make_customer(outsider.organization), offer, name="Theirs", ends_on=SOON)

    found = {
        person: [words.split()[1] for words in summaries(make_address(browser_of(person)))]
        for person in (provider, reseller, buyer, outsider)
    }
    assert found[provider] == ["Business", "Direct,"]
    assert found[reseller] == found[buyer] == ["Business"]
    assert found[outsider] == ["Theirs,"]


def test_the_address_is_shown_once_and_kept_as_a_hash(staff, subscription):
    response = staff.send(PAGE)
    token = address_in(response).split("/")[-1].removesuffix(".ics")

    assert response["Cache-Control"] == "no-store"
    assert token not in staff.open(PAGE).text
    feed = CalendarFeed.objects.get()
    assert token not in str(vars(feed))
    assert feed.token_hash == CalendarFeed.digest(token)


def test_a_new_address_ends_the_old_one(staff, subscription):
    old, new = make_address(staff), make_address(staff)

    assert Client().get(old).status_code == 404
    assert len(events(new)) == 1
    assert CalendarFeed.objects.count() == 1


def test_switching_it_off(staff, subscription):
    address = make_address(staff)

    page = staff.get(staff.send(END)["Location"])

    assert "The calendar&#x27;s address no longer works." in page.text
    assert Client().get(address).status_code == 404
    assert staff.send(END).status_code == 302
    actions = AuditEntry.objects.filter(action__startswith="calendarfeed").order_by("at")
    assert [entry.action for entry in actions] == ["calendarfeed.opened", "calendarfeed.closed"]


@pytest.mark.parametrize("loss", ["roles", "place", "deactivated", "person"])
def test_it_ends_with_the_role(staff, provider, subscription, loss):
    address = make_address(staff)
    make_membership(organization=provider.organization)  # who stays
    if loss == "roles":
        provider.roles = []
        provider.save()
    elif loss == "place":
        provider.delete()
    elif loss == "deactivated":
        provider.deactivated_at = now()
        provider.save()
    else:
        provider.user.is_active = False
        provider.user.save()

    assert Client().get(address).status_code == 404


def test_one_person_in_two_organizations_has_two(browser_of, provider, outsider, subscription):
    place = make_membership(organization=outsider.organization, user=provider.user)
    first, second = make_address(browser_of(provider)), make_address(browser_of(place))

    assert len(events(first)) == 1 and events(second) == {}


def test_a_colleague_does_not_see_it(browser_of, provider, staff, subscription):
    make_address(staff)
    colleague = browser_of(make_membership(organization=provider.organization))

    assert "Your address was made" not in colleague.open(PAGE).text
    colleague.send(END)
    assert CalendarFeed.objects.count() == 1


def test_no_session_no_cache_and_only_reading(staff, subscription):
    address = make_address(staff)

    response = Client().get(address)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "no-store" and not response.cookies
    assert Client().head(address).status_code == 200
    assert Client().post(address).status_code == 405
    assert Client().get("/calendars/unknown.ics").status_code == 404


def test_one_address_is_not_read_for_ever(staff, subscription):
    address = make_address(staff)

    with time_machine.travel(now(), tick=False):
        answers = [Client().get(address).status_code for _number in range(61)]

    assert answers == [200] * 60 + [429]


def test_reading_writes_nothing_and_costs_few_queries(
    staff, customer, subscription, django_assert_max_num_queries
):
    address = make_address(staff)
    for _number in range(20):
        make_subscription(customer, make_offer(), ends_on=SOON)

    with django_assert_max_num_queries(14):
        assert len(events(address)) == 21


def test_only_the_nearest_are_in_it(staff, customer, offer, subscription, monkeypatch):
    monkeypatch.setattr(calendar, "MOST", 1)
    make_subscription(customer, offer, name="Later", ends_on=SOON + timedelta(days=1))

    assert len(events(make_address(staff))) == 1


def test_the_lists_lead_there(browser_of, provider, buyer, subscription):
    for person in (provider, buyer):
        browser = browser_of(person)
        assert browser.url(PAGE) in browser.open("subscriptions:subscription_list").text


def test_the_log_does_not_keep_the_secret(staff, subscription):
    address = make_address(staff)
    line = LogRecord("django.request", 30, "", 0, f"Not Found: {address}", (), None)

    HideSecrets().filter(line)

    assert line.getMessage() == "Not Found: /calendars/…"


def test_services_alone(provider):
    services.close_feed(actor=provider)  # nothing to close
    token = services.open_feed(actor=provider)

    assert len(token) == 32
