"""*Upgrade now*: the same subscription, another product; every obstacle has its reason."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils.timezone import localdate, now

from customers.models import DelegatedAdmin
from portal.accounts.roles import Kind
from portal.audit.models import AuditEntry
from portal.references import encode
from portal.scope import OPERATOR, acting
from subscriptions import services
from subscriptions.models import Offer, OfferPrice, Subscription
from tests.conftest import Browser
from tests.factories import (
    make_assignment,
    make_customer,
    make_grant,
    make_line,
    make_membership,
    make_offer,
    make_order,
    make_partner,
    make_person,
    make_subscription,
    make_trial,
)
from tests.subscriptions.test_assign_licenses import ONE, OTHER, exclusive
from tests.subscriptions.test_change_subscription import DETAIL
from tests.subscriptions.test_end_concurrently import at_once, press

UPGRADE = "subscriptions:subscription_upgrade"


@pytest.fixture
def target(db):
    return make_offer("Enterprise", "34.00", sku_id="BIG", max_quantity=10_000_000)


@pytest.fixture
def subscription(customer, offer, target):
    """Bought today, with a customer who lets its provider administer."""
    Offer.objects.filter(pk=offer.pk).update(conversions=["BIG"])
    offer.refresh_from_db()
    make_grant(customer)
    ends_on = localdate() + timedelta(days=365)
    return make_subscription(customer, offer, ends_on=ends_on, renewal_quantity=5)


def upgrade(subscription, actor, offer, price="34.00", **kwargs):
    kwargs = {"version": subscription.version, "price": Decimal(price)} | kwargs
    return services.upgrade_subscription(subscription, actor=actor, offer=offer, **kwargs)


def reason(subscription, actor, offer, **kwargs):
    with pytest.raises(services.UpgradeRefused) as refusal:
        upgrade(subscription, actor, offer, **kwargs)
    subscription.refresh_from_db()
    assert subscription.version == 1
    return refusal.value.code, refusal.value.reason


def send(browser, subscription, offer, price="34.00", version=1):
    data = {"to": f"{offer.pk}:{price}", "version": version}
    return browser.send(UPGRADE, subscription.pk, data=data)


def test_everything_moves_and_only_product_and_price_are_others(
    provider, customer, subscription, target
):
    person = make_person(customer.organization)
    make_assignment(subscription, person)

    upgraded = upgrade(subscription, provider, target)

    upgraded.refresh_from_db()
    assert (upgraded.pk, upgraded.offer, upgraded.name) == (subscription.pk, target, "Enterprise")
    assert (upgraded.unit_price, upgraded.quantity) == (Decimal("34.00"), 10)
    assert (upgraded.term, upgraded.ends_on) == (subscription.term, subscription.ends_on)
    assert (upgraded.assigned, person.licenses.get().subscription_id) == (1, subscription.pk)
    assert upgraded.renewal_quantity is None  # planned for another product
    entry = AuditEntry.objects.about(upgraded).first()
    assert entry.action == "subscription.upgraded"
    assert entry.details["after"].startswith("Enterprise, licenses 10, P1Y, monthly, 34.00 EUR")


def test_there_is_no_time_to_cancel_afterwards(provider, subscription, target):
    assert subscription.can_be_cancelled

    upgraded = upgrade(subscription, provider, target)

    assert not upgraded.can_be_cancelled and upgraded.floor == 10
    with pytest.raises(services.LifeRefused):
        services.cancel_subscription(upgraded, actor=provider, version=2)


def test_the_order_that_bought_it_can_not_be_taken_back_either(
    provider, staff, customer, subscription, target
):
    order = make_order(customer, status="completed")
    make_line(order, subscription.offer, subscription=subscription, status="fulfilled")
    assert "Cancel this order" in staff.open("subscriptions:order_detail", order.pk).text

    upgrade(subscription, provider, target)

    assert "Cancel this order" not in staff.open("subscriptions:order_detail", order.pk).text
    assert staff.send("subscriptions:order_cancel", order.pk).status_code == 409
    subscription.refresh_from_db()
    assert subscription.status == "active"


def test_without_delegated_admin_privileges(provider, subscription, target):
    DelegatedAdmin.objects.filter(partner=provider.organization).update(status="revoked")

    code, words = reason(subscription, provider, target)

    assert code == "no_delegated_admin"
    assert words.startswith("The customer does not give you delegated admin privileges.")


def test_a_suspended_one(provider, subscription, target):
    Subscription.objects.update(status="suspended", suspended_at=now())
    subscription.refresh_from_db()

    assert reason(subscription, provider, target)[0] == "not_active"


def test_add_ons_in_the_way_are_named(provider, customer, subscription, target):
    phone = make_offer("Phone", is_add_on=True)
    add_on = make_subscription(customer, phone, base=subscription, nickname="Hotline")

    code, words = reason(subscription, provider, target)
    assert code == "add_ons_present" and "Hotline" in words

    Subscription.objects.filter(pk=add_on.pk).update(status="cancelled")
    assert upgrade(subscription, provider, target)


def test_no_way_up(provider, subscription, target):
    Offer.objects.update(conversions=[])
    subscription.refresh_from_db()

    assert reason(subscription, provider, target)[0] == "no_paths"


def test_another_offer_than_the_catalogue_names(provider, subscription):
    assert reason(subscription, provider, make_offer())[0] == "not_found"


@pytest.mark.parametrize("missing", ["price", "available", "term", "billing", "currency"])
def test_a_target_that_is_not_sold(provider, subscription, target, missing):
    if missing == "price":
        OfferPrice.objects.filter(offer=target).delete()
    elif missing == "currency":
        OfferPrice.objects.filter(offer=target).update(currency="USD")
    else:
        other = {"available": {"is_available": False}, "term": {"term": "P3Y"}}
        Offer.objects.filter(pk=target.pk).update(**other.get(missing, {"billing": "annual"}))

    code, words = reason(subscription, provider, target)

    assert code == "not_sold" and words.startswith("Not sold")


def test_the_price_is_that_of_the_country_and_of_so_many(provider, customer, subscription, target):
    price = OfferPrice.objects.get(offer=target)
    price.market, price.max_quantity = customer.country, 9
    price.save()
    assert reason(subscription, provider, target)[0] == "not_sold"

    OfferPrice.objects.filter(pk=price.pk).update(max_quantity=10)

    assert upgrade(subscription, provider, target).unit_price == Decimal("34.00")


def test_a_target_the_customer_has(provider, customer, subscription, target):
    owned = make_subscription(customer, target, status="suspended", suspended_at=now())
    assert reason(subscription, provider, target)[0] == "owned"

    Subscription.objects.filter(pk=owned.pk).update(status="cancelled")
    assert upgrade(subscription, provider, target)


def test_more_licenses_than_the_target_allows(provider, subscription, target):
    Offer.objects.filter(pk=target.pk).update(max_quantity=9)

    assert reason(subscription, provider, target) == (
        "quantity",
        "Enterprise allows at most 9 licenses.",
    )


@pytest.fixture
def beside(customer, subscription, target):
    """A user of the subscription with a license that excludes the target."""
    mail = make_offer("Plain mail")
    exclusive(target, "Mail", ONE)
    exclusive(mail, "Mail", OTHER)
    other, person = make_subscription(customer, mail), make_person(customer.organization)
    make_assignment(other, person)
    return SimpleNamespace(other=other, person=person)


def test_services_that_exclude_each_other(provider, subscription, target, beside):
    make_assignment(subscription, beside.person)

    code, words = reason(subscription, provider, target)

    assert code == "conflicting_services"
    assert words == "Users of this subscription have Plain mail, which excludes it."


def test_a_license_of_somebody_else_is_no_conflict(provider, subscription, target, beside):
    assert upgrade(subscription, provider, target)


def test_what_another_partner_sold_is_not_named(outsider, provider, customer, subscription, target):
    mail, person = make_offer("Secret mail"), make_person(customer.organization)
    exclusive(target, "Mail", ONE)
    exclusive(mail, "Mail", OTHER)
    theirs = make_customer(outsider.organization, organization=customer.organization)
    make_assignment(make_subscription(theirs, mail), person)
    make_assignment(subscription, person)

    with acting(provider.actor):
        code, words = reason(subscription, provider, target)

    assert code == "conflicting_services"
    assert "a license from another partner" in words and "Secret" not in words


def test_another_price_than_the_one_seen(provider, subscription, target):
    assert reason(subscription, provider, target, price="33.00")[0] == "price"


def test_a_trial_is_converted_instead(provider, customer, subscription, offer):
    trial = make_subscription(customer, make_trial(offer))

    assert reason(trial, provider, offer)[0] == "trial"


def test_a_version_that_is_not_the_latest(provider, subscription, target):
    with pytest.raises(services.Stale):
        upgrade(subscription, provider, target, version=2)


def test_who_assigns_meanwhile_checks_again(provider, customer, subscription, target):
    """Exclusions were checked against the product before the upgrade."""
    seen = Subscription.objects.select_related("offer").get(pk=subscription.pk)
    upgrade(subscription, provider, target)

    with pytest.raises(Exception, match="has just been upgraded"):
        services.assign_licenses(seen, [make_person(customer.organization)], actor=provider)


# The pages.


def test_from_the_page_of_the_subscription_to_the_upgrade(staff, subscription, target):
    assert "Upgrade now" in staff.open(DETAIL, subscription.pk).text
    choices = staff.open(UPGRADE, subscription.pk).text
    assert f'value="{target.pk}:34.00"' in choices and "Enterprise · €34.00 per month" in choices

    page = staff.open(UPGRADE, subscription.pk, to=f"{target.pk}:34.00").text
    assert "<del>Business Premium</del> → <ins>Enterprise</ins>" in page
    assert "<del>€206.00</del> → <ins>€340.00</ins> per month" in page
    assert "there is no time to cancel afterwards" in page
    subscription.refresh_from_db()
    assert subscription.version == 1

    detail = staff.get(send(staff, subscription, target)["Location"]).text
    assert "The subscription is Enterprise now." in detail
    assert "Cancel subscription" not in detail and "Upgrade now" not in detail


def test_each_way_that_is_closed_says_why(staff, customer, subscription, target):
    Offer.objects.update(conversions=["BIG", "HUGE"])
    make_offer("Huge", sku_id="HUGE", billing="annual")
    make_subscription(customer, target)

    page = staff.open(UPGRADE, subscription.pk).text

    assert "The customer has it already." in page
    assert "Not sold for 1 year with billing “Monthly”." in page
    assert 'type="radio"' not in page


def test_an_obstacle_stands_on_the_page_and_stops_the_button(staff, subscription, target):
    DelegatedAdmin.objects.update(status="revoked")

    page = staff.open(UPGRADE, subscription.pk)
    assert "Ask for them first." in page.text and 'type="radio"' not in page.text
    assert send(staff, subscription, target).status_code == 422
    subscription.refresh_from_db()
    assert subscription.version == 1


@pytest.mark.parametrize("to", ["", "x", "1", "0:0", "\x00", "9" * 40])
def test_nonsense_changes_nothing(staff, subscription, to):
    assert staff.open(UPGRADE, subscription.pk, to=to.strip("\x00")).status_code == 200
    data = {"to": to, "version": "1"}
    assert staff.send(UPGRADE, subscription.pk, data=data).status_code == 422


def test_at_another_price_one_chooses_again(staff, subscription, target):
    OfferPrice.objects.filter(offer=target).update(unit_price="40.00")

    response = send(staff, subscription, target)

    assert response.status_code == 422
    assert "This offer or its price has changed." in response.text and "€40.00" in response.text


def test_resellers_and_customers_do_not_upgrade(browser_of, reseller, vera, subscription, target):
    for browser in (browser_of(reseller), vera):
        assert "Upgrade now" not in browser.open(DETAIL, subscription.pk).text
        assert browser.open(UPGRADE, subscription.pk).status_code == 404
        assert send(browser, subscription, target).status_code == 404


# Add-ons and their base.


def test_add_ons_and_their_base_lead_to_each_other(staff, customer, subscription):
    phone = make_offer("Phone", is_add_on=True)
    add_on = make_subscription(
        customer, phone, base=subscription, status="suspended", suspended_at=now()
    )

    page = staff.open(DETAIL, subscription.pk).text
    assert f'{encode("S", add_on.pk)}/">Phone</a>' in page and "Suspended" in page
    add = staff.url("subscriptions:subscription_add", customer.pk)
    assert f'href="{add}?category=add_on">Add add-on' in page

    page = staff.open(DETAIL, add_on.pk).text
    assert "Add-on of" in page and f'{encode("S", subscription.pk)}/">Business Premium</a>' in page
    assert "Add add-on" not in page


# Two at once.


@pytest.mark.django_db(transaction=True)
def test_several_upgrade_at_once_and_one_does():
    with acting(OPERATOR):
        organization = make_partner(Kind.PROVIDER)
        staff = [Browser(make_membership(organization=organization)) for _ in range(3)]
        customer = make_customer(organization, make_partner())
        make_grant(customer)
        targets = [make_offer(f"Big {n}", "34.00", sku_id=f"BIG{n}") for n in range(3)]
        small = make_offer(conversions=[target.sku_id for target in targets])
        subscription = make_subscription(customer, small)
    steps = [
        press(browser, UPGRADE, subscription.pk, version=1, to=f"{target.pk}:34.00")
        for browser, target in zip(staff, targets, strict=True)
    ]

    answers = at_once(*steps)

    assert sorted(answers) == [302, 422, 422]
    with acting(OPERATOR):
        subscription.refresh_from_db()
        assert subscription.version == 2
        upgrades = AuditEntry.objects.filter(action="subscription.upgraded")
        assert upgrades.filter(organization=organization).count() == 1
