"""Where a customer's users are signed in: its own admins see and end it, its partners don't."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from portal.accounts.roles import Role
from portal.audit.models import AuditEntry
from tests.conftest import Browser
from tests.factories import make_customer, make_grant, make_person

AGENT = "Mozilla (X11; Linux x86_64) Chrome/140 Safari/537"
DETAIL, SIGN_OUT = "subscriptions:own_user_detail", "subscriptions:own_user_sign_out"


@pytest.fixture
def customer(provider):
    customer = make_customer(provider.organization)
    make_grant(customer)
    return customer


@pytest.fixture
def owner(customer):
    return make_person(customer.organization, Role.GLOBAL_ADMIN, name="Vera Vogel")


@pytest.fixture
def person(customer):
    return make_person(customer.organization, name="Ben Bauer")


def signed_in(person):
    browser = Browser(person.membership)
    key = browser.session.session_key
    UserSession.objects.create(
        user=person.user, ip="203.0.113.7", session_key=key, user_agent=AGENT
    )
    return browser


def edited(browser, person, role):
    data = {"first_name": "A", "last_name": "B", "display_name": "A B", "country": "DE"}
    return browser.send(DETAIL, person.pk, data=data | {"role": role})


def test_the_customers_admin_sees_and_ends_them(owner, person):
    Authenticator.objects.create(user=person.user, type=Authenticator.Type.TOTP, data={})
    browser, theirs = Browser(owner.membership), signed_in(person)

    page = browser.open(DETAIL, person.pk).text
    assert "Chrome on Linux" in page and "203.0.…" in page and "Authenticator app" in page
    session = UserSession.objects.get(user=person.user).pk
    assert browser.send(SIGN_OUT, person.pk, data={"session": session}).status_code == 302

    assert theirs.open("subscriptions:home").url.startswith("/accounts/login/")
    assert [e.action for e in AuditEntry.objects.about(person)] == ["customeruser.signed_out"]
    again = browser.send(SIGN_OUT, person.pk, data={"session": session}, follow=True)
    assert "That session had ended already." in again.text


def test_everywhere_means_untracked_ones_too(owner, person):
    theirs = Browser(person.membership)
    Browser(owner.membership).send(SIGN_OUT, person.pk)
    assert theirs.open("subscriptions:home").status_code == 302


def test_partners_end_and_see_nothing_of_it(provider, customer, person):
    signed_in(person)
    page = Browser(provider).open("subscriptions:user_detail", customer.pk, person.pk).text
    assert "Sign out everywhere" not in page and "Chrome on Linux" not in page
    assert Browser(provider).send(SIGN_OUT, person.pk).status_code == 404


def test_user_admins_leave_global_admins_alone(owner, customer):
    lower = make_person(customer.organization, Role.USER_ADMIN)
    signed_in(owner)
    browser = Browser(lower.membership)
    assert "Chrome on Linux" not in browser.open(DETAIL, owner.pk).text
    assert browser.send(SIGN_OUT, owner.pk).status_code == 403


def test_another_role_signs_out_at_once(owner, person):
    theirs = Browser(person.membership)
    assert edited(Browser(owner.membership), person, Role.USER_ADMIN).status_code == 302
    assert theirs.open("subscriptions:home").status_code == 302


def test_another_name_does_not(owner, person):
    theirs = Browser(person.membership)
    assert edited(Browser(owner.membership), person, "user").status_code == 302
    assert theirs.get("/accounts/me/").status_code == 200


def test_ones_own_role_leads_to_the_sign_in(owner, customer):
    make_person(customer.organization, Role.GLOBAL_ADMIN)
    browser = Browser(owner.membership)
    response = edited(browser, owner, "user")
    assert response.url == "/accounts/login/"
    assert "Your roles are changed." in browser.get(response.url).text


def test_the_list_tells_the_customers_own_admins_who_has_a_second_factor(provider, owner, person):
    Authenticator.objects.create(user=person.user, type=Authenticator.Type.WEBAUTHN, data={})
    mine = Browser(owner.membership).open("subscriptions:own_user_list").context["page"]
    assert {str(row): row.has_factor for row in mine.rows} == {str(owner): False, str(person): True}
    assert "Two-factor" in Browser(owner.membership).open("subscriptions:own_user_list").text


def test_the_list_does_not_tell_partners(provider, customer, person):
    page = Browser(provider).open("subscriptions:user_list", customer.pk)
    assert str(person) in page.text
    assert "Two-factor" not in page.text
