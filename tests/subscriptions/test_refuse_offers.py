"""Which offers a buyer can't order, and what others need besides."""

import pytest

from subscriptions.buying import Buyer
from subscriptions.models import Offer
from tests.factories import make_offer, make_subscription
from tests.subscriptions.conftest import SUBSCRIPTIONS, licenses
from tests.subscriptions.test_assign_licenses import ONE, OTHER, exclusive

CATEGORIES = ("enterprise", "education", "government", "non_profit")


def offer_of(buyer, offer):
    return buyer.offers().get(pk=offer.pk)


def reason(buyer, offer):
    refusal = buyer.refusal(offer_of(buyer, offer))
    return refusal and str(refusal.reason)


@pytest.mark.parametrize(
    "qualification,may",
    [
        ("none", {"enterprise"}),
        ("education", {"enterprise", "education"}),
        ("non_profit", {"enterprise", "non_profit"}),
        ("government", {"government"}),
    ],
)
def test_each_kind_of_customer_buys_its_own(db, qualification, may):
    offers = {name: make_offer(category=name) for name in CATEGORIES}
    buyer = Buyer("DE", qualification)

    assert {name for name in CATEGORIES if not reason(buyer, offers[name])} == may


def test_an_offer_of_other_countries_is_refused(db):
    offer = make_offer(countries=["AT", "FR"])

    assert reason(Buyer("DE", "none"), offer) == "Not sold in Germany"
    assert reason(Buyer("AT", "none"), offer) is None


@pytest.fixture
def base(db):
    return make_offer("Plan E3")


@pytest.fixture
def archive(base):
    """An add-on that needs Plan E3."""
    return make_offer("Archive", is_add_on=True, prerequisites=[base.sku_id])


def test_an_add_on_needs_what_the_vendor_names(base, archive, offer):
    buyer = Buyer("DE", "none")

    assert buyer.need(archive) == "Needs Plan E3"
    assert buyer.need(archive, [offer]) == "Needs Plan E3"
    assert buyer.need(archive, [base]) == ""
    chosen = {offer_of(buyer, one): 1 for one in (archive, offer)}
    assert buyer.problems(chosen) == {archive: "Archive: Needs Plan E3"}


def test_several_are_named_and_many_cut(base, archive):
    others = [make_offer(f"Plan {n}") for n in range(5)]
    archive.prerequisites += [other.sku_id for other in others[:1]]
    assert Buyer("DE", "none").need(archive) == "Needs one of: Plan 0, Plan E3"

    archive.prerequisites += [other.sku_id for other in others[1:]]
    assert Buyer("DE", "none").need(archive) == "Needs one of: Plan 0, Plan 1, Plan 2, …"


def test_what_the_customer_has_is_enough(customer, base, archive):
    make_subscription(customer, base)

    assert Buyer.of_customer(customer).need(archive) == ""


def test_what_ended_is_not(customer, base, archive):
    make_subscription(customer, base, status="cancelled")

    assert Buyer.of_customer(customer).need(archive) == "Needs Plan E3"


def test_without_prerequisites_any_base_will_do(db, offer):
    extra = make_offer("Extra", is_add_on=True)
    other = make_offer("Other extra", is_add_on=True)
    buyer = Buyer("DE", "none")

    assert buyer.need(extra) == buyer.need(extra, [other, extra])
    assert buyer.need(extra) == "Needs a subscription that it is added to"
    assert buyer.need(extra, [offer]) == ""


def test_the_list_says_it_before_submit(staff, draft, base, archive, offer):
    page = staff.open(SUBSCRIPTIONS, draft.pk)
    assert "Needs Plan E3" in page.text
    assert f'name="licenses-{archive.pk}"' in page.text  # both can be entered at once

    alone = licenses(archive, 1) | licenses(offer, 1) | {"next": "review"}
    refused = staff.send(SUBSCRIPTIONS, draft.pk, data=alone)
    assert refused.status_code == 422
    assert "Archive: Needs Plan E3" in refused.text

    together = licenses(archive, 1) | licenses(base, 1) | {"next": "review"}
    assert staff.send(SUBSCRIPTIONS, draft.pk, data=together).status_code == 302


def test_needs_cost_no_query_for_each_offer(db, base, django_assert_max_num_queries):
    for n in range(5):
        make_offer(f"Add-on {n}", is_add_on=True, prerequisites=[base.sku_id])
    buyer, offers = Buyer("DE", "none"), list(Offer.objects.all())

    with django_assert_max_num_queries(1):
        assert [buyer.need(offer) for offer in offers].count("Needs Plan E3") == 5


def test_plans_that_exclude_each_other_are_named_and_sold(customer):
    there, other = make_offer("Plan 1"), make_offer("Plan 2")
    exclusive(there, "Mail", ONE)
    exclusive(other, "Mail", OTHER)
    make_subscription(customer, there)
    buyer = Buyer.of_customer(customer)

    assert buyer.clash(offer_of(buyer, other)) == "No user can have it together with Plan 1"
    assert buyer.clash(offer_of(buyer, there)) == ""
    assert buyer.problems({offer_of(buyer, other): 5}) == {}


def test_the_list_names_what_is_chosen_and_excludes_it(staff, draft):
    one, other = make_offer("Plan 1"), make_offer("Plan 2")
    exclusive(one, "Mail", ONE)
    exclusive(other, "Mail", OTHER)
    staff.send(SUBSCRIPTIONS, draft.pk, data=licenses(one, 5))

    rows = staff.open(SUBSCRIPTIONS, draft.pk).context["picker"].matching
    notes = {row.offer.name: row.notes for row in rows}
    assert notes["Plan 2"] == ["No user can have it together with Plan 1"]
