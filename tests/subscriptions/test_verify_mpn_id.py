"""*Verify*: what an MPN ID is and why it can't be used, without changing anything."""

from html import unescape

import pytest

from customers.models import DelegatedAdmin
from partners.models import MpnAccount, PartnerProfile
from portal.audit.models import AuditEntry
from portal.links import reverse
from portal.references import encode
from tests.factories import (
    make_grant,
    make_mpn,
    make_organization,
    make_partner,
    make_partnership,
    make_subscription,
)
from tests.subscriptions.test_change_subscription import DETAIL, change, fields, form_of

FACTS = "Account type"


@pytest.fixture
def subscription(customer, offer):
    return make_subscription(customer, offer)


def verify(browser, subscription, mpn_id, **headers):
    data = form_of(browser, subscription) | {"quantity": "12", "mpn_id": mpn_id, "action": "verify"}
    return browser.post(browser.url(DETAIL, subscription.pk), data, **headers)


def test_a_location_that_can_be_named(staff, partnership, subscription):
    page = verify(staff, subscription, partnership.location.mpn_id)

    assert page.status_code == 200
    for words in (
        partnership.location.mpn_id,
        partnership.reseller.name,
        "Hamburg, Germany",
        "Partner Location Account",
        "Signed",
        "Earns incentives",
    ):
        assert words in page.text
    assert fields(page.text)["quantity"] == "12"
    subscription.refresh_from_db()
    assert (subscription.version, subscription.reseller_of_record) == (1, None)
    assert not AuditEntry.objects.exists()


def test_with_a_script_the_answer_holds_the_same_region(staff, partnership, subscription):
    page = verify(staff, subscription, partnership.location.mpn_id, HTTP_HX_REQUEST="true")

    assert 'id="mpn-facts"' in page.text and FACTS in page.text
    page = verify(staff, subscription, "9999999", HTTP_HX_REQUEST="true")
    region = unescape(page.text.partition('id="mpn-facts"')[2])
    assert "We don't know the MPN ID 9999999." in region


@pytest.mark.parametrize("typed, known", [("9999999", False), ("12", False), ("4847000", True)])
def test_one_that_cannot_be_named_says_why(staff, partnership, subscription, typed, known):
    make_mpn(partnership.reseller, mpn_id="4847000", type=MpnAccount.Type.GLOBAL)

    page = verify(staff, subscription, typed)

    assert page.status_code == 422
    assert (FACTS in page.text) == known
    if known:
        words = "4847000 is a global account. Use a location account of this partner: "
        assert f"{words}{partnership.location} Hamburg" in page.text
        assert "Earns none here" in page.text
    assert f'value="{typed}"' in page.text


def test_without_a_partnership_the_way_to_one_is_shown(staff, provider, stranger, subscription):
    page = verify(staff, subscription, stranger.organization.mpn_accounts.get().mpn_id)

    assert "You have no partnership with" in page.text
    address = reverse("partners:request_create", organization=provider.organization)
    assert f'href="{address}"' in page.text


def test_an_unsigned_agreement_is_shown_as_such(staff, provider, subscription):
    partner = make_partnership(provider.organization, make_partner(signed=False, mpn_id="4847003"))

    page = verify(staff, subscription, "4847003")

    assert "Not signed" in page.text and partner.reseller.name in page.text


def test_nothing_typed_verifies_the_choice_of_the_list(staff, partnership, subscription):
    nothing = unescape(verify(staff, subscription, " ").text)
    assert "Enter an MPN ID, or choose a reseller from the list." in nothing

    change(staff, subscription, reseller_of_record=partnership.location.mpn_id)
    assert "Earns incentives" in verify(staff, subscription, "").text


def test_a_reseller_of_record_that_can_no_longer_be_used_is_pointed_out(
    staff, partnership, subscription
):
    change(staff, subscription, reseller_of_record=partnership.location.mpn_id)
    assert FACTS not in staff.open(DETAIL, subscription.pk).text
    PartnerProfile.objects.filter(organization=partnership.reseller).update(
        agreement_signed_at=None
    )

    assert "has not signed the partner agreement" in staff.open(DETAIL, subscription.pk).text


def test_resellers_verify_nothing(browser_of, reseller, stranger, subscription):
    mpn_id = stranger.organization.mpn_accounts.get().mpn_id

    page = verify(browser_of(reseller), subscription, mpn_id)

    assert FACTS not in page.text and stranger.organization.name not in page.text


# Designated support contact: whoever has a relationship with the customer.


def contacts(browser, subscription):
    page = unescape(browser.open(DETAIL, subscription.pk).text)
    return page[page.index('name="support_contact"') :].partition("</select>")[0]


def test_only_resellers_with_a_relationship_are_offered(
    staff, provider, reseller, customer, subscription
):
    without = make_partnership(provider.organization, make_partner(name="Alpina")).reseller
    helper = make_partnership(provider.organization, make_partner(name="Berghof")).reseller
    make_grant(customer, helper)

    offered = contacts(staff, subscription)

    assert f"{provider.organization.name} (you)" in offered
    assert reseller.organization.name in offered and "Berghof" in offered
    assert "Alpina" not in offered
    assert change(staff, subscription, support_contact=encode("R", without.pk)).status_code == 422
    assert change(staff, subscription, support_contact=encode("R", helper.pk)).status_code == 302
    subscription.refresh_from_db()
    assert subscription.support_contact == helper


def test_who_misses_somebody_is_led_to_a_relationship(staff, provider, subscription):
    address = reverse("customers:relationship_create", organization=provider.organization)

    page = staff.open(DETAIL, subscription.pk).text

    assert f'href="{address}">Somebody is missing? Request a relationship first' in page


def test_missing_privileges_are_said_at_the_name(staff, reseller, subscription):
    DelegatedAdmin.objects.update(status="revoked")

    assert "(without delegated admin privileges)" in contacts(staff, subscription)


def test_a_contact_whose_relationship_ended_stays_until_changed(
    staff, provider, customer, subscription
):
    helper = make_partnership(provider.organization, make_partner(name="Berghof")).reseller
    subscription.support_contact = helper
    subscription.save()

    assert "Berghof (no relationship with the customer)" in contacts(staff, subscription)
    assert change(staff, subscription, quantity="12").status_code == 302


def test_a_company_without_enrolment_is_no_reseller(staff, subscription):
    make_mpn(make_organization("reseller", name="Not yet Ltd"), mpn_id="4847001")

    page = verify(staff, subscription, "4847001")

    assert "Not yet Ltd is not enrolled" in page.text and "Not signed" in page.text
