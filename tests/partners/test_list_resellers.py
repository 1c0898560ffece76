from datetime import timedelta
from html import unescape
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from partners import services
from partners.models import Partnership, PartnershipRequest
from portal.accounts.roles import Role
from portal.lifecycle import transition
from portal.references import encode
from tests.factories import (
    make_customer,
    make_membership,
    make_message,
    make_partner,
    make_partnership,
    make_request,
    make_subscription,
    make_user,
)


@pytest.fixture
def page(provider, partnership, browser_of):
    """Opens the provider's list; query parameters as keyword arguments."""
    browser = browser_of(provider)
    return lambda **query: browser.open("partners:reseller_list", **query)


def test_a_row_says_who_where_and_whether_business_is_possible(page, partnership):
    make_customer(partnership.provider, partnership.reseller)
    make_customer(partnership.provider)

    text = page().text

    assert "Kessler IT-Systemhaus" in text
    assert partnership.location.mpn_id in text
    assert '<abbr title="Germany">DE</abbr>' in text
    assert 'data-status="active"' in text
    assert f'reseller={partnership.reference}">1<' in text


def test_the_row_actions_are_called_as_in_the_manual(page, partnership):
    text = page().text

    for label in (
        "View customers",
        "Add new customer",
        "Invite new customers",
        "Remove partnership",
    ):
        assert label in text
    assert f"/customers/?reseller={partnership.reference}" in text
    assert f"/customers/new/?reseller={partnership.reference}" in text
    assert f"/customers/invite/?reseller={partnership.reference}" in text


def test_an_unsigned_agreement_is_said(page, provider):
    unsigned = make_partner(signed=False, name="Brightwater Managed IT")
    make_partnership(provider.organization, unsigned)

    text = page().text
    assert text.count('data-status="agreement_missing"') == 1
    assert text.count("Orders fail until they sign it") == 1
    assert text.count("Add new customer") == 2


def test_the_customers_of_others_are_not_counted(page, partnership, outsider):
    make_partnership(outsider.organization, partnership.reseller)
    make_customer(outsider.organization, partnership.reseller)

    assert f'reseller={partnership.reference}">0<' in page().text


def test_a_row_counts_the_subscriptions_of_its_customers(page, partnership):
    customer = make_customer(partnership.provider, partnership.reseller)
    for status in ("active", "suspended", "cancelled"):
        make_subscription(customer, status=status)
    make_subscription(make_customer(partnership.provider))

    assert f'served_by={partnership.reference}">2<' in page().text


def test_removed_partnerships_and_those_of_others_are_not_listed(page, provider, outsider):
    gone = make_partner(name="Gone Systems")
    make_partnership(
        provider.organization,
        gone,
        status=Partnership.Status.REMOVED,
        removed_at=now(),
        statement_version="2026-01",
    )
    make_partnership(outsider.organization, make_partner(name="Theirs GmbH"))

    active = page().text
    assert "Gone Systems" not in active
    assert "Theirs GmbH" not in active
    assert "Gone Systems" in page(view="ended").text


@pytest.mark.parametrize("typed", ["kessler", "KESSLER it", "systemhäus"])
def test_search_by_name(page, provider, typed):
    make_partnership(provider.organization, make_partner(name="Alpina Cloud"))

    text = page(q=typed).text

    assert "Kessler" in text
    assert "Alpina" not in text


def test_search_by_mpn_id(page, provider):
    found = make_partnership(provider.organization, make_partner(name="Alpina", mpn_id="0077123"))

    text = page(q="00771").text

    assert found.reference in text
    assert "Kessler" not in text


def test_filter_by_location_and_agreement(page, provider):
    danish = make_partner(name="Fjord Digital", country="DK", signed=False)
    make_partnership(provider.organization, danish)

    assert "Kessler" not in page(location="DK").text
    assert "Fjord" in page(location="DK").text
    assert "Fjord" not in page(agreement="signed").text
    assert "Kessler" not in page(agreement="missing").text


def test_filter_by_status(page, provider, partnership):
    make_partnership(provider.organization, make_partner(name="Unsigned AG", signed=False))
    abroad = make_partner(name="Overseas Inc", country="US")
    make_partnership(provider.organization, abroad)

    assert names(page(status="ready")) == ["Kessler IT-Systemhaus"]
    assert names(page(status="missing")) == ["Unsigned AG"]


