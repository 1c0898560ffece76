"""Builds the mails of relationship requests; the outbox sends them."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.timezone import localtime

from customers import wording
from customers.models import Customer, DelegatedAdmin
from portal.letters import Letter, compose, letter
from portal.links import public_url, reverse
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


def relationship_accepted(request):
    """To the one who asked: the customer is in the list, and who may administer it."""
    customer = Customer.objects.get(
        provider=request.provider_id, organization=request.organization_id
    )
    rights = DelegatedAdmin.objects.granted().filter(customer=customer).select_related("partner")
    link = reverse("customers:customer_account", customer.pk, organization=request.asked_by)
    return _answer(
        "accepted",
        request,
        link=public_url(link),
        administrators=", ".join(right.partner.name for right in rights),
    )


def relationship_declined(request):
    """To the one who asked: no, and why, if a reason was given."""
    link = reverse("customers:relationship_detail", request.pk, organization=request.asked_by)
    return _answer("declined", request, link=public_url(link), reason=request.decline_reason)


def _answer(name, request, **context):
    requester = request.created_by
    answer = letter(
        f"customers/emails/relationship_{name}",
        requester.language,
        requester=str(requester),
        reference=request.reference,
        provider=request.provider.name,
        reseller=request.reseller.name if request.reseller else "",
        customer=request.organization.name,
        answered_by=str(request.answered_by),
        answered_at=localtime(request.answered_at, ZoneInfo(requester.time_zone)),
        **context,
    )
    return compose(answer, requester.language, to=requester.email, from_name=settings.SITE_NAME)
