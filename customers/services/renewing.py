"""What the regular round does with one partner's grants at one provider's customers."""

from django.conf import settings
from django.db import transaction
from django.utils.timezone import now

from customers import grant_telling as telling
from customers.models import AdminRenewal, DelegatedAdmin, TenantOwner
from customers.services.grants import ask_for_renewals
from partners.models import PartnerProfile
from portal.lifecycle import transition_all

MOST = 500  # grants at a time; the next round takes the others


@transaction.atomic
def expire_grants(provider, partner):
    """Mark what has run out and tell both sides, once."""
    late = _due(DelegatedAdmin.objects.run_out(), provider, partner)
    marked = transition_all(
        DelegatedAdmin.objects.filter(pk__in=[grant.pk for grant in late]),
        DelegatedAdmin.Status.EXPIRED,
        actor=None,
    )
    if marked:
        telling.admin_ended(late)
    for grant in late:
        telling.admin_expired(grant)


@transaction.atomic
def expire_owners(provider, partner):
    """Mark which tenant owner permissions have run out."""
    late = TenantOwner.objects.run_out().filter(provider=provider, partner=partner)
    transition_all(late, TenantOwner.Status.EXPIRED, actor=None)


@transaction.atomic
def remind_holder(provider, partner):
    """Tell both sides which grants end soon, 30, 7 and 1 days before: domain.md 2.8.

    The customers are asked for more time where the partner wants that.
    """
    due = _due(DelegatedAdmin.objects.reminders_due(), provider, partner)
    asks = PartnerProfile.objects.filter(organization=partner, renew_automatically=True).exists()
    by_reminder = {}
    for grant in due:
        by_reminder.setdefault(_reminder_of(grant), []).append(grant)
    for days, grants in by_reminder.items():
        telling.admin_ending(grants, days, asks=asks)
    for grant in due:
        grant.next_reminder = _after(_reminder_of(grant))
    DelegatedAdmin.objects.bulk_update(due, ["next_reminder"])
    _tell_customers(due, asks=asks)


def _due(grants, provider, partner):
    """Locked, the next to end first."""
    mine = grants.filter(provider=provider, partner=partner).select_related(
        "partner", "organization"
    )
    return list(mine.order_by("ends_at", "pk").select_for_update(of=("self",))[:MOST])


def _reminder_of(grant):
    """Of the reminders whose moment has come, the last one, in days before the end."""
    left = grant.ends_at - now()
    return min(days for days in DelegatedAdmin.REMINDERS if left.total_seconds() <= days * 86400)


def _after(reminder):
    return next((days for days in DelegatedAdmin.REMINDERS if days < reminder), None)


def _tell_customers(grants, *, asks):
    """Each learns of the end: by a new request, by the open one once more, or by a plain word."""
    waiting = _renewals_of(grants)
    if asks:
        _ask_by_itself(grants)  # what is new in this is mailed by itself
    asked = _renewals_of(grants)
    for grant in grants:
        if grant.pk in waiting:
            telling.renewal_reminded(waiting[grant.pk], _reminder_of(grant))
        elif grant.pk not in asked:
            telling.admin_ends(grant, _reminder_of(grant))


def _renewals_of(grants):
    """The requests that wait for an answer, by the id of their grant."""
    pending = AdminRenewal.objects.pending().filter(grant__in=grants)
    joined = pending.select_related("grant", "partner", "organization")
    return {renewal.grant_id: renewal for renewal in joined}


def _ask_by_itself(grants):
    """Not where the customer said no to this grant before."""
    said_no = AdminRenewal.objects.filter(grant__in=grants, status=AdminRenewal.Status.DECLINED)
    refused = set(said_no.values_list("grant", flat=True))
    wanted = [grant for grant in grants if grant.pk not in refused]
    ask_for_renewals(wanted, actor=None, days=settings.DELEGATED_ADMIN_DAYS)
