"""Who is told what of partnerships and requests, by mail and on Home."""

from django.utils.timezone import now

from partners.models import RequestBatchRow
from portal.audit.models import AuditEntry
from portal.links import reverse
from portal.notices.services import notify
from portal.references import encode
from portal.scope import acting

SENDING = ("partnershiprequest.sent", "partnershiprequest.resent")


def request_accepted(request):
    """The reseller said yes: whoever asked wants to know, and so do the reseller's admins."""
    provider, location = request.provider, request.partnership.location
    reseller = encode("R", request.reseller_id)
    _tell_askers(
        "accepted",
        request,
        but_not=request.answered_by_id,
        path=_page("partners:reseller_detail", provider, request.reseller_id),
        add_customer_path=_page("subscriptions:draft_create", provider, reseller=reseller),
        provider=provider.name,
        reseller=request.reseller.name,
        person=str(request.answered_by),
        mpn_id=location.mpn_id,
        city=location.city,
    )
    partnership_started(request.partnership)


def request_declined(request):
    """The reseller said no, with a reason if it chose to tell one."""
    _tell_askers(
        "declined",
        request,
        but_not=request.answered_by_id,
        reseller=request.reseller.name,
        person=str(request.answered_by),
        reason=request.decline_reason,
    )


def request_withdrawn(request, *, actor):
    """A colleague took the request back."""
    _tell_askers("withdrawn", request, but_not=actor.user_id, person=str(actor.user))


def request_expired(request):
    """Nobody answered in time."""
    _tell_askers("expired", request, expires_at=request.expires_at)


def partnership_started(partnership):
    """The reseller's global admins keep in writing what they have agreed to."""
    notify(
        "connected",
        organization=partnership.reseller,
        about=f"partnership:{partnership.pk}",
        path=_page("partners:provider_list", partnership.reseller),
        provider=partnership.provider.name,
        reseller=partnership.reseller.name,
        person=str(partnership.request.answered_by) if partnership.request else "",
    )


def partnership_ended(partnership, *, actor):
    """One side ended the partnership.

    Both see it on Home. By mail the provider's people learn of it, whoever ended it; the reseller
    does not: notice in writing is the provider's to give.
    """
    provider, reseller = partnership.provider, partnership.reseller
    ours, theirs = (provider, reseller) if actor.organization == provider else (reseller, provider)
    about = f"partnership:{partnership.pk}:{partnership.removed_at:%Y-%m-%dT%H:%M:%S.%f}"
    for kind, told, partner in (("ended", ours, theirs), ("ended_by_partner", theirs, ours)):
        notify(
            kind,
            organization=told,
            about=about,
            path=_partners_of(told, provider),
            but_not=actor.user_id,
            partner=partner.name,
            person=str(actor.user),
        )


def partnership_resumed(partnership):
    """Whoever ended the partnership took that back: both sides' Home says so, nobody is mailed."""
    provider, reseller = partnership.provider, partnership.reseller
    about = f"partnership:{partnership.pk}:{now():%Y-%m-%dT%H:%M:%S.%f}"
    for told, partner in ((provider, reseller), (reseller, provider)):
        path = _page("partners:provider_list", told)
        if told == provider:
            path = _page("partners:reseller_detail", told, reseller.pk)
        notify("resumed", organization=told, about=about, path=path, partner=partner.name)


def batch_completed(batch):
    """Every line of the file was sent or refused: whoever sent it off wants to know."""
    states = list(batch.rows.values_list("status", flat=True))
    notify(
        "batch",
        organization=batch.provider,
        about=f"requestbatch:{batch.pk}",
        path=_page("partners:batch_detail", batch.provider, batch.pk),
        people={batch.created_by_id},
        file=batch.file_name,
        sent=states.count(RequestBatchRow.Status.SENT),
        not_sent=len(states) - states.count(RequestBatchRow.Status.SENT),
    )


def profile_change_answered(change):
    """The operator answered what a company asked to change."""
    notify(
        "profile_answered",
        organization=change.organization,
        about=f"profilechange:{change.pk}",
        path=_page("partners:profile_detail", change.organization),
    )


def _tell_askers(kind, request, *, but_not=None, path="", **facts):
    """Tell the provider, by mail those who asked: who drafted the request, and who sent it."""
    provider = request.provider
    with acting(provider.actor):  # the record of who sent it is the provider's own
        sent = AuditEntry.objects.about(request).filter(action__in=SENDING)
        senders = set(sent.values_list("actor_id", flat=True))
    notify(
        kind,
        organization=provider,
        about=f"partnershiprequest:{request.pk}",
        path=path or _page("partners:request_detail", provider, request.pk),
        people={request.created_by_id, *senders},
        but_not=but_not,
        recipient=request.recipient or request.reference,
        **facts,
    )


def _page(name, organization, *args, **query):
    return reverse(name, *args, organization=organization, **query)


def _partners_of(organization, provider):
    """Where this side looks up its partners."""
    if organization == provider:
        return _page("partners:reseller_list", organization, view="ended")
    return _page("partners:provider_list", organization)
