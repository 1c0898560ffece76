"""What can happen to every Invitation, whoever is asked by it: see ``joining`` for colleagues."""

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.audit.services import record
from portal.lifecycle import InvalidTransition, transition
from portal.outbox.models import OutboxMessage
from portal.outbox.services import enqueue
from portal.scope import SYSTEM, acting
from portal.staff.models import Invitation
from portal.staff.models.invitations import last_moment

Status = Invitation.Status


def lock(invitation):
    """The Invitation as it is now, kept from changing until the transaction ends."""
    joined = type(invitation).objects.select_related("organization", "invited_by")
    return joined.select_for_update(of=("self",)).get(pk=invitation.pk)


def renew(locked, *, actor, also=(), **changes):
    """Give what ``lock`` returned a new link, in the name of ``actor``; the old one is dead.

    What ran out opens again; ``changes`` are written with it. Raises InvalidTransition when it has
    been answered or withdrawn.
    """
    locked.renew_link()
    fresh = {name: getattr(locked, name) for name in locked.LINK_FIELDS}
    fresh |= {"sent_at": now(), "expires_at": last_moment(), "invited_by": actor.user, **changes}
    if locked.status != Status.SENT:
        return transition(locked, Status.SENT, actor=actor, also=also, **fresh)
    for name, value in fresh.items():
        setattr(locked, name, value)
    locked.save(update_fields=list(fresh))
    note("resent", locked, actor, also=also)
    return locked


def withdraw_invitation(invitation, *, actor, also=()):
    """Take it back; its link stops working at once."""
    return transition(invitation, Status.WITHDRAWN, actor=actor, also=also)


@transaction.atomic
def expire_invitation(invitation):
    """Nobody answered in time: the system notes it. Raises InvalidTransition when it is not so."""
    if not lock(invitation).has_expired:  # sent again a moment ago
        raise InvalidTransition(invitation, Status.EXPIRED)
    return transition(invitation, Status.EXPIRED, actor=None)


@transaction.atomic
def ask_for_new_link(invitation, *, task, organization):
    """Promise ``task``, which tells whoever invited that another link is asked for.

    It runs for ``organization``, theirs, and grants nothing. Returns False when they have been
    told today already. Raises InvalidTransition when the link has not run out.
    """
    locked = lock(invitation)
    if locked.state != Status.EXPIRED:
        raise InvalidTransition(locked, Status.EXPIRED)
    key = f"{locked._meta.model_name}:{locked.pk}:wanted:{now():%Y%m%d}"
    with acting(SYSTEM):  # it may be somebody else's: whoever invited may be of another company
        if OutboxMessage.objects.for_key(key).exists():
            return False
    with override(locked.invited_by.language):
        subject = _("New invitation wanted by %(email)s") % {"email": locked.email}
    enqueue(
        task,
        organization=organization,
        key=key,
        subject=subject,
        invitation_id=locked.pk,
    )
    note("wanted", locked, None)
    return True


def promise_mail(invitation, task, *, organization):
    """Promise ``task``, which mails the present link in the name of ``organization``."""
    enqueue(
        task,
        organization=organization,
        key=invitation.delivery_key,
        subject=_("Invitation to %(email)s") % {"email": invitation.email},
        request_id=invitation.pk,
        sent_at=invitation.sent_at.isoformat(),
    )


def note(what, invitation, actor, *, also=(), **details):
    """Put on record that ``what`` was done to it."""
    action = f"{invitation._meta.model_name}.{what}"
    record(action, actor=actor, target=invitation, also=also, **details)
