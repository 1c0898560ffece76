"""*Home*: three tasks, what needs attention, and numbers that equal the lists behind them."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate, now

from partners.models import PartnerProfile
from portal.accounts.roles import Role
from tests.factories import (
    make_customer,
    make_membership,
    make_message,
    make_notice,
    make_order,
    make_partner,
    make_partnership,
    make_request,
    make_subscription,
)

HOME = "subscriptions:home"


def statuses(page):
    return [task["status"] for task in page.context["tasks"]]


def links(page):
    return {line["text"]: line["url"] for line in page.context["attention"]}


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

    staff.send("partners:profile_review")
    page = staff.open(HOME).text
    assert page.index("Needs attention") < page.index("News") < page.index("Get started")


def test_a_new_provider_has_not_started(staff):
    page = staff.open(HOME)

    assert "Not started" in page.text
    assert "Nothing needs attention." in page.text


def test_every_number_is_the_number_of_its_list(staff, provider, reseller, partnership, offer):
    for signed in (False, True):
        make_partnership(provider.organization, make_partner(signed=signed))
    soon, later = now() + timedelta(days=6), now() + timedelta(days=8)
    for expires_at in (soon, soon, later, now()):
        asked = make_request(provider.organization, expires_at=expires_at)
    lost = make_request(provider.organization, recipient="lost@kessler.example")
    make_message(provider.organization, key=lost.delivery_key)
    make_message(provider.organization, key=asked.delivery_key, status="done")
    for number in range(3):
        customer = make_customer(provider.organization, reseller.organization)
        make_order(customer, status="failed" if number else "waiting")
        make_subscription(customer, offer, ends_on=localdate() + timedelta(days=number * 20))
    make_message(provider.organization)

    found = links(staff.open(HOME))

    assert set(found) == {
        "2 partnership requests expire within 7 days",
        "1 partnership request could not be delivered",
        "1 reseller has not signed the partner agreement",
        "2 orders are partly failed",
        "1 order waits for the customer agreement",
        "3 subscriptions have no indirect reseller",
        "2 subscriptions renew or end within 30 days",
        "2 deliveries have failed",
    }
    for text, url in found.items():
        assert staff.get(url).context["page"].count == int(text.split()[0])


def test_drafts_can_be_continued(staff, draft):
    page = staff.open(HOME)

    assert "Vogel Optik GmbH" in page.text and draft.reference in page.text


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

    with django_assert_max_num_queries(24):
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
