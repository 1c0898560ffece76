"""Inviting a colleague by mail: by whom, to what, how often, and what others learn of it."""

import pytest
from django.utils.timezone import now

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.audit.models import AuditEntry
from portal.outbox.models import OutboxMessage
from portal.outbox.worker import work_once
from portal.staff.models import UserInvitation
from portal.staff.services import joining
from tests.factories import make_invitation, make_membership, make_user
from tests.staff.conftest import join_url, typed

ADD = "staff:member_add"


def invite(browser, **fields):
    return browser.send(ADD, data=typed(**fields))


def actions():
    return list(AuditEntry.objects.order_by("at").values_list("action", flat=True))


def send_mails():
    while work_once():
        pass


def test_the_page_explains_every_role(admin):
    page = admin.open(ADD).text

    menu = "Indirect resellers, Customers"
    for words in ("Global admin", "Sales agent", "resets no passwords", menu):
        assert words in page


def test_an_invitation_is_mailed_with_its_link(admin, mailoutbox):
    response = invite(admin, email="Ida@Nordwind.example", roles=["sales_agent", "user_admin"])

    assert response["Location"] == admin.url("staff:invitation_list")
    invitation = UserInvitation.objects.get()
    assert (invitation.email, invitation.roles) == (
        "ida@nordwind.example",
        ["sales_agent", "user_admin"],
    )
    send_mails()
    [mail] = mailoutbox
    assert mail.to == ["ida@nordwind.example"]
    assert join_url(invitation) in mail.body
    assert "as Sales agent, User admin" in mail.body
    assert mail.reply_to == [admin.membership.user.email]
    assert actions() == ["userinvitation.sent"]


def test_nobody_gives_what_they_do_not_hold(user_admin, browser_of):
    response = invite(browser_of(user_admin), roles=["global_admin"])

    assert response.status_code == 422
    assert "it may do more than you may" in response.text
    assert not UserInvitation.objects.exists()


def test_the_service_refuses_it_too_and_says_who_may(user_admin, browser_of, admin):
    invitation = make_invitation(user_admin.organization, Role.GLOBAL_ADMIN)

    for page in ("invitation_resend", "invitation_link"):
        response = browser_of(user_admin).send(f"staff:{page}", invitation.pk)
        assert response.status_code == 403
        assert str(admin.membership.user) in response.text
    assert not OutboxMessage.objects.exists()


def test_a_reseller_cannot_invite_a_sales_agent(reseller, browser_of):
    response = invite(browser_of(reseller), roles=["sales_agent"])

    assert response.status_code == 422
    assert not UserInvitation.objects.exists()


def test_an_address_with_an_account_elsewhere_reads_like_any_other(admin, outsider):
    unknown = invite(admin, email="nobody@nowhere.example")
    known = invite(admin, email=outsider.user.email)

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    page = admin.open("staff:invitation_list").text
    assert page.count(">Ida Ivens<span") == 2 and outsider.organization.name not in page
    assert UserInvitation.objects.count() == 2


def test_a_colleague_is_named(admin, user_admin):
    response = invite(admin, email=user_admin.user.email.upper())

    assert response.status_code == 422
    assert "works here already" in response.text
    assert not UserInvitation.objects.exists()


def test_a_deactivated_colleague_is_to_be_activated(admin, user_admin):
    user_admin.deactivated_at = now()
    user_admin.save()

    response = invite(admin, email=user_admin.user.email)

    assert response.status_code == 422
    assert "is deactivated" in response.text
    assert admin.url("staff:member_detail", user_admin.pk) in response.text


def test_one_open_invitation_for_an_address(admin, invitation):
    response = invite(admin, email=invitation.email.upper())

    assert response.status_code == 422
    assert "is invited already" in response.text
    assert UserInvitation.objects.count() == 1


def test_a_withdrawn_one_is_no_obstacle(admin, invitation):
    joining.withdraw_invitation(invitation, actor=admin.membership)

    assert invite(admin, email=invitation.email).status_code == 302


def test_the_portal_is_no_mailing_machine(admin, settings):
    settings.REQUESTS_PER_DAY = 1
    invite(admin, email="a@a.example")

    response = invite(admin, email="b@b.example")

    assert response.status_code == 422
    assert "as many as possible" in response.text
    assert UserInvitation.objects.count() == 1


def test_one_address_gets_few_mails_whoever_invites(admin, outsider, browser_of, settings):
    settings.REQUESTS_PER_RECIPIENT_AND_DAY = 1
    invite(browser_of(outsider), email="a@a.example")

    assert invite(admin, email="A@a.example").status_code == 422


