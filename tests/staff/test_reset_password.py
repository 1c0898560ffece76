"""A colleague's new password: who may have it made, and how it is shown once."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils.timezone import now

from portal.accounts.roles import Kind, Role
from portal.audit.models import AuditEntry
from portal.outbox.models import OutboxMessage
from portal.outbox.worker import work_once
from portal.staff.models import Handout
from tests.conftest import Browser
from tests.customers.test_show_setup_info import password_in, tables_holding
from tests.factories import make_membership
from tests.staff.conftest import typed

RESET, PAGE, REVEAL = "staff:member_reset", "staff:member_password", "staff:member_password_reveal"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def colleague(provider):
    return make_membership(Role.SALES_AGENT, organization=provider.organization)


def reset(browser, membership, **fields):
    return browser.send(RESET, membership.pk, data=fields)


def reveal(browser, membership, **extra):
    return browser.send(REVEAL, membership.pk, **extra)


def actions():
    entries = AuditEntry.objects.filter(target_type="accounts.membership").order_by("at")
    return list(entries.values_list("action", flat=True))


def test_looking_says_what_happens_and_does_nothing(admin, colleague):
    page = admin.open(RESET, colleague.pk).text

    assert "signed out" in page and "Also remove the second factor" in page
    colleague.user.refresh_from_db()
    assert colleague.user.check_password("demo")


def test_the_old_password_and_all_sessions_end_now(admin, colleague):
    theirs = Browser(colleague)
    assert theirs.open("subscriptions:home").status_code == 200

    response = reset(admin, colleague)

    assert response["Location"] == admin.url(PAGE, colleague.pk)
    assert theirs.open("subscriptions:home").status_code == 302
    login = {"login": colleague.user.username, "password": "demo"}
    assert Client().post("/accounts/login/", login).status_code == 200
    assert actions() == ["membership.reset"]


def test_the_password_is_shown_once_and_opens_one_page_only(admin, colleague):
    reset(admin, colleague)
    page = admin.open(PAGE, colleague.pk)
    assert password_in(page) is None and "Show temporary password" in page.text
    assert page["Cache-Control"] == "no-store"

    shown = reveal(admin, colleague, **HTMX)
    password = password_in(shown)

    assert shown["Cache-Control"] == "no-store"
    assert password_in(reveal(admin, colleague)) is None
    assert "can't be shown again" in admin.open(PAGE, colleague.pk).text
    assert tables_holding(password) == []
    assert actions() == ["membership.reset", "membership.revealed"]
    theirs = Client()
    login = {"login": colleague.user.username, "password": password}
    assert theirs.post("/accounts/login/", login).status_code == 302
    assert theirs.get("/")["Location"] == "/accounts/first-password/"


def test_it_ends_unused(admin, colleague, settings):
    settings.TEMPORARY_PASSWORD_LIFETIME = timedelta(days=3)
    reset(admin, colleague)
    reveal(admin, colleague)

    colleague.user.refresh_from_db()
    left = colleague.user.temporary_password_until - now()
    assert timedelta(days=2, hours=23) < left <= timedelta(days=3)


def test_after_that_it_names_whom_to_ask(admin, colleague, provider):
    reset(admin, colleague)
    password = password_in(reveal(admin, colleague))
    type(colleague.user).objects.filter(pk=colleague.user_id).update(temporary_password_until=now())

    login = {"login": colleague.user.username, "password": password}
    response = Client().post("/accounts/login/", login)

    assert response.status_code == 403
    assert provider.user.email in response.text
    assert f"{now():%Y}" in response.text


def test_the_rules_are_shown_before_anybody_types(admin, colleague):
    reset(admin, colleague)
    login = {"login": colleague.user.username, "password": password_in(reveal(admin, colleague))}
    theirs = Client()
    theirs.post("/accounts/login/", login)

    assert "at least 12 characters" in theirs.get("/accounts/first-password/").text


def test_it_is_for_whoever_asked_in_the_same_session(admin, colleague, provider):
    reset(admin, colleague)
    other = Browser(make_membership(organization=provider.organization))

    assert password_in(reveal(other, colleague)) is None
    assert "A colleague asked" in other.open(PAGE, colleague.pk).text
    elsewhere = Browser(provider)
    assert password_in(reveal(elsewhere, colleague)) is None
    assert "in the session in which you asked" in elsewhere.open(PAGE, colleague.pk).text
    assert password_in(reveal(admin, colleague, HTTP_SEC_PURPOSE="prefetch")) is None
    assert password_in(reveal(admin, colleague))


def test_resetting_again_hands_it_to_the_second(admin, colleague, provider):
    reset(admin, colleague)
    other = Browser(make_membership(organization=provider.organization))
    reset(other, colleague)

    assert password_in(reveal(admin, colleague)) is None
    assert password_in(reveal(other, colleague))


def test_the_person_is_told_by_mail_without_the_password(admin, colleague, mailoutbox):
    reset(admin, colleague)
    password = password_in(reveal(admin, colleague))
    while work_once():
        pass

    [mail] = mailoutbox
    assert mail.to == [colleague.user.email]
    assert password not in mail.body and password not in mail.alternatives[0][0]
    assert "second factor" not in mail.body


def test_the_second_factor_goes_only_when_told(admin, colleague, mailoutbox):
    factor = {"user": colleague.user, "type": "totp", "data": {}}
    Authenticator.objects.create(**factor)
    reset(admin, colleague)
    assert Authenticator.objects.count() == 1

    reset(admin, colleague, without_factor="on")

    assert not Authenticator.objects.exists()
    assert actions() == ["membership.reset", "membership.reset", "membership.unlocked"]
    while work_once():
        pass
    assert "Your second factor was removed" in mailoutbox[-1].body


@pytest.mark.parametrize(
    "role,target,status",
    [
        (Role.USER_ADMIN, Role.USER_ADMIN, 302),
        (Role.USER_ADMIN, Role.SALES_AGENT, 403),
        (Role.USER_ADMIN, Role.GLOBAL_ADMIN, 403),
        (Role.GLOBAL_ADMIN, Role.GLOBAL_ADMIN, 302),
        (Role.ADMIN_AGENT, Role.SALES_AGENT, 403),
    ],
)
def test_nobody_resets_who_may_do_more(provider, role, target, status):
    browser = Browser(make_membership(role, organization=provider.organization))
    colleague = make_membership(target, organization=provider.organization)

    assert reset(browser, colleague).status_code == status
    assert Handout.objects.exists() is (status == 302)


def test_a_refusal_names_who_may(provider):
    browser = Browser(make_membership(Role.USER_ADMIN, organization=provider.organization))

    page = reset(browser, provider).text

    assert provider.user.email in page
    assert "It takes the right to look after users with the role Global admin." in page
    assert "One role gives it: Global admin." in page
    assert "sign the partner agreement" not in page


def test_rights_lost_meanwhile_show_no_password(admin, colleague, provider):
    reset(admin, colleague)
    colleague.roles = [Role.GLOBAL_ADMIN]
    colleague.save()
    make_membership(organization=provider.organization)
    provider.roles = [Role.USER_ADMIN]
    provider.save()

    assert reveal(admin, colleague).status_code == 403
    assert Handout.objects.exists()


def test_not_ones_own_and_not_who_is_deactivated(admin, colleague, provider):
    assert "Profile and security" in admin.open(RESET, provider.pk).text
    colleague.deactivated_at = now()
    colleague.save()
    assert "is deactivated" in admin.open(RESET, colleague.pk).text

    reset(admin, provider)
    reset(admin, colleague)

    assert not Handout.objects.exists()
    assert actions() == []


def test_who_works_elsewhere_too_uses_forgot_password(admin, colleague, reseller):
    make_membership(Role.USER_ADMIN, organization=reseller.organization, user=colleague.user)

    assert "Forgot your password?" in admin.open(RESET, colleague.pk).text
    reset(admin, colleague)
    assert not Handout.objects.exists()


def test_unless_one_may_look_after_them_there_as_well(admin, colleague, reseller, provider):
    make_membership(Role.USER_ADMIN, organization=reseller.organization, user=colleague.user)
    make_membership(organization=reseller.organization, user=provider.user)

    assert reset(admin, colleague).status_code == 302


def test_operators_are_nobodys_to_reset(admin, colleague):
    colleague.user.is_staff = True
    colleague.user.save()

    reset(admin, colleague)

    assert not Handout.objects.exists()


def test_people_elsewhere_are_not_there(outsider, colleague):
    browser = Browser(outsider)
    for name in (RESET, PAGE):
        assert browser.open(name, colleague.pk).status_code == 404
    assert reveal(browser, colleague).status_code == 404


def test_credentials_are_shown_once_to_whoever_made_them(admin):
    response = admin.send("staff:member_add", data=typed(how="none", account="Ida.Ivens"))

    made = admin.membership.organization.memberships.get(user__first_name="Ida")
    assert response["Location"] == admin.url(PAGE, made.pk)
    assert made.user.username == f"ida.ivens@{made.organization.slug}"
    assert (made.roles, made.user.email) == (["user_admin"], "")
    assert not made.user.has_usable_password()
    assert password_in(reveal(admin, made))
    assert actions() == ["membership.added", "membership.revealed"]
    assert not OutboxMessage.objects.exists()


def test_an_account_name_is_taken_here_at_most(admin, outsider, browser_of):
    for browser in (admin, browser_of(outsider)):
        answer = browser.send("staff:member_add", data=typed(how="none", account="ida"))
        assert answer.status_code == 302

    again = admin.send("staff:member_add", data=typed(how="none", account="ida"))

    assert again.status_code == 422
    assert "This account name is taken." in again.text


def test_resellers_reset_theirs(reseller):
    colleague = make_membership(Role.ADMIN_AGENT, organization=reseller.organization)
    browser = Browser(reseller)

    assert reset(browser, colleague).status_code == 302
    assert password_in(reveal(browser, colleague))


def test_customers_have_no_such_page(browser_of):
    boss = make_membership(kind=Kind.CUSTOMER)
    colleague = make_membership(organization=boss.organization)

    assert reset(browser_of(boss), colleague).status_code == 404
