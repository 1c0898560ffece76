"""The forms of the sign-in package, with limits that hold and words of our own."""

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.core.internal.ratelimit import get_ip
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.accounts import services, tries


class CodeMixin:
    """A code of a second factor: so many tries for each person, and each code once.

    Spaces may be typed, as the apps show them.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"

    def clean_code(self):
        taken = tries.take_or_refuse((tries.CODE, self.user.pk))
        try:
            code = super().clean_code()
        except ValidationError as error:
            words = tries.after_mistake(_("This code is not right."), taken)
            raise ValidationError(words, code="incorrect_code") from error
        tries.give_back(taken)
        return code


class OnceMixin(CodeMixin):
    """The package forgets a code after 30 seconds, while its neighbours are good for 90."""

    def clean_code(self):
        code = super().clean_code()
        if tries.take(tries.USED_CODE, (self.user.pk, normalize_user_code(code))).is_refused:
            raise ValidationError(_("This code has been used. Wait for the next one."))
        return code


class AuthenticateForm(OnceMixin, mfa.AuthenticateForm):
    pass


class ReauthenticateForm(OnceMixin, mfa.ReauthenticateForm):
    pass


class ActivateTOTPForm(CodeMixin, totp.ActivateTOTPForm):
    pass


class ChangePasswordForm(account.ChangePasswordForm):
    """Whoever found an open session can't guess the password either."""

    def clean_oldpassword(self):
        taken = tries.take_or_refuse((tries.PASSWORD, self.user.pk))
        try:
            password = super().clean_oldpassword()
        except ValidationError as error:
            words = tries.after_mistake(_("The password is not right."), taken)
            raise ValidationError(words, code="incorrect_password") from error
        tries.give_back(taken)
        return password


class ResetPasswordForm(account.ResetPasswordForm):
    """Asks for a mail: so many from one address of the network, and to one address of mail.

    Whether there is such an account is found out by the worker that writes the mail: neither the
    answer nor the time it takes can tell.
    """

    def clean_email(self):
        email, address = self.cleaned_data["email"], get_ip(get_adapter().request)
        tries.take_or_refuse((tries.LETTERS, address), (tries.LETTER, email.lower()))
        return email

    def save(self, request, **kwargs):
        services.promise_new_password(self.cleaned_data["email"])
