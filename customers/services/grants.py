"""Delegated admin privileges as the customer sees to them, and asking for more time.

Whoever changes a grant, or asks about it, holds its row first and the renewal second.
"""

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from customers import grant_telling as telling
from customers import tasks
from customers.models import AdminRenewal, DelegatedAdmin
from portal.accounts.models import Organization
from portal.audit.services import record, record_all
from portal.lifecycle import InvalidTransition, transition
from portal.outbox.services import enqueue
from portal.scope import acting

Status = AdminRenewal.Status
NOT_GRANTED, ASKED_ALREADY = "not_granted", "asked_already"
AT_ONCE = 100  # renewal requests one piece of background work tells of
MOST_ASKED = 2000  # grants one press of a button asks about
BATCH = 1000  # rows per statement


class GrantOver(InvalidTransition):
    """The grant has been removed, or its last day is over."""

    @property
    def reason(self):
        return _("These delegated admin privileges are over already.")


@transaction.atomic
def remove_admin(grant, *, actor):
    """*Remove delegated admin*: the customer takes the privileges back; all else stays.

    Raises InvalidTransition when they are over already, removed or not.
    """
    held = _hold(grant, DelegatedAdmin.Status.REVOKED)
    removed = transition(held, DelegatedAdmin.Status.REVOKED, actor=actor, revoked_at=now())
    telling.admin_removed(removed, actor=actor)
    return removed


@transaction.atomic
def extend_admin(renewal, *, actor):
    """The customer's yes to a renewal: the grant lasts the days asked for, from now on.

    It never becomes shorter. Returns the grant; raises InvalidTransition when the request has been
    answered, or the grant is over.
    """
    grant = _hold(renewal.grant, Status.ACCEPTED)
    answered = transition(renewal, Status.ACCEPTED, actor=actor, **_answer_of(actor))
    term = DelegatedAdmin.term(answered.days)
    if term["ends_at"] > grant.ends_at:
        grant.ends_at, grant.next_reminder = term["ends_at"], term["next_reminder"]
        grant.save(update_fields=list(term))
    until = grant.ends_at.isoformat()
    record("delegatedadmin.extended", actor=actor, target=grant, until=until)
    telling.renewal_extended(answered, grant, actor=actor)
    return grant


@transaction.atomic
def decline_renewal(renewal, *, actor):
    """The customer's no: the grant ends when it would have ended. Raises like ``extend_admin``."""
    grant = _hold(renewal.grant, Status.DECLINED)
    answered = transition(renewal, Status.DECLINED, actor=actor, **_answer_of(actor))
    telling.renewal_declined(answered, grant, actor=actor)
    return answered


def sort_out(grants):
    """Which of ``grants`` (rows with_renewals) can be asked about: two lists.

    The first holds grants, the second pairs of a grant and the reason why not.
    """
    ready, skipped = [], []
    for grant in grants:
        reason = _why_not(grant)
        skipped.append((grant, reason)) if reason else ready.append(grant)
    return ready, skipped


@transaction.atomic
def ask_for_renewals(grants, *, actor, days):
    """Ask each customer behind ``grants`` (rows) to let its grant last ``days`` from its answer on.

    ``actor`` is a member of the provider or of the partners that hold them; None is the portal
    itself. Those that are over or were asked about are left out, as they are at this moment.
    Returns how many requests were made; mails are promised.
    """
    asked, by_provider = 0, {}
    for grant in grants:
        by_provider.setdefault(grant.provider_id, []).append(grant.pk)
    for provider in Organization.objects.filter(pk__in=by_provider).order_by("pk"):
        # A reseller may not lock or write what is its provider's, nor need it: see accept.
        with acting(provider.actor):
            asked += _ask(provider, by_provider[provider.pk], actor, days)
    return asked


@transaction.atomic
def set_automatic_renewal(wanted, *, actor):
    """Whether the portal asks for renewals by itself in the name of the actor's company."""
    profile = actor.organization.partner
    if profile.renew_automatically != wanted:
        profile.renew_automatically = wanted
        profile.save(update_fields=["renew_automatically"])
        record("renewals.changed", actor=actor, target=profile, automatically=wanted)


def _ask(provider, ids, actor, days):
    rows = DelegatedAdmin.objects.filter(pk__in=ids, provider=provider)
    held = list(rows.order_by("pk").select_for_update(of=("self",)))
    answered = dict(rows.with_renewals().values_list("pk", "renewal_status"))
    for grant in held:
        grant.renewal_status = answered[grant.pk]
    ready, _skipped = sort_out(held)
    made = AdminRenewal.objects.bulk_create(
        (_renewal(grant, actor, days) for grant in ready), batch_size=BATCH
    )
    record_all("adminrenewal.asked", actor=actor, targets=made, days=days)
    _promise_telling(provider, [renewal.pk for renewal in made])
    return len(made)


def _renewal(grant, actor, days):
    asked_by = actor.user if actor else None
    facts = {"grant": grant, "partner_id": grant.partner_id, "days": days, "asked_by": asked_by}
    return AdminRenewal(**facts, **grant.parties)


def _promise_telling(provider, ids):
    for at in range(0, len(ids), AT_ONCE):
        part = ids[at : at + AT_ONCE]
        enqueue(
            tasks.tell_of_renewals,
            organization=provider,
            key=f"adminrenewals:{part[0]}",
            subject=_("Renewal requests to customers: %(number)s") % {"number": len(part)},
            renewal_ids=part,
        )


def _why_not(grant):
    if not grant.is_in_force:
        return NOT_GRANTED
    return ASKED_ALREADY if grant.renewal_status == Status.ASKED else ""


def _hold(grant, to):
    """The grant, locked and in force."""
    held = DelegatedAdmin.objects.select_for_update(of=("self",)).get(pk=grant.pk)
    if not held.is_in_force:
        raise GrantOver(held, to)
    return held


def _answer_of(actor):
    return {"answered_by": actor.user, "answered_at": now()}
