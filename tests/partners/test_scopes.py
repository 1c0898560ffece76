"""What the first wall shows by itself: here an operator looks, whom the second one lets pass."""

import pytest

from partners.models import Partnership, PartnershipRequest
from portal.accounts.roles import Kind
from tests.factories import make_customer, make_membership, make_partnership, make_request


@pytest.fixture
def answered(provider, reseller):
    return make_request(provider.organization, reseller=reseller.organization, status="declined")


def test_both_sides_see_a_partnership_and_nobody_else(
    partnership, provider, reseller, outsider, stranger
):
    for membership, seen in (
        (provider, [partnership]),
        (reseller, [partnership]),
        (outsider, []),
        (stranger, []),
        (make_membership(kind=Kind.CUSTOMER), []),
    ):
        assert list(Partnership.objects.visible_to(membership)) == seen


def test_a_reseller_sees_what_it_answered(answered, provider, reseller, stranger, outsider):
    unanswered = make_request(provider.organization)

    def seen(membership):
        return set(PartnershipRequest.objects.visible_to(membership))

    assert seen(provider) == {answered, unanswered}
    assert seen(reseller) == {answered}
    assert seen(stranger) == seen(outsider) == set()


def test_customers_are_counted_per_pair(partnership, outsider):
    theirs = make_partnership(outsider.organization, partnership.reseller)
    for provider, number in ((partnership.provider, 2), (outsider.organization, 3)):
        for _ in range(number):
            make_customer(provider, partnership.reseller)

    counts = {row: row.customer_count for row in Partnership.objects.list_of_resellers()}

    assert counts == {partnership: 2, theirs: 3}
