"""Relationships with existing customers: what changes, and what is said before it does."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now

from customers import services, wording
from customers.models import AdminAccount, Customer, DelegatedAdmin, RelationshipRequest
from portal.audit.models import AuditEntry
from portal.lifecycle import transition
from tests.customers.conftest import ticked
from tests.factories import (
    make_customer,
    make_line,
    make_membership,
    make_order,
    make_partner,
    make_relationship_request,
    make_subscription,
)


@pytest.fixture
def admin_of():
    return lambda customer: make_membership(organization=customer.organization)


def test_without_a_reseller_one_is_named(provider, reseller, agree, url, admin_of, browser_of):
    customer = make_customer(provider.organization)
    subscription, order = make_subscription(customer), make_order(customer)
    line = make_line(order, subscription.offer)
    person = admin_of(customer)
    page = browser_of(person).get(url)
    assert "without a reseller. If you accept, Kessler IT-Systemhaus looks after you" in page.text
    assert 'name="city"' not in page.text and 'name="agreement"' not in page.text

    assert agree(person).status_code == 302

    for row in (customer, subscription, order, line):
        row.refresh_from_db()
        assert row.reseller == reseller.organization
    assert AuditEntry.objects.filter(action="customer.assigned").count() == 3
    assert AdminAccount.objects.get().reseller == reseller.organization


def test_privileges_over_the_first_admin_are_spoken_of_before(
    provider, reseller, url, admin_of, browser_of
):
    customer = make_customer(provider.organization)
    person, words = admin_of(customer), "Reset the password of your first admin account"
    assert browser_of(person).get(url).text.count(words) == 2  # of the provider, of the reseller

    AdminAccount.objects.all().delete()

    assert words not in browser_of(person).get(url).text


def test_another_reseller_is_replaced_and_loses_its_privileges(
    provider, reseller, agree, url, admin_of, browser_of
):
    former = make_partner(name="Alster Cloud")
    customer = make_customer(provider.organization, former)
    person = admin_of(customer)
    page = browser_of(person).get(url)
    assert "Alster Cloud looks after you at Nordwind Distribution today." in page.text
    assert "Alster Cloud no longer sees your data" in page.text

    agree(person, admin_reseller="on")

    customer.refresh_from_db()
    assert customer.reseller == reseller.organization
    [right] = DelegatedAdmin.objects.granted()
    assert right.partner == reseller.organization
    assert DelegatedAdmin.objects.get(partner=former).status == "revoked"
    former_admin = make_membership(organization=former)
    assert not Customer.objects.visible_to(former_admin).exists()
    actions = {entry.action for entry in AuditEntry.objects.visible_to(former_admin)}
    assert actions == {"customer.handed_over", "delegatedadmin.revoked"}


def test_the_customer_sees_since_when_and_beside_whom(provider, agree, admin_of, browser_of):
    long_ago = now() - timedelta(days=400)
    customer = make_customer(provider.organization, make_partner(), created_at=long_ago)
    person = admin_of(customer)
    agree(person)

    page = browser_of(person).open("customers:partner_list")

    today = {partner.name: partner.since.date() for partner in page.context["partners"]}
    assert today["Nordwind Distribution"] == long_ago.date()
    assert today["Kessler IT-Systemhaus"] == now().date()
    assert "together with Nordwind Distribution" in page.text


def test_the_same_again_has_nothing_to_accept(provider, reseller, url, admin_of, browser_of):
    RelationshipRequest.objects.update(wants_delegated_admin=False)
    customer = make_customer(provider.organization, reseller.organization)
    person = admin_of(customer)
    browser = browser_of(person)

    page = browser.get(url)
    assert "and Kessler IT-Systemhaus is your reseller there." in page.text
    assert 'name="relationship"' not in page.text
    browser.post(url, ticked(person))
    assert RelationshipRequest.objects.get().status == "sent"


def test_only_privileges_are_left_to_grant(provider, reseller, agree, admin_of):
    customer = make_customer(provider.organization, reseller.organization)

    agree(admin_of(customer), admin_provider="on", admin_reseller="on")

    partners = [right.partner for right in DelegatedAdmin.objects.granted().order_by("pk")]
    assert partners == [reseller.organization, provider.organization]
    assert not AuditEntry.objects.filter(action__startswith="customer.").exists()


def test_a_request_without_reseller_takes_none_away(provider, reseller, admin_of, browser_of):
    asked = make_relationship_request(provider=provider.organization, wants_delegated_admin=True)
    customer = make_customer(provider.organization, reseller.organization)
    person = admin_of(customer)
    url = reverse("relationship_request", args=[asked.token])
    told = browser_of(person).get(url).context["form"].standing.fingerprint
    data = {"company": person.organization.slug, "told": told, "relationship": "on"}

    browser_of(person).post(url, data)

    customer.refresh_from_db()
    assert customer.reseller == reseller.organization


def test_an_agreement_that_is_missing_is_asked_for(provider, agree, admin_of):
    customer = make_customer(provider.organization, agreement="asked", agreement_date=None)
    person = admin_of(customer)
    assert agree(person).status_code == 422

    version = wording.AGREEMENT_VERSION
    agree(person, agreement="on", agreement_version=version)

    customer.refresh_from_db()
    assert customer.may_buy
    assert AuditEntry.objects.filter(action="customer.agreed").count() == 3


def test_what_had_ended_begins_anew_with_nothing_from_before(
    provider, reseller, agree, url, admin_of, browser_of
):
    former = make_partner(name="Alster Cloud")
    customer = make_customer(provider.organization, former)
    transition(customer, Customer.Status.REMOVED, actor=provider)
    person = admin_of(customer)
    assert "the relationship begins anew" in browser_of(person).get(url).text

    agree(person)

    customer.refresh_from_db()
    assert (customer.status, customer.reseller) == ("active", reseller.organization)
    assert not DelegatedAdmin.objects.granted().exists()
    assert AuditEntry.objects.filter(action="customer.active").count() == 3


def test_what_has_changed_since_is_told_first(provider, agree, asked, url, admin_of, browser_of):
    """Two tabs: meanwhile somebody else became the reseller."""
    customer = make_customer(provider.organization)
    person = admin_of(customer)
    browser = browser_of(person)
    told = browser.get(url).context["form"].standing.fingerprint
    Customer.objects.update(reseller=make_partner(name="Alster Cloud"))
    data = {"company": person.organization.slug, "told": told, "relationship": "on"}

    response = browser.post(url, data)

    assert response.status_code == 422
    assert "Something has changed since you opened the page." in response.text
    assert "Alster Cloud looks after you" in response.text
    with pytest.raises(services.StandingChanged):
        services.accept_relationship(asked, actor=person, told=told)
    asked.refresh_from_db()
    assert asked.status == "sent"
