from partners import services
from tests.factories import make_customer, make_subscription


def test_the_company_and_how_far_it_is_involved(provider, partnership, browser_of):
    customer = make_customer(partnership.provider, partnership.reseller)
    make_subscription(
        customer, reseller_of_record=partnership.location, support_contact=partnership.reseller
    )
    make_subscription(customer)

    response = browser_of(provider).open("partners:reseller_detail", partnership.reseller_id)

    assert response.context["numbers"] == {
        "customers": 1,
        "grants": 1,
        "subscriptions": 2,
        "of_record": 1,
        "supported": 1,
        "open_orders": 0,
    }
    assert partnership.location.mpn_id in response.text
    assert "Level of access and involvement" in response.text


def test_the_figures_of_others_are_not_mixed_in(provider, outsider, partnership, browser_of):
    make_customer(outsider.organization, partnership.reseller)

    response = browser_of(provider).open("partners:reseller_detail", partnership.reseller_id)

    assert set(response.context["numbers"].values()) == {0}


def test_only_partners_have_a_page(provider, outsider, partnership, stranger, browser_of):
    name = "partners:reseller_detail"

    assert browser_of(outsider).open(name, partnership.reseller_id).status_code == 404
    assert browser_of(provider).open(name, stranger.organization_id).status_code == 404


def test_a_removed_partner_has_none(provider, partnership, browser_of):
    services.remove_partnership(partnership, actor=provider, statement_version="2026-01")

    response = browser_of(provider).open("partners:reseller_detail", partnership.reseller_id)

    assert response.status_code == 404


def test_a_reference_of_another_kind_is_no_address(provider, browser_of):
    url = browser_of(provider).url("partners:reseller_list")

    for reference in ("C-7K3QX2", "R-000001", "R-", "nonsense"):
        assert browser_of(provider).get(f"{url}{reference}/").status_code == 404
