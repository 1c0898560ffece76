"""Members in Django admin: operators, too, leave every organization a global admin."""

from django import forms
from django.contrib import messages
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db import IntegrityError, transaction
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _

from portal.accounts.models import Membership
from portal.accounts.roles import Role
from portal.accounts.services import LastGlobalAdmin, keep_a_global_admin
from portal.conflicts import would_leave_no_global_admin
from portal.parking import ParkingMixin, typed_again


class MembershipForm(ParkingMixin, forms.ModelForm):
    class Meta:
        model = Membership
        fields = ["user", "organization", "roles", "deactivated_at"]

    def clean(self):
        cleaned = super().clean()
        held = Membership.objects.filter(pk=self.instance.pk).first()
        if held and not self._stays(held, cleaned):
            _refuse_last(self, held)
        return cleaned

    def _was_sent(self, typed):
        """On a person's page the places may be others by now than those that were typed about."""
        known = typed.get(self.add_prefix("id"), "") == str(self.instance.pk or "")
        return super()._was_sent(typed) and (known or not self.prefix)

    def _stays(self, held, cleaned):
        """Whether a global admin is one afterwards, too, in the same place."""
        same = all(cleaned.get(name) == getattr(held, name) for name in ("user", "organization"))
        is_admin = Role.GLOBAL_ADMIN in cleaned.get("roles", ())
        return same and is_admin and not cleaned.get("deactivated_at")


class MembershipFormSet(forms.BaseInlineFormSet):
    """The places of one person; none that is needed is deleted."""

    MOST = 50  # rows that are drawn again

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        typed = typed_again() or {}
        total = typed.get(f"{self.prefix}-TOTAL_FORMS", "")
        if not self.is_bound and total.isdecimal():  # rows that were added and not saved
            self.extra = max(0, min(int(total), self.MOST) - self.initial_form_count())

    def clean(self):
        super().clean()
        for form in self.deleted_forms:
            if form.instance.pk:
                _refuse_last(form, form.instance)
                self._non_form_errors.extend(form.non_field_errors())


class UserAddForm(ParkingMixin, AdminUserCreationForm):
    """A new person; the password is typed once more when the operator was asked who they are."""


class UserForm(ParkingMixin, UserChangeForm):
    def clean_is_active(self):
        """Whoever may no longer sign in is no global admin any more, wherever they were."""
        is_active = self.cleaned_data["is_active"]
        if self.instance.is_active and not is_active:
            for place in self.instance.memberships.order_by("organization"):
                try:
                    keep_a_global_admin(place)
                except LastGlobalAdmin as last:
                    raise forms.ValidationError(last.reason) from last
        return is_active


class KeepsGlobalAdmins:
    """Says on the page what the database refuses: deleting the last, or being too late."""

    def changeform_view(self, request, *args, **kwargs):
        return self._answer(super().changeform_view, request, *args, **kwargs)

    def delete_view(self, request, *args, **kwargs):
        return self._answer(super().delete_view, request, *args, **kwargs)

    def changelist_view(self, request, *args, **kwargs):
        return self._answer(super().changelist_view, request, *args, **kwargs)

    def _answer(self, view, request, *args, **kwargs):
        try:
            with transaction.atomic():
                return view(request, *args, **kwargs)
        except IntegrityError as error:
            if not would_leave_no_global_admin(error):
                raise
        words = _("An organization needs at least one global admin. Nothing was changed.")
        self.message_user(request, words, messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())


def _refuse_last(form, membership):
    try:
        keep_a_global_admin(membership)
    except LastGlobalAdmin as last:
        form.add_error(None, last.reason)
