"""Operators look at partners' rows in the Django admin."""

import pytest
from django.test import Client
from django.urls import reverse

from partners.models import Partnership, PartnershipRequest
from tests.factories import make_partner, make_partnership, make_request, make_user


@pytest.fixture
def operator(db, settings):
    settings.REQUIRE_MFA = False
    browser = Client()
    browser.force_login(
        make_user("operator@portal.example", is_staff=True, is_superuser=True),
        backend="portal.accounts.backends.AccountBackend",
    )
    return browser


@pytest.fixture
def rows(db):
    provider, reseller = make_partner("provider"), make_partner()
    return {
        "partnership": make_partnership(provider, reseller),
        "partnershiprequest": make_request(provider, recipient="a@b.example"),
        "partnerprofile": provider.partner,
        "mpnaccount": reseller.mpn_accounts.get(),
    }


@pytest.mark.parametrize(
    "name", ["partnership", "partnershiprequest", "partnerprofile", "mpnaccount"]
)
def test_lists_and_rows(operator, rows, name):
    listing = operator.get(reverse(f"admin:partners_{name}_changelist"), {"q": "a"})
    row = operator.get(reverse(f"admin:partners_{name}_change", args=[rows[name].pk]))

    assert (listing.status_code, row.status_code) == (200, 200)


def test_secrets_are_never_shown(operator, rows):
    request = rows["partnershiprequest"]

    text = operator.get(reverse("admin:partners_partnershiprequest_change", args=[request.pk])).text

    assert request.recipient in text
    for secret in (request.token, request.nonce, request.token_hash):
        assert secret not in text


@pytest.mark.parametrize("model", [Partnership, PartnershipRequest])
def test_rows_with_a_history_are_neither_made_nor_changed_nor_deleted(operator, rows, model):
    name = model._meta.model_name
    pk = rows[name].pk

    assert operator.get(reverse(f"admin:partners_{name}_add")).status_code == 403
    assert operator.post(reverse(f"admin:partners_{name}_change", args=[pk])).status_code == 403
    assert operator.post(reverse(f"admin:partners_{name}_delete", args=[pk])).status_code == 403
