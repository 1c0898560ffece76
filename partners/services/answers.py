"""The reseller's answer to a request."""

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override

from partners import tasks
from partners.models import Partnership, PartnershipRequest
from partners.services import telling
from portal.accounts.suspension import refuse_suspended
from portal.audit.services import record
from portal.lifecycle import InvalidTransition, transition
from portal.outbox.models import OutboxMessage
from portal.outbox.services import enqueue
from portal.scope import SYSTEM, acting

Status = PartnershipRequest.Status


class LinkExpired(InvalidTransition):
    """The answer came after the link's last day."""

    @property
    def reason(self):
        return _("The link has expired.")


@transaction.atomic
def accept_request(request, *, actor, location):
    """The reseller's yes: the link is used up and the partnership begins.

    ``location`` is the MpnAccount of the reseller's location that does business. Raises
    InvalidTransition when somebody was faster, LinkExpired when it is too late, Suspended when
    either company is.
    """
    _refuse_expired(request)
    refuse_suspended(request.provider, actor.organization)
    accepted = transition(request, Status.ACCEPTED, actor=actor, **_answer_of(actor))
    partnership = Partnership.objects.create(
        provider=accepted.provider,
        reseller=actor.organization,
        location=location,
        request=accepted,
    )
    record("partnership.started", actor=actor, target=partnership)
    telling.request_accepted(accepted)
    return partnership


@transaction.atomic
def decline_request(request, *, actor, reason="", tell=True):
    """The reseller's no. Raises like acceptance.

    The provider reads ``reason`` only with ``tell``; else it stays in the reseller's own log.
    """
    _refuse_expired(request)
    refuse_suspended(request.provider, actor.organization)
    answer = _answer_of(actor) | {"decline_reason": reason if tell else ""}
    declined = transition(request, Status.DECLINED, actor=actor, **answer)
    if reason and not tell:
        about = {"request": declined.reference, "reason": reason}
        record("partnershiprequest.reasoned", actor=actor, target=actor.organization, **about)
    telling.request_declined(declined)
    return declined


def note_opened(request):
    """Somebody had the page on a screen: a hint for the provider, noted the first time only."""
    unopened = PartnershipRequest.objects.pending().filter(pk=request.pk, opened_at=None)
    with acting(SYSTEM):
        return unopened.update(opened_at=now()) == 1


def ask_for_new_link(request):
    """Tell whoever asked that the recipient would like a fresh link; this grants nothing.

    Returns False when they have been told today already; raises InvalidTransition when the link
    has not run out.
    """
    with acting(request.provider.actor):
        locked = PartnershipRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
        if locked.state != Status.EXPIRED:
            raise InvalidTransition(locked, Status.EXPIRED)
        key = f"partnershiprequest:{locked.pk}:wanted:{now():%Y%m%d}"
        if OutboxMessage.objects.for_key(key).exists():
            return False
        _tell_who_asked(locked, key)
        record("partnershiprequest.wanted", actor=None, target=locked)
    return True


def _tell_who_asked(request, key):
    whom = {"recipient": request.recipient or request.reference}
    with override(request.created_by.language):
        subject = _("New link wanted for the partnership request to %(recipient)s") % whom
    enqueue(
        tasks.send_new_link_wanted,
        organization=request.provider,
        key=key,
        subject=subject,
        request_id=request.pk,
    )


def _refuse_expired(request):
    """Look at the clock while nobody else can touch the row, whatever any regular round did."""
    locked = PartnershipRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if locked.is_pending and locked.has_expired:
        raise LinkExpired(locked, Status.ACCEPTED)


def _answer_of(actor):
    return {"reseller": actor.organization, "answered_by": actor.user, "answered_at": now()}
