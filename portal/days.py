"""Days as people choose them in filters: from one to another, both included, in their own zone."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.utils.timezone import make_aware

LAST_DAY = date.max - timedelta(days=1)  # the last one that has a next day in every time zone
DATE = forms.DateInput(attrs={"type": "date", "data-width": "medium"}, format="%Y-%m-%d")


class DayRange:
    """For filters with the fields ``since`` and ``until``."""

    def within(self, rows, field):
        """Those of the queryset whose moment in ``field`` is within the chosen days."""
        if since := self.cleaned_data.get("since"):
            rows = rows.filter(**{f"{field}__gte": _midnight(since)})
        if until := self.cleaned_data.get("until"):
            day_after = min(until, LAST_DAY) + timedelta(days=1)
            rows = rows.filter(**{f"{field}__lt": _midnight(day_after)})
        return rows


def _midnight(day):
    return make_aware(datetime.combine(day, time.min))
