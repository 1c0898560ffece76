"""What tests share is as good as new for each of them."""

from copy import deepcopy

import pytest

from portal.accounts.models import Organization
from tests.factories import make_organization


@pytest.fixture(scope="module")
def shared_organization(once):
    return once(lambda: make_organization(name="Nordwind"))


@pytest.fixture
def organization(db, shared_organization):
    return deepcopy(shared_organization)


@pytest.mark.parametrize("turn", range(2))
def test_no_test_finds_what_another_left(organization, turn):
    assert organization.name == "Nordwind"
    assert list(Organization.objects.values_list("name", flat=True)) == ["Nordwind"]

    organization.name = "Südwind"
    organization.save()
    make_organization()
