"""A provider's tags on its customers."""

import pytest
from django.db import IntegrityError, transaction

from customers import services
from customers.models import CustomerTag
from portal.accounts.roles import Kind, Role
from portal.audit.models import AuditEntry
from portal.scope import acting
from tests.factories import make_customer, make_membership, make_partner, make_tag

PAGE = "customers:customer_tags"


@pytest.fixture
def browser(provider, browser_of):
    return browser_of(provider)


@pytest.fixture
def albrecht(provider, reseller, partnership):
    return make_customer(provider.organization, reseller.organization, company_name="Albrecht")


def texts(customer):
    return [tag.text for tag in customer.tags.all()]


def test_several_at_once_each_once(browser, albrecht, provider):
    make_tag(albrecht, "VIP")

    browser.send(PAGE, albrecht.pk, data={"tags": "  Pilot  2026, vip,,Pilot 2026 , Ärzte"})

    assert texts(albrecht) == ["Ärzte", "Pilot 2026", "VIP"]
    tag = CustomerTag.objects.get(text="Ärzte")
    assert (tag.provider, tag.added_by) == (provider.organization, provider.user)


@pytest.mark.parametrize("typed", ["", " , ,", "x" * 51, "fine, " + "y" * 51, "\u202eabc"])
def test_what_is_no_tag_is_refused(browser, albrecht, typed):
    response = browser.send(PAGE, albrecht.pk, data={"tags": typed})

    assert response.status_code == 422
    assert texts(albrecht) == []


def test_fifty_characters_fit(browser, albrecht):
    assert browser.send(PAGE, albrecht.pk, data={"tags": "x" * 50}).status_code == 302
    assert texts(albrecht) == ["x" * 50]


def test_at_most_a_hundred_and_fifty(browser, albrecht, provider):
    services.add_tags(albrecht, [f"t{n}" for n in range(149)], actor=provider)

    response = browser.send(PAGE, albrecht.pk, data={"tags": "one more, and another"})
    assert response.status_code == 422
    assert "at most 150 tags" in response.text
    assert albrecht.tags.count() == 149
    browser.send(PAGE, albrecht.pk, data={"tags": "one more, t7"})
    assert albrecht.tags.count() == 150


def test_removing_one_twice(browser, albrecht):
    make_tag(albrecht, "VIP")
    make_tag(albrecht, "Pilot")

    for _press in range(2):
        response = browser.send("customers:customer_untag", albrecht.pk, data={"remove": "vip"})
        assert response["Location"] == browser.url(PAGE, albrecht.pk)

    assert texts(albrecht) == ["Pilot"]
    assert AuditEntry.objects.filter(action="customertag.removed").count() == 1


def test_known_tags_are_suggested_but_not_those_of_others(browser, albrecht, provider, outsider):
    make_tag(make_customer(provider.organization), "Rahmenvertrag")
    make_tag(make_customer(outsider.organization), "Geheim")

    text = browser.open(PAGE, albrecht.pk).text

    assert '<option value="Rahmenvertrag">' in text
    assert 'list="known-tags"' in text
    assert "Geheim" not in text


def test_the_list_and_the_account_show_them_as_links(browser, albrecht):
    make_tag(albrecht, "A & B")

    assert '?tag=A+%26+B"' in browser.open("customers:customer_list").text
    account = browser.open("customers:customer_account", albrecht.pk).text
    assert "?tag=A%20%26%20B" in account and browser.url(PAGE, albrecht.pk) in account
    assert "Albrecht" in browser.open("customers:customer_list", tag="a & b").text


def test_resellers_and_the_customer_never_see_them(albrecht, reseller, browser_of):
    make_tag(albrecht, "Geheim")
    theirs = browser_of(reseller)

    assert "Geheim" not in theirs.open("customers:customer_list").text
    account = theirs.open("customers:customer_account", albrecht.pk).text
    assert "Geheim" not in account and "tags/" not in account
    assert (
        "Geheim"
        not in theirs.get(theirs.url("customers:customer_export"), follow=True).content.decode()
    )
    assert theirs.open(PAGE, albrecht.pk).status_code == 404


def test_nobody_elses_activity_log_tells_of_them(albrecht, provider, reseller):
    services.add_tags(albrecht, ["Geheim"], actor=provider)

    entries = AuditEntry.objects.filter(action="customertag.added")
    assert [entry.organization for entry in entries] == [provider.organization]
    assert entries[0].details == {"tag": "Geheim", "customer": albrecht.reference}
    with acting(reseller.actor):
        assert not AuditEntry.objects.filter(action="customertag.added").exists()


def test_user_admins_look_and_do_not_tag(albrecht, provider, browser_of):
    make_tag(albrecht, "VIP")
    browser = browser_of(make_membership(Role.USER_ADMIN, organization=provider.organization))

    assert "VIP" in browser.open("customers:customer_account", albrecht.pk).text
    assert browser.url(PAGE, albrecht.pk) not in (
        browser.open("customers:customer_account", albrecht.pk).text
    )
    assert browser.open(PAGE, albrecht.pk).status_code == 403


def test_the_database_does_not_tag_customers_of_others(albrecht, outsider):
    stranger = make_partner(Kind.PROVIDER)
    with pytest.raises(IntegrityError, match="agrees"), transaction.atomic():
        CustomerTag.objects.create(
            provider=stranger, customer=albrecht, text="Mine", added_by=outsider.user
        )
