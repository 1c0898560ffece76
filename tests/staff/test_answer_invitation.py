"""What the bearer of an invitation sees and does."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils.timezone import now

from portal.accounts.models import Membership, User
from portal.accounts.roles import Role
from portal.audit.models import AuditEntry
from portal.outbox.models import OutboxMessage
from portal.outbox.worker import work_once
from portal.staff.models import UserInvitation
from portal.staff.rounds import look_after_invitations
from portal.staff.services import joining
from tests.conftest import Browser
from tests.factories import make_invitation, make_membership, make_user
from tests.staff.conftest import PASSWORD, join_url

TOKEN = re.compile(r"\b\w{64}\b")  # against forged forms: another one each time


@pytest.fixture
def visitor():
    return Client()


def answer(browser, invitation, **fields):
    data = {"account": invitation.email, "password": PASSWORD} | fields
    return browser.post(join_url(invitation), data)


def place_of(invitation, user):
    return Membership.objects.filter(organization=invitation.organization, user=user).first()


def change(invitation, **fields):
    UserInvitation.objects.filter(pk=invitation.pk).update(**fields)


def test_the_page_says_who_asks_as_what_and_until_when(visitor, invitation):
    response = visitor.get(join_url(invitation))

    assert response.status_code == 200
    for words in ("Nordwind Distribution", "Ada Wong", "Sales agent", "resets no passwords"):
        assert words in response.text
    assert f"{invitation.expires_at:%Y}" in response.text
    assert "At least 12 characters" in response.text  # before anybody types
    assert response["Cache-Control"] == "no-store"
    assert "noindex" in response["X-Robots-Tag"]


def test_looking_changes_nothing(visitor, invitation):
    for _time in range(3):
        visitor.get(join_url(invitation))
        visitor.head(join_url(invitation))

    invitation.refresh_from_db()
    assert invitation.status == "sent"
    assert not AuditEntry.objects.exists()


def test_a_new_account_joins_and_is_signed_in(visitor, invitation):
    response = answer(visitor, invitation)

    assert response.status_code == 302
    assert response["Location"] == f"/o/{invitation.organization.slug}/"
    user = User.objects.get(username=invitation.email)
    assert (user.email, user.first_name) == (invitation.email, "Ida")
    assert place_of(invitation, user).roles == ["sales_agent"]
    assert visitor.get(response["Location"]).status_code == 200
    invitation.refresh_from_db()
    assert (invitation.status, invitation.answered_by) == ("accepted", user)
    entry = AuditEntry.objects.get(action="userinvitation.accepted")
    assert (entry.actor, entry.organization) == (user, invitation.organization)


def test_a_second_factor_is_asked_for_right_after(visitor, invitation, settings):
    settings.REQUIRE_MFA = True

    home = answer(visitor, invitation)["Location"]

    assert visitor.get(home)["Location"].startswith("/accounts/2fa/totp/activate/")


@pytest.mark.parametrize(
    "fields,words",
    [
        ({"password": "short"}, "too short"),
        ({"password": "123456789012345"}, "entirely numeric"),
        ({"password": ""}, "Fill in “Password”."),
        ({"account": "ceo@else.example"}, "Use your own address"),
        ({"account": "x y"}, "Use your own address"),
        ({"account": ""}, "Fill in “Account name”."),
    ],
)
def test_what_will_not_do_is_named(visitor, invitation, fields, words):
    response = answer(visitor, invitation, **fields)

    assert response.status_code == 422
    assert words in response.text
    assert not User.objects.filter(first_name="Ida").exists()


def test_a_taken_account_name_is_named(visitor, invitation):
    make_user("ida")

    response = answer(visitor, invitation, account="Ida")

    assert response.status_code == 422
    assert "This account name is taken." in response.text


def test_whoever_has_an_account_signs_in_first(visitor, invitation):
    user = make_user(invitation.email)

    page = visitor.get(join_url(invitation)).text
    assert "There is an account with" in page and 'name="password"' not in page
    assert answer(visitor, invitation)["Location"] == join_url(invitation)

    response = visitor.post(
        "/accounts/login/",
        {"login": user.username, "password": "demo", "next": join_url(invitation)},
    )
    assert response["Location"] == join_url(invitation)
    assert "Accept" in visitor.get(join_url(invitation)).text
    assert visitor.post(join_url(invitation)).status_code == 302
    assert place_of(invitation, user).roles == ["sales_agent"]


def test_a_link_that_was_shown_tells_nobody_who_has_an_account(visitor, invitation):
    """Whoever may invite could otherwise ask for any address whether it has one."""
    UserInvitation.objects.update(copied_at=now())
    unknown = visitor.get(join_url(invitation)).text
    make_user(invitation.email)

    known = visitor.get(join_url(invitation)).text

    assert 'name="password"' in known and "There is an account" not in known
    assert TOKEN.sub("", known) == TOKEN.sub("", unknown)


def test_an_invitation_of_somebody_who_no_longer_looks_after_staff_is_void(provider, visitor):
    """An admin agent can do all that sales agents can, but does not choose who works here."""
    inviter = make_membership(Role.GLOBAL_ADMIN, organization=provider.organization)
    invitation = make_invitation(provider.organization, Role.SALES_AGENT, invited_by=inviter.user)
    Membership.objects.filter(pk=inviter.pk).update(roles=["admin_agent"])

    assert visitor.get(join_url(invitation)).status_code == 410
    assert answer(visitor, invitation).status_code == 410


def test_another_address_than_the_invited_is_asked_about(invitation):
    elsewhere = make_membership()
    browser = Browser(elsewhere)

    page = browser.get(join_url(invitation)).text
    assert invitation.email in page and elsewhere.user.email in page
    assert browser.post(join_url(invitation)).status_code == 422
    assert place_of(invitation, elsewhere.user) is None

    assert browser.post(join_url(invitation), {"right_address": "on"}).status_code == 302
    assert place_of(invitation, elsewhere.user)


def test_whoever_works_here_keeps_their_roles(invitation):
    colleague = make_membership(
        Role.USER_ADMIN, organization=invitation.organization, user=make_user(invitation.email)
    )

    Browser(colleague).post(join_url(invitation))

    colleague.refresh_from_db()
    assert colleague.roles == ["user_admin", "sales_agent"]


def test_whoever_comes_back_has_only_what_they_were_invited_to(invitation):
    left = make_membership(
        Role.GLOBAL_ADMIN, organization=invitation.organization, user=make_user(invitation.email)
    )
    left.deactivated_at = now()
    left.save()

    Browser(left).post(join_url(invitation))

    left.refresh_from_db()
    assert (left.roles, left.deactivated_at) == (["sales_agent"], None)


def test_a_link_works_once(visitor, invitation):
    answer(visitor, invitation)

    again = answer(Client(), invitation, account="other")
    assert again.status_code == 410
    assert "has been used" in again.text
    assert visitor.post(join_url(invitation)).status_code == 302  # pressed twice
    assert Membership.objects.filter(organization=invitation.organization).count() == 2


@pytest.mark.parametrize(
    "fields,status,words",
    [
        ({"expires_at": now()}, 410, "This invitation has expired"),
        ({"status": "expired"}, 410, "This invitation has expired"),
        ({"status": "withdrawn"}, 410, "This invitation was withdrawn"),
        ({"status": "accepted"}, 410, "This invitation has been used"),
        ({"token_hash": "x"}, 404, "We don't know this link"),
    ],
)
def test_a_dead_link_says_why(visitor, invitation, fields, status, words):
    url = join_url(invitation)
    change(invitation, **fields)

    for response in (visitor.get(url), visitor.post(url, {"password": PASSWORD})):
        assert response.status_code == status
        assert words in response.text
    assert not User.objects.filter(first_name="Ida").exists()


def test_who_may_no_longer_invite_lets_nobody_in(visitor, invitation, provider):
    provider.roles = [Role.USER_ADMIN]
    make_membership(organization=provider.organization)
    provider.save()

    response = answer(visitor, invitation)

    assert response.status_code == 410
    assert "no longer counts" in response.text
    assert not User.objects.filter(first_name="Ida").exists()


def test_it_rests_while_the_organization_is_suspended(visitor, invitation):
    invitation.organization.suspended_at = now()
    invitation.organization.save()

    for response in (visitor.get(join_url(invitation)), answer(visitor, invitation)):
        assert response.status_code == 410
        assert "The link works again as soon as this has been settled" in response.text
    assert not User.objects.filter(first_name="Ida").exists()


def test_a_renewed_link_kills_the_old_one(visitor, invitation, provider):
    old = join_url(invitation)
    joining.resend_invitation(invitation, actor=provider)
    invitation.refresh_from_db()

    assert visitor.get(old).status_code == 404
    assert visitor.get(join_url(invitation)).status_code == 200


def test_the_bearer_of_a_dead_link_asks_for_another(visitor, invitation, mailoutbox):
    change(invitation, expires_at=now())
    url = join_url(invitation)

    assert "Ask for a new link" in visitor.get(url).text
    for _time in range(2):
        assert visitor.post(f"{url}new-link/").status_code == 302

    while work_once():
        pass
    [mail] = mailoutbox
    assert mail.to == [invitation.invited_by.email]
    assert "/settings/users/invitations/" in mail.body
    assert join_url(invitation) not in mail.body
    assert AuditEntry.objects.filter(action="userinvitation.wanted").count() == 1


def test_asking_with_a_live_or_unknown_link_does_nothing(visitor, invitation):
    visitor.post(f"{join_url(invitation)}new-link/")
    visitor.post("/join/ABCDE-FGHJK/new-link/")

    assert not OutboxMessage.objects.exists()


def test_a_link_that_colleagues_saw_proves_no_address(visitor, invitation, provider):
    joining.show_invitation_link(invitation, actor=provider)
    suggested = f"{invitation.email.partition('@')[0]}@{invitation.organization.slug}"

    assert suggested in visitor.get(join_url(invitation)).text
    assert answer(visitor, invitation).status_code == 422  # the address is nobody's name yet
    assert answer(visitor, invitation, account=suggested).status_code == 302

    user = User.objects.get(username=suggested)
    assert user.email == ""
    assert not EmailAddress.objects.filter(email=invitation.email).exists()


def test_links_of_other_kinds_lead_nowhere(visitor, invitation, provider):
    from tests.factories import make_request

    request = make_request(provider.organization)
    assert visitor.get(f"/join/{request.token}/").status_code == 404
    assert visitor.get(f"/invitations/{invitation.token}/").status_code == 404


def test_the_round_notes_what_ran_out(invitation):
    late = make_invitation(invitation.organization, expires_at=now() - timedelta(minutes=1))

    look_after_invitations()

    late.refresh_from_db()
    invitation.refresh_from_db()
    assert (late.status, invitation.status) == ("expired", "sent")
    assert AuditEntry.objects.get().action == "userinvitation.expired"