def test_filter_by_customers(page, provider, outsider, partnership):
    alone = make_partner(name="Alone GmbH")
    make_partnership(provider.organization, alone)
    make_partnership(outsider.organization, alone)
    make_customer(outsider.organization, alone)
    make_customer(partnership.provider, partnership.reseller)

    assert names(page(customers="some")) == ["Kessler IT-Systemhaus"]
    assert names(page(customers="none")) == ["Alone GmbH"]
    assert page(customers="none").context["page"].count == 1


def test_all_filters_and_the_order_live_in_the_address(page, provider):
    query = {"q": "kess", "location": "DE", "agreement": "signed", "status": "ready"}
    response = page(**query, customers="none", sort="-mpn_id")

    assert names(response) == ["Kessler IT-Systemhaus"]
    for name, value in query.items():
        assert response.context["filters"][name].value() == value
    assert response.context["page"].sort_urls["mpn_id"].count("=") == 6


@pytest.mark.parametrize("view", ["", "pending", "ended"])
@pytest.mark.parametrize(
    "query",
    [
        {"q": "a\x00b"},
        {"q": "'; drop table partners_partnership; --"},
        {"q": "<script>alert(1)</script>"},
        {"q": "x" * 500},
        {"location": "XX"},
        {"agreement": "perhaps"},
        {"sort": "password"},
        {"after": "N-000000"},
        {"after": "nonsense"},
        {"view": "nonsense"},
        {"status": "perhaps"},
        {"customers": "-1"},
        {"status": "all"},
        {"q": "P-000000"},
    ],
)
def test_odd_addresses_are_answered_calmly(page, view, query):
    response = page(**{"view": view} | query)

    assert response.status_code == 200
    assert "<script>alert" not in response.text


@pytest.mark.parametrize("sort", ["reseller", "-reseller", "mpn_id", "-location"])
def test_pages_never_overlap(page, provider, sort):
    for number in range(30):
        make_partnership(provider.organization, make_partner(name=f"Partner {number:02}"))

    first = page(sort=sort)
    second = page(sort=sort, after=first.context["page"].next_url.rpartition("after=")[2])

    seen = [row.pk for response in (first, second) for row in response.context["page"].rows]
    assert len(seen) == len(set(seen)) == 31


@pytest.mark.parametrize("view", ["", "pending", "ended"])
def test_queries_do_not_grow_with_the_rows(page, provider, reseller, view):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            page(view=view)
        sql = [query["sql"] for query in captured]
        return [text for text in sql if "SAVEPOINT" not in text and "set_config" not in text]

    def grow(by):
        for number in range(by):
            partner = make_partner(name=f"Partner {number}")
            make_partnership(provider.organization, partner)
            make_customer(provider.organization, partner)
            request = make_request(provider.organization)
            make_message(provider.organization, key=request.delivery_key)

    grow(1)
    before = queries()
    grow(10)

    assert len(before) <= 6
    assert len(queries()) == len(before)


def test_htmx_gets_the_table_alone(provider, partnership, browser_of):
    browser = browser_of(provider)

    text = browser.get(browser.url("partners:reseller_list"), headers={"HX-Request": "true"}).text

    assert "Kessler" in text
    assert "<html" not in text


def test_nobody_yet(provider, browser_of):
    text = browser_of(provider).open("partners:reseller_list").text

    assert "No indirect resellers yet" in text
    assert "Request a partnership" in text


def test_user_admins_are_not_offered_the_removal(provider, partnership, browser_of):
    colleague = make_membership(Role.USER_ADMIN, organization=provider.organization)

    text = browser_of(colleague).open("partners:reseller_list").text

    assert "Add new customer" in text
    assert "Remove partnership" not in text


def test_pending_requests_show_their_state_and_mail(page, provider):
    expired = make_request(provider.organization, recipient="late@harz.example", expires_at=now())
    failed = make_request(provider.organization, recipient="partner@weser.example")
    message = make_message(
        provider.organization, key=failed.delivery_key, last_error="550 no such mailbox"
    )

    text = page(view="pending").text

    assert expired.reference in text
    assert 'data-status="expired"' in text
    assert "partner@weser.example" in text
    assert "550 no such mailbox" in text
    assert f"/settings/deliveries/{message.pk}/retry/" in text


