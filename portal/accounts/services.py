"""What can happen to accounts and organizations."""

from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.accounts import tasks
from portal.accounts.models import Membership, Organization, User
from portal.audit.services import record
from portal.outbox.services import enqueue
from portal.scope import SYSTEM, acting
from portal.text import fold

RESERVED_SLUGS = {"new", "admin", "static", "o"}


class LastGlobalAdmin(Exception):
    """Nobody would be left who may do everything; ``reason`` says how to go on."""

    def __init__(self, membership):
        words = _("%s is the last global admin. Make somebody else global admin first.")
        self.reason = words % membership.user
        super().__init__(self.reason)


@transaction.atomic
def create_organization(*, name, kind, country, domain=None):
    """A new tenant with a slug of its own, made from its name.

    Raises IntegrityError when ``domain`` is taken.
    """
    return Organization.objects.create(
        name=name, kind=kind, country=country, domain=domain, slug=_free_slug(name)
    )


@transaction.atomic
def create_member(*, organization, username, roles, password=None, email="", **fields):
    """A new person with a place in ``organization``; without ``password`` they can't sign in yet.

    Returns the membership; raises IntegrityError when the account name or email is taken.
    """
    user = User.objects.create_user(username.lower(), email, password, **fields)
    return Membership.objects.create(
        user=user, organization=organization, roles=[str(role) for role in roles]
    )


@transaction.atomic
def choose_first_password(user, password):
    """Replace the temporary password; from now on the account is the person's alone.

    Returns False when that has been done already, as by a button pressed twice.
    """
    if not User.objects.select_for_update().get(pk=user.pk).must_change_password:
        return False
    user.set_password(password)
    user.must_change_password, user.temporary_password_until = False, None
    user.save(update_fields=["password", "must_change_password", "temporary_password_until"])
    for membership in user.places:
        record("user.password_changed", actor=membership, target=membership.organization)
    return True


def keep_a_global_admin(membership):
    """Let ``membership`` stop being a global admin: hold its organization until all is written.

    Two at once wait for each other. Raises LastGlobalAdmin when nobody else is one. Call it in
    the transaction of the change, before anything of members is locked or written: the database
    looks once more, in the same order (migration 0002).
    """
    organization = hold_members(membership.organization_id)
    admins = Membership.objects.filter(organization=organization).global_admins()
    others = admins.exclude(user=membership.user_id).exists()
    if not others and admins.filter(pk=membership.pk).exists():
        raise LastGlobalAdmin(membership)


def hold_members(organization_id):
    """Lock the organization, so that its members change one after another; returns it."""
    return Organization.objects.select_for_update(no_key=True).get(pk=organization_id)


@transaction.atomic
def give_roles(membership, roles, *, actor):
    """Write other ``roles`` and sign the person out; ``actor`` knows it when they are their own.

    Whoever calls it has checked them, keeps a global admin and has recorded the change: others
    wait for this row, so it comes last.
    """
    membership.roles = [str(role) for role in roles]
    membership.save(update_fields=["roles"])
    end_sessions(membership.user)
    if actor.pk == membership.pk:
        actor.roles, actor.user.session_epoch = membership.roles, membership.user.session_epoch
        actor.__dict__.pop("permissions", None)


@transaction.atomic
def end_sessions(user):
    """Sign ``user`` out wherever they are, tracked or not, from the next request on.

    A request that is under way notices at its end (OrganizationMiddleware). Call it last, after
    what is recorded: others wait for this row.
    """
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])
    end_these_sessions(UserSession.objects.filter(user=user))


@transaction.atomic
def end_these_sessions(sessions):
    """End the UserSessions in a queryset; returns how many there were."""
    keys = list(sessions.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    return UserSession.objects.filter(session_key__in=keys).delete()[0]


@transaction.atomic
def note_address(user):
    """Tell the sign-in package the address in use: an unconfirmed one must not replace it."""
    if user.email:
        known, address = EmailAddress.objects.filter(user=user), user.email.lower()
        known.filter(verified=True).exclude(email=address).delete()
        in_use = {"verified": True, "primary": True}
        EmailAddress.objects.update_or_create(user=user, email=address, defaults=in_use)


def forget_unconfirmed(user):
    """Give up addresses that wait to be confirmed: whoever knew the old password asked for them."""
    EmailAddress.objects.filter(user=user, verified=False).delete()


def promise_new_password(email):
    """Have a link to choose a new password sent to ``email``, if somebody has that address."""
    _promise(tasks.send_new_password_link, gettext_noop("Forgotten password"), email=email)


def promise_security_notice(user, event, *, email=None):
    """Have ``user`` told what has changed about signing in (one of ``emails.EVENTS``).

    It goes to their address, or to the one they had before (``email``).
    """
    to = email or user.email
    if to:
        facts = {"user_id": user.pk, "event": event, "to": to, "at": now().isoformat()}
        _promise(tasks.send_security_notice, gettext_noop("Sign-in and security"), **facts)


def promise_confirmation(address):
    """Have the link that confirms the EmailAddress ``address`` sent there."""
    subject = gettext_noop("Confirmation of an email address")
    _promise(tasks.send_confirmation, subject, address_id=address.pk)


def _promise(task, subject, **kwargs):
    """A mail of the portal itself, which no organization sends."""
    with acting(SYSTEM):
        key = f"{task.name.rpartition('.')[2]}:{uuid4()}"
        enqueue(task, organization=None, key=key, subject=subject, **kwargs)


def hide_first_steps(membership, *, hide):
    """Whether this member's Home leaves out *Get started*; nobody else's is changed."""
    Membership.objects.filter(pk=membership.pk).update(hides_first_steps=hide)


def _free_slug(name):
    base = slugify(fold(name))[:40] or "organization"
    slug = base
    while slug in RESERVED_SLUGS or Organization.objects.filter(slug=slug).exists():
        slug = f"{base}-{get_random_string(4, 'abcdefghjkmnpqrstuvwxyz23456789')}"
    return slug
