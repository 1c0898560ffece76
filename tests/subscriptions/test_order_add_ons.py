"""Add-ons: which subscription they belong to, and that they never go without it."""

from uuid import uuid4

import pytest

from subscriptions import marketplace, services
from subscriptions.models import Offer, Order, OrderDraft, OrderLine, Subscription
from tests.factories import make_customer, make_offer, make_subscription
from tests.subscriptions.conftest import REVIEW, SUBSCRIPTIONS, do_background_work, licenses, submit

ADD, DETAIL = "subscriptions:subscription_add", "subscriptions:order_detail"


@pytest.fixture
def add_on(db):
    return make_offer("Audio Conferencing", price="4.00", is_add_on=True, category="add_on")


def send(staff, customer, *pairs, **data):
    """Submit *New subscription* with (offer, licenses)."""
    form = {"submission": str(uuid4()), "reseller": "none", "next": "submit"}
    for offer, number in pairs:
        form |= licenses(offer, number)
    return staff.send(ADD, customer.pk, data=form | data)


def place(provider, customer, *offers, **more):
    return services.place_order(
        customer,
        actor=provider,
        quantities={offer.pk: 5 for offer in offers},
        reseller_of_record=None,
        submission=uuid4(),
        **more,
    )


def test_the_only_possible_base_goes_without_saying(staff, customer, offer, add_on):
    base = make_subscription(customer, offer)
    assert f"belongs to {offer.name} ({base.reference}" in staff.open(ADD, customer.pk).text

    assert send(staff, customer, (add_on, 5)).status_code == 302

    assert Subscription.objects.get(offer=add_on).base == base


def test_of_several_bases_one_must_be_chosen(staff, customer, offer, add_on):
    one, other = make_subscription(customer, offer), make_subscription(customer, offer)
    page = staff.open(ADD, customer.pk).text
    assert f'name="base-{add_on.pk}"' in page

    refused = send(staff, customer, (add_on, 5))

    assert refused.status_code == 422
    assert "Select what Audio Conferencing belongs to" in refused.text
    assert 'value="5"' in refused.text
    assert (
        send(staff, customer, (add_on, 5), **{f"base-{add_on.pk}": f"s{other.pk}"}).status_code
        == 302
    )
    assert Subscription.objects.get(offer=add_on).base == other
    assert one.add_ons.count() == 0


def test_applying_filters_keeps_the_base(staff, customer, offer, add_on):
    make_subscription(customer, offer)
    chosen = make_subscription(customer, offer)
    data = licenses(add_on, 5) | {f"base-{add_on.pk}": f"s{chosen.pk}", "reseller": "none"}

    page = staff.get(staff.send(ADD, customer.pk, data=data)["Location"]).text

    assert f'value="s{chosen.pk}" selected' in page


@pytest.mark.parametrize("key", ["", "x", "s0", "s9999999", "o1", "\x00", "s" + "9" * 40, "S1"])
def test_bases_that_are_none_are_refused(staff, customer, offer, add_on, key):
    make_subscription(customer, offer), make_subscription(customer, offer)

    response = send(staff, customer, (add_on, 5), **{f"base-{add_on.pk}": key})

    assert response.status_code == 422
    assert not Order.objects.exists()


def test_another_customers_subscription_is_no_base(staff, provider, customer, offer, add_on):
    make_subscription(customer, offer), make_subscription(customer, offer)
    foreign = make_subscription(make_customer(provider.organization), offer)

    response = send(staff, customer, (add_on, 5), **{f"base-{add_on.pk}": f"s{foreign.pk}"})

    assert response.status_code == 422


@pytest.mark.parametrize("status", ["pending", "suspended", "expired", "cancelled", "deleted"])
def test_only_what_is_active_can_be_a_base(staff, customer, offer, add_on, status):
    make_subscription(customer, offer, status=status)

    assert send(staff, customer, (add_on, 5)).status_code == 422
    assert not Order.objects.exists()


def test_an_add_on_names_what_it_needs(staff, customer, offer, add_on):
    Offer.objects.filter(pk=add_on.pk).update(prerequisites=["OTHER"])
    make_subscription(customer, offer)
    fitting = make_subscription(customer, make_offer("Enterprise E3", sku_id="OTHER"))

    assert send(staff, customer, (add_on, 5)).status_code == 302

    assert Subscription.objects.get(offer=add_on).base == fitting


