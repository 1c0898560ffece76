"""Builds the mails about people's places in an organization; the outbox sends them."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse as public_reverse
from django.utils.timezone import localtime
from django.utils.translation import override

from portal.letters import compose, letter
from portal.links import public_url, reverse
from portal.text import unlinked

LETTERS = "staff/emails/"


def invitation_url(invitation, page="join"):
    """The personal link in full; empty when the key that made it was retired."""
    token = invitation.token
    return public_url(public_reverse(page, args=[token])) if token else ""


def invitation(invitation):
    """To the invited: who asks, as what, until when. Answers go to whoever invited."""
    with override(invitation.language):
        roles = [str(name) for name in invitation.role_names]
    link, sender = invitation_url(invitation), invitation.organization
    return invitation_mail(f"{LETTERS}invitation", invitation, link, sender=sender, roles=roles)


def invitation_mail(stem, invitation, link, *, sender, **context):
    """The letter ``stem`` with the personal ``link`` of an Invitation, from the company ``sender``.

    ``context`` is what it says besides.
    """
    inviter = invitation.invited_by
    context |= {
        "person": unlinked(str(invitation)),
        "inviter": unlinked(str(inviter)),
        "company": unlinked(invitation.organization.name),
        "link": link,
        "until": localtime(invitation.expires_at, ZoneInfo(inviter.time_zone)),
        "site": settings.SITE_NAME,
        "can_answer": bool(inviter.email),
    }
    return compose(
        letter(stem, invitation.language, **context),
        invitation.language,
        to=invitation.email,
        from_name=f"{unlinked(sender.name)} via {settings.SITE_NAME}",
        reply_to=inviter.email,
    )


def invitation_wanted(invitation, page=""):
    """To whoever invited: the link ran out and the invited would like another.

    ``page`` is the path where they send it again, that of colleagues unless it is given.
    """
    page = page or reverse("staff:invitation_list", organization=invitation.organization)
    return _to_person(
        "invitation_wanted",
        invitation.invited_by,
        invited=unlinked(str(invitation)),
        email=invitation.email,
        company=unlinked(invitation.organization.name),
        link=public_url(page),
    )


def password_reset(membership, actor, *, without_factor):
    """To the person: a colleague ended their password, and perhaps their second factor."""
    return _to_person(
        "password_reset",
        membership.user,
        actor=unlinked(str(actor)),
        company=unlinked(membership.organization.name),
        without_factor=without_factor,
        link=public_url(public_reverse("account_login")),
    )


def _to_person(name, person, **context):
    """A letter of the portal itself to somebody, in their language."""
    context |= {"person": unlinked(str(person)), "site": settings.SITE_NAME}
    written = letter(f"{LETTERS}{name}", person.language, **context)
    return compose(written, person.language, to=person.email, from_name=settings.SITE_NAME)
