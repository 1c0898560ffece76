"""*Users and licenses*: whom partners and the customer's own admins see, add, change and delete."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.utils.timezone import now

from customers import services as customers
from customers.models import CustomerUser, DelegatedAdmin
from customers.user_rounds import purge_users
from portal.accounts.decorators import Forbidden
from portal.accounts.models import Membership, User
from portal.accounts.roles import Kind, Role
from portal.audit.models import AuditEntry
from portal.lifecycle import InvalidTransition
from portal.scope import OPERATOR, acting
from subscriptions import services
from tests.conftest import Browser
from tests.factories import (
    make_assignment,
    make_customer,
    make_grant,
    make_membership,
    make_partner,
    make_person,
    make_subscription,
)

PASSWORD = re.compile(r'id="temporary-password" value="([^"]*)"')


@pytest.fixture
def customer(provider, reseller):
    customer = make_customer(
        provider.organization, reseller.organization, company_name="Vogel Optik"
    )
    make_grant(customer)
    return customer


@pytest.fixture
def staff(provider):
    return Browser(provider)


@pytest.fixture
def owner(customer):
    """The customer's own global admin."""
    person = make_person(customer.organization, Role.GLOBAL_ADMIN, name="Vera Vogel")
    return person.membership


def typed(**changes):
    return {
        "first_name": "Ben",
        "last_name": "Bauer",
        "display_name": "Ben Bauer",
        "account": "ben.bauer",
        "country": "DE",
        "role": "user",
        "how": "none",
        "language": "en",
    } | changes


def add(browser, customer, **changes):
    return browser.send("subscriptions:user_add", customer.pk, data=typed(**changes))


def listed(browser, customer, **query):
    return browser.open("subscriptions:user_list", customer.pk, **query).text


# ---- Who sees whom


def test_partners_with_a_grant_and_the_customer_see_the_same_users(
    customer, staff, reseller, owner
):
    make_person(customer.organization, name="Ben Bauer")

    for browser in (staff, Browser(reseller)):
        assert "Ben Bauer" in listed(browser, customer)
    own = Browser(owner).open("subscriptions:own_user_list").text
    assert "Ben Bauer" in own and "Vera Vogel" in own


def test_without_the_grant_nobody_is_shown_and_nothing_works(customer, staff):
    person = make_person(customer.organization, name="Ben Bauer")
    DelegatedAdmin.objects.update(status="revoked", revoked_at=now())

    page = staff.open("subscriptions:user_list", customer.pk)
    assert page.status_code == 200
    assert "has taken it back" in page.text and "Ben Bauer" not in page.text
    response = add(staff, customer)
    assert response.status_code == 403
    assert "has taken it back" in response.text
    url = ("subscriptions:user_detail", customer.pk, person.pk)
    assert staff.open(*url).status_code == 403


def test_the_database_shows_users_only_while_the_grant_lasts(customer, provider):
    person = make_person(customer.organization)
    with acting(provider.actor):
        assert CustomerUser.objects.get() == person

    DelegatedAdmin.objects.filter(partner=provider.organization).update(
        status="revoked", revoked_at=now()
    )

    with acting(provider.actor):
        assert not CustomerUser.objects.exists()
        assert not CustomerUser.objects.update(display_name="X")


def test_two_providers_share_users_but_not_licenses(customer, staff, outsider):
    other = make_customer(outsider.organization, organization=customer.organization)
    make_grant(other)
    person = make_person(customer.organization, name="Ben Bauer")
    ours, theirs = make_subscription(customer, name="Ours"), make_subscription(other, name="Theirs")
    for subscription in (ours, theirs):
        make_assignment(subscription, person)

    here, there = listed(staff, customer), listed(Browser(outsider), other)

    assert "Ben Bauer" in here and "Ben Bauer" in there
    assert "Ours" in here and "Theirs" not in here
    assert "Theirs" in there and "Ours" not in there


# ---- List