def test_base_and_add_on_in_one_order(staff, customer, offer, add_on):
    send(staff, customer, (offer, 5), (add_on, 5))

    base, belonging = Subscription.objects.get(offer=offer), Subscription.objects.get(offer=add_on)
    assert belonging.base == base
    order = Order.objects.get()
    page = staff.open(DETAIL, order.pk).text
    assert "It comes after Business Premium" in page and "belongs to Business Premium" in page
    do_background_work()

    order.refresh_from_db()
    assert order.status == Order.Status.COMPLETED
    assert set(Subscription.objects.values_list("status", flat=True)) == {"active"}


def test_the_add_on_comes_after_its_base(provider, customer, offer, add_on, monkeypatch):
    asked, activate = [], marketplace.activate
    monkeypatch.setattr(
        marketplace, "activate", lambda line: asked.append(line.name) or activate(line)
    )
    place(provider, customer, add_on, offer)

    do_background_work()

    assert asked == ["Business Premium", "Audio Conferencing"]


def test_an_add_on_fails_with_its_base_and_goes_on_with_it(
    staff, provider, customer, offer, add_on
):
    order = place(provider, customer, offer, add_on)
    Offer.objects.filter(pk=offer.pk).update(is_available=False)
    do_background_work()
    order.refresh_from_db()
    assert order.status == Order.Status.FAILED
    assert set(order.lines.values_list("status", flat=True)) == {"failed"}
    assert "What this add-on belongs to could not be set up." in staff.open(DETAIL, order.pk).text
    Offer.objects.filter(pk=offer.pk).update(is_available=True)

    services.retry_lines(order, actor=provider, only=order.lines.get(offer=add_on).pk)
    do_background_work()

    order.refresh_from_db()
    assert order.status == Order.Status.COMPLETED


def test_leaving_the_base_leaves_the_add_on(provider, customer, offer, add_on):
    order = place(provider, customer, offer, add_on)
    Offer.objects.filter(pk=offer.pk).update(is_available=False)
    do_background_work()

    services.leave_lines(order, actor=provider, only=order.lines.get(offer=offer).pk)

    order.refresh_from_db()
    assert order.status == Order.Status.CANCELLED
    assert set(Subscription.objects.values_list("status", flat=True)) == {"cancelled"}


def test_an_add_on_whose_base_has_ended_meanwhile_is_refused_in_words(
    provider, customer, offer, add_on
):
    base = make_subscription(customer, offer)
    order = place(provider, customer, add_on)
    Subscription.objects.filter(pk=base.pk).update(status="suspended")

    do_background_work()

    assert order.lines.get().error == marketplace.BASE_NOT_ACTIVE


def test_cancelling_an_order_ends_the_add_ons_of_what_it_bought(
    staff, provider, customer, offer, add_on
):
    first = place(provider, customer, offer)
    do_background_work()
    place(provider, customer, add_on)
    do_background_work()
    assert "Audio Conferencing" in staff.open("subscriptions:order_cancel", first.pk).text

    services.cancel_order(first, actor=provider)

    assert Subscription.objects.get(offer=add_on).status == "cancelled"


def test_an_order_with_its_add_ons_can_be_cancelled(provider, customer, offer, add_on):
    order = place(provider, customer, offer, add_on)
    do_background_work()

    services.cancel_order(order, actor=provider)

    assert set(OrderLine.objects.values_list("status", flat=True)) == {"cancelled"}
    assert set(Subscription.objects.values_list("status", flat=True)) == {"cancelled"}


# A new customer has nothing yet: the base is in the same order.


def test_a_draft_remembers_what_an_add_on_belongs_to(staff, draft, offer, add_on):
    other = make_offer("Enterprise E3")
    data = licenses(offer, 5) | licenses(other, 5) | licenses(add_on, 5) | {"next": "review"}
    assert staff.send(SUBSCRIPTIONS, draft.pk, data=data).status_code == 422

    data |= {f"base-{add_on.pk}": f"o{other.pk}"}
    assert staff.send(SUBSCRIPTIONS, draft.pk, data=data).status_code == 302

    assert f'value="o{other.pk}" selected' in staff.open(SUBSCRIPTIONS, draft.pk).text
    assert "belongs to Enterprise E3, in this order" in staff.open(REVIEW, draft.pk).text
    submit(staff, draft)
    assert Subscription.objects.get(offer=add_on).base.offer == other
    assert OrderDraft.objects.get().order_id
