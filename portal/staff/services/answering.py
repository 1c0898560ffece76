"""What the bearer of an invitation does with it. The link names the organization that asks."""

from django.db import IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from portal.accounts.models import Membership, User
from portal.accounts.roles import Permission, Role
from portal.accounts.services import hold_members
from portal.accounts.suspension import refuse_suspended
from portal.lifecycle import InvalidTransition, transition
from portal.scope import acting
from portal.staff.models import UserInvitation
from portal.staff.rules import may_give

Status = UserInvitation.Status


class InvitationOver(InvalidTransition):
    """The answer came after the link's last day, or whoever invited may no longer do so."""

    @property
    def reason(self):
        return _("This invitation can no longer be accepted.")


class AccountTaken(Exception):
    """Somebody else has the account name or address."""


def accept_invitation(invitation, *, token, user):
    """``user`` joins, or comes back to, the organization: exactly once.

    ``token`` is the link in hand. Returns the Membership. Raises UserInvitation.DoesNotExist when
    the link was renewed in the meantime, InvalidTransition when somebody was faster,
    InvitationOver when it is too late.
    """
    with acting(invitation.organization.actor):
        return _accept(_held(token), user)


@sensitive_variables("password")
def join_with_new_account(invitation, *, token, account, password, language):
    """The same for somebody without an account, who gets one with this name and password.

    Raises AccountTaken as well. The address becomes theirs if the link proves that it is.
    """
    with acting(invitation.organization.actor):
        held = _held(token)
        try:
            with transaction.atomic():
                user = User.objects.create_user(
                    account,
                    proven_address(held),
                    password,
                    first_name=held.first_name,
                    last_name=held.last_name,
                    language=language,
                )
        except IntegrityError as error:
            raise AccountTaken from error
        return _accept(held, user)


def proven_address(invitation):
    """The address that whoever has the link must be able to read, else an empty string.

    A link that colleagues had shown may have come from them.
    """
    return "" if invitation.copied_at else invitation.email


def stands(invitation):
    """Whether whoever invited still works here, looks after staff and may give these roles."""
    places = Membership.objects.active().select_related("organization")
    place = places.filter(organization=invitation.organization_id, user=invitation.invited_by_id)
    return any(
        inviter.can(Permission.MANAGE_STAFF) and may_give(inviter, invitation.roles)
        for inviter in place
    )


def _held(token):
    """The invitation, locked, if it can be accepted at this very moment."""
    joined = UserInvitation.objects.for_token(token).select_related("organization")
    held = joined.select_for_update(of=("self",)).get()
    if not held.can_become(Status.ACCEPTED):
        raise InvalidTransition(held, Status.ACCEPTED)
    refuse_suspended(held.organization)
    if held.has_expired or not stands(held):
        raise InvitationOver(held, Status.ACCEPTED)
    return held


def _accept(held, user):
    membership = _place(held, user)
    answer = {"answered_at": now(), "answered_by": user}
    transition(held, Status.ACCEPTED, actor=membership, details={"roles": held.roles}, **answer)
    membership.save()  # last: the person's own requests wait for it
    return membership


def _place(held, user):
    """The person's place, to be saved, with the invited roles: besides those that are active."""
    organization, roles = hold_members(held.organization_id), set(held.roles)
    place = Membership.objects.filter(user=user, organization=organization)
    membership = place.first() or Membership(user=user, organization=organization)
    if membership.pk and not membership.deactivated_at:
        roles |= set(membership.roles)
    membership.roles = [role.value for role in Role if role in roles]
    membership.deactivated_at = None
    membership.user, membership.organization = user, organization
    return membership
