"""In Django admin, too: who changes people's rights has just shown who they are.

Looking is free. What was typed or ticked is shown again once that is done.
"""

from functools import wraps

from django.contrib.admin import helpers
from django.utils.safestring import mark_safe

from portal.accounts.decorators import reauthenticated
from portal.parking import ParkingMixin, typed_again


class ActionForm(ParkingMixin, helpers.ActionForm):
    """Below a list: what is done with those that are ticked."""


class Confirmed:
    """Part of a ModelAdmin; its form has the ParkingMixin."""

    action_form = ActionForm

    def changeform_view(self, request, *args, **kwargs):
        return _confirmed(super().changeform_view)(request, *args, **kwargs)

    def delete_view(self, request, *args, **kwargs):
        return _confirmed(super().delete_view)(request, *args, **kwargs)

    def changelist_view(self, request, *args, **kwargs):
        return _confirmed(super().changelist_view)(request, *args, **kwargs)

    def action_checkbox(self, obj):
        """Ticked if it was before they were asked who they are."""
        box, typed = super().action_checkbox(obj), typed_again()
        if typed and str(obj.pk) in typed.getlist(helpers.ACTION_CHECKBOX_NAME):
            return mark_safe(box.replace("<input", "<input checked", 1))
        return box


def _confirmed(view):
    asking = reauthenticated(view)

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        return (asking if request.method == "POST" else view)(request, *args, **kwargs)

    return wrapper
