"""*Reseller (MPN ID)*: a location of a partner, and a sentence of its own for everything else."""

import pytest
from django.core.exceptions import ValidationError

from partners.models import MpnAccount, PartnerProfile
from portal.accounts.roles import Kind
from subscriptions.resellers import find_location
from tests.factories import (
    make_mpn,
    make_organization,
    make_partner,
    make_partnership,
    make_subscription,
)
from tests.subscriptions.test_change_subscription import change, form_of

GLOBAL = MpnAccount.Type.GLOBAL


@pytest.fixture
def subscription(customer, offer):
    return make_subscription(customer, offer)


def reason(provider, mpn_id):
    with pytest.raises(ValidationError) as refused:
        find_location(mpn_id, provider=provider.organization)
    return refused.value.code, refused.value.message


def test_a_partners_location_is_fine(provider, partnership):
    found = find_location(partnership.location.mpn_id, provider=provider.organization)

    assert found == partnership.location


def test_blanks_do_not_matter(provider, partnership):
    mpn_id = partnership.location.mpn_id

    assert find_location(f" {mpn_id[:3]} {mpn_id[3:]} ", provider=provider.organization)


def test_leading_zeros_do(provider, partnership):
    zeros = make_mpn(partnership.reseller, mpn_id="0012345")

    assert find_location("0012345", provider=provider.organization) == zeros
    assert reason(provider, "12345")[0] == "unknown"


@pytest.mark.parametrize(
    "typed", ["1234", "123456789", "48473a3", "٤٨٤٧٣٨٣", "-4847383", "<b>", "4847383;--", "\x00"]
)
def test_what_is_no_mpn_id(provider, typed):
    assert reason(provider, typed) == ("format", "An MPN ID has 5 to 8 digits.")


def test_an_unknown_one(provider):
    code, words = reason(provider, "9999999")

    assert code == "unknown"
    assert "9999999" in words


def test_a_global_account_names_its_locations(provider, partnership):
    make_mpn(partnership.reseller, mpn_id="4847000", type=GLOBAL)
    make_mpn(partnership.reseller, mpn_id="4847390")

    code, words = reason(provider, "4847000")

    assert code == "global"
    assert words.startswith("4847000 is a global account. Use a location account of this partner: ")
    assert "4847390 Hamburg" in words and partnership.location.mpn_id in words


def test_a_global_account_without_locations(provider):
    company = make_organization(Kind.RESELLER)
    make_mpn(company, mpn_id="4847000", type=GLOBAL)

    assert "no location account yet" in reason(provider, "4847000")[1]


def test_ones_own(provider):
    own = provider.organization.mpn_accounts.get()

    assert reason(provider, own.mpn_id)[0] == "own"


def test_another_provider_is_not_enrolled_as_reseller(provider, outsider):
    mpn_id = outsider.organization.mpn_accounts.get().mpn_id

    code, words = reason(provider, mpn_id)

    assert code == "not_enrolled"
    assert outsider.organization.name in words


def test_a_company_that_never_enrolled(provider):
    make_mpn(make_organization(Kind.RESELLER, name="Not yet Ltd"), mpn_id="4847001")

    assert reason(provider, "4847001") == (
        "not_enrolled",
        "Not yet Ltd is not enrolled as an indirect reseller.",
    )


def test_another_sales_region(provider):
    abroad = make_partner(country="US", mpn_id="4847002")
    make_partnership(provider.organization, abroad)

    code, words = reason(provider, "4847002")

    assert code == "region"
    assert "United States" in words


def test_an_unsigned_agreement(provider):
    make_partnership(provider.organization, make_partner(signed=False, mpn_id="4847003"))

    assert reason(provider, "4847003")[0] == "unsigned"


def test_no_partnership(provider, stranger):
    mpn_id = stranger.organization.mpn_accounts.get().mpn_id

    code, words = reason(provider, mpn_id)

    assert code == "no_partnership"
    assert "Request a partnership first." in words


def test_typing_an_mpn_id_names_its_reseller(staff, provider, subscription):
    other = make_partnership(provider.organization, make_partner())

    response = change(staff, subscription, mpn_id=other.location.mpn_id)

    assert response.status_code == 302
    subscription.refresh_from_db()
    assert subscription.reseller_of_record == other.location


def test_a_second_location_of_a_partner_can_be_typed(staff, partnership, subscription):
    second = make_mpn(partnership.reseller, mpn_id="4847390")

    change(staff, subscription, mpn_id="4847390")

    subscription.refresh_from_db()
    assert subscription.reseller_of_record == second


def test_a_refusal_stands_at_the_field_and_keeps_what_was_typed(staff, subscription):
    response = change(staff, subscription, mpn_id="99 99 999", quantity="12")

    assert response.status_code == 422
    assert "mpn_id" in response.context["form"].errors
    assert 'value="99 99 999"' in response.text and 'value="12"' in response.text
    subscription.refresh_from_db()
    assert (subscription.reseller_of_record, subscription.quantity) == (None, 10)


def test_choosing_from_the_list(staff, partnership, subscription):
    change(staff, subscription, reseller_of_record=partnership.location.mpn_id)

    subscription.refresh_from_db()
    assert subscription.reseller_of_record == partnership.location


def test_choosing_a_partner_without_agreement_is_refused(staff, partnership, subscription):
    PartnerProfile.objects.filter(organization=partnership.reseller).update(
        agreement_signed_at=None
    )

    assert (
        "(partner agreement not signed)"
        in staff.open("subscriptions:subscription_detail", subscription.pk).text
    )
    response = change(staff, subscription, reseller_of_record=partnership.location.mpn_id)

    assert response.status_code == 422
    assert "has not signed the partner agreement" in response.text


def test_who_is_named_already_may_stay_even_if_the_agreement_is_gone(
    staff, partnership, subscription
):
    change(staff, subscription, reseller_of_record=partnership.location.mpn_id)
    PartnerProfile.objects.filter(organization=partnership.reseller).update(
        agreement_signed_at=None
    )

    assert change(staff, subscription, quantity="12").status_code == 302


def test_no_indirect_reseller_is_a_choice_with_a_warning(staff, partnership, subscription):
    assert form_of(staff, subscription)["reseller_of_record"] == "none"
    page = staff.open("subscriptions:subscription_detail", subscription.pk).text
    assert "nobody earns the incentive" in page
