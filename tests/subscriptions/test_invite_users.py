"""A customer's user is added by a personal link and chooses their password themselves."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from customers import services as customers
from customers.models import AccountInvitation, CustomerUser, DelegatedAdmin
from customers.rounds import look_after_relationships
from portal import tokens
from portal.accounts.models import Membership, Organization, User
from portal.accounts.roles import Role
from portal.audit.models import AuditEntry
from portal.outbox.models import OutboxMessage
from portal.outbox.worker import work_once
from portal.scope import acting
from tests.conftest import Browser
from tests.factories import (
    make_account_invitation,
    make_customer,
    make_grant,
    make_membership,
    make_person,
    make_subscription,
    make_user,
)

ADDRESS = "nora@elsewhere.example"
PASSWORD = "correct horse battery"
LINK = re.compile(r"/first-password/([0-9A-Z-]+)/")


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
    return make_person(customer.organization, Role.GLOBAL_ADMIN, name="Vera Vogel").membership


def typed(**changes):
    return {
        "first_name": "Nora",
        "last_name": "Neu",
        "display_name": "Nora Neu",
        "account": "nora.neu",
        "country": "DE",
        "role": "user",
        "how": "asked",
        "email": ADDRESS,
        "language": "de",
    } | changes


def add(browser, customer, **changes):
    return browser.send("subscriptions:user_add", customer.pk, data=typed(**changes))


def send_mails():
    while work_once():
        pass


@pytest.fixture
def invited(staff, customer):
    """Nora, added by the provider."""
    assert add(staff, customer).status_code == 302
    return AccountInvitation.objects.get()


def link(invitation):
    return reverse("first_password_link", args=[invitation.token])


def choose(invitation, password=PASSWORD, browser=None):
    return (browser or Client()).post(link(invitation), {"password": password})


def withdraw_privileges():
    DelegatedAdmin.objects.update(status="revoked", revoked_at=now())


def actions():
    entries = AuditEntry.objects.filter(action__startswith="accountinvitation.")
    return list(dict.fromkeys(entries.order_by("at").values_list("action", flat=True)))


# ---- Adding


def test_the_new_user_gets_a_link_and_chooses_the_password(customer, staff, mailoutbox):
    subscription = make_subscription(customer, quantity=3)

    response = add(staff, customer, licenses=[subscription.reference], role="user_admin")
    send_mails()

    assert response["Location"].endswith("/users/?view=invited")
    [mail] = mailoutbox
    assert mail.to == [ADDRESS]
    assert f"nora.neu@{customer.domain}" in mail.body and "Wählen Sie hier" in mail.body
    token = LINK.search(mail.body)[1]
    invitation = AccountInvitation.objects.get()
    assert invitation.token_hash == tokens.digest(token)
    assert invitation.expires_at - invitation.sent_at == pytest.approx(
        timedelta(days=7), abs=timedelta(minutes=1)
    )
    browser = Client()
    page = browser.get(link(invitation))
    for words in ("Vogel Optik", "Ada Wong", f"<wbr>@{customer.domain}", "At least 12 characters"):
        assert words in page.text
    entered = choose(invitation, browser=browser)

    home = browser.get(entered["Location"], follow=True)
    assert home.redirect_chain[-1][0] == f"/o/{customer.organization.slug}/"
    assert "From now on you sign in as" in home.text
    user = User.objects.get(username=f"nora.neu@{customer.domain}")
    assert user.check_password(PASSWORD) and not user.must_change_password
    assert (user.language, user.email) == ("de", ADDRESS)
    assert EmailAddress.objects.get(user=user).verified
    assert user.memberships.get().roles == ["user_admin"]
    subscription.refresh_from_db()
    assert subscription.assigned == 1
    assert actions() == ["accountinvitation.sent", "accountinvitation.accepted"]


def test_whoever_has_no_role_is_led_to_their_profile(invited):
    browser = Client()
    entered = choose(invited, browser=browser)

    assert browser.get(entered["Location"], follow=True).redirect_chain[-1][0] == "/accounts/me/"


def test_nobody_has_a_password_before_it_is_chosen(invited, staff, customer):
    user = invited.person.user

    assert not user.has_usable_password()
    assert invited.person.password_for is None
    url = staff.url("customers:user_password_reveal", customer.pk, invited.person.pk)
    assert 'id="temporary-password"' not in staff.post(url).text


def test_a_customers_own_admin_invites_too(customer, owner, mailoutbox):
    browser = Browser(owner)

    response = browser.send("subscriptions:own_user_add", data=typed(language="en"))
    send_mails()

    assert response["Location"] == browser.url("subscriptions:own_user_list") + "?view=invited"
    invitation = AccountInvitation.objects.get()
    assert invitation.acting_for == customer.organization
    assert "Vera Vogel made an account for you at" in mailoutbox[0].body
    assert choose(invitation).status_code == 302


@pytest.mark.parametrize(
    "field,value,words",
    [
        ("email", "", "Enter the address that the link goes to"),
        ("email", "nora", "like name@example.com"),
        ("email", "nora@{domain}", "outside of this company"),
        ("language", "xx", "Select a valid choice"),
        ("how", "", "Fill in"),
    ],
)
def test_what_cannot_be_is_said_at_the_field(customer, staff, field, value, words):
    response = add(staff, customer, **{field: value.format(domain=customer.domain)})

    assert response.status_code == 422
    assert words in response.text
    assert not CustomerUser.objects.exists()


@pytest.mark.parametrize("left", ["", "nora"])
def test_an_address_is_not_asked_for_with_a_temporary_password(customer, staff, left):
    assert add(staff, customer, how="none", email=left).status_code == 302
    assert not AccountInvitation.objects.exists()


def test_pressing_twice_invites_once(customer, staff, invited):
    again = add(staff, customer)

    assert again.status_code == 422
    assert "exists already" in again.text
    assert AccountInvitation.objects.count() == 1


def test_the_portal_is_no_mailing_machine(customer, staff, settings):
    settings.REQUESTS_PER_RECIPIENT_AND_DAY = 1
    add(staff, customer)

    response = add(staff, customer, account="nora.zwei", email=ADDRESS.upper())

    assert response.status_code == 422
    assert "no further email of this kind" in response.text
    assert CustomerUser.objects.count() == 1


def test_it_tells_nobody_who_has_an_account(customer, staff):
    make_user(ADDRESS)

    assert add(staff, customer).status_code == 302
    page = Client().get(link(AccountInvitation.objects.get())).text
    assert "There is an account" not in page

    choose(AccountInvitation.objects.get())
    assert User.objects.get(username=f"nora.neu@{customer.domain}").email == ""


# ---- The link


def test_a_link_works_once(invited):
    assert choose(invited).status_code == 302

    again = choose(invited, "another long phrase")

    assert again.status_code == 410
    assert "has been used" in again.text
    assert User.objects.get(pk=invited.person.user_id).check_password(PASSWORD)


@pytest.mark.parametrize("password", ["short", "123456789012345", "", "password1234"])
def test_a_bad_password_is_refused_with_the_reason(invited, password):
    assert choose(invited, password).status_code == 422
    invited.refresh_from_db()
    assert invited.status == "sent"


def test_looking_changes_nothing(invited):
    for _time in range(2):
        Client().get(link(invited))
        Client().head(link(invited))

    invited.refresh_from_db()
    assert invited.status == "sent"


def test_whoever_is_signed_in_chooses_nothing_by_mistake(invited, staff):
    page = staff.get(link(invited))
    assert "Sign out first" in page.text and 'name="password"' not in page.text

    assert choose(invited, browser=staff).status_code == 302
    assert not User.objects.get(pk=invited.person.user_id).has_usable_password()


def test_links_of_other_kinds_lead_nowhere(invited, provider):
    from tests.factories import make_invitation

    other = make_invitation(provider.organization)
    assert Client().get(f"/first-password/{other.token}/").status_code == 404
    assert Client().get(f"/join/{invited.token}/").status_code == 404


@pytest.mark.parametrize("what", ["privileges", "place", "role", "raised", "suspended"])
def test_the_link_dies_with_the_right_of_whoever_sent_it(customer, provider, what):
    inviter = make_membership(Role.USER_ADMIN, organization=provider.organization)
    person = make_person(customer.organization)
    invited = make_account_invitation(
        person, invited_by=inviter.user, acting_for=provider.organization
    )
    assert Client().get(link(invited)).status_code == 200

    if what == "privileges":
        withdraw_privileges()
    elif what == "place":
        Membership.objects.filter(pk=inviter.pk).update(deactivated_at=now())
    elif what == "role":
        Membership.objects.filter(pk=inviter.pk).update(roles=["sales_agent"])
    elif what == "suspended":
        Organization.objects.filter(pk=inviter.organization_id).update(suspended_at=now())
    else:  # only a global admin may touch what the user has become
        Membership.objects.filter(pk=person.membership_id).update(roles=["global_admin"])

    for response in (Client().get(link(invited)), choose(invited)):
        assert response.status_code == 410
        assert "no longer counts" in response.text
    assert not User.objects.get(pk=person.user_id).has_usable_password()


def test_the_link_dies_with_the_user_and_with_a_reset(invited, provider, owner):
    customers.reset_user_password(invited.person, actor=provider)
    assert choose(invited).status_code == 410

    other = make_account_invitation(make_person(invited.organization))
    customers.deactivate_user(other.person, actor=owner)
    assert choose(other).status_code == 410
    invited.refresh_from_db()
    other.refresh_from_db()
    assert (invited.status, other.status) == ("withdrawn", "withdrawn")


def test_it_rests_while_the_customer_is_suspended(invited):
    invited.organization.suspended_at = now()
    invited.organization.save()

    assert choose(invited).status_code == 410
    assert not User.objects.get(pk=invited.person.user_id).has_usable_password()


def test_the_bearer_of_a_dead_link_asks_for_another(invited, staff, customer, mailoutbox):
    AccountInvitation.objects.update(expires_at=now())
    OutboxMessage.objects.all().delete()

    assert "Ask for a new link" in Client().get(link(invited)).text
    for _time in range(2):
        assert Client().post(f"{link(invited)}new-link/").status_code == 302
    send_mails()

    wanted = AuditEntry.objects.filter(action="accountinvitation.wanted")
    assert wanted.count() == 1  # nobody fills the record by pressing on and on
    [mail] = mailoutbox
    assert mail.to == [invited.invited_by.email]
    assert f"{staff.url('subscriptions:user_list', customer.pk)}?view=invited" in mail.body
    assert invited.token not in mail.body


def test_the_mail_is_not_sent_once_the_privileges_are_gone(invited, mailoutbox):
    withdraw_privileges()

    send_mails()

    assert mailoutbox == []
    assert OutboxMessage.objects.get().status == "failed"


def test_the_round_notes_what_ran_out(invited):
    AccountInvitation.objects.update(expires_at=now())

    look_after_relationships()

    invited.refresh_from_db()
    assert invited.status == "expired"
    assert actions()[-1] == "accountinvitation.expired"


# ---- Those who wait


def test_who_waits_is_listed_with_a_number(invited, staff, customer):
    everybody = staff.open("subscriptions:user_list", customer.pk).text
    page = staff.open("subscriptions:user_list", customer.pk, view="invited").text

    assert "Invited users (1)" in everybody
    assert ADDRESS in page.replace("<wbr>", "")
    assert "Send again" in page and "Withdraw" in page
    detail = staff.open("subscriptions:user_detail", customer.pk, invited.person.pk).text
    assert f"was sent to {ADDRESS}" in detail


def resend(browser, customer, person, email=ADDRESS):
    data = {"email": email, "language": "en"}
    return browser.send("customers:user_invite", customer.pk, person.pk, data=data)


def test_sending_again_makes_a_new_link_in_ones_own_name(
    invited, customer, reseller, staff, mailoutbox
):
    old = link(invited)

    assert resend(Browser(reseller), customer, invited.person).status_code == 302

    invited.refresh_from_db()
    assert Client().get(old).status_code == 404
    assert Client().get(link(invited)).status_code == 200
    assert invited.invited_by == reseller.user
    assert invited.acting_for == reseller.organization
    assert invited.language == "en"  # as chosen now
    send_mails()
    assert link(invited) in mailoutbox[-1].body


def test_a_mistyped_address_is_replaced(invited, customer, staff):
    other = "nora@right.example"

    assert resend(staff, customer, invited.person, other).status_code == 302

    invited.refresh_from_db()
    assert invited.status == "withdrawn"
    assert AccountInvitation.objects.get(status="sent").email == other
    assert choose(invited).status_code == 410


def test_what_ran_out_opens_again(invited, customer, staff):
    AccountInvitation.objects.update(expires_at=now(), status="expired")

    resend(staff, customer, invited.person)

    invited.refresh_from_db()
    assert invited.is_answerable


def test_withdrawing_asks_first_and_keeps_the_user(invited, customer, staff):
    name, about = "customers:user_invitation_withdraw", (customer.pk, invited.person.pk)

    assert "stops working at once" in staff.open(name, *about).text
    invited.refresh_from_db()
    assert invited.status == "sent"
    staff.send(name, *about)

    invited.refresh_from_db()
    assert invited.status == "withdrawn"
    assert choose(invited).status_code == 410
    assert CustomerUser.objects.get().is_active
    assert staff.open(name, *about).status_code == 302


def test_who_has_a_password_is_not_invited(customer, staff):
    person = make_person(customer.organization)

    response = resend(staff, customer, person)

    assert response.status_code == 422
    assert "has a password" in response.text


def test_whoever_has_an_address_keeps_it(customer, staff):
    person = make_person(customer.organization)
    person.user.email = "nora@own.example"
    person.user.set_unusable_password()
    person.user.save()
    resend(staff, customer, person)
    invitation = AccountInvitation.objects.get()

    assert "by mail to nora@own.example" in Client().get(link(invitation)).text
    choose(invitation)

    assert User.objects.get(pk=person.user_id).email == "nora@own.example"


def test_only_a_global_admin_invites_a_global_admin(customer, provider, reseller):
    person = make_person(customer.organization, Role.GLOBAL_ADMIN)
    person.user.set_unusable_password()
    person.user.save()
    agent = make_membership(Role.ADMIN_AGENT, organization=provider.organization)

    assert resend(Browser(agent), customer, person).status_code == 403
    assert resend(Browser(provider), customer, person).status_code == 302


def test_without_the_right_nothing_is_sent(invited, customer, provider):
    seller = Browser(make_membership(Role.SALES_AGENT, organization=provider.organization))

    assert resend(seller, customer, invited.person).status_code == 403
    assert "Send again" not in seller.open("subscriptions:user_list", customer.pk, view="invited")


def test_the_database_shows_invitations_only_while_the_grant_lasts(invited, provider, outsider):
    with acting(provider.actor):
        assert AccountInvitation.objects.get() == invited
    with acting(outsider.actor):
        assert not AccountInvitation.objects.exists()

    withdraw_privileges()

    with acting(provider.actor):
        assert not AccountInvitation.objects.exists()
        assert not AccountInvitation.objects.update(email="x@y.example")


def test_both_companies_read_what_happened(invited, customer, provider):
    choose(invited)

    for organization in (provider.organization, customer.organization):
        told = AuditEntry.objects.filter(organization=organization, customer__isnull=False)
        found = told.filter(action__startswith="accountinvitation.")
        assert found.count() == 2
    assert ADDRESS not in str(list(AuditEntry.objects.values_list("details", flat=True)))


def test_a_user_who_is_gone_for_good_leaves_no_address(invited, provider):
    customers.deactivate_user(invited.person, actor=provider)
    with acting(invited.organization.actor):
        customers.purge_user(CustomerUser.objects.get(pk=invited.person_id))

    assert not AccountInvitation.objects.exists()
