"""*Remove partnership*, the page where somebody decides about the reseller's customers."""

import pytest

from partners.services import remove_partnership
from portal.references import encode
from subscriptions import services
from subscriptions.ending import LEAVE
from subscriptions.models import CustomerMove
from tests.factories import make_customer, make_membership, make_partner, make_partnership

PAGE = "subscriptions:partnership_customers"


@pytest.fixture
def customers(partnership):
    names = ("Vogel Optik", "Müller Bau", "Albrecht Maschinenbau")
    return [
        make_customer(partnership.provider, partnership.reseller, company_name=name)
        for name in names
    ]


@pytest.fixture
def alpina(partnership, stranger):
    """Another reseller of the provider's."""
    make_partnership(partnership.provider, stranger.organization)
    return stranger.organization


@pytest.fixture
def choose(provider, partnership, browser_of):
    """``choose("none", vogel)`` ticks a customer; without any, the choice is for all found."""

    def press(choice, *ticked, by=None, **query):
        browser = browser_of(by or provider)
        data = {"choice": choice, "action": "ticked" if ticked else "all"}
        data["customer"] = [getattr(each, "reference", each) for each in ticked]
        return browser.post(browser.url(PAGE, partnership.reseller_id, **query), data)

    return press


def decided():
    """The name of each customer's successor by the customer's name."""
    moves = CustomerMove.objects.decided().select_related("customer", "successor")
    return {str(move.customer): move.successor and move.successor.name for move in moves}


def test_one_choice_for_all(choose, customers, alpina):
    assert choose(encode("R", alpina.pk)).status_code == 302

    assert decided() == {str(customer): "Alpina Cloud Services" for customer in customers}


def test_exceptions_for_some(choose, customers, alpina):
    vogel, mueller, albrecht = customers
    choose(encode("R", alpina.pk))
    choose("none", vogel)
    choose("leave", mueller)

    assert decided() == {"Vogel Optik": None, "Albrecht Maschinenbau": "Alpina Cloud Services"}


def test_one_choice_for_those_that_were_found(choose, customers):
    choose("none", q="mueller")

    assert decided() == {"Müller Bau": None}


def test_nothing_happens_to_anybody_yet(choose, customers, reseller):
    choose("none")

    for customer in customers:
        customer.refresh_from_db()
        assert customer.reseller == reseller.organization


def test_the_page_shows_what_is_decided(choose, customers, alpina, provider, browser_of):
    choose(encode("R", alpina.pk), customers[0])

    page = browser_of(provider).open(PAGE, encode_pk(customers))
    assert [row.move and row.move.successor for row in page.context["page"].rows] == [
        None,
        None,
        alpina,
    ]
    assert "Apply to all 3 customers" in page.text


def encode_pk(customers):
    return customers[0].reseller_id


def test_the_removal_page_sums_it_up(choose, customers, alpina, provider, browser_of):
    choose(encode("R", alpina.pk))
    choose("none", customers[0])

    text = (
        browser_of(provider).open("subscriptions:partnership_remove", customers[0].reseller_id).text
    )

    assert "<strong>2 customers are handed over to Alpina Cloud Services</strong>" in text
    assert "<strong>1 customer is taken to direct</strong>" in text
    assert "Decided by Ada Wong" in text


def test_the_way_goes_on_to_the_end(customers, provider, partnership, browser_of):
    browser = browser_of(provider)
    remove = browser.url("subscriptions:partnership_remove", partnership.reseller_id)

    assert f'button--primary" href="{remove}"' in browser.open(PAGE, partnership.reseller_id).text
    remove_partnership(partnership, actor=provider, statement_version="1")
    ended = browser.url("subscriptions:reseller_ended", partnership.reseller_id)
    assert f'button--primary" href="{ended}"' in browser.open(PAGE, partnership.reseller_id).text


def test_two_thousand_customers_are_paged_and_decided_in_one_go(
    choose, partnership, provider, browser_of
):
    for _ in range(51):
        make_customer(partnership.provider, partnership.reseller)
    page = browser_of(provider).open(PAGE, partnership.reseller_id).context["page"]
    assert (len(page.rows), page.count, bool(page.next_url)) == (50, 51, True)

    choose("none")

    assert CustomerMove.objects.count() == 51


def test_only_partners_whose_agreement_is_signed_can_take_over(choose, partnership, customers):
    unsigned = make_partner(signed=False)
    make_partnership(partnership.provider, unsigned)
    nobody = make_partner()
    former = make_partner()
    make_partnership(
        partnership.provider,
        former,
        status="removed",
        removed_at="2026-01-01T00:00Z",
        statement_version="1",
    )

    for company in (unsigned, nobody, former, partnership.reseller):
        response = choose(encode("R", company.pk))
        assert response.status_code == 422
        assert "choice" in response.context["form"].errors
    assert not CustomerMove.objects.exists()


@pytest.mark.parametrize("ticked", ["C-000000", "nonsense", "", "R-7K3QX2", "\x00"])
def test_what_is_no_customer_is_refused(choose, customers, ticked):
    response = choose("none", ticked)

    assert response.status_code == 422
    assert not CustomerMove.objects.exists()


def test_nothing_ticked_says_so(choose, customers, provider, partnership, browser_of):
    response = browser_of(provider).send(
        PAGE, partnership.reseller_id, data={"choice": "none", "action": "ticked"}
    )

    assert response.status_code == 422
    assert "Tick at least one customer." in response.text


def test_customers_of_others_are_not_touched(choose, customers, partnership, outsider):
    direct = make_customer(partnership.provider)
    foreign = make_customer(outsider.organization, partnership.reseller)

    for other in (direct, foreign):
        assert choose("none", other).status_code == 422
    choose("none")

    assert set(decided()) == {str(customer) for customer in customers}


def test_a_customer_that_has_another_reseller_by_now_is_refused(
    choose, customers, partnership, provider
):
    services.decide_customers(partnership, type(customers[0]).objects.all(), None, actor=provider)
    customers[0].reseller = None
    customers[0].save()

    response = choose("leave", customers[0])

    assert response.status_code == 422
    assert "has another reseller by now" in response.text


def test_leaving_them_is_no_decision(partnership, provider, customers):
    everybody = type(customers[0]).objects.all()

    assert services.decide_customers(partnership, everybody, None, actor=provider) == 3
    assert services.decide_customers(partnership, everybody, LEAVE, actor=provider) == 3
    assert not CustomerMove.objects.exists()


def test_colleagues_see_and_change_it(choose, customers, provider):
    colleague = make_membership(organization=provider.organization)
    choose("none", customers[0])

    choose("none", customers[1], by=colleague)

    assert len(decided()) == 2
