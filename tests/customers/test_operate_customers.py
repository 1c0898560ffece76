"""Operators see everything about customers and write no status and no secret."""

import pytest
from django.contrib import admin
from django.test import Client

from customers.models import AdminAccount, Customer, DelegatedAdmin
from tests.factories import make_user


@pytest.fixture
def operator(db):
    client = Client()
    client.force_login(
        make_user(is_staff=True, is_superuser=True),
        backend="portal.accounts.backends.AccountBackend",
    )
    return client


@pytest.mark.parametrize("model", [Customer, AdminAccount, DelegatedAdmin])
def test_lists_and_single_pages_open(operator, provisioned, model):
    path = f"/admin/customers/{model._meta.model_name}/"

    assert operator.get(path, {"q": "vogel"}).status_code == 200
    assert operator.get(f"{path}{model.objects.first().pk}/change/").status_code == 200
    assert operator.get(f"{path}add/").status_code == 403
    assert operator.get(f"{path}{model.objects.first().pk}/delete/").status_code == 403


@pytest.mark.parametrize("model", [Customer, AdminAccount, DelegatedAdmin])
def test_a_status_is_never_written_by_hand(operator, provisioned, model, rf):
    row, site = model.objects.first(), admin.site.get_model_admin(model)
    before = row.status
    request = rf.get("/")
    request.user = make_user(is_staff=True, is_superuser=True)

    assert not site.has_change_permission(request, row) or "status" in site.readonly_fields
    path = f"/admin/customers/{model._meta.model_name}/{row.pk}/change/"
    operator.post(path, {"status": "removed", "company_name": "X GmbH"})
    row.refresh_from_db()
    assert row.status == before
