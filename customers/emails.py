"""Builds the mails of relationship requests; the outbox sends them."""

from django.conf import settings

from customers import wording
from customers.places import users_page
from portal.letters import Letter, compose
from portal.staff.emails import invitation_mail, invitation_url, invitation_wanted
from portal.text import unlinked


def relationship_request(request, sender):
    """The invitation as it was drafted; answers go to ``sender``, who had it sent."""
    return compose(
        Letter(request.subject, wording.with_link(request)),
        request.language,
        to=request.recipient,
        from_name=f"{unlinked(str(request.asked_by))} via {settings.SITE_NAME}",
        reply_to=sender.email,
    )


def relationship_reminder(request, sender):
    """The same link once more; answers go to ``sender``."""
    return compose(
        wording.reminder(request, sender),
        request.language,
        to=request.recipient,
        from_name=f"{unlinked(str(request.asked_by))} via {settings.SITE_NAME}",
        reply_to=sender.email,
    )


def account_invitation(invitation):
    """To a user: who asks, for which company, under which name they will sign in, until when."""
    sender, company = invitation.acting_for, invitation.organization
    return invitation_mail(
        "customers/emails/account_invitation",
        invitation,
        invitation_url(invitation, "first_password_link"),
        sender=sender,
        partner=unlinked(sender.name) if sender != company else "",
        account=invitation.person.account_name,
    )


def account_invitation_wanted(invitation):
    """To whoever invited a user: the link ran out and they would like another."""
    page = users_page(invitation.acting_for, invitation.organization, view="invited")
    return invitation_wanted(invitation, page)
