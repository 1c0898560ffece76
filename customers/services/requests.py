"""Asking a customer organization: drafting a request, sending it, taking it back."""

from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from customers import limits, tasks, wording
from customers.models import RelationshipRequest
from partners.models import PartnerProfile
from portal.audit.services import record
from portal.lifecycle import InvalidTransition, transition
from portal.outbox.services import enqueue
from portal.sending import check_addresses

Status = RelationshipRequest.Status
FIXED = ("provider", "reseller", "partnership", "asked_by", "created_by")
TERMS = ("wants_delegated_admin", "admin_name", "admin_days")


@transaction.atomic
def draft_relationship(
    *,
    actor,
    submission,
    language,
    provider,
    partnership=None,
    delegated_admin=False,
    admin_name="",
    admin_days=None,
):
    """A draft of a relationship request with its personal link, in the standard text.

    ``actor`` is a member of ``provider``, or of the reseller of ``partnership``, which is None
    where the provider asks for itself alone. Delegated admin privileges are asked for under
    ``admin_name`` and for ``admin_days`` (1 to 730). ``submission`` (a UUID) names the press of the
    button: while its draft is still a draft, a second press finds it instead of making another.
    """
    draft = RelationshipRequest(
        provider=provider,
        reseller=partnership and partnership.reseller,
        partnership=partnership,
        asked_by=actor.organization,
        created_by=actor.user,
        wants_delegated_admin=delegated_admin,
        admin_name=admin_name,
        admin_days=admin_days or settings.DELEGATED_ADMIN_DAYS,
        language=language,
        expires_at=now() + life_of_links(provider),
    )
    draft.subject, draft.body = wording.standard_letter(draft)
    fields = {name: getattr(draft, name) for name in (*FIXED, *TERMS, "language", "expires_at")}
    fields |= {"nonce": draft.nonce, "subject": draft.subject, "body": draft.body}
    found, created = RelationshipRequest.objects.get_or_create(
        asked_by=actor.organization, submission=submission, defaults=fields
    )
    if created:
        record("relationshiprequest.drafted", actor=actor, target=found)
    elif found.status != Status.DRAFT:  # an old page: a new request is meant
        again = {"provider": provider, "partnership": partnership}
        again |= {"language": language, "delegated_admin": delegated_admin}
        again |= {"admin_name": admin_name, "admin_days": admin_days}
        return draft_relationship(actor=actor, submission=uuid4(), **again)
    return found


@transaction.atomic
def save_relationship(draft, *, language, recipient, note, subject, text):
    """Keep what was typed. Another language or note rewrites the text only if it is untouched.

    Raises InvalidTransition when the request is no longer a draft.
    """
    draft = _locked_draft(draft)
    body = wording.without_link(text, draft)
    untouched = (subject, body) == wording.standard_letter(draft)
    draft.language, draft.recipient, draft.note = language, recipient, note
    draft.subject, draft.body = wording.standard_letter(draft) if untouched else (subject, body)
    draft.save(update_fields=["language", "recipient", "note", "subject", "body"])
    return draft


@transaction.atomic
def rewrite_relationship(draft):
    """Replace the text by the standard one in the draft's language."""
    draft = _locked_draft(draft)
    draft.subject, draft.body = wording.standard_letter(draft)
    draft.save(update_fields=["subject", "body"])
    return draft


@transaction.atomic
def put_relationship_link_back(draft):
    """Add the personal link to a text from which it was lost."""
    draft = _locked_draft(draft)
    if wording.LINK_MARK not in draft.body:
        draft.body = f"{draft.body}\n\n{wording.LINK_MARK}".strip()
        draft.save(update_fields=["body"])
    return draft


@transaction.atomic
def send_relationship(draft, *, actor):
    """Open the request and promise the mail to its recipient.

    Raises InvalidTransition when somebody was faster, LimitReached when it is too much for today,
    Unsendable when the text leads elsewhere.
    """
    sent = _open(draft, RelationshipRequest.Route.PORTAL, actor=actor)
    limits.hold(sent.asked_by, sent.recipient)
    promise_mail(sent, actor)
    return sent


def mark_relationship_sent(draft, *, actor):
    """*Done*: the person has sent the text by their own means."""
    return _open(draft, RelationshipRequest.Route.BY_HAND, actor=actor)


def withdraw_relationship(request, *, actor):
    """Take the request back; its link stops working at once."""
    return transition(request, Status.WITHDRAWN, actor=actor)


def promise_mail(sent, actor):
    """Have the mail with the present link sent in the name of ``actor``.

    Raises Unsendable when its text leads anywhere else.
    """
    check_addresses((sent.subject, wording.with_link(sent)), *sent.asking)
    enqueue(
        tasks.send_relationship_request,
        organization=sent.asked_by,
        key=sent.delivery_key,
        subject=_("Relationship request to %(recipient)s") % {"recipient": sent.recipient},
        request_id=sent.pk,
        sender_id=actor.user_id,
    )


def life_of_links(provider):
    """How long the provider lets the links work that ask for it."""
    chosen = PartnerProfile.objects.filter(organization=provider).values_list("invitation_days")
    return timedelta(days=next((days for (days,) in chosen), settings.INVITATION_DAYS))


def _open(draft, route, *, actor):
    return transition(draft, Status.SENT, actor=actor, route=route, sent_at=now())


def _locked_draft(draft):
    locked = RelationshipRequest.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if locked.status != Status.DRAFT:
        raise InvalidTransition(locked, Status.DRAFT)
    return locked
