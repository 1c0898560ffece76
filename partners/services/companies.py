"""Partner companies: how one joins, and what it signs."""

from django.db import transaction
from django.utils.timezone import now

from partners.models import MpnAccount, PartnerProfile
from portal.accounts.models import Membership
from portal.accounts.roles import Kind, Role
from portal.accounts.services import create_member, create_organization
from portal.audit.services import record
from portal.scope import acting


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


@transaction.atomic
def enroll_company(*, company, mpn_id, user=None, admin=None, agreement_version=""):
    """A new reseller with its location account and first global admin; returns the membership.

    ``company`` holds name, country, address and city. The admin is ``user``, or a new person made
    from ``admin`` (the fields of ``create_member``). With ``agreement_version`` the agreement is
    signed too. Raises IntegrityError when the MPN ID or email was taken a moment ago.
    """
    organization = create_organization(
        name=company["name"], kind=Kind.RESELLER, country=company["country"]
    )
    place = {"city": company["city"]}
    profile = PartnerProfile.objects.create(
        organization=organization, address=company["address"], **place
    )
    MpnAccount.objects.create(
        organization=organization, mpn_id=mpn_id, country=company["country"], **place
    )
    roles = [str(Role.GLOBAL_ADMIN)]
    if user:
        membership = Membership.objects.create(user=user, organization=organization, roles=roles)
    else:
        membership = create_member(organization=organization, roles=roles, **admin)
    with acting(membership.actor):
        record("organization.enrolled", actor=membership, target=profile, mpn_id=mpn_id)
        if agreement_version:
            sign_agreement(profile, actor=membership, version=agreement_version)
    return membership