def test_answered_requests_are_not_pending(page, provider):
    make_request(provider.organization, recipient="no@thanks.example", status="declined")

    assert "no@thanks.example" not in page(view="pending").text


def test_where_nobody_waits_any_more_all_requests_are_one_press_away(page, provider):
    make_request(provider.organization, recipient="no@thanks.example", status="declined")

    text = page(view="pending").text
    assert "view=pending&amp;status=all" in text
    assert "empty--first" not in text  # the filters stay on the page
    PartnershipRequest.objects.all().delete()
    text = page(view="pending").text
    assert "status=all" not in text
    assert "empty--first" in text


def names(response):
    return [row.reseller.name for row in response.context["page"].rows]


def test_tabs_say_how_much_they_hold(page, provider):
    make_request(provider.organization)
    make_request(provider.organization, expires_at=now())
    make_request(provider.organization, status="declined")

    def counts(**query):
        return [tab["count"] for tab in page(**query).context["tabs"]]

    assert counts() == [1, 2, 0]
    assert counts(view="pending") == [1, 2, 0]
    assert counts(view="ended") == [1, 2, 0]  # also where there is no row to carry them
    assert counts(q="nobody") == [1, 2, 0]


@pytest.mark.parametrize(
    "state,found",
    [
        ("", {"draft", "stale", "open", "late"}),
        ("draft", {"draft"}),
        ("sent", {"open"}),
        ("expired", {"stale", "late", "swept"}),
        ("accepted", {"accepted"}),
        ("declined", {"declined"}),
        ("withdrawn", {"withdrawn"}),
        (
            "all",
            {
                "draft",
                "stale",
                "open",
                "late",
                "swept",
                "accepted",
                "declined",
                "withdrawn",
            },
        ),
    ],
)
def test_every_request_can_be_found_again_by_its_state(page, provider, reseller, state, found):
    def make(name, status, **fields):
        address = f"{name}@kunde.example"
        make_request(provider.organization, recipient=address, status=status, **fields)

    make("draft", "draft")
    make("stale", "draft", expires_at=now())
    make("open", "sent")
    make("late", "sent", expires_at=now())
    make("swept", "expired", expires_at=now())
    make("accepted", "accepted", reseller=reseller.organization, answered_at=now())
    make("declined", "declined")
    make("withdrawn", "withdrawn")

    response = page(view="pending", status=state)

    rows = response.context["page"].rows
    assert {row.recipient.partition("@")[0] for row in rows} == found
    assert response.context["page"].count == len(found)
    if state in ("draft", "accepted", "declined", "withdrawn", "expired"):
        assert {row.state for row in rows} == {state}


@pytest.mark.parametrize("typed", ["harz", "HARZ.example", "reference", "kessler"])
def test_requests_are_found_by_address_name_or_reference(page, provider, reseller, typed):
    answered = {"reseller": reseller.organization, "answered_at": now()}
    found = make_request(
        provider.organization, recipient="info@harz.example", status="accepted", **answered
    )
    make_request(provider.organization, recipient="other@kunde.example")
    typed = found.reference.lower() if typed == "reference" else typed

    rows = page(view="pending", status="all", q=typed).context["page"].rows

    assert [row.pk for row in rows] == [found.pk]


def test_old_requests_come_newest_first(page, provider):
    for days in (1, 3, 2):
        ended = now() - timedelta(days=days)
        make_request(provider.organization, status="declined", expires_at=ended)

    rows = page(view="pending", status="declined").context["page"].rows

    assert [row.expires_at for row in rows] == sorted((r.expires_at for r in rows), reverse=True)


def test_an_address_that_was_asked_is_said_to_be_among_the_requests(page, provider):
    make_request(provider.organization, recipient="info@harz.example", status="declined")

    response = page(q="info@harz.example")

    assert "1 entry under “Pending requests” matches." in response.text
    link = response.context["empty"]["hint_url"]
    assert link in unescape(response.text)
    linked = page(**dict(parse_qsl(urlsplit(link).query)))
    assert [row.recipient for row in linked.context["page"].rows] == ["info@harz.example"]


