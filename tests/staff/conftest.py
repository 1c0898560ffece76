import pytest

from portal.accounts.roles import Role
from tests.conftest import Browser
from tests.factories import make_membership


@pytest.fixture
def staff(provider):
    return Browser(provider)


@pytest.fixture
def colleague(provider):
    """Somebody of the provider who sells."""
    member = make_membership(Role.SALES_AGENT, organization=provider.organization)
    member.user.first_name, member.user.last_name = "Theo", "Roth"
    member.user.save()
    return member
