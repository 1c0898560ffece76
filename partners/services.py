"""What can happen to partnerships and partner companies.

Each function is one transaction with its audit entry, and returns the changed object.
"""

from uuid import uuid4

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from partners import tasks, wording
from partners.models import MpnAccount, PartnerProfile, Partnership, PartnershipRequest
from portal.accounts.models import Membership
from portal.accounts.roles import Kind, Role
from portal.accounts.services import create_member, create_organization
from portal.audit.services import record
from portal.lifecycle import InvalidTransition, transition
from portal.outbox.services import enqueue
from portal.scope import acting

Status = PartnershipRequest.Status


class LinkExpired(InvalidTransition):
    """The answer came after the link's last day."""

    @property
    def reason(self):
        return _("The link has expired.")


@transaction.atomic
def draft_request(*, actor, submission, language):
    """A draft of a partnership request with its personal link, in the standard text.

    ``submission`` (a UUID) names the press of the button: while its draft is still a draft, a
    second press finds it instead of making another.
    """
    draft = PartnershipRequest(
        provider=actor.organization, created_by=actor.user, language=language
    )
    draft.subject, draft.body = wording.standard_letter(draft)
    fields = {name: getattr(draft, name) for name in ("provider", "created_by", "language")}
    fields |= {"nonce": draft.nonce, "subject": draft.subject, "body": draft.body}
    found, created = PartnershipRequest.objects.get_or_create(
        provider=actor.organization, submission=submission, defaults=fields
    )
    if created:
        record("partnershiprequest.drafted", actor=actor, target=found)
    elif found.status != Status.DRAFT:  # an old page: a new request is meant
        return draft_request(actor=actor, submission=uuid4(), language=language)
    return found


@transaction.atomic
def save_draft(draft, *, language, recipient, subject, text):
    """Keep what was typed. Another language rewrites the text only if nobody has changed it.

    Raises InvalidTransition when the request is no longer a draft.
    """
    draft = _locked_draft(draft)
    body = wording.without_link(text, draft)
    if language != draft.language and (subject, body) == wording.standard_letter(draft):
        subject, body = wording.standard_letter(draft, language)
    draft.language, draft.recipient, draft.subject, draft.body = language, recipient, subject, body
    draft.save(update_fields=["language", "recipient", "subject", "body"])
    return draft


@transaction.atomic
def rewrite_draft(draft):
    """Replace the text by the standard one in the draft's language."""
    draft = _locked_draft(draft)
    draft.subject, draft.body = wording.standard_letter(draft)
    draft.save(update_fields=["subject", "body"])
    return draft


@transaction.atomic
def put_link_back(draft):
    """Add the personal link to a text from which it was lost."""
    draft = _locked_draft(draft)
    if wording.LINK_MARK not in draft.body:
        draft.body = f"{draft.body}\n\n{wording.LINK_MARK}".strip()
        draft.save(update_fields=["body"])
    return draft


@transaction.atomic
def send_request(draft, *, actor):
    """Open the request and promise the mail to its recipient."""
    sent = transition(
        draft, Status.SENT, actor=actor, route=PartnershipRequest.Route.PORTAL, sent_at=now()
    )
    enqueue(
        tasks.send_request,
        organization=sent.provider,
        key=sent.delivery_key,
        subject=_("Partnership request to %(recipient)s") % {"recipient": sent.recipient},
        request_id=sent.pk,
        sender_id=actor.user_id,
    )
    return sent


def mark_request_sent(draft, *, actor):
    """*Done*: the person has sent the text by their own means."""
    route = PartnershipRequest.Route.BY_HAND
    return transition(draft, Status.SENT, actor=actor, route=route, sent_at=now())


def withdraw_request(request, *, actor):
    """Take the request back; its link stops working at once."""
    return transition(request, Status.WITHDRAWN, actor=actor)


