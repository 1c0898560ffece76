"""Inviting people into an organization, and what they answer."""

from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from portal.accounts.models import Membership
from portal.lifecycle import InvalidTransition
from portal.staff import limits, tasks
from portal.staff.models import UserInvitation
from portal.staff.rules import check_may_give
from portal.staff.services import links
from portal.staff.services.links import lock, note, withdraw_invitation

__all__ = [
    "NotInvited",
    "ask_for_new_invitation",
    "colleague",
    "invite_user",
    "resend_invitation",
    "show_invitation_link",
    "withdraw_invitation",
]


class NotInvited(InvalidTransition):
    """Why there is no invitation; ``reason`` says it to whoever wanted to invite."""

    reason = ""

    def __init__(self, reason, membership=None):
        Exception.__init__(self, reason)
        self.reason, self.membership = reason, membership


@transaction.atomic
def invite_user(*, actor, email, first_name, last_name, roles, language):
    """Ask somebody to join the organization of ``actor`` and promise the mail with the link.

    ``roles`` are Role, ``language`` is that of the letter. Whether the address has an account
    anywhere makes no difference and is told to nobody. Raises Forbidden when ``actor`` may not
    give the roles, NotInvited when the person works here, is invited already or has an address of
    another domain than the organization allows, LimitReached.
    """
    check_may_give(actor, roles)
    _refuse_domain(actor.organization, email)
    _refuse_colleague(actor.organization, email)
    limits.hold(actor.organization, email)
    with _once(email):
        invitation = UserInvitation.objects.create(
            organization=actor.organization,
            email=email.lower(),
            first_name=first_name,
            last_name=last_name,
            roles=[str(role) for role in roles],
            language=language,
            invited_by=actor.user,
        )
    note("sent", invitation, actor, roles=invitation.roles)
    _promise_mail(invitation)
    return invitation


@transaction.atomic
def resend_invitation(invitation, *, actor):
    """Send it anew, in the name of ``actor``, under a new link; the old one stops working.

    What ran out opens again. Raises InvalidTransition when it has been answered or withdrawn,
    Forbidden, NotInvited, LimitReached.
    """
    locked = lock(invitation)
    check_may_give(actor, locked.roles)
    _refuse_domain(locked.organization, locked.email)
    limits.hold(locked.organization, locked.email)
    with _once(locked.email):
        renewed = links.renew(locked, actor=actor, copied_at=None)
    _promise_mail(renewed)
    return renewed


@transaction.atomic
def show_invitation_link(invitation, *, actor):
    """Put on record that somebody had the link shown.

    Raises InvalidTransition when it is dead, NotInvited when the organization allows no addresses
    of that domain any more, Forbidden. From then on the link proves nothing about the mailbox: see
    ``UserInvitation.copied_at``.
    """
    locked = lock(invitation)
    check_may_give(actor, locked.roles)
    _refuse_domain(locked.organization, locked.email)
    if not (locked.is_answerable and locked.token):
        raise InvalidTransition(locked, locked.status)
    locked.copied_at = now()
    locked.save(update_fields=["copied_at"])
    note("copied", locked, actor)
    return locked


def ask_for_new_invitation(invitation):
    """Tell whoever invited that the bearer of a dead link would like another; grants nothing.

    Returns False when they have been told today already. Raises InvalidTransition when the link
    has not run out.
    """
    owner = invitation.organization
    return links.ask_for_new_link(invitation, task=tasks.send_invitation_wanted, organization=owner)


def colleague(organization, email):
    """The Membership of whoever has this address here, deactivated ones too, or None."""
    places = Membership.objects.filter(organization=organization).select_related("user")
    found = places.filter(user__email__iexact=email) | places.filter(user__username=email.lower())
    return found.first()


def _refuse_domain(organization, email):
    allowed = organization.email_domains
    if allowed and email.rpartition("@")[2].lower() not in allowed:
        words = _("Your organization invites only people with addresses at %(domains)s.")
        raise NotInvited(words % {"domains": ", ".join(allowed)})


def _refuse_colleague(organization, email):
    place = colleague(organization, email)
    if place is None:
        return
    words = _("%(person)s works here already. Change their roles instead.")
    if place.deactivated_at:
        words = _("%(person)s worked here and is deactivated. Activate them again instead.")
    raise NotInvited(words % {"person": place.user}, place)


@contextmanager
def _once(email):
    """One open invitation for an address: a second one, perhaps at the same moment, is refused."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        words = _("%(email)s is invited already. Send that invitation again instead.")
        raise NotInvited(words % {"email": email}) from error


def _promise_mail(invitation):
    owner = invitation.organization
    links.promise_mail(invitation, tasks.send_invitation, organization=owner)
