from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms import PlainForm, check_password


class ChoosePasswordForm(PlainForm):
    """The password of the account that a personal link opens."""

    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_(
            "At least 12 characters, not digits alone, not a common password, not like your name."
        ),
    )

    def __init__(self, data=None, *, user):
        super().__init__(data)
        self.user = user

    def clean(self):
        check_password(self, self.user)
        return self.cleaned_data
