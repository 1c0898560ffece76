"""The reseller's answer to a request."""

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from partners.models import Partnership, PartnershipRequest
from partners.services import telling
from portal.audit.services import record
from portal.lifecycle import InvalidTransition, transition

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
    InvalidTransition when somebody was faster, LinkExpired when it is too late.
    """
    _refuse_expired(request)
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
def decline_request(request, *, actor, reason=""):
    """The reseller's no, with the reason the provider may read. Raises like acceptance."""
    _refuse_expired(request)
    answer = _answer_of(actor) | {"decline_reason": reason}
    declined = transition(request, Status.DECLINED, actor=actor, **answer)
    telling.request_declined(declined)
    return declined


def _refuse_expired(request):
    """Look at the clock while nobody else can touch the row, whatever any regular round did."""
    locked = PartnershipRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if locked.is_pending and locked.has_expired:
        raise LinkExpired(locked, Status.ACCEPTED)


def _answer_of(actor):
    return {"reseller": actor.organization, "answered_by": actor.user, "answered_at": now()}
