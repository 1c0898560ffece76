"""Business with a reseller rests on a partnership, which must not end while it is written."""

from partners.models import Partnership
from portal.lifecycle import InvalidTransition


def hold_partnership(provider, reseller):
    """Keep the partnership from being removed until this transaction ends.

    Raises InvalidTransition when it has been removed already.
    """
    found = Partnership.objects.filter(provider=provider, reseller=reseller)
    newest_first = found.select_for_update().order_by("status", "-pk")
    partnership = newest_first[0]
    if partnership.status != Partnership.Status.ACTIVE:
        raise InvalidTransition(partnership, Partnership.Status.ACTIVE)
