"""Lists of subscriptions and orders, for each side its own, and filters that tell no lies."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils.timezone import localdate, now

from partners.services import remove_partnership
from subscriptions import services
from subscriptions.models import Order, OrderDraft, Subscription
from tests.factories import (
    make_customer,
    make_membership,
    make_offer,
    make_order,
    make_partner,
    make_partnership,
    make_subscription,
)

LIST, ORDERS = "subscriptions:subscription_list", "subscriptions:order_list"
OF_CUSTOMER = "subscriptions:customer_subscriptions"


@pytest.fixture
def subscription(customer, offer, partnership):
    return make_subscription(customer, offer, reseller_of_record=partnership.location)


def names(response):
    return [row.name for row in response.context["page"].rows]


def test_the_provider_sees_all_its_customers(staff, provider, outsider, subscription):
    make_subscription(make_customer(provider.organization, company_name="Second"))
    make_subscription(make_customer(outsider.organization, company_name="Not ours"))

    page = staff.open(LIST)

    assert page.context["page"].count == 2
    assert subscription.customer.company_name in page.text and "Second" in page.text
    assert "Not ours" not in page.text
    assert subscription.reseller_of_record.mpn_id in page.text


def test_the_reseller_sees_those_it_looks_after(browser_of, reseller, provider, subscription):
    make_subscription(make_customer(provider.organization, company_name="Without us"))

    page = browser_of(reseller).open(LIST)

    assert page.context["page"].count == 1
    assert provider.organization.name in page.text
    assert "Without us" not in page.text


def test_the_customer_sees_its_own(browser_of, provider, customer, subscription):
    make_subscription(make_customer(provider.organization))

    page = browser_of(make_membership(organization=customer.organization)).open(LIST)

    assert page.context["page"].count == 1
    assert "Indirect provider" in page.text


@pytest.mark.parametrize(
    "query,found",
    [
        ({}, {"Business Premium", "Visio"}),
        ({"q": "visio"}, {"Visio"}),
        ({"q": "müller"}, {"Business Premium"}),
        ({"q": "MULLER"}, {"Business Premium"}),
        ({"status": "suspended"}, {"Visio"}),
        ({"reseller": "none"}, {"Visio"}),
        ({"renewal": "soon"}, {"Visio"}),
        ({"q": "nothing like it"}, set()),
        ({"status": "x", "reseller": "x", "renewal": "x"}, {"Business Premium", "Visio"}),
        ({"q": "\x00"}, {"Business Premium", "Visio"}),
        ({"q": "x" * 5000}, {"Business Premium", "Visio"}),
        ({"q": "%"}, set()),
        ({"q": "´"}, set()),
        ({"after": "S-000000"}, {"Business Premium", "Visio"}),
        ({"sort": "-; drop table"}, {"Business Premium", "Visio"}),
    ],
)
def test_filters(staff, provider, partnership, reseller, offer, query, found):
    make_subscription(
        make_customer(provider.organization, reseller.organization, company_name="Müller Optik"),
        offer,
        reseller_of_record=partnership.location,
        ends_on=localdate() + timedelta(days=200),
    )
    make_subscription(
        make_customer(provider.organization, company_name="Brandt"),
        make_offer("Visio"),
        status="suspended",
        ends_on=localdate() + timedelta(days=30),
    )

    page = staff.get(staff.url(LIST), query)

    assert page.status_code == 200
    assert set(names(page)) == found


def test_a_typed_id_finds_its_subscription(staff, customer, subscription):
    make_subscription(customer, make_offer("Other"))

    assert names(staff.open(LIST, q=subscription.reference.lower())) == [subscription.name]


def test_filtering_by_reseller_of_record(staff, provider, partnership, subscription):
    other = make_partnership(provider.organization, make_partner())
    make_subscription(subscription.customer, make_offer("Other"), reseller_of_record=other.location)

    assert names(staff.open(LIST, reseller=partnership.reference)) == [subscription.name]


@pytest.fixture
def mixed(provider, reseller, partnership, offer):
    """One of each: who looks after the customer and who supports it, in every state of life."""
    ours = make_customer(provider.organization, reseller.organization, company_name="Ours")
    direct = make_customer(provider.organization, company_name="Direct")
    for status in ("active", "cancelled"):
        make_subscription(ours, offer, status=status, name=f"{status} ours, ours")
        support = {"support_contact": reseller.organization}
        make_subscription(ours, offer, status=status, name=f"{status} ours, theirs", **support)
        make_subscription(direct, offer, status=status, name=f"{status} direct, theirs", **support)


@pytest.mark.parametrize(
    "query,found",
    [
        ({"status": "running"}, {"ours, ours", "ours, theirs", "direct, theirs"}),
        ({"served_by": "R"}, {"ours, ours", "ours, theirs"}),
        ({"served_by": "none"}, {"direct, theirs"}),
        ({"support": "provider"}, {"ours, ours"}),
        ({"support": "reseller"}, {"ours, theirs", "direct, theirs"}),
        ({"support": "R"}, {"ours, theirs", "direct, theirs"}),
        ({"served_by": "R", "support": "provider"}, {"ours, ours"}),
        (
            {"served_by": "R-000000", "support": "R-0"},
            {"ours, ours", "ours, theirs", "direct, theirs"},
        ),
    ],
)
def test_who_looks_after_it_and_who_supports_it(staff, partnership, mixed, query, found):
    query = {
        name: partnership.reference if value == "R" else value for name, value in query.items()
    }

    assert {name for name in names(staff.open(LIST, **query)) if name.startswith("active")} == {
        f"active {name}" for name in found
    }
    if query == {"status": "running"}:
        assert not any(name.startswith("cancelled") for name in names(staff.open(LIST, **query)))


def test_former_partners_can_still_be_filtered_by(staff, provider, partnership, subscription):
    remove_partnership(partnership, actor=provider, statement_version="2026-01")

    page = staff.open(LIST, reseller=partnership.reference, served_by=partnership.reference)

    assert names(page) == [subscription.name]
    assert f"{partnership.reseller} (partnership ended)" in page.text


def test_partners_of_others_are_not_offered(staff, outsider, stranger, subscription):
    foreign = make_partnership(outsider.organization, stranger.organization)

    page = staff.open(LIST, support=foreign.reference, served_by=foreign.reference)

    assert stranger.organization.name not in page.text
    assert names(page) == [subscription.name]


def test_customers_have_no_such_filters(browser_of, subscription):
    member = make_membership(organization=subscription.organization)
    page = browser_of(member).open(LIST, support="provider", served_by="none", reseller="none")

    assert names(page) == [subscription.name]
    assert set(page.context["filters"].fields) == {"q", "provider", "status", "renewal"}


def test_no_reseller_means_running_ones(staff, customer, offer):
    for status in ("active", "cancelled"):
        make_subscription(customer, offer, status=status, name=status)

    assert names(staff.open(LIST, reseller="none")) == ["active"]


def test_pages_link_to_each_other(staff, customer, offer):
    for number in range(60):
        make_subscription(
            customer, offer, name=f"Number {number}", created_at=now() - timedelta(hours=number)
        )

    first = staff.open(LIST)
    second = staff.get(staff.url(LIST) + first.context["page"].next_url)
    back = staff.get(staff.url(LIST) + second.context["page"].previous_url)

    assert names(first)[0] == "Number 0" and names(second)[0] == "Number 25"
    assert names(back) == names(first)


def test_htmx_gets_the_region(staff, subscription):
    page = staff.get(staff.url(LIST), headers={"HX-Request": "true"})

    assert page.text.lstrip().startswith("<section")
    assert "<html" not in page.text


def test_one_customers_page_has_its_columns(staff, customer, subscription):
    page = staff.open(OF_CUSTOMER, customer.pk)

    for text in (
        customer.company_name,
        "Add subscription",
        "Business Premium",
        subscription.reference,
        "Reseller (MPN ID)",
        "Designated support contact",
        "Renews on",
    ):
        assert text in page.text


def test_one_customers_page_without_any(staff, customer):
    page = staff.open(OF_CUSTOMER, customer.pk)

    assert "No subscriptions yet" in page.text
    assert staff.url("subscriptions:subscription_add", customer.pk) in page.text


def test_suspended_rows_say_what_happens_when(staff, customer, subscription):
    Subscription.objects.update(status="suspended", suspended_at=now())

    assert "unless resumed" in staff.open(OF_CUSTOMER, customer.pk).text


@pytest.mark.parametrize("new", ["O-000000", "x", "\x00", "C-000000"])
def test_nonsense_about_what_is_new_marks_nothing(staff, customer, subscription, new):
    page = staff.get(staff.url(OF_CUSTOMER, customer.pk), {"new": new})

    assert page.status_code == 200 and "is-new" not in page.text


def test_customers_and_resellers_cannot_add(browser_of, reseller, customer):
    for member in (reseller, make_membership(organization=customer.organization)):
        browser = browser_of(member)
        page = browser.get(browser.url(OF_CUSTOMER, customer.pk), follow=True)
        assert page.status_code == 200
        assert "Add subscription" not in page.text


@pytest.mark.parametrize("who", ["outsider", "stranger"])
def test_customers_of_others_are_not_there(request, browser_of, customer, who):
    browser = browser_of(request.getfixturevalue(who))

    assert browser.open(OF_CUSTOMER, customer.pk).status_code == 404


# Orders


def test_orders_show_who_what_and_how_much(staff, provider, customer, offer):
    placed = services.place_order(
        customer,
        actor=provider,
        quantities={offer.pk: 25},
        reseller_of_record=None,
        submission=uuid4(),
    )

    page = staff.open(ORDERS)

    for text in (placed.reference, customer.company_name, "€515.00 per month", "Running"):
        assert text in page.text


def test_drafts_stand_on_top(staff, provider, customer, draft):
    page = staff.open(ORDERS)

    assert draft.reference in page.text
    assert staff.url("subscriptions:draft_review", draft.pk) in page.text
    assert staff.url("subscriptions:draft_cancel", draft.pk) in page.text


def test_drafts_of_other_providers_do_not(staff, outsider, customer):
    theirs = OrderDraft.objects.create(
        provider=outsider.organization, created_by=outsider.user, account={"company_name": "Secret"}
    )

    page = staff.open(ORDERS)
    assert theirs.reference not in page.text and "Secret" not in page.text


def test_orders_of_other_providers_do_not(staff, outsider):
    theirs = make_order(make_customer(outsider.organization))

    assert theirs.reference not in staff.open(ORDERS).text


@pytest.mark.parametrize(
    "query,found",
    [
        ({}, 2),
        ({"status": "failed"}, 1),
        ({"status": "x"}, 2),
        ({"q": "muller"}, 1),
        ({"q": "\x00"}, 2),
    ],
)
def test_filtering_orders(staff, provider, query, found):
    make_order(make_customer(provider.organization, company_name="Müller"), status="failed")
    make_order(make_customer(provider.organization, company_name="Brandt"))

    assert staff.get(staff.url(ORDERS), query).context["page"].count == found


def test_an_order_is_found_by_its_reference(staff, provider):
    order = make_order(make_customer(provider.organization))
    make_order(make_customer(provider.organization))

    page = staff.open(ORDERS, q=order.reference)
    assert [row.pk for row in page.context["page"].rows] == [order.pk]


# Whatever the number of rows, the number of questions to the database stays.


def fill(provider, reseller, number):
    for _row in range(number):
        customer = make_customer(provider.organization, reseller.organization)
        location = reseller.organization.mpn_accounts.first()
        subscription = make_subscription(
            customer, reseller_of_record=location, support_contact=reseller.organization
        )
        order = make_order(customer)
        order.lines.create(
            offer=subscription.offer,
            subscription=subscription,
            name=subscription.name,
            quantity=1,
            unit_price="1.00",
            currency="EUR",
            **order.parties,
        )


@pytest.mark.parametrize("name", [LIST, ORDERS])
def test_the_number_of_queries_is_constant(
    staff, provider, reseller, partnership, name, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    fill(provider, reseller, 1)
    staff.open(name)
    with CaptureQueriesContext(connection) as few:
        staff.open(name)
    fill(provider, reseller, 24)

    with django_assert_num_queries(len(few)):
        staff.open(name)
    assert Order.objects.count() == 25
