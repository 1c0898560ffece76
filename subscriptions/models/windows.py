"""The days on which something happens to a subscription by itself, or stops being possible."""

from datetime import timedelta

from django.conf import settings
from django.utils.timezone import localdate


class Windows:
    """What ``Subscription`` knows about its days; all of them are read off its columns."""

    @property
    def last_day_to_cancel(self):
        """The last day on which the term that runs can be cancelled; None where none runs.

        ``domain.md`` 2.10: some days from its first one, and anew with each renewal; none after an
        upgrade.
        """
        if not (self.is_running and self.started_on) or self.upgraded_in_term:
            return None
        return self.started_on + settings.CANCELLATION_WINDOW - timedelta(days=1)

    @property
    def upgraded_in_term(self):
        """Whether it has been upgraded in the term that runs."""
        return bool(self.upgraded_on and self.upgraded_on >= self.started_on)

    @property
    def can_be_cancelled(self):
        """Whether the time to cancel is not over yet."""
        return bool(self.last_day_to_cancel and localdate() <= self.last_day_to_cancel)

    @property
    def deletion_due_on(self):
        """The day a suspended or expired subscription is deleted with its data, or None.

        Whichever comes first where a suspended one has expired: nothing is kept for longer than
        people were told.
        """
        if self.status not in {self.Status.SUSPENDED, self.Status.EXPIRED}:
            return None
        days = []
        if self.suspended_at:
            days.append(localdate(self.suspended_at + settings.DELETION_AFTER_SUSPENSION))
        if self.status == self.Status.EXPIRED:
            days.append(self.ends_on + settings.DELETION_AFTER_EXPIRY)
        return min(days)

    @property
    def due_on(self):
        """The day time has something to do here: renew, expire or delete it; None for never.

        A suspended subscription is not renewed (``domain.md`` 3: it is not billed either): it
        waits to be resumed or deleted. Where it would not renew anyway, it ends with its term.
        """
        if self.status == self.Status.ACTIVE:
            return self.ends_on
        days = [self.deletion_due_on]
        if self.status == self.Status.SUSPENDED and not self.auto_renew:
            days.append(self.ends_on)
        return min((day for day in days if day), default=None)

    @property
    def reminder_due_on(self):
        """The day of the last reminder that should have gone out by now and has not, or None.

        People are reminded of the day a subscription ends or is deleted, where that is not what
        they have chosen a moment ago: a trial of 30 days begins without a reminder.
        """
        if not self.is_running or (self.status == self.Status.ACTIVE and self.auto_renew):
            return None
        deadline, today = self.due_on, localdate()
        if deadline is None or deadline <= today:
            return None
        begun = localdate(self.suspended_at) if self.suspended_at else self.started_on
        days = [deadline - timedelta(days=number) for number in settings.REMINDER_DAYS]
        last = max((day for day in days if begun < day <= today), default=None)
        sent = self.reminded_for
        return last if last and (sent is None or sent < last) else None
