from django import forms
from django.utils.translation import gettext_lazy as _

from portal.outbox.models import OutboxMessage


class OutboxMessageFilter(forms.Form):
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("Any status")), *OutboxMessage.Status.choices],
    )

    def apply(self, deliveries):
        """The messages in the chosen state; an unknown state does not filter."""
        self.is_valid()
        status = self.cleaned_data.get("status")
        return deliveries.filter(status=status) if status else deliveries
