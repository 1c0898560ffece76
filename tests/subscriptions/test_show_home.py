"""*Home*: three tasks, what needs attention, and numbers that equal the lists behind them."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate, now

from customers.models import Customer
from partners.models import PartnerProfile
from portal.accounts.roles import Role
from portal.audit.services import record
from tests.factories import (
    make_customer,
    make_grant,
    make_invitation,
    make_license_request,
    make_membership,
    make_message,
    make_notice,
    make_order,
    make_order_request,
    make_partner,
    make_partnership,
    make_relationship_request,
    make_request,
    make_subscription,
)

HOME = "subscriptions:home"


def statuses(page):
    return [task["status"] for task in page.context["tasks"]]


def links(page):
    """The lines of Needs attention, without those about colleagues, who are few here."""
    lines = {line["text"]: line["url"] for line in page.context["attention"]}
    return {text: url for text, url in lines.items() if "/settings/users/" not in url}


def test_colleagues_whose_accounts_need_care(staff, browser_of, provider):
    found = {line["text"]: line["url"] for line in staff.open(HOME).context["attention"]}
    assert set(found) == {
        "1 colleague has no second factor",
        "1 global admin is all there is: make a second one",
    }
    assert_numbers_are_those_of_the_lists(staff, found)

    make_membership(organization=provider.organization)
    sales = make_membership(Role.SALES_AGENT, organization=provider.organization)
    found = {line["text"]: line["url"] for line in staff.open(HOME).context["attention"]}
    assert set(found) == {"3 colleagues have no second factor"}
    assert_numbers_are_those_of_the_lists(staff, found)
    assert browser_of(sales).open(HOME).context["attention"] == []

    for email in ("new@nordwind.example", "other@nordwind.example"):
        make_invitation(provider.organization, email=email)
    found = {line["text"]: line["url"] for line in staff.open(HOME).context["attention"]}
    assert "2 invited colleagues have not answered" in found
    assert_numbers_are_those_of_the_lists(staff, found)


def test_a_deactivated_global_admin_does_not_count(staff, provider):
    second = make_membership(organization=provider.organization)
    assert len(staff.open(HOME).context["attention"]) == 1

    second.deactivated_at = now()
    second.save()

    assert len(staff.open(HOME).context["attention"]) == 2


def test_the_three_tasks_of_a_provider(staff, customer):
    page = staff.open(HOME)

    for text in (
        "Review your company's profile on the official providers list",
        "Connect with indirect resellers",
        "Connect with customers",
    ):
        assert text in page.text.replace("&#x27;", "'")
    assert statuses(page) == ["Not started", "Completed", "Completed"]


def test_what_was_asked_is_pending_until_somebody_accepts(staff, provider):
    for _ in range(2):
        make_request(provider.organization, created_by=provider.user)

    page = staff.open(HOME)

    assert statuses(page) == ["Not started", "2 pending", "Not started"]
    assert staff.get(page.context["tasks"][1]["url"]).context["page"].count == 2


def test_the_review_is_due_again_after_a_year(staff, provider):
    profile = provider.organization.partner
    for days, words in ((364, "Completed"), (365, "Due again")):
        profile.reviewed_at = now() - timedelta(days=days)
        profile.save()
        assert statuses(staff.open(HOME))[0] == words


def test_when_all_is_done_news_come_first(staff, customer, provider):
    make_notice(provider.organization)
    page = staff.open(HOME).text
    assert page.index("Get started") < page.index("Needs attention") < page.index("News")
    assert "2 of 3" in page and "Hide" not in page

    staff.send("partners:profile_review")
    page = staff.open(HOME).text
    assert page.index("Needs attention") < page.index("News") < page.index("Get started")
    assert "3 of 3" in page


def test_what_is_done_can_be_hidden_and_shown_again(staff, browser_of, customer, provider):
    task = "Review your company&#x27;s profile"
    staff.send("partners:profile_review")
    colleague = browser_of(make_membership(organization=provider.organization))

    staff.send("subscriptions:first_steps", data={"hide": "yes"})
    assert task not in staff.open(HOME).text
    assert task in colleague.open(HOME).text

    staff.send("subscriptions:first_steps", data={"hide": "no"})
    assert task in staff.open(HOME).text


def test_what_is_due_again_comes_back(staff, customer, provider):
    staff.send("partners:profile_review")
    staff.send("subscriptions:first_steps", data={"hide": "yes"})

    profile = provider.organization.partner
    profile.refresh_from_db()
    profile.reviewed_at = now() - timedelta(days=365)
    profile.save()

    assert statuses(staff.open(HOME))[0] == "Due again"
    assert "Get started" in staff.open(HOME).text


def test_a_new_provider_has_not_started(browser_of, provider):
    sales = make_membership(Role.SALES_AGENT, organization=provider.organization)
    page = browser_of(sales).open(HOME)

    assert "Not started" in page.text
    assert "Nothing needs attention. Last checked " in page.text


@pytest.fixture
def busy(provider, reseller, partnership, offer):
    """A provider with several of everything that can need attention."""
    organization = provider.organization
    for signed in (False, True):
        make_partnership(organization, make_partner(signed=signed))
    soon, later = now() + timedelta(days=6), now() + timedelta(days=8)
    for expires_at in (soon, soon, later, now()):
        asked = make_request(organization, expires_at=expires_at)
    lost = make_request(organization, recipient="lost@kessler.example")
    make_message(organization, key=lost.delivery_key)
    make_message(organization, key=asked.delivery_key, status="done")
    for number in range(3):
        customer = make_customer(organization, reseller.organization)
        make_order(customer, status="failed" if number else "waiting")
        ends_on = localdate() + timedelta(days=number * 20)
        sold = make_subscription(customer, offer, ends_on=ends_on)
        make_license_request(sold)
        make_order_request(customer, offer)
        make_grant(customer, ends_at=now() + timedelta(days=29 + 2 * number))
    make_order(customer, status="placed", moved_at=now() - timedelta(days=1))
    former = make_partner()
    make_subscription(customer, offer, support_contact=former)
    make_subscription(customer, offer, started_on=localdate() - timedelta(days=6))
    for status in ("uncertain", "uncertain", "failed"):
        make_message(organization, status=status)
    return provider


EXPECTED = {
    "2 partnership requests expire within 7 days",
    "1 partnership request could not be delivered",
    "1 reseller has not signed the partner agreement",
    "1 order is stuck",
    "2 orders are partly failed",
    "1 order waits for the customer agreement",
    "3 resellers' requests to order wait for an answer",
    "3 license requests wait for an answer",
    "5 subscriptions have no indirect reseller",
    "4 subscriptions have no reseller as designated support contact",
    "1 subscription names a partner whose partnership has ended",
    "2 subscriptions renew or end within 30 days",
    "1 subscription has a cancellation window that closes within 3 days",
    "1 admin relationship ends within 30 days",
    "2 deliveries have failed",
    "2 deliveries may or may not have arrived",
}


def test_every_number_is_the_number_of_its_list(browser_of, busy):
    browser = browser_of(busy)

    found = links(browser.open(HOME))

    assert set(found) == EXPECTED
    assert_numbers_are_those_of_the_lists(browser, found)


@pytest.mark.parametrize("role", [Role.USER_ADMIN, Role.ADMIN_AGENT, Role.SALES_AGENT])
def test_nobody_is_led_to_a_list_they_may_not_open(browser_of, busy, role):
    browser = browser_of(make_membership(role, organization=busy.organization))

    found = links(browser.open(HOME))

    assert found and set(found) <= EXPECTED
    assert_numbers_are_those_of_the_lists(browser, found)


def test_only_mine_counts_what_the_person_began(browser_of, busy, offer):
    """The same lists, narrowed to their own: and the numbers are still those of the lists."""
    organization = busy.organization
    make_request(organization, created_by=busy.user, expires_at=now() + timedelta(days=1))
    mine = make_customer(organization, created_by=busy.user)
    make_order(mine, status="failed", placed_by=busy.user)
    make_subscription(mine, offer, ends_on=localdate() + timedelta(days=3))
    browser = browser_of(busy)

    page = browser.open(HOME, by="me")

    found = links(page)
    assert set(found) == {
        "1 partnership request expires within 7 days",
        "1 order is partly failed",
        "1 subscription has no indirect reseller",
        "1 subscription has no reseller as designated support contact",
        "1 subscription renews or ends within 30 days",
    }
    assert_numbers_are_those_of_the_lists(browser, found)
    assert [tab["current"] for tab in page.context["tabs"]] == [False, True]


def test_only_ones_own_drafts_are_among_mine(staff, draft, provider):
    begun = {"status": "draft", "sent_at": None}
    own = make_request(provider.organization, created_by=provider.user, **begun)
    make_request(provider.organization, **begun)

    found = staff.open(HOME, by="me").context["drafts"]

    assert [each.reference for each in found] == [own.reference, draft.reference]


def test_a_resellers_numbers_are_those_of_its_lists(browser_of, busy, reseller, partnership):
    for customer in Customer.objects.filter(reseller=reseller.organization)[:2]:
        customer.delegated_admins.filter(partner=reseller.organization).update(
            ends_at=now() + timedelta(days=3)
        )
        make_subscription(customer, status="suspended", suspended_at=now())
    browser = browser_of(reseller)

    found = links(browser.open(HOME))

    assert set(found) == {
        "3 license requests wait for an answer",
        "2 subscriptions are suspended",
        "2 subscriptions renew or end within 30 days",
        "2 admin relationships end within 30 days",
    }
    assert_numbers_are_those_of_the_lists(browser, found)


def assert_numbers_are_those_of_the_lists(browser, found):
    for text, url in found.items():
        page = browser.get(url)
        assert page.status_code == 200, text
        assert page.context["page"].count == int(text.split()[0]), text


def test_drafts_of_all_kinds_can_be_continued(staff, draft, partnership, provider, outsider):
    begun = {"status": "draft", "sent_at": None, "created_by": provider.user}
    asked = make_request(provider.organization, recipient="new@partner.example", **begun)
    related = make_relationship_request(partnership, recipient="office@kunde.example", **begun)
    make_request(provider.organization, recipient="sent@partner.example")
    make_request(outsider.organization, recipient="theirs@partner.example", **begun)

    found = staff.open(HOME).context["drafts"]

    assert [each.reference for each in found] == [
        related.reference,
        asked.reference,
        draft.reference,
    ]
    assert [each.label for each in found] == [
        "Relationship request to office@kunde.example",
        "Partnership request to new@partner.example",
        "New customer: Vogel Optik GmbH, step 2 of 3",
    ]
    for each in found:
        assert each.owner == provider.user
        assert staff.get(each.url, follow=True).status_code == 200


def test_only_what_can_go_on_is_offered_to_continue(browser_of, draft, partnership, provider):
    begun = {"status": "draft", "sent_at": None}
    make_relationship_request(partnership, **begun)
    user_admin = make_membership(Role.USER_ADMIN, organization=provider.organization)

    found = browser_of(user_admin).open(HOME).context["drafts"]

    assert [each.reference for each in found] == [draft.reference]


def test_recent_activity_is_everybodys_or_ones_own(browser_of, provider, outsider):
    sales = make_membership(Role.SALES_AGENT, organization=provider.organization)
    for actor in (provider, sales, outsider):
        record("user.password_changed", actor=actor, target=actor.organization)
    record("user.password_changed", actor=None, target=provider.organization)
    record("user.signed_in", actor=provider, target=provider.organization)

    admins, own = (browser_of(person).open(HOME) for person in (provider, sales))

    assert len(admins.context["entries"]) == 3
    assert [entry.actor for entry in own.context["entries"]] == [sales.user]
    assert "Your recent activity" in own.text and "Your recent" not in admins.text
    assert "the system" in admins.text


def test_a_user_admin_sees_no_order_lines_but_drafts(browser_of, provider, draft):
    make_order(make_customer(provider.organization), status="failed")
    browser = browser_of(make_membership(Role.USER_ADMIN, organization=provider.organization))

    page = browser.open(HOME)

    assert "partly failed" not in page.text
    assert draft.reference in page.text


def test_nothing_of_others_is_counted(staff, outsider):
    make_subscription(make_customer(outsider.organization))
    make_order(make_customer(outsider.organization), status="failed")

    assert links(staff.open(HOME)) == {}


def test_a_reseller_sees_its_partnerships(browser_of, reseller, customer, offer):
    make_subscription(customer, offer)

    page = browser_of(reseller).open(HOME)

    for text in ("1 provider", "1 customer", "1 subscription"):
        assert text in page.text


@pytest.mark.parametrize("role", [Role.GLOBAL_ADMIN, Role.ADMIN_AGENT])
def test_a_reseller_is_told_that_its_agreement_is_missing(browser_of, reseller, role):
    PartnerProfile.objects.update(agreement_signed_at=None)
    browser = browser_of(make_membership(role, organization=reseller.organization))

    page = browser.open(HOME)

    assert "has not signed the partner agreement" in page.text
    assert browser.url("partners:agreement") in page.context["attention"][0]["url"]


def test_a_reseller_is_told_that_it_has_no_location(browser_of, reseller):
    reseller.organization.mpn_accounts.all().delete()
    browser = browser_of(reseller)

    found = links(browser.open(HOME))

    assert found == {
        "Your company has no MPN ID of a Partner Location Account": browser.url(
            "partners:identifier_list"
        )
    }


def test_news_are_the_latest_few(staff, browser_of, provider, reseller, outsider):
    for number in range(7):
        moment = now() - timedelta(days=number)
        facts = {"reseller": f"<b>Reseller {number}</b>"}
        make_notice(provider.organization, facts=facts, at=moment, path="/o/x/")
    make_notice(outsider.organization, facts={"reseller": "Somebody else"})

    text = staff.open(HOME).text

    for number in range(7):
        line = f'<a href="/o/x/">&lt;b&gt;Reseller {number}&lt;/b&gt; accepted your partnership'
        assert (line in text) == (number < 5)
    assert "Somebody else" not in text
    assert "News" not in browser_of(reseller).open(HOME).text


def test_it_costs_few_queries(staff, customer, provider, django_assert_max_num_queries):
    make_notice(provider.organization)
    staff.open(HOME)

    with django_assert_max_num_queries(18):
        staff.open(HOME)


def test_a_customer_sees_what_it_has_and_who_helps(browser_of, reseller, customer, offer):
    PartnerProfile.objects.filter(organization=reseller.organization).update(
        phone="+49 40 5550120", email="help@kessler.example"
    )
    make_subscription(customer, offer, support_contact=reseller.organization)

    page = browser_of(make_membership(organization=customer.organization)).open(HOME)

    for text in (
        "Business Premium",
        "Who helps you",
        reseller.organization.name,
        "+49 40 5550120",
        "help@kessler.example",
        "Who can administer your account",
    ):
        assert text in page.text


def test_a_reseller_of_two_providers_is_named_once(browser_of, reseller, customer, offer, outsider):
    """It looks after the same customer for both, and supports two subscriptions of one name."""
    make_partnership(outsider.organization, reseller.organization)
    again = make_customer(
        outsider.organization, reseller.organization, organization=customer.organization
    )
    for relationship in (customer, again):
        make_subscription(relationship, offer, support_contact=reseller.organization)

    page = browser_of(make_membership(organization=customer.organization)).open(HOME)

    helpers, admins = page.text.split("Who helps you")[-1].split("Who can administer")
    assert helpers.count(reseller.organization.name) == 1
    assert helpers.count("Business Premium") == 1
    assert admins.count(reseller.organization.name) == 1


def test_a_customer_without_anything(browser_of, provider):
    customer = make_customer(provider.organization)

    page = browser_of(make_membership(organization=customer.organization)).open(HOME)

    assert "No subscriptions yet" in page.text
    assert "No partner has administrator access" in page.text


def test_revoked_access_is_not_named(browser_of, customer):
    customer.delegated_admins.update(status="revoked", revoked_at=now())

    page = browser_of(make_membership(organization=customer.organization)).open(HOME)

    assert "No partner has administrator access" in page.text


@pytest.mark.parametrize("language", ["en", "de"])
def test_it_speaks_both_languages(staff, draft, language):
    page = staff.get(staff.url(HOME), HTTP_ACCEPT_LANGUAGE=language)

    assert f'<html lang="{language}"' in page.text
