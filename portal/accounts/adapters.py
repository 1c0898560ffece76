from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.ratelimit import get_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from portal.accounts import events, second_factor, seeds, services, tries
from portal.accounts.confirmation import is_confirmed
from portal.accounts.devices import device_name
from portal.accounts.helpers import helpers_of
from portal.accounts.models import User

PROVEN = "signing_in"  # in the session: what the sign-in that has begun was good for
NOT_RIGHT = _("Account name or password is not right.")
WRONG = {
    "username_password_mismatch": NOT_RIGHT,
    "email_password_mismatch": NOT_RIGHT,
    "incorrect_password": _("The password is not right."),
}


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

    def pre_authenticate(self, request, **credentials):
        """Count this try before anything is compared, whether there is such an account or not."""
        login = (credentials.get("username") or credentials.get("email") or "").strip().lower()
        person = User.objects.called(login)
        request.sign_in_tries = tries.take_or_refuse(
            (tries.ADDRESS, get_ip(request)), (tries.PASSWORD, person.pk if person else login)
        )

    def authenticate(self, request, **credentials):
        """The person whose password that is, or None; a right one does not count as a try."""
        person = super().authenticate(request, **credentials)
        if person:
            tries.give_back(request.sign_in_tries)
        return person

    def authentication_failed(self, request, **credentials):
        person = User.objects.called(credentials.get("username") or credentials.get("email") or "")
        if person:
            events.note_failure(person)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """Tell the person what has changed about signing in; ``email`` is an address they had."""
        services.promise_security_notice(user, template_prefix.rpartition("/")[2], email=email)

    def send_confirmation_mail(self, request, emailconfirmation, signup):
        services.promise_confirmation(emailconfirmation.email_address)

    def validation_error(self, code, *args):
        """Whichever of the two was wrong, and whether there is such an account: one sentence."""
        wrong = WRONG.get(code)
        if wrong is None:
            return super().validation_error(code, *args)
        return ValidationError(tries.after_mistake(str(wrong), self.request.sign_in_tries), code)

    def pre_login(self, request, user, **kwargs):
        """Closed to demonstration accounts without DEBUG and to unchanged temporary passwords."""
        if not user.may_sign_in:
            raise ImmediateHttpResponse(redirect("account_inactive"))
        if user.temporary_password_expired:
            helpers = helpers_of(user)
            context = {"ended_at": user.temporary_password_until, "helpers": helpers}
            raise ImmediateHttpResponse(
                render(request, "account/temporary_password_ended.html", context, status=403)
            )
        request.session[PROVEN] = user.get_session_auth_hash()
        return super().pre_login(request, user, **kwargs)

    def login(self, request, user):
        """Sign in, unless password or rights were taken away while a second factor was awaited."""
        if request.session.pop(PROVEN, None) != user.get_session_auth_hash():
            messages.info(request, _("Your account was changed in the meantime. Sign in again."))
            raise ImmediateHttpResponse(redirect("account_login"))
        super().login(request, user)


class MultiFactorAdapter(DefaultMFAAdapter):
    """Seeds are stored encrypted; where a second factor is required, the last one stays."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _(
            "You need a second factor here. Add a passkey before you remove the app."
        ),
    }

    def encrypt(self, text):
        return seeds.encrypt(text)

    def decrypt(self, encrypted_text):
        return seeds.decrypt(encrypted_text)

    def generate_authenticator_name(self, user, type):
        """Where the passkey was made tells keys apart when one has to go; people may say more."""
        return device_name(allauth_context.request.headers.get("User-Agent", ""))

    def can_delete_authenticator(self, authenticator):
        required = second_factor.is_required_of(authenticator.user)
        return not (required and second_factor.is_last(authenticator))

    def _get_site_name(self):
        return settings.SITE_NAME