def test_text_license_role_and_state_narrow_the_list(customer, staff, owner):
    ben = make_person(customer.organization, name="Ben Bauer")
    make_person(customer.organization, name="Cora Müller")
    subscription = make_subscription(customer, name="Business Premium")
    make_assignment(subscription, ben)

    def found(**query):
        text = listed(staff, customer, **query)
        return {name for name in ("Ben Bauer", "Cora Müller", "Vera Vogel") if name in text}

    assert found() == {"Ben Bauer", "Cora Müller", "Vera Vogel"}
    assert found(q="mueller") == {"Cora Müller"}
    assert found(license=subscription.reference) == {"Ben Bauer"}
    assert found(license="none") == {"Cora Müller", "Vera Vogel"}
    assert found(role="global_admin") == {"Vera Vogel"}
    assert found(role="user") == {"Ben Bauer", "Cora Müller"}
    assert found(view="deleted") == set()
    assert found(license="S-nonsense", role="x") == {"Ben Bauer", "Cora Müller", "Vera Vogel"}


def test_the_admin_account_is_one_of_the_users(provider):
    from tests.customers.conftest import add_customer, do_background_work

    added = add_customer(provider)
    do_background_work()

    text = listed(Browser(provider), added)
    assert f"admin<wbr>@{added.domain}" in text
    assert "Global admin" in text


# ---- Add


def test_a_new_user_is_shown_its_password_once_and_must_change_it(customer, staff):
    subscription = make_subscription(customer, quantity=3)

    response = add(staff, customer, licenses=[subscription.reference])
    page = staff.get(response["Location"])
    reveal = f"{response['Location']}reveal/"
    shown, again = staff.post(reveal), staff.post(reveal)

    assert PASSWORD.search(page.text) is None and PASSWORD.search(again.text) is None
    password = PASSWORD.search(shown.text)[1]
    assert shown["Cache-Control"] == "no-store"
    user = User.objects.get(username=f"ben.bauer@{customer.domain}")
    assert user.check_password(password) and user.must_change_password
    assert password not in str(list(AuditEntry.objects.values_list("details", flat=True)))
    subscription.refresh_from_db()
    assert subscription.assigned == 1
    entered = Client().post("/accounts/login/", {"login": user.username, "password": password})
    assert entered.status_code == 302


