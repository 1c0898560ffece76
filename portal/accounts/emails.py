"""Builds the mails about signing in; the outbox sends them."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from portal.letters import compose, letter
from portal.links import public_url
from portal.text import unlinked


def new_password_link(person):
    """To somebody who forgot their password: the link is good once, and only for a while."""
    uid, key = user_pk_to_url_str(person), default_token_generator.make_token(person)
    link = public_url(reverse("account_reset_password_from_key", args=[uid, key]))
    hours = settings.PASSWORD_RESET_TIMEOUT // 3600
    return _to_person("new_password", person, link=link, hours=hours)


def _to_person(name, person, **context):
    context |= {
        "person": unlinked(str(person)),
        "login": unlinked(person.username),
        "site": settings.SITE_NAME,
    }
    written = letter(f"accounts/emails/{name}", person.language, **context)
    return compose(written, person.language, to=person.email, from_name=settings.SITE_NAME)
