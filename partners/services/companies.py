"""Partner companies: what they sign and tell, and what they ask to be changed."""

from django.db import transaction
from django.utils.timezone import now

from partners.models import MpnAccount, PartnerProfile, ProfileChange
from partners.services import telling
from portal.audit.services import record
from portal.lifecycle import transition


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


def _locked(profile):
    return PartnerProfile.objects.select_for_update(of=("self",)).get(pk=profile.pk)
