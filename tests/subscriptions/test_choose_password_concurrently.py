"""However many use the link of a customer's new user at once: one password, or none."""

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import CustomerUser
from portal.accounts.models import User
from portal.accounts.roles import Kind, Role
from portal.scope import OPERATOR, acting
from tests.conftest import Browser
from tests.factories import make_account_invitation, make_organization, make_person
from tests.staff.conftest import PASSWORD
from tests.staff.test_join_concurrently import race, statuses

CROWD = 12
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def invited():
    with acting(OPERATOR):
        customer = make_organization(Kind.CUSTOMER, domain="vogel.onportal.example")
        return make_account_invitation(make_person(customer))


@pytest.fixture
def url(invited):
    return reverse("first_password_link", args=[invited.token])


def account_of(invited):
    return User.objects.get(pk=invited.person.user_id)


def test_one_password_is_chosen(invited, url, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    passwords = [f"{PASSWORD} {number}" for number in range(CROWD)]

    answers = race([lambda p=p: Client().post(url, {"password": p}) for p in passwords])

    assert statuses(answers) == [302] + [410] * (CROWD - 1)
    with acting(OPERATOR):
        user = account_of(invited)
        assert len([each for each in passwords if user.check_password(each)]) == 1


def test_deleted_or_chosen_never_stuck(invited, url):
    """Both hold the user first and the invitation second: nobody waits for ever."""
    with acting(OPERATOR):
        admin = Browser(make_person(invited.organization, Role.GLOBAL_ADMIN).membership)
    delete = admin.url("subscriptions:own_user_delete", invited.person.pk)

    answers = race([lambda: admin.post(delete), lambda: Client().post(url, {"password": PASSWORD})])

    assert set(statuses(answers)) <= {302, 410}
    with acting(OPERATOR):
        invited.refresh_from_db()
        assert not CustomerUser.objects.get(pk=invited.person_id).is_active
        assert account_of(invited).has_usable_password() == (invited.status == "accepted")
