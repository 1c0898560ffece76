"""Builds the mails about signing in; the outbox sends them."""

from zoneinfo import ZoneInfo

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from portal.letters import compose, letter
from portal.links import public_url
from portal.text import unlinked

# What the sign-in package tells people of, by its name.
EVENTS = {
    "password_changed": gettext_noop("The password was changed."),
    "password_set": gettext_noop("A password was set."),
    "password_reset": gettext_noop("A new password was chosen with a link from an email."),
    "email_changed": gettext_noop("The email address was changed."),
    "email_deleted": gettext_noop("An email address was removed."),
    "email_confirm": gettext_noop("An email address was confirmed."),
    "totp_activated": gettext_noop("An authenticator app was added as second factor."),
    "totp_deactivated": gettext_noop("The authenticator app was removed."),
    "webauthn_added": gettext_noop("A passkey was added."),
    "webauthn_removed": gettext_noop("A passkey was removed."),
    "recovery_codes_generated": gettext_noop("New recovery codes were made."),
}


def new_password_link(person):
    """To somebody who forgot their password: the link is good once, and only for a while."""
    uid, key = user_pk_to_url_str(person), default_token_generator.make_token(person)
    link = public_url(reverse("account_reset_password_from_key", args=[uid, key]))
    hours = settings.PASSWORD_RESET_TIMEOUT // 3600
    return _to_person("new_password", person, link=link, hours=hours)


def security_notice(person, event, *, to, at):
    """To the person: what of EVENTS happened to their account, and what to do if it wasn't them."""
    with timezone.override(ZoneInfo(person.time_zone)), override(person.language):
        what, moment = _(EVENTS[event]), date_format(localtime(at), "DATETIME_FORMAT")
    link = public_url(reverse("account_reset_password"))
    return _to_person("security", person, to=to, what=what, moment=moment, link=link)


def confirmation(address):
    """To a new address, before it replaces the old one."""
    key = EmailConfirmationHMAC.create(address).key
    link = public_url(reverse("account_confirm_email", args=[key]))
    return _to_person("confirm_email", address.user, to=address.email, link=link)


def _to_person(name, person, *, to="", **context):
    context |= {
        "person": unlinked(str(person)),
        "login": person.username,
        "site": settings.SITE_NAME,
        "support": settings.SUPPORT_EMAIL,
    }
    written = letter(f"accounts/emails/{name}", person.language, **context)
    return compose(written, person.language, to=to or person.email, from_name=settings.SITE_NAME)
