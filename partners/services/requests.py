"""Asking a reseller: drafting a request, sending it with ever newer links, taking it back."""

from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from partners import limits, tasks, wording
from partners.models import PartnerProfile, PartnershipRequest
from partners.services import telling
from partners.services.answers import LinkExpired
from portal.audit.services import record
from portal.lifecycle import InvalidTransition, transition
from portal.outbox.services import enqueue
from portal.sending import Unsendable, check_addresses

Status = PartnershipRequest.Status
Route = PartnershipRequest.Route
DRAFTED = ("created_by", "language", "recipient", "note", "previous", "nonce", "expires_at")


@transaction.atomic
def draft_request(*, actor, submission, language, recipient="", note="", previous=None):
    """A draft of a partnership request with its personal link, in the provider's or standard text.

    ``recipient`` is the address it will go to, if that is known yet, ``note`` a personal word.

    ``submission`` (a UUID) names the press of the button: while its draft is still a draft, a
    second press finds it instead of making another. ``previous`` is the request it asks again.
    """
    asked = {"language": language, "recipient": recipient, "note": note, "previous": previous}
    draft = PartnershipRequest(
        provider=actor.organization,
        created_by=actor.user,
        expires_at=last_moment(actor.organization),
        **asked,
    )
    draft.subject, draft.body = wording.standard_letter(draft)
    found, created = PartnershipRequest.objects.get_or_create(
        provider=actor.organization,
        submission=submission,
        defaults={name: getattr(draft, name) for name in (*DRAFTED, "subject", "body")},
    )
    if created:
        record("partnershiprequest.drafted", actor=actor, target=found)
    elif found.status != Status.DRAFT:  # an old page: a new request is meant
        return draft_request(actor=actor, submission=uuid4(), **asked)
    return found


def ask_again(request, *, actor, submission):
    """A new draft to the same recipient after ``request`` came to whatever end.

    Raises InvalidTransition while the request is open or its partnership active.
    """
    if not request.may_be_asked_again:
        raise InvalidTransition(request, Status.DRAFT)
    return draft_request(
        actor=actor,
        submission=submission,
        language=request.language,
        recipient=request.recipient,
        note=request.note,
        previous=request,
    )


@transaction.atomic
def save_draft(draft, *, language, recipient, subject, text, note="", carried=None):
    """Keep what was typed. Another language or note rewrites the text if nobody has changed it.

    ``carried`` is the note that stands in ``text``, the draft's own unless given; in a text of
    one's own it alone is replaced. Raises InvalidTransition when this is no longer a draft.
    """
    draft = _locked_draft(draft)
    carried = draft.note if carried is None else carried
    body = wording.without_link(text, draft)
    is_untouched = (subject, body) == wording.standard_letter(draft, note=carried)
    before = wording.with_day_mark(carried, draft)
    draft.language, draft.recipient, draft.note = language, recipient, note
    own = (subject, wording.with_note(body, before, wording.with_day_mark(note, draft)))
    draft.subject, draft.body = wording.standard_letter(draft) if is_untouched else own
    draft.save(update_fields=["language", "recipient", "note", "subject", "body"])
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
    """Open the request and promise the mail to its recipient.

    Raises InvalidTransition when somebody was faster, LimitReached when it is too much for today.
    """
    sent = transition(draft, Status.SENT, actor=actor, route=Route.PORTAL, sent_at=now())
    limits.hold(sent.provider, sent.recipient)
    _promise_mail(sent, actor)
    return sent


def mark_request_sent(draft, *, actor):
    """*Done*: the person has sent the text by their own means."""
    return transition(draft, Status.SENT, actor=actor, route=Route.BY_HAND, sent_at=now())


