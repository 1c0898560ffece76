"""*Reset admin password*: the old one and all sessions end, the new one is shown once."""

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from customers.models import AdminAccount, CustomerUser, DelegatedAdmin
from customers.services import remove_customer
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.audit.models import AuditEntry
from portal.scope import acting
from tests.conftest import Browser
from tests.customers.conftest import allowed
from tests.customers.test_show_setup_info import look, password_in, reveal
from tests.factories import make_account_invitation, make_membership, make_user


@pytest.fixture
def handed_over(submitter, provisioned):
    """A customer whose admin has chosen a password and is signed in."""
    reveal(submitter, provisioned)
    user = User.objects.get(username=provisioned.admin_account.account_name)
    user.set_password("their own secret")
    user.must_change_password, user.temporary_password_until = False, None
    user.save()
    return provisioned


@pytest.fixture
def helper(provider, browser_of, handed_over):
    """A colleague of the submitter who may reset passwords."""
    user = make_user(first_name="Grace", last_name="Hopper")
    role = Role.ADMIN_AGENT
    return browser_of(make_membership(role, organization=provider.organization, user=user))


def reset(browser, customer):
    return browser.send("customers:admin_password_reset", customer.pk)


def admin_of(customer):
    return User.objects.get(username=f"admin@{customer.domain}")


def test_asking_first_explains_and_changes_nothing(helper, handed_over):
    response = helper.open("customers:admin_password_reset", handed_over.pk)

    assert response.status_code == 200
    assert "admin@vogeloptik.onportal.example" in response.text
    assert admin_of(handed_over).check_password("their own secret")


def test_an_admin_who_works_elsewhere_is_not_theirs_to_reset(helper, handed_over):
    make_membership(user=admin_of(handed_over))

    reset(helper, handed_over)

    assert admin_of(handed_over).check_password("their own secret")
    assert (
        "Forgot your password?"
        in helper.open("customers:admin_password_reset", handed_over.pk).text
    )


def test_the_old_password_ends_and_a_new_one_is_shown_once(helper, handed_over):
    response = reset(helper, handed_over)

    assert response["Location"] == helper.url("customers:setup_info", handed_over.pk)
    assert not admin_of(handed_over).has_usable_password()
    assert "The old password of admin@vogeloptik.onportal.example" in look(helper, handed_over).text
    password = password_in(reveal(helper, handed_over))
    assert admin_of(handed_over).check_password(password)
    assert admin_of(handed_over).must_change_password
    assert password_in(reveal(helper, handed_over)) is None


def test_whoever_is_signed_in_as_the_admin_is_signed_out(helper, handed_over, settings):
    membership = admin_of(handed_over).memberships.get()
    admin = Browser(membership)
    assert admin.open("customers:partner_list").status_code == 200

    reset(helper, handed_over)

    response = admin.open("customers:partner_list")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_it_is_recorded_for_everybody_concerned(helper, handed_over):
    reset(helper, handed_over)

    entries = AuditEntry.objects.filter(action="adminaccount.reset")
    assert {entry.organization_id for entry in entries} == set(handed_over.tenants)
    assert {str(entry.actor) for entry in entries} == {"Grace Hopper"}


def test_the_first_submitter_does_not_get_the_new_one(helper, submitter, handed_over):
    reset(helper, handed_over)

    response = reveal(allowed(submitter, handed_over), handed_over)

    assert password_in(response) is None
    assert "Grace Hopper has the setup info." in response.text
    assert password_in(reveal(helper, handed_over))


def test_pressing_twice_gives_one_password(helper, handed_over):
    reset(helper, handed_over)
    reset(helper, handed_over)

    assert password_in(reveal(helper, handed_over))
    assert password_in(reveal(helper, handed_over)) is None


def test_a_link_to_choose_the_first_password_ends(submitter, provisioned, provider):
    person = CustomerUser.objects.get(user=provisioned.admin_account.user)
    before = make_account_invitation(person, invited_by=provider.user)
    reveal(submitter, provisioned)
    DelegatedAdmin.objects.update(status="revoked", revoked_at=now())
    between = make_account_invitation(person)

    assert reset(submitter, provisioned).status_code == 302

    for invitation in (before, between):
        url = reverse("first_password_link", args=[invitation.token])
        assert Client().post(url, {"password": "correct horse battery"}).status_code == 410
        invitation.refresh_from_db()
        assert invitation.status == "withdrawn"


def test_a_password_nobody_has_seen_can_be_reset_by_a_colleague(helper, provider, browser_of):
    from tests.customers.conftest import add_customer, do_background_work

    customer = add_customer(provider, domain="neverseen")
    do_background_work()

    reset(helper, customer)

    assert password_in(reveal(allowed(browser_of(provider), customer), customer)) is None
    assert password_in(reveal(helper, customer))


