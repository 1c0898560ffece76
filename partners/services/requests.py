"""Asking a reseller: drafting a request, sending it, taking it back."""

from uuid import uuid4

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from partners import tasks, wording
from partners.models import PartnershipRequest
from portal.audit.services import record
from portal.lifecycle import InvalidTransition, transition
from portal.outbox.services import enqueue

Status = PartnershipRequest.Status
DRAFTED = (
    "provider",
    "created_by",
    "language",
    "recipient",
    "note",
    "nonce",
    "subject",
    "body",
)


@transaction.atomic
def draft_request(*, actor, submission, language, recipient="", note=""):
    """A draft of a partnership request with its personal link, in the standard text.

    ``recipient`` is the address it will go to, if that is known yet, ``note`` a personal word.

    ``submission`` (a UUID) names the press of the button: while its draft is still a draft, a
    second press finds it instead of making another.
    """
    draft = PartnershipRequest(
        provider=actor.organization,
        created_by=actor.user,
        language=language,
        recipient=recipient,
        note=note,
    )
    draft.subject, draft.body = wording.standard_letter(draft)
    fields = {name: getattr(draft, name) for name in DRAFTED}
    found, created = PartnershipRequest.objects.get_or_create(
        provider=actor.organization, submission=submission, defaults=fields
    )
    if created:
        record("partnershiprequest.drafted", actor=actor, target=found)
    elif found.status != Status.DRAFT:  # an old page: a new request is meant
        return draft_request(
            actor=actor,
            submission=uuid4(),
            language=language,
            recipient=recipient,
            note=note,
        )
    return found


@transaction.atomic
def save_draft(draft, *, language, recipient, subject, text):
    """Keep what was typed. Another language rewrites the text only if nobody has changed it.

    Raises InvalidTransition when the request is no longer a draft.
    """
    draft = _locked_draft(draft)
    body = wording.without_link(text, draft)
    if language != draft.language and (subject, body) == wording.standard_letter(draft):
        subject, body = wording.standard_letter(draft, language)
    draft.language, draft.recipient, draft.subject, draft.body = language, recipient, subject, body
    draft.save(update_fields=["language", "recipient", "subject", "body"])
    return draft


@transaction.atomic
def rewrite_draft(draft):
    """Replace the text by the standard one in the draft's language."""
    draft = _locked_draft(draft)
    draft.subject, draft.body = wording.standard_letter(draft)
    draft.save(update_fields=["subject", "body"])
    return draft


@transaction.atomic
def put_link_back(draft):
    """Add the personal link to a text from which it was lost."""
    draft = _locked_draft(draft)
    if wording.LINK_MARK not in draft.body:
        draft.body = f"{draft.body}\n\n{wording.LINK_MARK}".strip()
        draft.save(update_fields=["body"])
    return draft


@transaction.atomic
def send_request(draft, *, actor):
    """Open the request and promise the mail to its recipient."""
    sent = transition(
        draft, Status.SENT, actor=actor, route=PartnershipRequest.Route.PORTAL, sent_at=now()
    )
    enqueue(
        tasks.send_request,
        organization=sent.provider,
        key=sent.delivery_key,
        subject=_("Partnership request to %(recipient)s") % {"recipient": sent.recipient},
        request_id=sent.pk,
        sender_id=actor.user_id,
    )
    return sent


def mark_request_sent(draft, *, actor):
    """*Done*: the person has sent the text by their own means."""
    route = PartnershipRequest.Route.BY_HAND
    return transition(draft, Status.SENT, actor=actor, route=route, sent_at=now())


def withdraw_request(request, *, actor):
    """Take the request back; its link stops working at once."""
    return transition(request, Status.WITHDRAWN, actor=actor)


def _locked_draft(draft):
    locked = PartnershipRequest.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if locked.status != Status.DRAFT:
        raise InvalidTransition(locked, Status.DRAFT)
    return locked
