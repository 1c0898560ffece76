from itertools import groupby

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from customers.models import ProvidersQuerySet
from partners.models import MpnAccount
from portal.accounts.models import Organization
from subscriptions.models.subscription import Subscription


class RecordPeriodQuerySet(ProvidersQuerySet):
    def counted_at(self, moment):
        """What counted right before ``moment``: licenses of subscriptions active then."""
        return self.filter(self.when(moment), licenses__gt=0)

    @staticmethod
    def when(moment):
        """The condition that a period holds right before ``moment``."""
        return Q(since__lt=moment) & (Q(until__isnull=True) | Q(until__gte=moment))


class RecordPeriod(models.Model):
    """Who was reseller of record of a subscription, for how many licenses, from when to when.

    Written by the database whenever one of the two changes (migration 0011), so that nothing that
    changes a subscription can forget it. The periods of a subscription are a chain without gaps:
    each but the last ends where another begins, which the database enforces as well.
    """

    provider = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="record_periods")
    # Empty: no indirect reseller was named.
    location = models.ForeignKey(
        MpnAccount, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # 0 while the subscription is not active: then nobody earns anything by it.
    licenses = models.PositiveIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    objects = RecordPeriodQuerySet.as_manager()

    class Meta:
        ordering = ["since", "pk"]
        verbose_name, verbose_name_plural = _("record period"), _("record periods")
        indexes = [models.Index(fields=["provider", "since"], name="recordperiod_of_provider")]
        constraints = [
            models.UniqueConstraint(
                fields=["subscription"], condition=Q(until=None), name="recordperiod_one_open"
            ),
            models.UniqueConstraint(
                fields=["subscription", "since"], name="recordperiod_one_beginning"
            ),
            models.UniqueConstraint(fields=["subscription", "until"], name="recordperiod_one_end"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("since")), name="recordperiod_lasts"
            ),
        ]

    def __str__(self):
        return f"{self.subscription}: {self.location or '–'}"

    @property
    def tenants(self):
        return [self.provider_id]


def record_history(periods):
    """(location or None, since, until or None) of ``periods``, whatever the licenses were."""
    runs = groupby(periods.order_by("since"), key=lambda period: period.location)
    together = ((location, list(run)) for location, run in runs)
    return [(location, run[0].since, run[-1].until) for location, run in together]