@transaction.atomic
def accept_request(request, *, actor, location):
    """The reseller's yes: the link is used up and the partnership begins.

    ``location`` is the MpnAccount of the reseller's location that does business. Raises
    InvalidTransition when somebody was faster, LinkExpired when it is too late.
    """
    _refuse_expired(request)
    accepted = transition(request, Status.ACCEPTED, actor=actor, **_answer_of(actor))
    partnership = Partnership.objects.create(
        provider=accepted.provider,
        reseller=actor.organization,
        location=location,
        request=accepted,
    )
    record("partnership.started", actor=actor, target=partnership)
    _tell_requester(tasks.send_accepted, accepted, "accepted")
    return partnership


@transaction.atomic
def decline_request(request, *, actor, reason=""):
    """The reseller's no, with the reason the provider may read. Raises like acceptance."""
    _refuse_expired(request)
    answer = _answer_of(actor) | {"decline_reason": reason}
    declined = transition(request, Status.DECLINED, actor=actor, **answer)
    _tell_requester(tasks.send_declined, declined, "declined")
    return declined


def remove_partnership(partnership, *, actor, statement_version):
    """End the relationship; customers and their admin privileges stay, nobody is told.

    ``statement_version`` is the version of the statement that was confirmed.
    """
    return transition(
        partnership,
        Partnership.Status.REMOVED,
        actor=actor,
        details={"statement": statement_version, "language": get_language()},
        removed_at=now(),
        statement_version=statement_version,
    )


@transaction.atomic
def sign_agreement(profile, *, actor, version):
    """Accept the partner agreement for the company. Returns False when it was signed before."""
    locked = PartnerProfile.objects.select_for_update(of=("self",)).get(pk=profile.pk)
    if locked.agreement_signed:
        return False
    locked.agreement_version, locked.agreement_signed_at = version, now()
    locked.agreement_signed_by = actor.user
    locked.save(update_fields=["agreement_version", "agreement_signed_at", "agreement_signed_by"])
    record("agreement.accepted", actor=actor, target=locked, version=version)
    return True


@transaction.atomic
def enroll_company(*, company, mpn_id, user=None, admin=None, agreement_version=""):
    """A new reseller with its location account and first global admin; returns the membership.

    ``company`` holds name, country, address and city. The admin is ``user``, or a new person made
    from ``admin`` (the fields of ``create_member``). With ``agreement_version`` the agreement is
    signed too. Raises IntegrityError when the MPN ID or email was taken a moment ago.
    """
    organization = create_organization(
        name=company["name"], kind=Kind.RESELLER, country=company["country"]
    )
    place = {"city": company["city"]}
    profile = PartnerProfile.objects.create(
        organization=organization, address=company["address"], **place
    )
    MpnAccount.objects.create(
        organization=organization, mpn_id=mpn_id, country=company["country"], **place
    )
    roles = [str(Role.GLOBAL_ADMIN)]
    if user:
        membership = Membership.objects.create(user=user, organization=organization, roles=roles)
    else:
        membership = create_member(organization=organization, roles=roles, **admin)
    with acting(membership.actor):
        record("organization.enrolled", actor=membership, target=profile, mpn_id=mpn_id)
        if agreement_version:
            sign_agreement(profile, actor=membership, version=agreement_version)
    return membership


def _locked_draft(draft):
    locked = PartnershipRequest.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if locked.status != Status.DRAFT:
        raise InvalidTransition(locked, Status.DRAFT)
    return locked


def _refuse_expired(request):
    """Look at the clock while nobody else can touch the row, whatever any regular round did."""
    locked = PartnershipRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if locked.is_pending and locked.has_expired:
        raise LinkExpired(locked, Status.ACCEPTED)


def _answer_of(actor):
    return {"reseller": actor.organization, "answered_by": actor.user, "answered_at": now()}


def _tell_requester(task, request, how):
    with override(request.created_by.language):
        subject = _("Answer to the partnership request to %(recipient)s") % {
            "recipient": request.recipient or request.reseller.name
        }
    enqueue(
        task,
        organization=request.provider,
        key=f"partnershiprequest:{request.pk}:{how}",
        subject=subject,
        request_id=request.pk,
    )