@pytest.mark.parametrize(
    "fields,words",
    [
        ({"email": ""}, "Enter the address that the invitation goes to."),
        ({"email": "ida"}, "Enter an email address like"),
        ({"first_name": ""}, "Fill in “First name”."),
        ({"last_name": "https://evil.example"}, "A name can&#x27;t hold a web address."),
        ({"roles": []}, "Tick at least one role."),
        ({"roles": ["king"]}, "Select a valid choice"),
        ({"how": "none"}, "Enter the account name."),
        ({"how": "none", "account": "ida@else.example"}, "Use letters a to z"),
    ],
)
def test_what_is_missing_or_wrong_is_named(admin, fields, words):
    response = invite(admin, **fields)

    assert response.status_code == 422
    assert words in response.text
    assert not UserInvitation.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [{"how": "none", "account": "ida", "email": "ida"}, {"account": "ida@else.example"}],
)
def test_what_was_left_in_the_field_that_is_not_shown_is_not_held_against_them(admin, fields):
    assert invite(admin, **fields).status_code == 302


def test_sending_again_makes_a_new_link_in_ones_own_name(admin, invitation, mailoutbox):
    colleague = make_membership(organization=invitation.organization)
    old = join_url(invitation)
    joining.show_invitation_link(invitation, actor=colleague)

    browser = type(admin)(colleague)
    assert browser.send("staff:invitation_resend", invitation.pk).status_code == 302

    invitation.refresh_from_db()
    assert join_url(invitation) != old
    assert (invitation.invited_by, invitation.copied_at) == (colleague.user, None)
    send_mails()
    assert join_url(invitation) in mailoutbox[-1].body


def test_what_ran_out_opens_again(admin, invitation):
    UserInvitation.objects.filter(pk=invitation.pk).update(expires_at=now(), status="expired")

    admin.send("staff:invitation_resend", invitation.pk)

    invitation.refresh_from_db()
    assert invitation.is_answerable


def test_what_ran_out_does_not_open_beside_a_newer_one(admin, invitation):
    UserInvitation.objects.filter(pk=invitation.pk).update(expires_at=now(), status="expired")
    make_invitation(invitation.organization, email=invitation.email)

    response = admin.send("staff:invitation_resend", invitation.pk, follow=True)

    assert "is invited already" in response.text
    invitation.refresh_from_db()
    assert invitation.status == "expired"


def test_the_link_is_shown_to_staff_and_that_is_on_record(admin, invitation):
    response = admin.send("staff:invitation_link", invitation.pk)

    assert join_url(invitation) in response.text
    assert "no-store" in response["Cache-Control"]
    assert actions() == ["userinvitation.copied"]
    assert join_url(invitation) not in admin.open("staff:invitation_list").text


def test_withdrawing_asks_first(admin, invitation):
    page = admin.open("staff:invitation_withdraw", invitation.pk)
    assert "stops working at once" in page.text
    invitation.refresh_from_db()
    assert invitation.status == "sent"

    admin.send("staff:invitation_withdraw", invitation.pk)

    invitation.refresh_from_db()
    assert invitation.status == "withdrawn"
    assert invitation.reference not in admin.open("staff:invitation_list").text
    assert admin.open("staff:invitation_withdraw", invitation.pk).status_code == 302


def test_others_see_nothing_of_it(outsider, invitation, browser_of):
    browser = browser_of(outsider)

    assert invitation.email not in browser.open("staff:invitation_list").text
    for page in ("invitation_resend", "invitation_link", "invitation_withdraw"):
        assert browser.send(f"staff:{page}", invitation.pk).status_code == 404


def test_an_admin_agent_looks_and_changes_nothing(provider, invitation, browser_of):
    browser = browser_of(make_membership(Role.ADMIN_AGENT, organization=provider.organization))

    page = browser.open("staff:invitation_list").text

    assert invitation.email in page.replace("<wbr>", "")
    assert "Send again" not in page
    assert browser.send("staff:invitation_resend", invitation.pk).status_code == 403


def test_an_account_is_not_made_before_somebody_accepts(admin):
    before = User.objects.count()
    invite(admin)

    assert User.objects.count() == before
    assert not User.objects.filter(email="ida@nordwind.example").exists()


def test_a_mail_that_waited_too_long_is_not_sent(admin, invitation, mailoutbox):
    joining.resend_invitation(invitation, actor=admin.membership)
    invitation.refresh_from_db()
    joining.withdraw_invitation(invitation, actor=admin.membership)

    send_mails()

    assert mailoutbox == []
    assert OutboxMessage.objects.get().status == "failed"


def test_a_person_without_a_place_elsewhere_is_no_colleague(admin):
    make_user("ida@nordwind.example")

    assert invite(admin).status_code == 302
