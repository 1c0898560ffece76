"""Operators work in Django admin: every model is there, states are read-only, secrets hidden."""

from copy import deepcopy

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission as Right
from django.test import Client
from django.urls import reverse

from portal.lifecycle import Lifecycle
from tests.access import make_world
from tests.conftest import confirm
from tests.factories import make_membership, make_user

KERNEL = {"accounts", "staff", "audit", "outbox", "impersonation", "notices"}
OURS = KERNEL | {"partners", "customers", "subscriptions"}
MODELS = [model for model in apps.get_models() if model._meta.app_label in OURS]
SIGN_IN = ("emailaddress", "authenticator", "usersession")
SECRETS = {"nonce", "token_hash", "lease"}


@pytest.fixture
def operator(db):
    user = make_user("operator@portal.test", is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(user, backend="portal.accounts.backends.AccountBackend")
    confirm(client, user)
    return client


@pytest.fixture(scope="module")
def worlds(once):
    return once(make_world)


@pytest.fixture
def world(db, worlds):
    return deepcopy(worlds)


def admin_url(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", MODELS)
def test_every_model_is_there(model):
    assert model in admin.site._registry


@pytest.mark.parametrize("model", MODELS)
def test_its_list_can_be_searched_and_its_rows_opened(operator, world, model):
    query = {"q": "x"} if admin.site._registry[model].search_fields else {}
    assert operator.get(admin_url(model, "changelist"), query).status_code == 200
    row = model._base_manager.first()
    if row:
        assert operator.get(admin_url(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", [model for model in MODELS if issubclass(model, Lifecycle)])
def test_states_are_read_only(operator, world, model):
    row = model._base_manager.first()
    if row is None:
        pytest.fail(f"The world has no {model._meta.model_name} to look at.")
    page = operator.get(admin_url(model, "change", row.pk)).text
    assert 'name="status"' not in page


@pytest.mark.parametrize("model", MODELS)
def test_secrets_are_not_shown(operator, world, model):
    secret_fields = [f.name for f in model._meta.get_fields() if f.name in SECRETS]
    row = model._base_manager.first()
    if row is None or not secret_fields:
        return
    page = operator.get(admin_url(model, "change", row.pk)).text
    for name in secret_fields:
        value = getattr(row, name)
        assert not value or str(value) not in page


def test_password_hashes_are_not_shown(operator, world):
    user = make_membership().user
    page = operator.get(admin_url(type(user), "change", user.pk)).text
    assert user.password not in page


def test_staff_of_partners_are_no_operators(world, browser_of):
    response = browser_of(make_membership(organization=world.provider)).get("/admin/")
    assert response.status_code in {302, 403, 404}
    assert "Site administration" not in response.text


def test_operators_have_no_place_in_organizations(operator, world):
    assert operator.get(f"/o/{world.provider.slug}/").status_code == 404


def rights(user, *names):
    user.user_permissions.set(Right.objects.filter(codename__in=names))
    client = Client()
    client.force_login(user, backend="portal.accounts.backends.AccountBackend")
    confirm(client, user)
    return client


def test_no_operator_gives_an_account_another_factor_or_address(db):
    boss = make_user("boss@portal.test", is_staff=True, is_superuser=True)
    own = make_user("own@portal.test", is_staff=True)
    names = [f"{do}_{what}" for do in ("view", "add", "change", "delete") for what in SIGN_IN]
    browser = rights(own, *names)
    key = Authenticator.objects.create(user=make_user(), type="totp", data={"secret": "seed"})
    theirs = Authenticator.objects.create(user=boss, type="totp", data={"secret": "other"})

    for model, row in ((Authenticator, key), (Authenticator, theirs)):
        assert (
            browser.post(admin_url(model, "change", row.pk), {"user": boss.pk}).status_code == 403
        )
        assert "seed" not in browser.get(admin_url(model, "change", row.pk)).text
    assert browser.get(admin_url(EmailAddress, "add")).status_code == 403
    assert browser.post(admin_url(Authenticator, "delete", theirs.pk)).status_code == 403
    assert browser.get(admin_url(Authenticator, "delete", key.pk)).status_code == 200
