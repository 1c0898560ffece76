"""Partner companies: what they sign."""

from django.db import transaction
from django.utils.timezone import now

from partners.models import PartnerProfile
from portal.audit.services import record


@transaction.atomic
def sign_agreement(profile, *, actor, version):
    """Accept the partner agreement for the company. Returns False when it was signed before."""
    locked = PartnerProfile.objects.select_for_update(of=("self",)).get(pk=profile.pk)
    if locked.agreement_signed:
        return False
    locked.agreement_version, locked.agreement_signed_at = version, now()
    locked.agreement_signed_by = actor.user
    locked.save(update_fields=["agreement_version", "agreement_signed_at", "agreement_signed_by"])
    record("agreement.accepted", actor=actor, target=locked, version=version)
    return True
