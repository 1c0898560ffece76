"""Setting up a customer's first account in the background."""

import pytest

from customers import provisioning
from customers.models import AdminAccount
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.audit.models import AuditEntry
from portal.outbox.models import OutboxMessage
from tests.customers.conftest import add_customer, do_background_work
from tests.factories import make_user


class Unreachable:
    """A directory that does not answer."""

    def create_admin(self, account):
        raise OSError("directory unreachable")


def test_the_account_exists_but_opens_to_nobody(provisioned):
    account = provisioned.admin_account
    membership = account.user.memberships.get()

    assert account.status == AdminAccount.Status.PROVISIONED
    assert account.user.username == "admin@vogeloptik.onportal.example"
    assert not account.user.has_usable_password()
    assert account.user.must_change_password
    assert account.user.language == "de"
    assert membership.organization == provisioned.organization
    assert membership.roles == [Role.GLOBAL_ADMIN]


def test_it_is_recorded_as_the_systems_doing(provisioned):
    entry = AuditEntry.objects.filter(action="adminaccount.provisioned").first()

    assert entry.actor is None


def test_doing_it_twice_makes_one_account(provisioned):
    provisioning.provision(provisioned.admin_account.pk)

    assert User.objects.filter(username=provisioned.admin_account.account_name).count() == 1
    assert (
        AuditEntry.objects.filter(action="adminaccount.provisioned").count() == 3
    )  # a copy for each party


def test_an_account_made_by_a_lost_attempt_is_found_again(customer):
    user = provisioning.LocalDirectory().create_admin(customer.admin_account)

    do_background_work()

    customer.admin_account.refresh_from_db()
    assert customer.admin_account.user == user


def test_an_account_name_of_somebody_else_is_never_taken_over(customer):
    other = make_user(customer.admin_account.account_name)

    do_background_work()

    customer.admin_account.refresh_from_db()
    assert customer.admin_account.status == AdminAccount.Status.PENDING
    message = OutboxMessage.objects.get()
    assert message.status == OutboxMessage.Status.FAILED
    assert message.last_error == provisioning.NAME_TAKEN
    assert not other.memberships.exists()


def test_a_directory_that_is_away_is_asked_again(customer, settings):
    settings.DIRECTORY = f"{__name__}.Unreachable"
    do_background_work()
    message = OutboxMessage.objects.get()
    assert message.status == OutboxMessage.Status.QUEUED
    assert message.last_error == "directory unreachable"

    settings.DIRECTORY = "customers.provisioning.LocalDirectory"
    message.requeue()
    do_background_work()

    customer.admin_account.refresh_from_db()
    assert customer.admin_account.status == AdminAccount.Status.PROVISIONED


@pytest.mark.parametrize("number", [1, 3])
def test_each_customer_gets_its_own(provider, number):
    for place in range(number):
        add_customer(provider, domain=f"vogel{place}")

    do_background_work()

    assert User.objects.filter(username__startswith="admin@vogel").count() == number
