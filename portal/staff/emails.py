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


def invitation_url(invitation):
    """The personal link in full; empty when the key that made it was retired."""
    token = invitation.token
    return public_url(public_reverse("join", args=[token])) if token else ""


def invitation(invitation):
    """To the invited: who asks, as what, until when. Answers go to whoever invited."""
    inviter, company = invitation.invited_by, unlinked(invitation.organization.name)
    with override(invitation.language):
        roles = [str(name) for name in invitation.role_names]
    written = letter(
        f"{LETTERS}invitation",
        invitation.language,
        person=unlinked(str(invitation)),
        inviter=unlinked(str(inviter)),
        company=company,
        roles=roles,
        link=invitation_url(invitation),
        until=localtime(invitation.expires_at, ZoneInfo(inviter.time_zone)),
        site=settings.SITE_NAME,
    )
    return compose(
        written,
        invitation.language,
        to=invitation.email,
        from_name=f"{company} via {settings.SITE_NAME}",
        reply_to=inviter.email,
    )


def invitation_wanted(invitation):
    """To whoever invited: the link ran out and the invited would like another."""
    page = reverse("staff:invitation_list", organization=invitation.organization)
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
