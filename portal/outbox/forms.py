from django import forms
from django.utils.translation import gettext_lazy as _

from portal.days import DATE, DayRange
from portal.outbox.models import OutboxMessage


class OutboxMessageFilter(DayRange, forms.Form):
    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("To whom, or what")}),
    )
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("Any status")), *OutboxMessage.Status.choices],
    )
    since = forms.DateField(label=_("From"), required=False, widget=DATE)
    until = forms.DateField(label=_("To"), required=False, widget=DATE)

    def apply(self, deliveries):
        """The messages that match; what can't be understood does not filter."""
        self.is_valid()
        chosen = self.cleaned_data
        deliveries = self.within(deliveries, "created_at")
        if status := chosen.get("status"):
            deliveries = deliveries.filter(status=status)
        if text := chosen.get("q"):
            deliveries = deliveries.saying(text)
        return deliveries
