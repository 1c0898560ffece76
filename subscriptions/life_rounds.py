"""The regular round through all subscriptions: what is due, and who is to be reminded.

Terms first, so that nobody is reminded of what has happened. See ``portal.rounds``.
"""

from datetime import datetime, time, timedelta

from celery import shared_task
from django.conf import settings
from django.db.models import Case, F, Q, When
from django.db.models.functions import Least, TruncDate
from django.utils.timezone import localdate, make_aware

from portal.rounds import go_through
from subscriptions.models import Subscription
from subscriptions.services.life import bring_up_to_date
from subscriptions.services.reminding import remind

Status = Subscription.Status
ENDING = Q(status=Status.ACTIVE, auto_renew=False)


@shared_task
def look_after_subscriptions():
    """Renew, let expire and delete what is due, then remind of what is next."""
    steps = ((due(), bring_up_to_date), (to_be_reminded(), remind))
    go_through(steps, owner="provider", order=("ends_on", "pk"), joined=())


def due(on=None):
    """The subscriptions for which time has something to do on that day (today) or had before."""
    on = on or localdate()
    suspended = Q(status=Status.SUSPENDED)
    term_over = Q(status=Status.ACTIVE) | (suspended & Q(auto_renew=False))
    kept = make_aware(datetime.combine(on + timedelta(days=1), time.min))
    kept -= settings.DELETION_AFTER_SUSPENSION
    expired = Q(status=Status.EXPIRED, ends_on__lte=on - settings.DELETION_AFTER_EXPIRY)
    forgotten = Q(status__in=[Status.SUSPENDED, Status.EXPIRED], suspended_at__lt=kept)
    return Subscription.objects.filter(Q(term_over, ends_on__lte=on) | expired | forgotten)


def to_be_reminded():
    """Those whose ``reminder_due_on`` is a day; the same rule once more, for the database."""
    deleted = TruncDate(F("suspended_at") + settings.DELETION_AFTER_SUSPENSION)
    rows = Subscription.objects.filter(ENDING | Q(status=Status.SUSPENDED)).annotate(
        deadline=Case(
            When(status=Status.ACTIVE, then=F("ends_on")),
            When(auto_renew=False, then=Least(F("ends_on"), deleted)),
            default=deleted,
        ),
        begun=Case(
            When(suspended_at__isnull=False, then=TruncDate("suspended_at")), default="started_on"
        ),
    )
    return rows.filter(_stages())


def _stages():
    """Between two reminders the earlier one is due, unless it or a later one has been sent."""
    today, found = localdate(), Q(pk__in=[])
    for number, following in zip(
        settings.REMINDER_DAYS, [*settings.REMINDER_DAYS[1:], 0], strict=True
    ):
        first, last = today + timedelta(days=following + 1), today + timedelta(days=number)
        stage = F("deadline") - timedelta(days=number)
        unsent = Q(reminded_for=None) | Q(reminded_for__lt=stage)
        found |= Q(unsent, deadline__range=(first, last), begun__lt=stage)
    return found
