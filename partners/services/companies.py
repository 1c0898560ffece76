"""Partner companies: how one joins, what it signs and tells, and what it asks to be changed."""

from django.db import transaction
from django.utils.timezone import now

from partners.models import MpnAccount, PartnerProfile, ProfileChange
from partners.services import telling
from portal.accounts.models import Membership
from portal.accounts.roles import Kind, Role
from portal.accounts.services import create_member, create_organization
from portal.audit.services import record
from portal.lifecycle import transition
from portal.scope import acting


@transaction.atomic
def review_profile(profile, *, actor):
    """Confirm what the official list says; asked again a year later. False when nothing is due."""
    locked = _locked(profile)
    if not locked.review_is_due:
        return False
    locked.reviewed_at, locked.reviewed_by = now(), actor.user
    locked.save(update_fields=["reviewed_at", "reviewed_by"])
    record("profile.reviewed", actor=actor, target=locked)
    return True


@transaction.atomic
def ask_profile_change(profile, *, actor, text):
    """Ask the representative to change facts; returns the ProfileChange.

    The same words again, as by a button pressed twice, are the same question.
    """
    _locked(profile)
    mine = ProfileChange.objects.visible_to(actor)
    if asked := mine.open().filter(text=text).first():
        return asked
    change = ProfileChange.objects.create(
        organization=actor.organization, asked_by=actor.user, text=text
    )
    record("profilechange.asked", actor=actor, target=change)
    return change


@transaction.atomic
def answer_profile_change(change, status, *, answer):
    """The operator's answer: ``status`` is done or declined, ``answer`` the words to go with it.

    Raises InvalidTransition when it was answered before.
    """
    answered = transition(change, status, actor=None, answer=answer, answered_at=now())
    telling.profile_change_answered(answered)
    return answered


@transaction.atomic
def add_location(*, actor, mpn_id, city):
    """A further location of the company, in its own country; returns the MpnAccount and if new.

    Raises IntegrityError when another company registered the number a moment ago.
    """
    company = actor.organization
    account, is_new = MpnAccount.objects.get_or_create(
        mpn_id=mpn_id,
        organization=company,
        type=MpnAccount.Type.LOCATION,
        defaults={"city": city, "country": company.country},
    )
    if is_new:
        record("mpnaccount.added", actor=actor, target=account, mpn_id=mpn_id)
    return account, is_new


@transaction.atomic
def sign_agreement(profile, *, actor, version):
    """Accept the partner agreement for the company. Returns False when it was signed before."""
    locked = _locked(profile)
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


def _locked(profile):
    return PartnerProfile.objects.select_for_update(of=("self",)).get(pk=profile.pk)
