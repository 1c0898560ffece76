"""A provider's own texts of the partnership request, and how long its requests live."""

from django.db import transaction
from django.utils.translation import gettext as _

from partners import limits, tasks
from partners.letter_texts import own_text
from partners.models import LetterTemplate, PartnerProfile
from portal.audit.services import record
from portal.outbox.services import enqueue


class Overtaken(Exception):
    """A colleague has changed the text since; ``current`` is theirs, None for the standard one."""

    def __init__(self, current):
        super().__init__(f"{current or 'the standard text'} is newer")
        self.current = current


@transaction.atomic
def save_letter(*, actor, language, subject, body, seen):
    """Make this the provider's text in ``language``; returns the LetterTemplate.

    ``seen`` is the ``changed_at`` of the text that was edited, None for the standard one. Raises
    Overtaken when that is no longer the present one.
    """
    own = _locked(actor.organization, language, seen)
    if own and (own.subject, own.body) == (subject, body):
        return own
    own = own or LetterTemplate(provider=actor.organization, language=language)
    own.subject, own.body, own.changed_by = subject, body, actor.user
    own.save()
    record("lettertemplate.changed", actor=actor, target=own, language=language)
    return own


@transaction.atomic
def remove_letter(*, actor, language, seen):
    """Go back to the standard text. Returns False when it is that already; raises Overtaken."""
    own = _locked(actor.organization, language, seen)
    if own is None:
        return False
    record("lettertemplate.removed", actor=actor, target=own, language=language)
    own.delete()
    return True


@transaction.atomic
def send_letter_test(*, actor, language, submission):
    """Promise the actor a mail with the present text; ``submission`` (UUID) names the press.

    Raises LimitReached.
    """
    limits.hold(actor.organization)
    enqueue(
        tasks.send_letter_test,
        organization=actor.organization,
        key=f"lettertest:{actor.pk}:{submission}",
        subject=_("Test of an email text"),
        membership_id=actor.pk,
        language=language,
    )


@transaction.atomic
def change_request_settings(*, actor, days, remind):
    """How many days a new link works, and whether reminders go out by themselves.

    Returns False when that is how it was.
    """
    profile = _hold(actor.organization)
    before = profile.invitation_days, profile.remind_automatically
    if before == (days, remind):
        return False
    profile.invitation_days, profile.remind_automatically = days, remind
    profile.save(update_fields=["invitation_days", "remind_automatically"])
    details = {"before": list(before), "after": [days, remind]}
    record("invitations.changed", actor=actor, target=profile, **details)
    return True


def _locked(provider, language, seen):
    """The provider's own text or None, while nobody else changes or adds one."""
    _hold(provider)
    own = own_text(provider, language)
    if seen != (own and own.changed_at):
        raise Overtaken(own)
    return own


def _hold(organization):
    profiles = PartnerProfile.objects.select_for_update(of=("self",))
    return profiles.get_or_create(organization=organization)[0]
