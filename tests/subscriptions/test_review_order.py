"""*Review*: everything as it will be stored, and a Submit that orders what was seen."""

from decimal import Decimal

import pytest

from customers.models import Customer
from partners.models import PartnerProfile
from subscriptions.models import Offer, OfferPrice, Order
from tests.factories import make_customer, make_offer
from tests.subscriptions.conftest import REVIEW, begin, choose, seen, submit


def test_it_shows_everything_that_will_be_ordered(staff, provider, reseller, reviewed):
    page = staff.open(REVIEW, reviewed.pk).text

    for text in (
        "Nothing is ordered until you select Submit.",
        "Vogel Optik GmbH",
        "vogeloptik.onportal.example",
        "Germany",
        "vera@vogel-optik.example",
        "Not provided",
        "Business Premium",
        "€515.00 per month",
        provider.organization.name,
        f"{reseller.organization.name} gets administrator access",
    ):
        assert text in page
    for button in ("Submit", "Cancel", "Change"):
        assert button in page
    assert not Order.objects.exists()


def test_without_reseller_it_says_that_nobody_earns(staff, offer):
    draft = begin(staff)
    choose(staff, draft, offer, 1)

    assert "nobody earns the incentive" in staff.open(REVIEW, draft.pk).text


def test_without_agreement_it_says_that_the_order_waits(staff, offer):
    draft = begin(staff, agreement="asked", agreement_date="")
    choose(staff, draft, offer, 1)

    page = staff.open(REVIEW, draft.pk).text
    assert "Until then the order waits" in page


def test_demonstration_prices_say_so(staff, reviewed):
    OfferPrice.objects.update(is_demonstration=True)

    assert "Demonstration price" in staff.open(REVIEW, reviewed.pk).text


def test_a_changed_price_asks_again(staff, reviewed, offer):
    OfferPrice.objects.filter(offer=offer).update(unit_price=Decimal("25.00"))

    page = staff.open(REVIEW, reviewed.pk)
    assert "€20.60" in page.text and "€25.00" in page.text
    assert "Use the new prices" in page.text

    refused = staff.send(REVIEW, reviewed.pk, data={"seen": seen(page)})
    assert refused.status_code == 422
    assert "Prices have changed" in refused.text
    assert not Order.objects.exists()

    agreed = staff.send(REVIEW, reviewed.pk, data={"seen": seen(page), "accept_prices": "on"})
    assert agreed.status_code == 302
    assert Order.objects.get().lines.get().unit_price == Decimal("25.00")


def test_a_price_that_changes_after_it_was_seen_asks_again(staff, reviewed, offer):
    page = staff.open(REVIEW, reviewed.pk)
    OfferPrice.objects.filter(offer=offer).update(unit_price=Decimal("25.00"))

    data = {"seen": seen(page), "accept_prices": "on"}
    response = staff.send(REVIEW, reviewed.pk, data=data)

    assert response.status_code == 422
    assert "changed since you opened this page" in response.text
    assert not Order.objects.exists()


def test_what_another_tab_changed_is_not_ordered_unseen(staff, reviewed, offer):
    page = staff.open(REVIEW, reviewed.pk)
    choose(staff, reviewed, offer, 99)

    response = staff.send(REVIEW, reviewed.pk, data={"seen": seen(page)})

    assert response.status_code == 422
    assert "99" in response.text
    assert not Order.objects.exists()
    assert staff.send(REVIEW, reviewed.pk, data={"seen": seen(response)}).status_code == 302


@pytest.mark.parametrize("data", [{}, {"seen": ""}, {"seen": "\x00"}, {"seen": "x" * 5000}])
def test_submit_without_having_looked_is_refused(staff, reviewed, data):
    assert staff.send(REVIEW, reviewed.pk, data=data).status_code == 422
    assert not Order.objects.exists()


def test_a_domain_name_taken_meanwhile_is_said_with_the_way_to_change_it(staff, outsider, reviewed):
    page = staff.open(REVIEW, reviewed.pk)
    make_customer(outsider.organization, domain="vogeloptik.onportal.example")

    response = staff.send(REVIEW, reviewed.pk, data={"seen": seen(page)})

    assert response.status_code == 422
    assert "vogeloptik.onportal.example is taken" in response.text
    assert staff.url("subscriptions:draft_account", reviewed.pk, next="review") in response.text
    assert not Customer.objects.filter(company_name="Vogel Optik GmbH").exists()


def test_a_partnership_removed_meanwhile_stops_the_order(staff, partnership, reviewed):
    page = staff.open(REVIEW, reviewed.pk)
    type(partnership).objects.all().delete()

    response = staff.send(REVIEW, reviewed.pk, data={"seen": seen(page)})

    assert response.status_code == 422
    assert not Customer.objects.exists()


def test_an_agreement_withdrawn_meanwhile_stops_the_order(staff, reseller, reviewed):
    page = staff.open(REVIEW, reviewed.pk)
    PartnerProfile.objects.filter(organization=reseller.organization).update(
        agreement_signed_at=None
    )

    response = staff.send(REVIEW, reviewed.pk, data={"seen": seen(page)})

    assert response.status_code == 422
    assert "has not signed the partner agreement" in response.text


def test_an_offer_taken_away_meanwhile_stops_the_order(staff, reviewed, offer):
    page = staff.open(REVIEW, reviewed.pk)
    Offer.objects.filter(pk=offer.pk).update(is_available=False)

    assert "Business Premium: Not sold any more" in staff.open(REVIEW, reviewed.pk).text
    response = staff.send(REVIEW, reviewed.pk, data={"seen": seen(page)})

    assert response.status_code == 422
    assert "Business Premium: Not sold any more" in response.text
    assert not Customer.objects.exists()


def test_a_change_of_country_asks_about_the_prices_of_the_other_currency(staff, draft, partnership):
    both = make_offer("Both", price="20.00")
    OfferPrice.objects.create(offer=both, currency="CHF", unit_price=Decimal("19.00"))
    choose(staff, draft, both, 2)
    account = draft.account | {"country": "CH", "postal_code": "8001"}
    staff.send("subscriptions:draft_account", draft.pk, data=account)

    page = staff.open(REVIEW, draft.pk)

    assert "€20.00" in page.text and "CHF" in page.text
    assert submit(staff, draft).status_code == 422
    assert submit(staff, draft, accept_prices="on").status_code == 302
    assert Order.objects.get().currency == "CHF"
