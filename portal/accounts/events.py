"""What happens at the door, in the log of every organization the person belongs to.

It happens outside of any organization: each entry is written in the scope of its own.
"""

from allauth.account import signals as account
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_out

from portal.accounts import services, tries
from portal.accounts.second_factor import FACTORS
from portal.audit.services import record
from portal.scope import acting

# What the sign-in package calls the ways to sign in, and what the log calls them.
WAYS = {"totp": "app", "recovery_codes": "recovery code", "webauthn": "passkey"}


def note(action, user, *, by_themselves=True, **details):
    """Record ``action`` about ``user`` wherever they have a place."""
    for place in user.places:
        with acting(place.actor):
            actor = place if by_themselves else None
            record(action, actor=actor, target=place.organization, **details)


def note_failure(person):
    """A password that was not right: one entry a minute, whoever keeps trying."""
    if not tries.take(tries.NOTED, person.pk).is_refused:
        note("user.sign_in_failed", person, by_themselves=False, account=person.username)


def connect():
    """Listen to what the sign-in package tells; called once, when all apps are there."""
    heard = {
        account.user_logged_in: _signed_in,
        user_logged_out: _signed_out,
        account.password_changed: _says("user.password_changed"),
        account.password_set: _says("user.password_changed"),
        account.password_reset: _says("user.password_reset"),
        account.email_changed: _says("user.email_changed"),
        mfa.authenticator_added: _factor("user.factor_added"),
        mfa.authenticator_removed: _factor("user.factor_removed"),
        mfa.authenticator_reset: _says("user.codes_made"),
        mfa.authenticator_used: _code_used,
    }
    for signal, hear in heard.items():
        signal.connect(hear, weak=False, dispatch_uid="portal.accounts.events")
    for signal in (account.password_changed, account.password_set, account.password_reset):
        signal.connect(_new_password, weak=False, dispatch_uid="new password")


def _signed_in(request, user, **kwargs):
    records = get_authentication_records(request, user)
    ways = [WAYS.get(each.get("type"), each["method"]) for each in records]
    note("user.signed_in", user, ways=list(dict.fromkeys(ways)))


def _signed_out(request, user, **kwargs):
    if user and user.is_authenticated:
        ended = getattr(request, "session_ended", "")
        note("user.session_ended" if ended else "user.signed_out", user)


def _new_password(user, **kwargs):
    services.forget_unconfirmed(user)


def _code_used(user, authenticator, **kwargs):
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        note("user.code_used", user)


def _says(action):
    return lambda user, **kwargs: note(action, user)


def _factor(action):
    def hear(user, authenticator, **kwargs):
        if authenticator.type in FACTORS:
            note(action, user, way=WAYS[authenticator.type])

    return hear