def test_an_mpn_id_of_an_ended_partnership_is_said_to_be_there(page, provider):
    ended = end(make_partnership(provider.organization, make_partner(mpn_id="0077123")), provider)

    response = page(q="0077123")

    assert "1 entry under “Ended” matches." in response.text
    linked = page(**dict(parse_qsl(urlsplit(response.context["empty"]["hint_url"]).query)))
    assert names(linked) == [ended.reseller.name]


def test_what_others_asked_is_not_hinted_at(page, outsider):
    make_request(outsider.organization, recipient="info@harz.example")
    end(make_partnership(outsider.organization, make_partner(mpn_id="0077123")), outsider)

    assert "under “" not in page(q="info@harz.example").text
    assert "under “" not in page(q="0077123").text


def end(partnership, by, reason=""):
    return services.remove_partnership(
        partnership, actor=by, statement_version="2026-01", reason=reason
    )


def test_ended_partnerships_say_by_whom_why_and_how_many_customers(page, provider, partnership):
    make_customer(partnership.provider, partnership.reseller)
    gone = make_customer(partnership.provider, partnership.reseller)
    end(partnership, provider, reason="They moved to Südstern")
    transition(gone, "removed", actor=provider)

    text = page(view="ended").text

    assert str(provider.user) in text
    assert "They moved to Südstern" in text
    assert "2 then," in text
    assert ">1 now<" in text


def test_what_the_other_side_thought_stays_there(page, provider, reseller, partnership):
    leaving = make_membership(organization=reseller.organization, user=make_user(last_name="Kess"))
    end(partnership, leaving, reason="Too expensive")

    text = page(view="ended").text

    assert "The reseller" in text
    assert "Too expensive" not in text
    assert "Kess<" not in text


def test_requesting_again_drafts_a_request_to_their_contact(
    page, provider, partnership, browser_of
):
    partnership.reseller.partner.email = "info@kessler.example"
    partnership.reseller.partner.save()
    end(partnership, provider)
    row = page(view="ended").context["page"].rows[0]
    data = {"submission": row.submission, "reseller": row.reference}

    assert f'name="reseller" value="{row.reference}"' in page(view="ended").text
    pressed = [browser_of(provider).send("partners:request_create", data=data) for _ in range(2)]

    draft = PartnershipRequest.objects.get()
    assert draft.recipient == "info@kessler.example"
    assert {response["Location"] for response in pressed} == {pressed[0]["Location"]}
    assert "info@kessler.example" in browser_of(provider).get(pressed[0]["Location"]).text


def test_without_a_contact_the_one_who_was_asked_is_asked_again(provider, partnership, browser_of):
    asked = make_request(
        provider.organization,
        recipient="chef@kessler.example",
        status="accepted",
        reseller=partnership.reseller,
        answered_at=now(),
    )
    partnership.request = asked
    partnership.save()
    end(partnership, provider)

    data = {"submission": str(uuid4()), "reseller": partnership.reference}
    browser_of(provider).send("partners:request_create", data=data)

    assert PartnershipRequest.objects.get(status="draft").recipient == "chef@kessler.example"


@pytest.mark.parametrize("reference", ["stranger", "R-000000", "C-7K3QX2", "x"])
def test_only_former_partners_can_be_asked_again(provider, stranger, browser_of, reference):
    if reference == "stranger":
        reference = encode("R", stranger.organization_id)
    data = {"submission": str(uuid4()), "reseller": reference}

    response = browser_of(provider).send("partners:request_create", data=data)

    assert response.status_code == 422
    assert not PartnershipRequest.objects.exists()


def test_who_is_partner_again_is_not_asked_again(page, provider, partnership):
    end(partnership, provider)
    make_partnership(partnership.provider, partnership.reseller)

    text = page(view="ended").text

    assert "Partner again" in text
    assert "Request again" not in text


def test_in_german(provider, partnership, browser_of):
    browser = browser_of(provider)
    provider.user.language = "de"
    provider.user.save()

    response = browser.get(browser.url("partners:reseller_list"), headers={"accept-language": "de"})

    assert response.status_code == 200
    assert 'lang="de"' in response.text


def test_references_are_the_resellers(partnership):
    assert partnership.reference == encode("R", partnership.reseller_id)
