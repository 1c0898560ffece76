import pytest
from django.urls import reverse

from portal.accounts.roles import Role
from tests.conftest import Browser
from tests.factories import make_invitation, make_membership

PASSWORD = "correct horse battery"


def typed(**fields):
    """What *Add user* sends."""
    return {
        "first_name": "Ida",
        "last_name": "Ivens",
        "roles": ["user_admin"],
        "how": "asked",
        "email": "ida@nordwind.example",
        "account": "",
        "language": "en",
    } | fields


def join_url(invitation):
    return reverse("join", args=[invitation.token])


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


@pytest.fixture
def admin(provider, browser_of):
    """The global admin's browser."""
    return browser_of(provider)


@pytest.fixture
def user_admin(provider):
    return make_membership(Role.USER_ADMIN, organization=provider.organization)


@pytest.fixture
def invitation(provider):
    return make_invitation(provider.organization, Role.SALES_AGENT, invited_by=provider.user)
