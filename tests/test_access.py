"""Every page of an organization, asked by every role, and by people from elsewhere."""

from contextlib import contextmanager
from copy import deepcopy
from importlib import import_module

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from portal.accounts.roles import GRANTS, Kind, Role, roles_with
from portal.links import PAGES as ORGANIZATION_URLS
from portal.links import reverse
from tests.access import make_world
from tests.conftest import Browser
from tests.factories import make_membership, make_user

APPS = ["partners", "customers", "subscriptions", "staff", "kernel"]
PAGES = {
    name: page for app in APPS for name, page in import_module(f"tests.{app}.pages").PAGES.items()
}
EVERYBODY = [(kind, role) for kind in Kind for role in GRANTS[kind]]
ABOUT_ROWS = [name for name, page in PAGES.items() if page.about]


def views(resolver, namespace=""):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            prefix = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from views(pattern, namespace + prefix)
        else:
            yield namespace + pattern.name, pattern.callback


def ask(browser, name, world, organization):
    page = PAGES[name]
    url = reverse(name, *page.arguments(world), organization=organization)
    return getattr(browser, page.method)(url, page.data)


@pytest.fixture(scope="module")
def worlds(once):
    return once(lambda: (make_world(), make_world()))


@pytest.fixture
def world(db, worlds):
    return deepcopy(worlds[0])


@pytest.fixture
def elsewhere(db, worlds):
    return deepcopy(worlds[1])


def home_of(world, kind):
    """The organization of this kind that has a part in the world's rows."""
    return {"provider": world.provider, "reseller": world.reseller}.get(kind, world.organization)


def test_every_view_is_listed_with_the_permission_it_requires():
    found = {
        name: getattr(view, "permission", None)
        for name, view in views(get_resolver(ORGANIZATION_URLS))
    }
    assert found == {name: page.permission for name, page in PAGES.items()}


@contextmanager
def undone():
    """What is done in this block never happened: a world can be asked many times."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", PAGES)
def test_others_are_kept_out(world, name):
    with undone():
        response = ask(Client(), name, world, world.provider)
        assert response.status_code == 302, "signed out"
        assert response["Location"].startswith("/accounts/login/?next=/o/")
    with undone():
        stranger = Browser(make_membership())
        assert ask(stranger, name, world, world.provider).status_code == 404, "a stranger"
    with undone():
        membership = make_membership(organization=world.provider)
        membership.roles = []
        membership.save()
        expected = 403 if roles_with(Kind.PROVIDER, PAGES[name].permission) else 404
        answer = ask(Browser(membership), name, world, world.provider)
        assert answer.status_code == expected, "a member without a role"


@pytest.mark.parametrize("name", PAGES)
def test_the_role_decides(world, name):
    wrong = []
    for kind, role in EVERYBODY:
        with undone():
            organization = home_of(world, kind)
            browser = Browser(make_membership(role, organization=organization))
            status = ask(browser, name, world, organization).status_code
        if status not in answers_for(PAGES[name], kind, role):
            wrong.append(f"{role} of a {kind}: {status}")
    assert wrong == []


def answers_for(page, kind, role):
    """The statuses that are right for this role on ``page``."""
    if page.permission not in GRANTS[kind][role]:
        return {403 if roles_with(kind, page.permission) else 404}
    if kind not in page.kinds:
        return {302, 404}
    return {page.refuses} if page.refuses else {200, 302, 409, 422}


@pytest.mark.parametrize("name", ABOUT_ROWS)
def test_rows_of_another_tenant_are_not_there(world, elsewhere, name):
    permission, wrong = PAGES[name].permission, []
    for kind in Kind:
        with undone():
            organization = home_of(world, kind)
            browser = Browser(make_membership(Role.GLOBAL_ADMIN, organization=organization))
            status = ask(browser, name, elsewhere, organization).status_code
        allowed = permission in GRANTS[kind][Role.GLOBAL_ADMIN]
        if status != (404 if allowed or not roles_with(kind, permission) else 403):
            wrong.append(f"{kind}: {status}")
    assert wrong == []


def test_losing_a_role_works_at_once(world):
    membership = make_membership(Role.SALES_AGENT, organization=world.provider)
    browser = Browser(membership)
    assert browser.open("subscriptions:order_list").status_code == 200

    membership.roles = [Role.USER_ADMIN]
    membership.save()

    assert browser.open("subscriptions:order_list").status_code == 403


def test_a_refusal_names_the_colleagues_who_may(world):
    make_membership(
        Role.GLOBAL_ADMIN,
        organization=world.provider,
        user=make_user(first_name="Grace", last_name="Hopper"),
    )
    browser = Browser(make_membership(Role.USER_ADMIN, organization=world.provider))

    response = browser.open("subscriptions:order_list")

    assert response.status_code == 403
    assert "Grace Hopper" in response.text
