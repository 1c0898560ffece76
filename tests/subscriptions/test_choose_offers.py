"""*New subscription*: what can be ordered, what can't and why, and filters that drop nothing."""

import pytest

from subscriptions.models import Offer, OfferPrice, Subscription
from tests.factories import make_customer, make_offer, make_subscription
from tests.subscriptions.conftest import REVIEW, SUBSCRIPTIONS, begin, choose, licenses

ADD = "subscriptions:subscription_add"


def send(browser, draft, **data):
    return browser.send(SUBSCRIPTIONS, draft.pk, data=data)


def rows(response):
    return [row.offer.name for row in response.context["picker"].rows]


def reasons(response):
    rows = response.context["picker"].matching
    return {row.offer.name: row.refusal.reason for row in rows if row.refusal}


def test_the_page_names_its_customer_and_its_steps(staff, draft):
    page = staff.open(SUBSCRIPTIONS, draft.pk)

    assert "New subscription" in page.text and "Vogel Optik GmbH" in page.text
    assert "Next: Review" in page.text and "Cancel" in page.text
    assert "1 to 300" in page.text and "€20.60" in page.text


def test_a_number_chooses_an_offer(staff, draft, offer):
    response = choose(staff, draft, offer, "25")

    assert response["Location"] == staff.url(REVIEW, draft.pk)
    draft.refresh_from_db()
    assert draft.lines == {
        str(offer.pk): {"quantity": 25, "price": "20.60", "currency": "EUR"},
    }


def test_grouped_numbers_are_understood(staff, draft):
    big = make_offer("Office E3", max_quantity=10_000_000)

    choose(staff, draft, big, "1.000")

    draft.refresh_from_db()
    assert draft.lines[str(big.pk)]["quantity"] == 1000


@pytest.mark.parametrize("nothing", ["", "0", "   "])
def test_nothing_chosen_is_refused(staff, draft, offer, nothing):
    response = choose(staff, draft, offer, nothing)

    assert response.status_code == 422
    assert "Select at least one subscription" in response.text


@pytest.mark.parametrize(
    "typed", ["-1", "1e9", "٣", "1.5", "<script>alert(1)</script>", "' or 1=1 --", "25\u202e"]
)
def test_hostile_numbers_are_refused_at_the_field(staff, draft, offer, typed):
    response = choose(staff, draft, offer, typed)

    assert response.status_code == 422
    assert "Enter a whole number of licenses for Business Premium" in response.text
    assert f'href="#licenses-{offer.pk}"' in response.text
    assert "<script>alert" not in response.text
    draft.refresh_from_db()
    assert draft.lines == {}


@pytest.mark.parametrize("typed", ["301", str(10**20)])
def test_more_than_the_limit_is_refused(staff, draft, offer, typed):
    response = choose(staff, draft, offer, typed)

    assert response.status_code == 422
    assert "Business Premium" in response.text
    draft.refresh_from_db()
    assert draft.lines == {}


def test_the_limit_is_said_in_the_words_of_the_offer(staff, draft, offer):
    assert "Business Premium allows at most 300 licenses" in choose(staff, draft, offer, 301).text


def test_a_number_of_ten_to_the_twenty_is_kept_on_the_page(staff, draft, offer):
    response = choose(staff, draft, offer, 10**18)

    assert f'value="{10**18}"' in response.text


def test_unknown_offers_are_refused(staff, draft):
    response = send(staff, draft, **{"licenses-999999": "5", "next": "review"})

    assert response.status_code == 422
    assert "not sold any more" in response.text


def test_odd_field_names_are_nobodys(staff, draft, offer):
    odd = {"licenses-": "5", "licenses-x": "5", "licenses-1e3": "5", f"licenses-{10**30}": "5"}

    response = send(staff, draft, **odd, **licenses(offer, 3), next="review")

    assert response.status_code == 302


def test_filters_never_drop_a_choice(staff, draft, offer):
    make_offer("Power BI Pro")

    response = send(staff, draft, q="power", **licenses(offer, 25))

    assert response["Location"] == staff.url(SUBSCRIPTIONS, draft.pk) + "?q=power"
    page = staff.get(response["Location"])
    assert [row.offer for row in page.context["picker"].chosen] == [offer]
    assert rows(page) == ["Power BI Pro"]
    assert f'name="licenses-{offer.pk}" value="25"' in page.text
    assert "Your order" in page.text


