"""New customers and their first account."""

from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from customers import domains
from customers.models import AdminAccount, Customer, CustomerUser
from customers.provisioning import directory
from customers.resetting import why_no_reset
from customers.services.agreements import said_by
from customers.services.ending_invitations import end_invitation
from customers.services.moving import grant_admin
from customers.services.partnerships import hold_partnership
from customers.tasks import provision_admin_account
from portal.accounts.models import User
from portal.accounts.roles import Kind
from portal.accounts.services import create_organization
from portal.accounts.temporary import new_password
from portal.audit.services import record
from portal.lifecycle import InvalidTransition, transition
from portal.outbox.services import enqueue
from portal.scope import acting

# What of the account form's data is kept as it is; domain and reseller are looked up.
ACCOUNT_FIELDS = (
    "company_name",
    "country",
    "address_line_1",
    "address_line_2",
    "city",
    "state",
    "postal_code",
    "registration_number",
    "qualification",
    "education_segment",
    "education_website",
    "first_name",
    "last_name",
    "email",
    "phone",
    "language",
    "agreement",
    "agreement_date",
    "agreement_first_name",
    "agreement_last_name",
    "agreement_email",
    "agreement_phone",
)


class TemporaryPassword(NamedTuple):
    """What is shown once: kept by nobody but the browser it is sent to."""

    account: AdminAccount
    password: str
    until: datetime


class DomainTaken(Exception):
    """Somebody was faster: the primary domain name now belongs to another customer."""

    def __init__(self, prefix):
        self.prefix = prefix
        super().__init__(prefix)

    @property
    def reason(self):
        """The sentence for the field, with names that are free."""
        return domains.taken(self.prefix)


class ResetRefused(InvalidTransition):
    """The temporary password is not this person's to have; ``reason`` is a sentence."""

    reason = ""

    def __init__(self, account, reason):
        super().__init__(account, AdminAccount.Status.RESET)
        self.reason = reason


@transaction.atomic
def add_customer(*, actor, account, reseller):
    """Create the customer that ``account`` describes, looked after by ``reseller``.

    ``actor`` is a member of the provider, ``account`` the cleaned data of a CustomerAccountForm,
    ``reseller`` a partner's organization or None. Both get delegated admin privileges. The admin
    account is promised in the same transaction and provisioned in the background. Returns the
    customer; raises DomainTaken, or InvalidTransition when the partnership has been removed in the
    meantime.
    """
    if reseller:
        hold_partnership(actor.organization, reseller)
    customer = Customer.objects.create(
        provider=actor.organization,
        reseller=reseller,
        organization=_create_tenant(account),
        domain=domains.domain_name(account["domain"]),
        created_by=actor.user,
        **{name: account[name] for name in ACCOUNT_FIELDS},
        **(said_by(actor) if account["agreement"] == Customer.Agreement.ACCEPTED else {}),
    )
    record("customer.added", actor=actor, target=customer)
    # domain.md 2.5: the relationship comes with delegated admin privileges, for both partners.
    for partner in filter(None, (actor.organization, reseller)):
        grant_admin([customer], partner, actor=actor)
    _promise_admin_account(customer, actor=actor)
    return customer


@sensitive_variables("password")
@transaction.atomic
def reveal_setup_info(account, *, actor):
    """Make the temporary password at the moment it is shown: exactly one caller gets it.

    Returns a TemporaryPassword. Raises InvalidTransition when it was shown before, the account is
    not ready or has a password by now, or somebody else than ``actor`` asked for it; ResetRefused
    when ``actor`` may not have it any more.
    """
    until = now() + settings.TEMPORARY_PASSWORD_LIFETIME
    shown = {"revealed_at": now(), "revealed_by": actor.user}
    account = _move(account, AdminAccount.Status.REVEALED, actor, **shown)
    if account.requested_by_id != actor.user_id:  # somebody else has just reset it
        raise InvalidTransition(account, AdminAccount.Status.REVEALED)
    _end_link(account, actor)
    user = User.objects.select_for_update().get(pk=account.user_id)
    if user.has_usable_password():  # by a link, or reset like any other user's
        raise InvalidTransition(account, AdminAccount.Status.REVEALED)
    password = new_password()
    directory().set_temporary_password(user, password, until)
    return TemporaryPassword(account, password, until)


@transaction.atomic
def reset_admin_password(account, *, actor):
    """Close the account and let ``actor`` see a new temporary password, once.

    The old password, all sessions and a link to choose the first one end now. Raises
    InvalidTransition while the account is still being set up, ResetRefused when ``why_no_reset``
    has a reason.
    """
    account = _move(account, AdminAccount.Status.RESET, actor, requested_by=actor.user)
    _end_link(account, actor)
    directory().close(account.user)
    return account


def _end_link(account, actor):
    """As the customer: a provider without privileges resets, too, and sees none of its users."""
    with acting(account.organization.actor):
        people = CustomerUser.objects.filter(user=account.user_id)
        if person := people.select_for_update().first():
            end_invitation(person, actor=actor)


def _move(account, status, actor, **changes):
    """The transition, for whoever may still have the password once nobody else can touch it."""
    _refuse_whoever_may_not(account, actor)
    try:
        account = transition(account, status, actor=actor, **changes)
    except AdminAccount.DoesNotExist:  # the wall knows a reseller that lost its privileges
        _refuse_whoever_may_not(account, actor)
        raise
    _refuse_whoever_may_not(account, actor)
    return account


def _refuse_whoever_may_not(account, actor):
    """A removal holds the account's row as well, so what is read here is what will be."""
    customer = Customer.objects.get(pk=account.customer_id)
    if why := why_no_reset(customer, actor):
        raise ResetRefused(account, why)


def _create_tenant(account):
    try:
        with transaction.atomic():
            return create_organization(
                name=account["company_name"],
                kind=Kind.CUSTOMER,
                country=account["country"],
                domain=domains.domain_name(account["domain"]),
            )
    except IntegrityError as error:
        if domains.is_taken(account["domain"]):
            raise DomainTaken(account["domain"]) from error
        raise


def _promise_admin_account(customer, *, actor):
    account = AdminAccount.objects.create(
        customer=customer,
        account_name=f"admin@{customer.domain}",
        requested_by=actor.user,
        **customer.parties,
    )
    enqueue(
        provision_admin_account,
        organization=customer.provider,
        key=account.provisioning_key,
        subject=_("Admin account %(name)s") % {"name": account.account_name},
        account_id=account.pk,
    )
