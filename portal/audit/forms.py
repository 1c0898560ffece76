from datetime import date, datetime, time, timedelta

from django import forms
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from portal.audit.actions import ACTIONS

LAST_DAY = date.max - timedelta(days=1)  # the last one that has a next day in every time zone
DATE = forms.DateInput(attrs={"type": "date", "data-width": "medium"}, format="%Y-%m-%d")


class AuditEntryFilter(forms.Form):
    since = forms.DateField(label=_("From"), required=False, widget=DATE)
    until = forms.DateField(label=_("To"), required=False, widget=DATE)
    action = forms.ChoiceField(
        label=_("Action"), required=False, choices=[("", _("All actions")), *ACTIONS.items()]
    )

    def apply(self, entries):
        """The entries that match; what can't be understood does not filter."""
        self.is_valid()
        chosen = self.cleaned_data
        if since := chosen.get("since"):
            entries = entries.filter(at__gte=_midnight(since))
        if until := chosen.get("until"):
            entries = entries.filter(at__lt=_midnight(min(until, LAST_DAY) + timedelta(days=1)))
        if action := chosen.get("action"):
            entries = entries.filter(action=action)
        return entries


def _midnight(day):
    return make_aware(datetime.combine(day, time.min))
