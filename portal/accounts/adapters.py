from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.shortcuts import redirect, render

from portal.accounts.confirmation import is_confirmed
from portal.encryption import cipher


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        """Accounts come from enrolment, invitations and provisioning, never from a bare sign-up."""
        return False

    def is_safe_url(self, url):
        """Whether one may be sent on to ``url``; what can't be read as an address is not."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False

    def is_reauthentication_required(self, *, app, **kwargs):
        """The password is not asked for again by whoever has just signed in with it."""
        required = super().is_reauthentication_required(app=app, **kwargs)
        return required and not is_confirmed(self.request)

    def pre_login(self, request, user, **kwargs):
        """Closed to demonstration accounts without DEBUG and to unchanged temporary passwords."""
        if not user.may_sign_in:
            raise ImmediateHttpResponse(redirect("account_inactive"))
        if user.temporary_password_expired:
            context = {"ended_at": user.temporary_password_until}
            raise ImmediateHttpResponse(
                render(request, "account/temporary_password_ended.html", context, status=403)
            )
        return super().pre_login(request, user, **kwargs)


class MultiFactorAdapter(DefaultMFAAdapter):
    """Seeds of second factors are stored encrypted."""

    def encrypt(self, text):
        return cipher("twotier.mfa").encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return cipher("twotier.mfa").decrypt(encrypted_text.encode()).decode()
