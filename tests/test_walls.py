"""Row-level security holds without any help from the application."""

import pytest
from django.db import ProgrammingError, transaction

from customers.models import Customer
from portal.scope import NOBODY, acting
from tests.factories import make_customer


def test_forgotten_filter_shows_only_ones_own(provider, outsider):
    make_customer(provider.organization, company_name="Ours")
    make_customer(outsider.organization, company_name="Theirs")

    with acting(provider.actor):
        assert [customer.company_name for customer in Customer.objects.all()] == ["Ours"]


def test_forgotten_scope_is_loud(provider):
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with refused, acting(NOBODY), transaction.atomic():
        list(Customer.objects.all())