@pytest.mark.parametrize(
    "field,value,words",
    [
        ("display_name", "", "Enter the display name"),
        ("account", "", "Enter the email"),
        ("account", "ben bauer", "can hold letters"),
        ("account", "ben..bauer", "can hold letters"),
        ("account", ".ben", "can hold letters"),
        ("account", "x" * 65, "at most 64"),
        ("account", "ben@elsewhere.example", "not in the domain"),
        ("role", "sales_agent", "Select a valid choice"),
        ("country", "XX", "Select a valid choice"),
        ("licenses", ["S-nonsense"], "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_said_at_the_field(customer, staff, field, value, words):
    make_subscription(customer)

    response = add(staff, customer, **{field: value})

    assert response.status_code == 422
    assert words in response.text
    assert field in response.context["form"].errors
    assert not CustomerUser.objects.exists()


def test_a_taken_account_name_is_refused_with_a_way_out(customer, staff):
    add(staff, customer)
    assert "exists already" in add(staff, customer, account="BEN.Bauer").text
    services.delete_user(CustomerUser.objects.get(), actor=staff.membership)
    assert "was deleted" in add(staff, customer).text
    assert CustomerUser.objects.count() == 1


def test_with_too_few_licenses_nobody_is_added(customer, staff):
    subscription = make_subscription(customer, quantity=1)
    make_assignment(subscription, make_person(customer.organization))

    response = add(staff, customer, licenses=[subscription.reference])

    assert response.status_code == 422
    assert "has 0 licenses left" in response.text
    assert not User.objects.filter(username__startswith="ben.bauer").exists()


# ---- Roles: low ones can't touch high ones


@pytest.mark.parametrize("kind", ["provider", "customer"])
def test_only_a_global_admin_makes_or_touches_a_global_admin(customer, owner, kind):
    home = customer.provider if kind == Kind.PROVIDER else customer.organization
    browser = Browser(make_membership(Role.USER_ADMIN, organization=home))
    side, first = ("", [customer.pk]) if kind == Kind.PROVIDER else ("own_", [])
    admin = CustomerUser.objects.get(membership=owner)

    made = browser.send(f"subscriptions:{side}user_add", *first, data=typed(role="global_admin"))
    asked = [
        browser.open(f"customers:{side}user_reset", *first, admin.pk),
        browser.send(f"customers:{side}user_reset", *first, admin.pk),
        browser.send(f"subscriptions:{side}user_delete", *first, admin.pk),
        browser.send(f"subscriptions:{side}user_detail", *first, admin.pk, data=typed()),
    ]

    assert made.status_code == 422
    assert [response.status_code for response in asked] == [403, 403, 403, 403]
    owner.refresh_from_db()
    assert owner.roles == ["global_admin"] and owner.user.is_active
    assert owner.user.check_password("demo")


def test_a_promoted_user_is_out_of_reach_even_if_ones_password_is_waiting(customer):
    lower = make_membership(Role.USER_ADMIN, organization=customer.provider)
    fields = {"first_name": "", "last_name": "", "display_name": "Ben", "country": "DE"}
    person = customers.add_user(
        actor=lower,
        organization=customer.organization,
        account=f"ben@{customer.domain}",
        roles=[],
        **fields,
    )
    Membership.objects.filter(pk=person.membership_id).update(roles=["global_admin"])

    with pytest.raises(Forbidden):
        customers.reveal_user_password(person, actor=lower)


def test_the_last_global_admin_stays(customer, staff, owner):
    admin = CustomerUser.objects.get(membership=owner)

    demoted = staff.send("subscriptions:user_detail", customer.pk, admin.pk, data=typed())
    deleted = staff.send("subscriptions:user_delete", customer.pk, admin.pk)

    assert demoted.status_code == deleted.status_code == 422
    assert "last global admin" in demoted.text and "last global admin" in deleted.text
    make_person(customer.organization, Role.GLOBAL_ADMIN, name="Second One")
    assert staff.send("subscriptions:user_delete", customer.pk, admin.pk).status_code == 302


def test_nobody_deletes_themselves(owner):
    make_person(owner.organization, Role.GLOBAL_ADMIN)
    me = CustomerUser.objects.get(membership=owner)

    response = Browser(owner).send("subscriptions:own_user_delete", me.pk)

    assert response.status_code == 422 and "your own account" in response.text


# ---- Edit, delete, restore, reset


def test_changes_are_saved_and_recorded_once(customer, staff):
    person = make_person(customer.organization)
    url = ("subscriptions:user_detail", customer.pk, person.pk)

    for _twice in range(2):
        staff.send(*url, data=typed(display_name="Benedikt", country="AT", role="user_admin"))

    person.refresh_from_db()
    assert (person.display_name, person.country) == ("Benedikt", "AT")
    assert person.membership.roles == ["user_admin"]
    changed = AuditEntry.objects.filter(action="customeruser.changed")
    assert {entry.organization for entry in changed} == {customer.provider, customer.organization}
    assert changed.count() == 2


def test_deleting_ends_sign_in_and_sessions_and_frees_licenses_of_all_providers(
    customer, staff, outsider
):
    person = make_person(customer.organization)
    other = make_customer(outsider.organization, organization=customer.organization)
    subscriptions = [make_subscription(customer), make_subscription(other)]
    for subscription in subscriptions:
        make_assignment(subscription, person)
    theirs = Client()
    theirs.post("/accounts/login/", {"login": person.account_name, "password": "demo"})
    assert theirs.get("/accounts/me/").status_code == 200

    assert (
        "signed out everywhere"
        in staff.open("subscriptions:user_delete", customer.pk, person.pk).text
    )
    staff.send("subscriptions:user_delete", customer.pk, person.pk)

    assert theirs.get("/accounts/me/").status_code == 302
    assert not UserSession.objects.filter(user=person.user).exists()
    for subscription in subscriptions:
        subscription.refresh_from_db()
        assert (subscription.assigned, subscription.assignments.count()) == (0, 0)
    again = staff.send("subscriptions:user_delete", customer.pk, person.pk)
    assert again.status_code == 409


def test_restoring_lets_them_in_again_without_licenses(customer, staff):
    person, subscription = make_person(customer.organization), make_subscription(customer)
    make_assignment(subscription, person)
    staff.send("subscriptions:user_delete", customer.pk, person.pk)
    assert "Deleted users (1)" in listed(staff, customer)
    assert "Ben Bauer" in listed(staff, customer, view="deleted")

    response = staff.send("subscriptions:user_restore", customer.pk, person.pk)

    assert "Licenses do not come back" in staff.get(response["Location"]).text
    assert not person.licenses.exists()
    entered = Client().post("/accounts/login/", {"login": person.account_name, "password": "demo"})
    assert entered.status_code == 302 and entered["Location"] != "/accounts/inactive/"
    assert staff.send("subscriptions:user_restore", customer.pk, person.pk).status_code == 302


def test_a_reset_closes_the_old_password_and_shows_a_new_one_once(customer, staff):
    person = make_person(customer.organization)

    staff.send("customers:user_reset", customer.pk, person.pk)
    person.user.refresh_from_db()
    assert not person.user.check_password("demo")
    url = ("customers:user_password_reveal", customer.pk, person.pk)
    colleague = Browser(make_membership(organization=customer.provider))
    assert PASSWORD.search(colleague.send(*url).text) is None
    other_session = Browser(staff.membership)
    assert PASSWORD.search(other_session.send(*url).text) is None
    password = PASSWORD.search(staff.send(*url).text)[1]

    person.user.refresh_from_db()
    assert person.user.check_password(password) and person.user.must_change_password
    assert PASSWORD.search(staff.send(*url).text) is None


@pytest.mark.parametrize("ticked,left", [({}, 1), ({"without_factor": "on"}, 0)])
def test_a_lost_phone_is_no_end(customer, owner, ticked, left):
    """Where everybody needs a second factor, somebody has to be able to take a lost one away."""
    person = make_person(customer.organization)
    Authenticator.objects.create(user=person.user, type="totp", data={"secret": "x"})

    Browser(owner).send("customers:own_user_reset", person.pk, data=ticked)

    assert Authenticator.objects.filter(user=person.user).count() == left
    noted = AuditEntry.objects.filter(action="customeruser.unlocked", actor=owner.user)
    assert noted.exists() == (not left)


@pytest.fixture
def elsewhere(customer):
    """A user of the customer who came to work for another provider, too."""
    person = make_person(customer.organization)
    make_membership(user=person.user)
    return person


def test_nobody_gets_the_password_of_an_account_that_opens_more(customer, staff, owner, elsewhere):
    url = ("customers:user_reset", customer.pk, elsewhere.pk)

    assert "Forgot your password?" in staff.open(*url).text
    assert staff.send(*url).status_code == 422
    with pytest.raises(customers.Refused):
        customers.reset_user_password(elsewhere, actor=owner)

    elsewhere.user.refresh_from_db()
    assert elsewhere.user.check_password("demo")


def test_nor_whoever_reset_it_before_it_opened_more(customer, staff, provider):
    person = make_person(customer.organization)
    staff.send("customers:user_reset", customer.pk, person.pk)
    make_membership(user=person.user)

    page = staff.send("customers:user_password_reveal", customer.pk, person.pk)

    assert page.status_code == 200 and PASSWORD.search(page.text) is None
    with pytest.raises(customers.Refused):
        customers.reveal_user_password(person, actor=provider)


def test_nobody_closes_an_account_elsewhere(customer, staff, elsewhere):
    page = staff.send("subscriptions:user_delete", customer.pk, elsewhere.pk)

    assert page.status_code == 422 and "also works elsewhere" in page.text
    elsewhere.user.refresh_from_db()
    assert elsewhere.user.is_active


@pytest.mark.parametrize("power", ["is_staff", "is_superuser"])
def test_operators_are_nobody_elses_to_reset(customer, provider, power):
    person = make_person(customer.organization)
    User.objects.filter(pk=person.user_id).update(**{power: True})

    with pytest.raises(customers.Refused):
        customers.reset_user_password(person, actor=provider)


# ---- Roles are given by whoever has just shown who they are


def test_other_roles_ask_who_gives_them(customer, staff):
    person = make_person(customer.organization)
    url = ("subscriptions:user_detail", customer.pk, person.pk)
    staff.forget_confirmation()

    asked = staff.send(*url, data=typed(role="global_admin"))

    assert asked["Location"].startswith("/accounts/reauthenticate/")
    person.membership.refresh_from_db()
    assert person.membership.roles == []
    staff.confirm()
    assert staff.open(*url).context["form"]["role"].value() == "global_admin"
    staff.send(*url, data=typed(role="global_admin"))
    person.membership.refresh_from_db()
    assert person.membership.roles == ["global_admin"]
    staff.forget_confirmation()
    data = typed(display_name="B. Bauer", role="global_admin")
    assert staff.send(*url, data=data)["Location"] == staff.url(*url)
    person.refresh_from_db()
    assert person.display_name == "B. Bauer"


def test_a_new_admin_does_so_too(customer, staff):
    staff.forget_confirmation()

    asked = add(staff, customer, role="user_admin")

    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert not CustomerUser.objects.exists()
    assert add(staff, customer).status_code == 302
    assert CustomerUser.objects.count() == 1


# ---- Gone for good


@pytest.fixture
def gone(customer, provider):
    person = make_person(customer.organization, name="Ben Bauer", account=f"ben@{customer.domain}")
    services.delete_user(person, actor=provider)
    return person


def test_after_thirty_days_the_person_is_gone_and_the_log_stays(customer, gone, staff):
    with time_machine.travel(now() + timedelta(days=29, hours=23)):
        purge_users()
    gone.refresh_from_db()
    assert gone.status == "deactivated"

    with time_machine.travel(now() + timedelta(days=30, minutes=1)):
        purge_users()
        purge_users()

    gone.refresh_from_db()
    gone.user.refresh_from_db()
    assert (gone.status, gone.display_name, gone.name_key) == ("purged", "", "")
    user = gone.user
    assert (user.first_name, user.last_name, user.email) == ("", "", "")
    assert not Membership.objects.filter(user=user).exists()
    assert AuditEntry.objects.filter(action="customeruser.purged").count() == 1
    log = staff.open("audit:entry_list").text
    assert gone.reference in log and "Ben Bauer" not in log
    assert add(staff, customer, account="ben").status_code == 302  # the name is free again
    assert staff.open("subscriptions:user_detail", customer.pk, gone.pk).status_code == 404


def test_who_is_gone_cannot_be_restored(customer, gone, provider):
    with time_machine.travel(now() + timedelta(days=31)):
        purge_users()
    with pytest.raises(InvalidTransition):
        customers.restore_user(gone, actor=provider)


def test_nobody_is_restored_late_because_the_round_is(customer, gone, provider):
    assert list(CustomerUser.objects.restorable()) == [gone]
    with time_machine.travel(now() + timedelta(days=30, seconds=1)):
        assert not CustomerUser.objects.restorable().exists()
        with pytest.raises(InvalidTransition):
            customers.restore_user(gone, actor=provider)


# ---- Races


def race(number, act):
    """What ``act(turn)`` gives, as ``number`` threads do it at once."""
    barrier, answers = Barrier(number), []

    def run(turn):
        try:
            barrier.wait()
            with acting(OPERATOR):
                answers.append(act(turn))
        except (InvalidTransition, customers.Refused) as error:
            answers.append(type(error).__name__)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[turn]) for turn in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.fixture
def raced(transactional_db):
    with acting(OPERATOR):
        provider = make_membership(organization=make_partner(Kind.PROVIDER))
        customer = make_customer(provider.organization)
        make_grant(customer)
    return provider, customer


def test_two_global_admins_who_demote_each_other_leave_one(raced):
    provider, customer = raced
    with acting(OPERATOR):
        admins = [make_person(customer.organization, Role.GLOBAL_ADMIN) for _ in range(2)]
    fields = {"first_name": "A", "last_name": "B", "display_name": "C", "country": "DE"}

    answers = race(
        2, lambda turn: customers.edit_user(admins[turn], actor=provider, roles=[], **fields)
    )

    assert sorted(map(str, answers)) == ["Refused", "True"]


def test_a_password_is_shown_to_one_of_thirty(raced):
    provider, customer = raced
    with acting(OPERATOR):
        person = make_person(customer.organization, password_for=provider.user)

    answers = race(30, lambda turn: customers.reveal_user_password(person, actor=provider).password)

    assert answers.count("InvalidTransition") == 29


def test_a_user_is_purged_once(raced):
    provider, customer = raced
    with acting(OPERATOR):
        person = make_person(customer.organization)
        services.delete_user(person, actor=provider)

    answers = race(10, lambda turn: customers.purge_user(person))

    assert answers.count("InvalidTransition") == 9
