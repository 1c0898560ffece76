"""Adding a customer: one transaction writes the customer and all that is promised with it."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils.timezone import now

from customers import services
from customers.forms import CustomerAccountForm
from customers.models import AdminAccount, Customer, DelegatedAdmin
from partners.models import Partnership
from portal.accounts.models import Organization
from portal.accounts.roles import Kind
from portal.audit.models import AuditEntry
from portal.lifecycle import InvalidTransition, transition
from portal.outbox.models import OutboxMessage
from portal.scope import OPERATOR, acting
from tests.customers.conftest import add_customer, typed
from tests.factories import make_customer


def test_everything_is_there_at_once(provider, reseller, partnership):
    with acting(provider.actor):
        customer = add_customer(provider, reseller.organization)

    assert customer.company_name == "Vogel Optik GmbH"
    assert customer.domain == customer.organization.domain == "vogeloptik.onportal.example"
    assert customer.organization.kind == Kind.CUSTOMER
    assert (customer.provider, customer.reseller) == (provider.organization, reseller.organization)
    assert customer.admin_account.account_name == "admin@vogeloptik.onportal.example"
    assert customer.admin_account.status == AdminAccount.Status.PENDING
    partners = {right.partner for right in customer.delegated_admins.granted()}
    assert partners == {provider.organization, reseller.organization}
    message = OutboxMessage.objects.get()
    assert message.kwargs == {"account_id": customer.admin_account.pk}
    assert message.organization == provider.organization


def test_without_reseller_only_the_provider_gets_admin_rights(provider):
    customer = add_customer(provider)

    assert customer.reseller is None
    right = DelegatedAdmin.objects.get()
    assert (right.partner, right.granted_by) == (provider.organization, provider.user)


def test_all_three_can_read_that_it_happened(provider, reseller, partnership):
    customer = add_customer(provider, reseller.organization)

    for organization in (provider.organization, reseller.organization, customer.organization):
        entries = AuditEntry.objects.filter(organization=organization)
        actions = {entry.action for entry in entries}
        assert actions == {"customer.added", "delegatedadmin.granted"}
        assert {entry.actor for entry in entries} == {provider.user}


def test_the_agreement_and_its_signer_are_kept(provider):
    customer = add_customer(
        provider,
        agreement_first_name="Max",
        agreement_last_name="Adler",
        agreement_phone="040 55501",
    )

    customer.refresh_from_db()
    assert customer.may_buy
    assert (customer.agreement_first_name, customer.agreement_phone) == ("Max", "+49 40 55501")
    assert not add_customer(provider, agreement="asked", domain="other").may_buy


def test_whoever_is_slower_learns_that_the_domain_name_is_gone(provider, outsider):
    form = CustomerAccountForm(typed(), membership=provider)
    assert form.is_valid()
    make_customer(outsider.organization, domain="vogeloptik.onportal.example")

    with pytest.raises(services.DomainTaken) as refused:
        services.add_customer(actor=provider, account=form.cleaned_data, reseller=None)

    assert "vogeloptik.onportal.example is taken. Try" in refused.value.reason
    assert not Customer.objects.filter(provider=provider.organization).exists()
    assert not OutboxMessage.objects.exists()


def test_a_partnership_removed_in_the_meantime_stops_it(provider, reseller, partnership):
    form = CustomerAccountForm(typed(), membership=provider)
    assert form.is_valid()
    removed = {"removed_at": now(), "statement_version": "1"}
    transition(partnership, Partnership.Status.REMOVED, actor=provider, **removed)

    with pytest.raises(InvalidTransition):
        services.add_customer(
            actor=provider, account=form.cleaned_data, reseller=reseller.organization
        )

    assert not Organization.objects.filter(kind=Kind.CUSTOMER).exists()


@pytest.mark.django_db(transaction=True)
def test_one_of_many_at_the_same_time_gets_the_domain_name(transactional_db, provider):
    ready, results = Barrier(5), []

    def add():
        try:
            with acting(provider.actor):
                form = CustomerAccountForm(typed(), membership=provider)
                assert form.is_valid()
                ready.wait(10)
                services.add_customer(actor=provider, account=form.cleaned_data, reseller=None)
            results.append("added")
        except services.DomainTaken:
            results.append("taken")
        finally:
            connection.close()

    threads = [Thread(target=add) for _number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == ["added", "taken", "taken", "taken", "taken"]
    with acting(OPERATOR):
        assert Customer.objects.count() == 1
