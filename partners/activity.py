"""What the activity log is told of partnerships."""

from partners.models import Partnership
from portal.accounts.roles import Kind
from portal.audit.resellers import names_resellers


@names_resellers
def _resellers(membership):
    """Those a provider is or was a partner of."""
    if membership.organization.kind != Kind.PROVIDER:
        return {}
    named = Partnership.objects.visible_to(membership).order_by("reseller__name", "reseller")
    return dict(named.values_list("reseller", "reseller__name"))
