"""What waits for an answer: invitations, requests to customers, enrolments, drafts."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.utils.timezone import now

from customers.services import draft_relationship, mark_relationship_sent, save_relationship
from partners.models import Enrolment, PartnershipRequest
from partners.services import draft_request
from portal.accounts.roles import Permission as P
from subscriptions.demonstration.companies import create_person
from subscriptions.demonstration.data import DRAFTS, ENROLMENTS, RELATIONSHIPS, REQUESTS
from subscriptions.models import OrderDraft


def invite_resellers(seller):
    """Invitations in every state a list can show."""
    for number, (recipient, status, days_left, language) in enumerate(REQUESTS):
        draft = draft_request(actor=seller, submission=UUID(int=number), language=language)
        PartnershipRequest.objects.filter(pk=draft.pk).update(
            recipient=recipient,
            status=status,
            route=PartnershipRequest.Route.BY_HAND,
            sent_at=now() - timedelta(days=30 - days_left),
            expires_at=now() + timedelta(days=days_left),
            opened_at=now() if days_left > 20 else None,
            answered_at=now() if status == PartnershipRequest.Status.DECLINED else None,
        )


def ask_customers(partnerships, people):
    """Requests to existing customers that wait for their answers."""
    for facts in RELATIONSHIPS:
        _relationship(*facts, partnerships, people)


def begin_orders(staff):
    """Begun by two colleagues and not finished: one can take the other's over."""
    for person, typed in zip((staff[0], staff[-1]), DRAFTS, strict=True):
        OrderDraft.objects.create(provider=person.organization, created_by=person.user, typed=typed)


def begin_enrolments(hashed):
    """Two companies on their way: one in review, led here by an invitation, and one half done."""
    for email, first, last, recipient, facts in ENROLMENTS:
        begun = now() - timedelta(days=2)
        submitted = {"status": Enrolment.Status.SUBMITTED, "submitted_at": begun}
        Enrolment.objects.create(
            applicant=create_person(email, first, last, hashed),
            first_name=first,
            last_name=last,
            email=email,
            email_confirmed_at=begun,
            request=PartnershipRequest.objects.filter(recipient=recipient).first(),
            **facts,
            **(submitted if facts.get("mpn_id") else {}),
        )


def _relationship(provider, reseller, asking, recipient, note, partnerships, people):
    """A request to an existing customer that waits for its answer."""
    [partnership] = (
        p for p in partnerships if (p.provider.slug, p.reseller.slug) == (provider, reseller)
    )
    actor = next(person for person in people[asking] if person.can(P.REQUEST_DELEGATED_ADMIN))
    draft = draft_relationship(
        actor=actor,
        submission=uuid4(),
        language="de",
        provider=partnership.provider,
        partnership=partnership,
        delegated_admin=True,
    )
    typed = {"language": "de", "recipient": recipient, "note": note}
    text = {"subject": draft.subject, "text": draft.body}
    mark_relationship_sent(save_relationship(draft, **typed, **text), actor=actor)
