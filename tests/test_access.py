"""Every page of an organization, asked by every role, and by people from elsewhere."""

from importlib import import_module

import pytest
from django.test import Client
from django.urls import get_resolver

from portal.accounts.roles import GRANTS, Kind, Role, roles_with
from portal.links import PAGES as ORGANIZATION_URLS
from portal.links import reverse
from tests.access import make_world
from tests.conftest import Browser
from tests.factories import make_membership, make_user

APPS = ["partners", "customers", "subscriptions", "kernel"]
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


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def elsewhere(db):
    return make_world()


def home_of(world, kind):
    """The organization of this kind that has a part in the world's rows."""
    return {"provider": world.provider, "reseller": world.reseller}.get(kind, world.organization)


def test_every_view_is_listed_with_the_permission_it_requires():
    found = {
        name: getattr(view, "permission", None)
        for name, view in views(get_resolver(ORGANIZATION_URLS))
    }
    assert found == {name: page.permission for name, page in PAGES.items()}


@pytest.mark.parametrize("name", PAGES)
def test_signed_out_visitors_are_sent_to_sign_in(world, name):
    response = ask(Client(), name, world, world.provider)

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=/o/")


@pytest.mark.parametrize("name", PAGES)
def test_signed_in_strangers_find_nothing(world, name):
    stranger = Browser(make_membership())

    assert ask(stranger, name, world, world.provider).status_code == 404


@pytest.mark.parametrize("kind,role", EVERYBODY)
@pytest.mark.parametrize("name", PAGES)
def test_the_role_decides(world, name, kind, role):
    organization, page = home_of(world, kind), PAGES[name]
    browser = Browser(make_membership(role, organization=organization))

    status = ask(browser, name, world, organization).status_code

    if page.permission in GRANTS[kind][role]:
        answers = {page.refuses} if page.refuses else {200, 302, 409, 422}
        assert status in (answers if kind in page.kinds else {302, 404})
    else:
        assert status == (403 if roles_with(kind, page.permission) else 404)


@pytest.mark.parametrize("name", PAGES)
def test_a_member_without_a_role_is_refused(world, name):
    membership = make_membership(organization=world.provider)
    membership.roles = []
    membership.save()

    expected = 403 if roles_with(Kind.PROVIDER, PAGES[name].permission) else 404
    assert ask(Browser(membership), name, world, world.provider).status_code == expected


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("name", ABOUT_ROWS)
def test_rows_of_another_tenant_are_not_there(world, elsewhere, name, kind):
    organization = home_of(world, kind)
    browser = Browser(make_membership(Role.GLOBAL_ADMIN, organization=organization))

    status = ask(browser, name, elsewhere, organization).status_code

    allowed = PAGES[name].permission in GRANTS[kind][Role.GLOBAL_ADMIN]
    assert status == (404 if allowed or not roles_with(kind, PAGES[name].permission) else 403)


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
