"""Who may reset the password of a customer's first admin account.

It is a global admin, but of the customer's company, not of the provider's own: what the provider
handed over, its global admins and admin agents can hand over again. A reseller may where the
customer has granted it delegated admin privileges. (ux.md 2.13, decisions 6 and 7)
"""

from django.utils.translation import gettext as _

from customers.delegated import may_administer
from portal.accounts.roles import Kind


def why_no_reset(customer, membership):
    """Why ``membership``, whose role would do, can't reset it; a sentence, "" if it can."""
    if not customer.is_active:
        return _("The relationship with this customer has ended.")
    if _is_deleted(customer):
        return _(
            "This user is deleted. Restore it under “Users and licenses”, or make another user "
            "global admin there."
        )
    if _opens_more(customer):
        return _(
            "This person also works where you may not look after them. They get a new password "
            "with “Forgot your password?” on the sign-in page."
        )
    if membership.organization.kind != Kind.RESELLER:
        return ""
    if may_administer(membership, customer):
        return ""
    return _("The customer does not give you administrator access, or has taken it back.")


def _opens_more(customer):
    account = getattr(customer, "admin_account", None)
    return bool(account and account.user and not account.user.opens_only(account.organization_id))


def _is_deleted(customer):
    account = getattr(customer, "admin_account", None)
    return bool(account and account.user and not account.user.is_active)