@transaction.atomic
def resend_request(request, *, actor, seen=None):
    """Send the request again with a new link; the old one stops working.

    ``seen`` is the ``sent_at`` of the page it was asked on: returns None, and does nothing, when
    the link has been renewed since. Raises InvalidTransition when the request is no longer open.
    """
    locked = locked_open(request)
    if _is_stale(locked, seen):
        return None
    if not locked.recipient:
        raise Unsendable(_("The portal does not know whom to send it to."))
    limits.hold(locked.provider, locked.recipient)
    _renew(locked, route=Route.PORTAL)
    record("partnershiprequest.resent", actor=actor, target=locked)
    _promise_mail(locked, actor)
    return locked


@transaction.atomic
def extend_request(request, *, actor, seen=None, by_mail=True):
    """Give the reseller the provider's usual time from now on, under a new link.

    The link is mailed when the recipient is known and ``by_mail`` says so. ``seen``, what is
    returned and what is raised are as for ``resend_request``.
    """
    locked = locked_open(request)
    if _is_stale(locked, seen):
        return None
    by_mail = by_mail and bool(locked.recipient)
    if by_mail:
        limits.hold(locked.provider, locked.recipient)
    _renew(locked, expires_at=last_moment(locked.provider))
    until = locked.expires_at.isoformat()
    record("partnershiprequest.extended", actor=actor, target=locked, until=until, mailed=by_mail)
    if by_mail:
        _promise_mail(locked, actor)
    return locked


def show_link(request, *, actor):
    """Put on record that somebody had the link shown. Raises InvalidTransition when it is dead."""
    if not (request.is_answerable and request.token):
        raise InvalidTransition(request, request.status)
    record("partnershiprequest.copied", actor=actor, target=request)


@transaction.atomic
def withdraw_request(request, *, actor):
    """Take the request back; its link stops working at once. ``actor`` is None for the system."""
    withdrawn = transition(request, Status.WITHDRAWN, actor=actor)
    if withdrawn.sent_at:
        telling.request_withdrawn(withdrawn, actor=actor)
    return withdrawn


@transaction.atomic
def expire_request(request):
    """Nobody answered in time: the system notes it. Raises InvalidTransition when it is not so."""
    if not _locked(request).has_expired:  # extended a moment ago
        raise InvalidTransition(request, Status.EXPIRED)
    expired = transition(request, Status.EXPIRED, actor=None)
    telling.request_expired(expired)
    return expired


def last_moment(provider):
    """Until when a link works that is made now."""
    days = PartnerProfile.objects.filter(organization=provider).values_list("invitation_days")
    return now() + timedelta(days=next(iter(days), (settings.INVITATION_DAYS,))[0])


def locked_open(request):
    """The request, locked for this transaction, if it is sent and can still be answered.

    Raises InvalidTransition, or LinkExpired when it has run out.
    """
    locked = _locked(request)
    if locked.status != Status.SENT:
        raise InvalidTransition(locked, Status.SENT)
    if locked.has_expired:
        raise LinkExpired(locked, Status.SENT)
    return locked


def _renew(locked, **changes):
    locked.renew_link()
    changes |= {"sent_at": now()}
    for field, value in changes.items():
        setattr(locked, field, value)
    locked.save(update_fields=[*PartnershipRequest.LINK_FIELDS, *changes])


def _promise_mail(sent, actor):
    check_addresses((sent.subject, wording.with_link(sent)), sent.provider)
    enqueue(
        tasks.send_request,
        organization=sent.provider,
        key=sent.delivery_key,
        subject=_("Partnership request to %(recipient)s") % {"recipient": sent.recipient},
        request_id=sent.pk,
        sender_id=actor.user_id,
        sent_at=sent.sent_at.isoformat(),
    )


def _is_stale(locked, seen):
    return seen is not None and seen != locked.sent_at


def _locked_draft(draft):
    locked = _locked(draft)
    if locked.status != Status.DRAFT:
        raise InvalidTransition(locked, Status.DRAFT)
    return locked


def _locked(request):
    joined = PartnershipRequest.objects.select_related("provider__partner", "created_by")
    return joined.select_for_update(of=("self",)).get(pk=request.pk)
