"""What the database itself allows around relationship requests, whatever the program does."""

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils.timezone import localdate

from customers import services
from customers.models import Customer, DelegatedAdmin, RelationshipRequest
from partners.models import holding
from portal.accounts.roles import Kind
from portal.scope import GUEST, acting
from tests.factories import (
    make_customer,
    make_membership,
    make_partner,
    make_partnership,
    make_relationship_request,
)

ACCOUNT = {
    "address_line_1": "Weg 1",
    "city": "Hamburg",
    "first_name": "Vera",
    "last_name": "Vogel",
    "email": "vera@vogel.example",
}


@pytest.fixture
def asked(partnership):
    return make_relationship_request(partnership, wants_delegated_admin=True)


@pytest.fixture
def vogel(db):
    return make_membership(organization=make_partner(Kind.CUSTOMER, name="Vogel Optik"))


def accept(asked, person, **changes):
    answer = {"told": "new", "account": ACCOUNT, "agreement": "2026-01"} | changes
    return services.accept_relationship(asked, actor=person, **answer)


def test_without_the_link_a_customer_makes_itself_nobodys_customer(asked, vogel):
    """Even the service that is allowed to finds nothing to accept."""
    with acting(vogel.actor), pytest.raises(RelationshipRequest.DoesNotExist):
        accept(asked, vogel)
    assert not Customer.objects.exists()


def test_with_another_link_neither(asked, vogel, outsider):
    other = make_relationship_request(provider=outsider.organization)

    with (
        acting(holding(vogel.actor, other.token)),
        pytest.raises(RelationshipRequest.DoesNotExist),
    ):
        accept(asked, vogel)
    assert not Customer.objects.exists()


def test_with_the_link_it_does(asked, vogel):
    with acting(holding(vogel.actor, asked.token)):
        customer = accept(asked, vogel)

    assert customer.organization == vogel.organization


def test_afterwards_it_acts_for_itself_again(asked, vogel, provider):
    make_customer(provider.organization)

    with acting(holding(vogel.actor, asked.token)):
        customer = accept(asked, vogel)
        assert list(Customer.objects.all()) == [customer]
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Customer.objects.update(city="Kiel")


@pytest.mark.parametrize("with_link", [False, True])
def test_a_customer_writes_no_rows_of_its_provider(asked, vogel, with_link):
    actor = holding(vogel.actor, asked.token) if with_link else vogel.actor
    refused = pytest.raises(ProgrammingError, match="permission denied")

    with refused, acting(actor), transaction.atomic():
        Customer.objects.create(
            provider=asked.provider,
            organization=vogel.organization,
            company_name="Vogel Optik",
            country="DE",
            agreement_date=localdate(),
            created_by=vogel.user,
            **ACCOUNT,
        )


def test_a_customer_grants_nothing_by_hand(asked, vogel):
    with acting(holding(vogel.actor, asked.token)):
        customer = accept(asked, vogel)
        refused = pytest.raises(ProgrammingError, match="permission denied")
        with refused, transaction.atomic():
            DelegatedAdmin.objects.create(
                customer=customer, partner=asked.reseller, **customer.parties
            )


def test_a_guest_reads_the_one_request_of_the_link_and_changes_nothing(asked, partnership):
    make_relationship_request(partnership)

    with acting(holding(GUEST, asked.token)):
        assert list(RelationshipRequest.objects.all()) == [asked]
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            RelationshipRequest.objects.update(note="x")
    with acting(GUEST):
        assert not RelationshipRequest.objects.exists()


def test_each_side_reads_its_own(asked, provider, reseller, outsider, vogel):
    with acting(holding(vogel.actor, asked.token)):
        accept(asked, vogel)

    for member in (provider, reseller, vogel):
        with acting(member.actor):
            assert list(RelationshipRequest.objects.all()) == [asked]
    with acting(outsider.actor):
        assert not RelationshipRequest.objects.exists()


def test_nobody_asks_in_the_name_of_a_stranger(partnership, reseller, outsider):
    """A partnership must stand behind it, and be between just these two."""
    stranger = outsider.organization
    refused = pytest.raises(IntegrityError, match="agrees")
    with refused, acting(reseller.actor), transaction.atomic():
        make_relationship_request(
            partnership,
            provider=stranger,
            asked_by=reseller.organization,
            created_by=reseller.user,
        )


def test_a_partnership_of_others_does_not_help(reseller, outsider):
    theirs = make_partnership(outsider.organization, make_partner())
    refused = pytest.raises(IntegrityError, match="agrees")
    with refused, acting(reseller.actor), transaction.atomic():
        RelationshipRequest.objects.create(
            provider=outsider.organization,
            reseller=reseller.organization,
            partnership=theirs,
            asked_by=reseller.organization,
            created_by=reseller.user,
            language="en",
        )


def test_a_reseller_is_never_named_without_a_partnership(provider, reseller):
    refused = pytest.raises(IntegrityError, match="relationship_reseller_is_a_partner")
    with refused, acting(provider.actor), transaction.atomic():
        RelationshipRequest.objects.create(
            provider=provider.organization,
            reseller=reseller.organization,
            asked_by=provider.organization,
            created_by=provider.user,
            language="en",
        )