def test_htmx_gets_the_region_alone(staff, draft, offer):
    url = staff.url(SUBSCRIPTIONS, draft.pk)

    page = staff.post(url, licenses(offer, 2), follow=True, headers={"HX-Request": "true"})

    assert page.text.lstrip().startswith("<section")
    assert "€41.20 per month" in page.text
    assert "HX-Request" in page["Vary"]


def test_filtering_with_a_bad_number_says_so_and_keeps_it(staff, draft, offer):
    response = send(staff, draft, q="premium", **licenses(offer, "many"))

    assert response.status_code == 422
    assert 'value="many"' in response.text


@pytest.mark.parametrize(
    "query,names",
    [
        ({"q": "POWER  pro"}, ["Power BI Pro"]),
        ({"q": "übung"}, []),
        ({"billing": "annual"}, ["Visio Plan 1"]),
        ({"category": "add_on"}, ["Audio Conferencing"]),
        ({"publisher": "Contoso"}, ["Contoso Backup"]),
        ({"publisher": "Nobody", "billing": "weekly", "category": "x"}, None),
        ({"q": "\x00"}, None),
        ({"q": "x" * 5000}, None),
        ({"page": "-1"}, None),
        ({"page": "9" * 50}, None),
    ],
)
def test_filters(staff, draft, offer, query, names):
    make_offer("Power BI Pro")
    make_offer("Visio Plan 1", billing="annual")
    make_offer("Audio Conferencing", category="add_on", is_add_on=True)
    make_offer("Contoso Backup", publisher="Contoso")

    page = staff.get(staff.url(SUBSCRIPTIONS, draft.pk), query)

    everything = sorted(Offer.objects.values_list("name", flat=True))
    assert page.status_code == 200
    assert sorted(rows(page)) == (everything if names is None else names)


def test_long_lists_have_pages_that_keep_the_choice(staff, draft, offer):
    for number in range(60):
        make_offer(f"Offer {number:02}")

    response = send(staff, draft, page="2", **licenses(offer, 25))

    assert response["Location"].endswith("?page=2")
    page = staff.get(response["Location"])
    assert rows(page)[0] == "Offer 25"
    assert page.context["picker"].pages == 3


def test_what_cannot_be_ordered_comes_last_with_the_reason(staff, draft, offer):
    make_offer("A1 for schools", category="education")
    make_offer("E3 for government", category="government")
    make_offer("Only for Switzerland", currency="CHF")

    page = staff.open(SUBSCRIPTIONS, draft.pk)

    assert rows(page)[0] == "Business Premium"
    assert reasons(page) == {
        "A1 for schools": "Only for education customers",
        "E3 for government": "Only for government customers",
        "Only for Switzerland": "Not sold in Germany",
    }


def test_what_cannot_be_ordered_is_refused(staff, draft):
    school = make_offer("A1 for schools", category="education")

    response = choose(staff, draft, school, 5)

    assert response.status_code == 422
    assert "A1 for schools: Only for education customers" in response.text


def test_education_customers_may_buy_education(staff):
    school = make_offer("A1 for schools", category="education")
    draft = begin(staff, qualification="education", education_segment="school")

    assert choose(staff, draft, school, 5).status_code == 302


def test_offers_off_the_market_are_not_shown(staff, draft):
    make_offer("Old", is_available=False)

    assert "Old" not in rows(staff.open(SUBSCRIPTIONS, draft.pk))


def test_an_offer_taken_away_after_it_was_chosen_can_be_removed(staff, reviewed, offer):
    Offer.objects.filter(pk=offer.pk).update(is_available=False)
    other = make_offer("Power BI Pro")

    page = staff.open(SUBSCRIPTIONS, reviewed.pk)
    assert f'name="licenses-{offer.pk}" value="25"' in page.text

    assert choose(staff, reviewed, other, 3).status_code == 302
    reviewed.refresh_from_db()
    assert set(reviewed.lines) == {str(other.pk)}


def test_one_per_customer_counts_what_the_customer_has(staff, customer):
    pool = make_offer("External Accountant", limit_per_customer=1, max_quantity=3)
    have = make_subscription(customer, pool, quantity=1)

    page = staff.open(ADD, customer.pk)

    assert reasons(page) == {"External Accountant": "Only one per customer"}
    assert staff.url("subscriptions:subscription_detail", have.pk) in page.text


