"""Who may reset the password of a customer's first admin account.

It is a global admin, but of the customer's company, not of the provider's own. Provider staff
whose role says so may; a reseller may where the customer has granted it delegated admin
privileges. (domain.md 1a row 23, decisions 6 and 7)
"""

from django.utils.translation import gettext as _

from customers.delegated import may_administer
from portal.accounts.roles import Kind


def why_no_reset(customer, membership):
    """Why ``membership``, whose role would do, can't reset it; a sentence, "" if it can."""
    if not customer.is_active:
        return _("The relationship with this customer has ended.")
    if membership.organization.kind != Kind.RESELLER:
        return ""
    if may_administer(membership, customer):
        return ""
    return _("The customer does not give you administrator access, or has taken it back.")
