"""Every address of the portal, with somebody who may ask for it and the rows it is about."""

from typing import NamedTuple

from django.urls import get_resolver

from portal.accounts.roles import Kind
from tests.hostile.forms import FORMS, SIGN_IN_FORMS
from tests.hostile.scene import KINDS
from tests.test_access import PAGES

# Addresses outside organizations with something variable in them.
ABOUT = {"provider_profile": ["slug"], "invitation_ask": ["token"], "calendar_feed": ["token"]}
# Pages about rows that are not those of the matrix: files of users that the customer uploaded.
OWN_FILES = ("customers:own_upload_detail", "customers:own_upload_result")


class Address(NamedTuple):
    name: str
    who: str
    url: str


def names(resolver=None, namespace=""):
    """The names of all addresses but those of Django admin (see test_operators)."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if not hasattr(pattern, "url_patterns"):
            yield namespace + pattern.name
        elif pattern.app_name != "admin":
            prefix = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from names(pattern, namespace + prefix)


def addresses(scene):
    """An Address for each of ``names``."""
    forms = {form.name: form for form in (*SIGN_IN_FORMS, *FORMS)}
    for name in names():
        if form := forms.get(name):
            who, about = form.who, form.about
        elif name in OWN_FILES:
            who, about = "customer_staff", ["own_upload"]
        elif name in PAGES:
            who = KINDS[(PAGES[name].kinds or tuple(Kind))[0]]
            about = [f"world.{attribute}" for attribute in PAGES[name].about]
        else:
            who, about = "staff", ABOUT.get(name, ())
        yield Address(name, who, scene.url(name, who, about))
