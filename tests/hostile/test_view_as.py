"""Whoever sees the portal as somebody else gets to no secret, whatever was allowed."""

import itertools
from functools import cache, partial

import pytest
from django.test import Client
from django.urls import reverse

from customers.services import accounts, uploads, users
from portal import tokens
from portal.accounts.roles import NEVER_AS_SOMEBODY_ELSE
from portal.impersonation.limits import PAGES as CLOSED
from portal.impersonation.models import ViewAs
from portal.links import reverse as reverse_page
from subscriptions.services import calendars
from tests.hostile.addresses import addresses, names
from tests.hostile.forms import FORMS
from tests.hostile.scene import Scene
from tests.hostile.state import undone
from tests.test_access import PAGES as MATRIX

CANARY = "kolibri"
numbers = itertools.count(1)


@pytest.fixture
def singing(monkeypatch):
    """Every password, personal link and calendar address that is made has the canary in it."""
    make = tokens.make
    monkeypatch.setattr(tokens, "make", lambda *args: f"{CANARY}-{make(*args)}")
    for module in (accounts, uploads, users):
        monkeypatch.setattr(module, "new_password", lambda: f"{CANARY}-{next(numbers)}")
    monkeypatch.setattr(
        calendars.secrets, "token_urlsafe", lambda size: f"{CANARY}-{next(numbers)}"
    )


@pytest.fixture
def scene(db, singing, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    return Scene()


def viewing(scene, who):
    """An operator's browser that sees all that this person may, changes allowed."""
    desk = Client()
    desk.post("/accounts/login/", {"login": scene.operator.username, "password": "demo"})
    person = getattr(scene, who).user
    url = reverse("admin:impersonation_viewas_start", args=[person.pk])
    desk.post(url, {"reason": "Ticket 812", "may_write": "on"})
    desk.defaults["HTTP_X_SEEN_AS"] = str(person.pk)  # as every page of this person's does
    assert ViewAs.objects.filter(person=person, ended_at=None).exists()
    return desk


def everything(scene, browser_for):
    """Each page that is an organization's, and each of its forms: its name, and how to ask it."""
    for address in addresses(scene):
        if ":" in address.name:
            yield address.name, partial(browser_for(address.who).get, address.url)
    for form in FORMS:
        if ":" in form.name:
            url = scene.url(form.name, form.who, form.about)
            yield form.name, partial(browser_for(form.who).get, url)
            yield form.name, partial(browser_for(form.who).post, url, form.valid(scene))


def heard(answer):
    content = b"" if answer.streaming else answer.content
    return CANARY.encode() in content.lower() or CANARY in answer.get("Location", "").lower()


def singers(scene, browser_for):
    """The pages that show a secret; each is asked as if nothing had happened before."""
    found, asked = set(), 0
    for name, ask in everything(scene, browser_for):
        with undone():
            found |= {name} if heard(ask()) else set()
        asked += 1
    return found, asked


def test_no_secret_is_seen_as_somebody_else(scene):
    theirs, asked = singers(scene, cache(scene.browser))
    ours, again = singers(scene, cache(partial(viewing, scene)))

    assert asked == again > 200
    assert {"partners:request_link", "customers:relationship_detail"} <= theirs
    assert ours == set()


def test_rights_over_passwords_and_people_are_left_behind(scene):
    """Also where a page shows its secret only after another one was asked."""
    names = [name for name, page in MATRIX.items() if page.permission in NEVER_AS_SOMEBODY_ELSE]
    world, desk = scene.world, viewing(scene, "staff")
    assert {"customers:user_password_reveal", "customers:user_reset"} <= set(names)

    for name in names:
        page = MATRIX[name]
        url = reverse_page(name, *page.arguments(world), organization=scene.provider)
        with undone():
            assert getattr(desk, page.method)(url, page.data).status_code in {403, 404}, name


def test_closed_pages_exist(db):
    assert set(names()) >= CLOSED
