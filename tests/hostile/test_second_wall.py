"""The access matrix once more with the first wall pulled down: only the database refuses.

Every ``visible_to`` returns everything. Row-level security alone must keep the rows of others
away: no page of anybody's shows a canary, and no button of anybody's moves a foreign row.
"""

import pytest
from django.apps import apps

from portal.accounts.roles import GRANTS, Kind, Role
from tests.access import make_world
from tests.conftest import Browser
from tests.factories import make_membership
from tests.hostile.attacker import text_of
from tests.hostile.canaries import CANARY, heard, models_with_text, text_columns
from tests.hostile.scene import KINDS
from tests.hostile.state import changed, everything
from tests.hostile.test_foreign_ids import LISTS
from tests.test_access import ABOUT_ROWS, EVERYBODY, PAGES, home_of

# Columns that hold canaries elsewhere, but no row of the world has anything in them.
UNUSED = {
    "exclusiveplan",  # the catalogue is for everybody
    "priceupload",  # operators alone see the files it came from
    "viewas",  # and what they looked at
    "tries",  # fingerprints
    *("emailaddress", "emailconfirmation", "usersession", "authenticator", "logentry", "group"),
    "heartbeat",
    "mutedtopic",
}


@pytest.fixture
def no_first_wall(monkeypatch):
    """Every queryset's ``visible_to`` shows all rows."""
    pulled = 0
    for model in apps.get_models():
        queryset = type(model._default_manager.all())
        if hasattr(queryset, "visible_to"):
            monkeypatch.setattr(queryset, "visible_to", lambda rows, membership: rows)
            monkeypatch.setattr(
                type(model._default_manager), "visible_to", lambda manager, _who: manager.all()
            )
            pulled += 1
    assert pulled == 39


@pytest.fixture
def ours(db, foreign, no_first_wall):
    return make_world()


def ask(browser, name, world, organization):
    page = PAGES[name]
    slug = browser.membership.organization.slug
    url = browser.url(name, *page.arguments(world))
    assert f"/o/{slug}/" in url
    return getattr(browser, page.method)(url, page.data, follow=True)


def test_the_first_wall_is_really_down(ours, foreign):
    membership = make_membership(organization=ours.provider)
    for model in apps.get_models():
        if hasattr(type(model._default_manager.all()), "visible_to"):
            everybodys = model._default_manager.visible_to(membership).count()
            assert everybodys == model._base_manager.count() > 0, model


def test_every_text_of_the_foreign_world_is_a_canary(foreign):
    silent = []
    for model in models_with_text():
        if model._meta.model_name in UNUSED:
            continue
        for field in text_columns(model):
            singing = model._base_manager.filter(**{f"{field.name}__icontains": CANARY})
            silent += [] if singing.exists() else [f"{model._meta.model_name}.{field.name}"]
    assert silent == []


@pytest.mark.parametrize("kind,role", EVERYBODY)
def test_no_page_shows_anything_of_others(ours, kind, role):
    organization = home_of(ours, kind)
    browser = Browser(make_membership(role, organization=organization))
    told, shown = [], 0
    for name in PAGES:
        response = ask(browser, name, ours, organization)
        told += [(name, song) for song in heard(text_of(response))]
        shown += response.status_code == 200
    assert told == []
    assert shown >= 2


@pytest.mark.parametrize("kind", Kind)
def test_rows_of_others_are_not_there(ours, foreign, kind):
    organization = home_of(ours, kind)
    browser = Browser(make_membership(Role.GLOBAL_ADMIN, organization=organization))
    before, wrong = everything(), []
    for name in ABOUT_ROWS:
        response = ask(browser, name, foreign, organization)
        songs = heard(text_of(response))
        if response.status_code not in {403, 404} or songs:
            wrong.append((name, response.status_code, songs))
    assert wrong == []
    assert changed(before) == []


@pytest.mark.parametrize("who", LISTS)
def test_searching_for_others_finds_nothing(scene, foreign, no_first_wall, who):
    browser = scene.browser(who)
    for page in LISTS[who]:
        text = browser.get(scene.url(page, who, q=CANARY)).text
        assert foreign.customer.domain not in text
        assert foreign.customer.reference not in text


@pytest.mark.parametrize("kind", Kind)
def test_buttons_do_nothing_to_rows_of_others(scene, foreign, no_first_wall, kind):
    """Every POST of the matrix, aimed at the foreign world."""
    who = KINDS[kind]
    browser, before = scene.browser(who), everything()
    may = set().union(*GRANTS[kind].values())
    for name in ABOUT_ROWS:
        if PAGES[name].permission in may:
            url = browser.url(name, *PAGES[name].arguments(foreign))
            answer = browser.post(url, {"confirmed": "on", "version": "2026-01", "next": "x"})
            assert answer.status_code in {404, 405}, name
    assert changed(before) == []
