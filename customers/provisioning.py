"""Where customers' accounts live. Another directory is another class, named by DIRECTORY.

A directory knows how to make a customer's first account, to give it a temporary password, and to
close it. Each may be asked for twice and must then do nothing new. In the worker they run in the
transaction that marks the promise as done.
"""

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string
from django.utils.timezone import now
from django.utils.translation import gettext_noop
from django.views.decorators.debug import sensitive_variables

from customers.models import AdminAccount, CustomerUser
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.accounts.services import create_member, end_sessions
from portal.accounts.temporary import cheap_hash, close_account, set_temporary_password
from portal.lifecycle import transition
from portal.outbox.worker import GiveUp

NAME_TAKEN = gettext_noop("The account name already belongs to somebody else.")
SET_PASSWORDS = """
    update accounts_user
    set password = made.hash, must_change_password = true, temporary_password_until = %s
    from unnest(%s::bigint[], %s::text[]) as made (id, hash) where accounts_user.id = made.id
"""


def directory():
    """The directory this portal uses."""
    return import_string(settings.DIRECTORY)()


def provision(account_id):
    """Make the account behind an AdminAccount, unless that has been done."""
    account = AdminAccount.objects.select_related("customer", "organization").get(pk=account_id)
    if not account.can_become(AdminAccount.Status.PROVISIONED):
        return
    user = directory().create_admin(account)
    made = {"user": user, "provisioned_at": now()}
    transition(account, AdminAccount.Status.PROVISIONED, actor=None, **made)


class LocalDirectory:
    """Accounts among this portal's own users."""

    def create_admin(self, account):
        """The customer's global admin; nobody can sign in as it until it gets a password.

        Raises GiveUp when the account name is somebody else's.
        """
        existing = User.objects.filter(username=account.account_name).first()
        if existing is None:
            return self._create(account)
        if not existing.memberships.filter(organization=account.organization).exists():
            raise GiveUp(NAME_TAKEN)
        return existing

    @sensitive_variables("password")
    def set_temporary_password(self, user, password, until):
        """Let ``user`` in with ``password`` until then, only to choose another one."""
        set_temporary_password(user, password, until)

    @sensitive_variables()
    def set_temporary_passwords(self, passwords, until):
        """The same for many: ``passwords`` by the ids of the users, in one statement."""
        hashes = list(map(cheap_hash, passwords.values()))
        with connection.cursor() as cursor:
            cursor.execute(SET_PASSWORDS, [until, list(passwords), hashes])

    def close(self, user):
        """End what ``user`` can do now: the password, and every session."""
        close_account(user)

    def end_sessions(self, user):
        """Sign ``user`` out wherever they are."""
        end_sessions(user)

    def _create(self, account):
        customer = account.customer
        membership = create_member(
            organization=account.organization,
            username=account.account_name,
            roles=[Role.GLOBAL_ADMIN],
            first_name=customer.first_name,
            last_name=customer.last_name,
            language=customer.language,
            must_change_password=True,
        )
        CustomerUser.objects.create(
            organization=account.organization,
            user=membership.user,
            membership=membership,
            display_name=str(membership.user),
            country=customer.country,
            created_by=account.requested_by,
        )
        return membership.user