def test_an_account_still_being_set_up_has_nothing_to_reset(provider, customer, browser_of):
    browser = browser_of(provider)

    assert "still being set up" in browser.open("customers:admin_password_reset", customer.pk).text
    response = reset(browser, customer)
    assert response.status_code == 409
    customer.admin_account.refresh_from_db()
    assert customer.admin_account.status == AdminAccount.Status.PENDING


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.GLOBAL_ADMIN, 302),
        (Role.USER_ADMIN, 403),
        (Role.ADMIN_AGENT, 302),
        (Role.SALES_AGENT, 403),
    ],
)
def test_not_every_role_may(provider, handed_over, browser_of, role, status):
    browser = browser_of(make_membership(role, organization=provider.organization))

    assert reset(browser, handed_over).status_code == status


def test_other_tenants_may_not(handed_over, outsider, stranger, browser_of):
    for membership in (outsider, stranger):
        assert reset(browser_of(membership), handed_over).status_code == 404
    assert admin_of(handed_over).check_password("their own secret")


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.GLOBAL_ADMIN, 302), (Role.USER_ADMIN, 403), (Role.ADMIN_AGENT, 302)],
)
def test_a_reseller_with_delegated_admin_privileges_may(
    handed_over, reseller, browser_of, role, status
):
    browser = browser_of(make_membership(role, organization=reseller.organization))

    assert reset(browser, handed_over).status_code == status
    if status == 302:
        password = password_in(reveal(browser, handed_over))
        assert admin_of(handed_over).check_password(password)
        assert password_in(reveal(browser, handed_over)) is None


def test_the_provider_learns_which_company_has_the_password(
    handed_over, reseller, submitter, browser_of
):
    reset(browser_of(reseller), handed_over)

    text = look(allowed(submitter, handed_over), handed_over).text

    assert "Kessler IT-Systemhaus has the setup info." in text
    assert "Ada Wong has" not in text
    [entry] = AuditEntry.objects.filter(
        action="adminaccount.reset", organization=handed_over.provider
    )
    assert entry.acting_for == reseller.organization


def test_a_reseller_without_privileges_is_told_why_not(handed_over, reseller, browser_of):
    revoke(handed_over)
    browser = browser_of(reseller)

    page = browser.open("customers:admin_password_reset", handed_over.pk)
    account = browser.open("customers:customer_account", handed_over.pk)

    assert "does not give you administrator access" in page.text
    assert "Reset admin password" not in account.text
    assert reset(browser, handed_over).status_code == 409
    assert admin_of(handed_over).check_password("their own secret")


def test_privileges_that_end_before_it_is_shown_close_it(handed_over, reseller, browser_of):
    browser = browser_of(reseller)
    reset(browser, handed_over)
    revoke(handed_over)

    answer = reveal(browser, handed_over)

    assert password_in(answer) is None
    assert 'hx-trigger="load"' not in answer.text  # it would ask again for ever


def test_the_wall_lets_no_reseller_reset_without_privileges(handed_over, reseller):
    """Whatever the application forgets to ask."""
    accounts = AdminAccount.objects.filter(customer=handed_over)
    with acting(reseller.actor):
        assert accounts.update(requested_by=reseller.user) == 1
    revoke(handed_over)
    with acting(reseller.actor):
        assert accounts.update(requested_by=reseller.user) == 0
        assert accounts.exists()
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with refused, acting(reseller.actor), transaction.atomic():
        accounts.update(account_name="admin@elsewhere.example")


def test_a_removed_customers_password_stays(handed_over, provider, browser_of):
    browser = browser_of(provider)
    remove_customer(handed_over, actor=provider, statement_version="2026-01")

    page = browser.open("customers:admin_password_reset", handed_over.pk)

    assert "The relationship with this customer has ended." in page.text
    assert reset(browser, handed_over).status_code == 409
    assert admin_of(handed_over).check_password("their own secret")


def test_a_password_not_shown_yet_is_not_shown_after_the_removal(handed_over, helper, provider):
    reset(helper, handed_over)
    remove_customer(handed_over, actor=provider, statement_version="2026-01")

    assert password_in(reveal(helper, handed_over)) is None
    assert not admin_of(handed_over).has_usable_password()


def revoke(customer):
    DelegatedAdmin.objects.filter(customer=customer).update(
        status=DelegatedAdmin.Status.REVOKED, revoked_at=now()
    )


def test_nobody_gets_a_password_for_a_deleted_user(provider, handed_over, browser_of):
    person = CustomerUser.objects.get(user=admin_of(handed_over))
    CustomerUser.objects.filter(pk=person.pk).update(status="deactivated", deactivated_at=now())
    make_membership(organization=person.organization)
    User.objects.filter(pk=person.user_id).update(is_active=False)
    browser = browser_of(provider)

    page = browser.open("customers:admin_password_reset", handed_over.pk).text
    assert "This user is deleted." in page
    assert reset(browser, handed_over).status_code == 409
