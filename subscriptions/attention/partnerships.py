"""What a provider waits for from its resellers, and privileges that come to an end."""

from django.utils.translation import ngettext_lazy

from customers.forms.grants import SOON
from customers.models import AdminRenewal, DelegatedAdmin
from partners.models import Partnership, PartnershipRequest
from portal.accounts.roles import Permission as P
from subscriptions.attention.lines import Line

RESELLERS = "partners:reseller_list"

EXPIRING = Line(
    P.VIEW_RESELLERS,
    ngettext_lazy(
        "%(number)s partnership request expires within 7 days",
        "%(number)s partnership requests expire within 7 days",
        "number",
    ),
    lambda membership: PartnershipRequest.objects.visible_to(membership).expiring(),
    RESELLERS,
    {"view": "pending", "attention": "expiring"},
    owner="created_by",
)
UNDELIVERED = Line(
    P.VIEW_RESELLERS,
    ngettext_lazy(
        "%(number)s partnership request could not be delivered",
        "%(number)s partnership requests could not be delivered",
        "number",
    ),
    lambda membership: PartnershipRequest.objects.visible_to(membership).undelivered(),
    RESELLERS,
    {"view": "pending", "attention": "undelivered"},
    owner="created_by",
)


def _unsigned(membership):
    active = Partnership.objects.visible_to(membership).active()
    return active.filter(reseller__partner__agreement_signed_at__isnull=True)


UNSIGNED = Line(
    P.VIEW_RESELLERS,
    ngettext_lazy(
        "%(number)s reseller has not signed the partner agreement",
        "%(number)s resellers have not signed the partner agreement",
        "number",
    ),
    _unsigned,
    RESELLERS,
    {"agreement": "missing"},
)
GRANTS_ENDING = Line(
    P.VIEW_CUSTOMERS,
    ngettext_lazy(
        "%(number)s admin relationship ends within 30 days",
        "%(number)s admin relationships end within 30 days",
        "number",
    ),
    lambda membership: DelegatedAdmin.objects.listed_for(membership).ending_within(SOON),
    "customers:grant_list",
    {"ends": SOON},
)
RENEWALS_ASKED = Line(
    P.VIEW_PARTNER_RELATIONSHIPS,
    ngettext_lazy(
        "%(number)s partner asks to keep its delegated admin privileges",
        "%(number)s partners ask to keep their delegated admin privileges",
        "number",
    ),
    lambda membership: AdminRenewal.objects.visible_to(membership).pending(),
    "customers:partner_list",
    {},
)
