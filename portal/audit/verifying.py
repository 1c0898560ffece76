"""Verifying the record, and keeping what came of it: what is broken waits in the operators' queue.

A finding stays on record; it is settled by a verification that finds its organization's whole chain
in order, because nothing is known of what comes after the first broken entry.
"""

from django.utils.timezone import now

from portal.audit import chain
from portal.audit.models import BrokenChain, Verification
from portal.scope import OPERATOR, acting


def verify():
    """Work out every chain. Yields each Break; when all have been told, the outcome is kept."""
    began, first = now(), {}
    with acting(OPERATOR, read_only=True):
        for broken in chain.breaks():
            first.setdefault(broken.organization, broken)
            yield broken
    with acting(OPERATOR):
        _keep(first, began, BrokenChain.objects.unsettled())
        Verification.objects.create(began_at=began, broken=len(first))


def verify_one(organization_id):
    """Work out the chain of one organization and keep the outcome."""
    with acting(OPERATOR):
        began, broken = now(), next(chain.breaks(organization_id), None)
        known = BrokenChain.objects.unsettled().filter(organization=organization_id)
        _keep({organization_id: broken} if broken else {}, began, known)


def _keep(first, began, known):
    """Write down the ``first`` Break of each; the ``known`` findings of all others are settled."""
    for broken in first.values():
        _note(broken, began)
    known.update(verified_at=began)
    known.exclude(organization__in=first).update(mended_at=began)


def _note(broken, began):
    BrokenChain.objects.get_or_create(
        organization_id=broken.organization,
        number=broken.number,
        entry=broken.entry,
        wrong=broken.wrong,
        mended_at=None,
        defaults={
            "entry_at": broken.at,
            "found_at": began,
            "verified_at": began,
            "last_good_at": _last_good(broken.organization),
        },
    )


def _last_good(organization_id):
    """When a verification last found nothing of this organization's, or None."""
    earlier = BrokenChain.objects.unsettled().filter(organization=organization_id).last()
    if earlier:
        return earlier.last_good_at
    latest = Verification.objects.first()
    return latest and latest.began_at
