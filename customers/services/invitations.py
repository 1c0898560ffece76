"""Links by which a customer's users choose their first password themselves.

Whoever writes here holds the user's row first and the invitation's second, everywhere.
"""

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from customers import invitation_tasks as tasks
from customers.delegated import is_privileged
from customers.limits import hold_invitation
from customers.models import AccountInvitation, CustomerUser
from customers.services.administering import may_touch, why_no_reset_of
from customers.services.ending_invitations import end_invitation, waiting_for
from customers.services.users import Refused, hold, hold_account
from portal.accounts.models import Membership, User
from portal.accounts.roles import Permission
from portal.accounts.services import note_address
from portal.accounts.suspension import refuse_suspended
from portal.lifecycle import InvalidTransition, transition
from portal.scope import acting
from portal.staff.services import links

Status = AccountInvitation.Status


@transaction.atomic
def invite_to_account(person, *, actor, email, language):
    """Mail ``person``, a CustomerUser, a link to choose their first password; returns it.

    One that waits is sent anew under a new link, or replaced where it went to another address;
    ``language`` is that of the letter. A temporary password that waits to be shown is none any
    more. Raises Refused when the user has a password, InvalidTransition when they were deleted,
    Forbidden, LimitReached.
    """
    person = hold_account(person, actor)
    if not person.has_no_password:
        raise Refused(_("%s has a password. Reset it instead.") % person)
    hold_invitation(actor.organization, email)
    CustomerUser.objects.filter(pk=person.pk).update(password_for=None)
    waiting = waiting_for(person)
    if waiting and waiting.email.lower() == email.lower():
        also, letter = [actor.organization_id], {"language": language}
        letter["acting_for"] = actor.organization
        invitation = links.renew(waiting, actor=actor, also=also, **letter)
    else:
        end_invitation(person, actor=actor)
        invitation = _invite(person, actor, email, language)
    links.promise_mail(invitation, tasks.send_account_invitation, organization=actor.organization)
    return invitation


@transaction.atomic
def withdraw_account_invitation(person, *, actor):
    """Take back the link of ``person``, whose account stays as it is; False where there is none.

    Raises InvalidTransition when they were deleted, Forbidden.
    """
    return end_invitation(hold(person, actor), actor=actor)


@sensitive_variables("password")
def choose_invited_password(invitation, *, token, password):
    """The bearer of ``token`` chooses the password: exactly once. Returns their Membership.

    The address it was sent to becomes theirs, unless somebody has it. Raises
    AccountInvitation.DoesNotExist when the link was renewed, InvalidTransition when it is dead.
    """
    with acting(invitation.organization.actor):
        people = CustomerUser.objects.select_related("membership", "user", "organization")
        person = people.select_for_update(of=("self",)).get(pk=invitation.person_id)
        held = AccountInvitation.objects.for_token(token).select_for_update().get()
        refuse_suspended(person.organization)
        if not (held.is_answerable and stands(held)):
            raise InvalidTransition(held, Status.ACCEPTED)
        answer = {"answered_at": now(), "answered_by": person.user}
        also = [held.acting_for_id]
        transition(held, Status.ACCEPTED, actor=person.membership, also=also, **answer)
        _open_account(person.user, password, held.email)
        return person.membership


def stands(invitation):
    """Whether whoever invited may still look after the user, and the user still needs the link.

    Asked as the customer's organization, which sees all of it.
    """
    person = CustomerUser.objects.select_related("user", "membership").get(pk=invitation.person_id)
    if not person.has_no_password or person.password_for_id or why_no_reset_of(person):
        return False
    inviter = Membership.objects.active().select_related("organization")
    inviter = inviter.filter(user=invitation.invited_by, organization=invitation.acting_for).first()
    own = invitation.acting_for_id == invitation.organization_id
    return (
        inviter is not None
        and not inviter.organization.is_suspended
        and inviter.can(Permission.MANAGE_USERS)
        and may_touch(inviter, roles=person.membership.roles)
        and (own or is_privileged(invitation.acting_for, invitation.organization))
    )


def ask_for_new_account_link(invitation):
    """Tell whoever invited that the bearer of a dead link would like another; grants nothing.

    See ``links.ask_for_new_link``.
    """
    task, sender = tasks.send_account_invitation_wanted, invitation.acting_for
    return links.ask_for_new_link(invitation, task=task, organization=sender)


def _invite(person, actor, email, language):
    invitation = AccountInvitation.objects.create(
        organization=person.organization,
        person=person,
        email=email.lower(),
        language=language,
        invited_by=actor.user,
        acting_for=actor.organization,
    )
    links.note("sent", invitation, actor, also=[actor.organization_id])
    return invitation


@sensitive_variables("password")
def _open_account(user, password, email):
    """Last, after what is recorded: the person's own requests wait for this row."""
    user.set_password(password)
    user.must_change_password, user.temporary_password_until = False, None
    user.save(update_fields=["password", "must_change_password", "temporary_password_until"])
    if not user.email and not _is_known(email):
        _give_address(user, email)


def _is_known(email):
    known = User.objects.filter(Q(email__iexact=email) | Q(username=email.lower())).exists()
    return known or EmailAddress.objects.filter(email__iexact=email).exists()


def _give_address(user, email):
    """The link proves that it is theirs; whoever was faster keeps it."""
    try:
        with transaction.atomic():
            user.email = email
            user.save(update_fields=["email"])
            note_address(user)
    except IntegrityError:
        user.email = ""