@pytest.mark.parametrize("status,again", [("suspended", False), ("cancelled", True)])
def test_suspended_ones_count_and_cancelled_ones_do_not(staff, customer, status, again):
    pool = make_offer("External Accountant", limit_per_customer=1)
    make_subscription(customer, pool, status=status)

    assert (reasons(staff.open(ADD, customer.pk)) == {}) == again


def test_a_trial_is_had_once_for_ever(staff, customer):
    trial = make_offer("Trial", is_trial=True, limit_per_customer=1, billing="none")
    make_subscription(customer, trial, status=Subscription.Status.CANCELLED)

    assert reasons(staff.open(ADD, customer.pk)) == {"Trial": "The customer has had this trial"}


def test_nobody_tries_what_they_have(staff, customer, offer):
    trial = make_offer("Trial", is_trial=True, limit_per_customer=1, billing="none")
    Offer.objects.filter(pk=trial.pk).update(product=offer.product)
    make_subscription(customer, offer)

    assert reasons(staff.open(ADD, customer.pk)) == {"Trial": "The customer has this already"}


def test_two_plans_of_one_thing_count_together(staff, draft):
    one = make_offer("Pool", sku_id="POOL", limit_per_customer=1)
    two = make_offer("Pool", sku_id="POOL", limit_per_customer=1, billing="annual")

    response = send(staff, draft, **licenses(one, 1), **licenses(two, 1), next="review")

    assert response.status_code == 422
    assert "Pool: Only one per customer" in response.text


def test_what_is_chosen_counts_on_top_of_what_the_customer_has(staff, customer):
    one = make_offer("Pool", sku_id="POOL", limit_per_customer=2)
    two = make_offer("Pool", sku_id="POOL", limit_per_customer=2, billing="annual")
    make_subscription(customer, one)

    assert staff.post(staff.url(ADD, customer.pk), licenses(one, 1)).status_code == 302
    both = staff.post(staff.url(ADD, customer.pk), licenses(one, 1) | licenses(two, 1))
    assert both.status_code == 422
    assert "Pool: Only 2 per customer" in both.text


def test_an_add_on_needs_something_to_be_added_to(staff, draft, offer):
    add_on = make_offer("Audio Conferencing", category="add_on", is_add_on=True)

    alone = choose(staff, draft, add_on, 5)
    assert alone.status_code == 422
    assert "Audio Conferencing is an add-on" in alone.text

    both = send(staff, draft, **licenses(add_on, 5), **licenses(offer, 5), next="review")
    assert both.status_code == 302


def test_an_add_on_to_what_the_customer_has_is_fine(staff, customer, offer):
    add_on = make_offer("Audio Conferencing", category="add_on", is_add_on=True)
    make_subscription(customer, offer)

    page = staff.post(staff.url(ADD, customer.pk), licenses(add_on, 5))

    assert page.status_code == 302


def test_totals_are_kept_apart_by_billing(staff, draft, offer):
    yearly = make_offer("Visio", price="60.00", billing="annual")
    free = make_offer("Apps", price="0.00", billing="none")

    page = staff.post(
        staff.url(SUBSCRIPTIONS, draft.pk),
        licenses(offer, 25) | licenses(yearly, 2) | licenses(free, 1),
        follow=True,
    )

    assert "3 subscriptions, 28 licenses" in page.text
    assert "€515.00 per month, €120.00 per year, free of charge" in " ".join(page.text.split())


def test_demonstration_prices_say_so(staff, draft, offer):
    assert "Demonstration price" not in staff.open(SUBSCRIPTIONS, draft.pk).text

    OfferPrice.objects.update(is_demonstration=True)

    assert "Demonstration price" in staff.open(SUBSCRIPTIONS, draft.pk).text


def test_prices_are_those_of_the_customers_country(staff, partnership):
    make_offer("Only in francs", currency="CHF", price="10.00")
    draft = begin(staff, country="CH", postal_code="8001", city="Zürich")

    assert "CHF" in staff.open(SUBSCRIPTIONS, draft.pk).text


def test_money_is_written_as_the_reader_writes_it(staff, draft):
    page = staff.get(staff.url(SUBSCRIPTIONS, draft.pk), HTTP_ACCEPT_LANGUAGE="de")

    assert "20,60\xa0€" in page.text


def test_the_number_of_queries_does_not_grow(staff, customer, django_assert_max_num_queries):
    for number in range(40):
        make_subscription(customer, make_offer(f"Offer {number}"))
    make_customer(customer.provider)

    with django_assert_max_num_queries(11):
        staff.open(ADD, customer.pk)
