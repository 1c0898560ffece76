"""However many press at once: one place, one account, one invitation, one password."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client

from portal.accounts.models import Membership, User
from portal.accounts.roles import Kind
from portal.scope import OPERATOR, acting
from portal.staff.models import Handout, UserInvitation
from tests.conftest import Browser
from tests.factories import make_handout, make_invitation, make_membership, make_partner
from tests.staff.conftest import PASSWORD, join_url, typed

CROWD, ATTEMPTS = 12, 40
pytestmark = pytest.mark.django_db(transaction=True)


def race(presses):
    """Press all of these (functions) at the same moment; returns what they answered."""
    barrier, answers = Barrier(len(presses)), []

    def press(button):
        try:
            barrier.wait()
            answers.append(button())
        finally:
            connection.close()

    threads = [Thread(target=press, args=(button,)) for button in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def statuses(answers):
    return sorted(answer.status_code for answer in answers)


@pytest.fixture
def admin():
    with acting(OPERATOR):
        return make_membership(organization=make_partner(Kind.PROVIDER))


@pytest.fixture
def url(admin):
    with acting(OPERATOR):
        return join_url(make_invitation(admin.organization, invited_by=admin.user))


def test_one_account_is_made_of_a_link(admin, url, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    presses = [
        lambda number=number: Client().post(url, {"account": f"ida{number}", "password": PASSWORD})
        for number in range(CROWD)
    ]

    answers = race(presses)

    homes = [answer for answer in answers if answer.get("Location", "").startswith("/o/")]
    assert len(homes) == 1
    assert {answer.status_code for answer in answers} <= {302, 410}
    with acting(OPERATOR):
        assert User.objects.filter(username__startswith="ida").count() == 1
        assert Membership.objects.filter(organization=admin.organization).count() == 2


def test_one_person_joins_by_a_link(admin, url):
    with acting(OPERATOR):
        browsers = [Browser(make_membership(kind=Kind.PROVIDER)) for _ in range(CROWD)]

    answers = race([lambda b=b: b.post(url, {"right_address": "on"}) for b in browsers])

    assert statuses(answers) == [302] + [410] * (CROWD - 1)
    with acting(OPERATOR):
        assert Membership.objects.filter(organization=admin.organization).count() == 2


def test_one_invitation_is_made_for_an_address(admin):
    with acting(OPERATOR):
        browsers = [Browser(admin) for _ in range(CROWD)]
    add = browsers[0].url("staff:member_add")

    answers = race([lambda b=b: b.post(add, typed()) for b in browsers])

    assert statuses(answers) == [302] + [422] * (CROWD - 1)
    with acting(OPERATOR):
        assert UserInvitation.objects.count() == 1


def test_withdrawn_or_accepted_never_both(admin, url):
    with acting(OPERATOR):
        invitation, browser = UserInvitation.objects.get(), Browser(admin)
    withdraw = browser.url("staff:invitation_withdraw", invitation.pk)

    race(
        [
            lambda: browser.post(withdraw),
            lambda: Client().post(url, {"account": "ida", "password": PASSWORD}),
        ]
    )

    with acting(OPERATOR):
        invitation.refresh_from_db()
        joined = User.objects.filter(username="ida").exists()
        assert invitation.status == ("accepted" if joined else "withdrawn")


def test_one_of_forty_gets_the_password(admin):
    with acting(OPERATOR):
        colleague = make_membership(organization=admin.organization)
        make_handout(colleague, admin.user)
        browser = Browser(admin)
        session = browser.session
        session["staff_passwords"] = [colleague.pk]
        session.save()
    url = browser.url("staff:member_password_reveal", colleague.pk)
    browsers = [Client() for _ in range(ATTEMPTS)]
    for each in browsers:
        each.cookies = browser.cookies

    answers = race([lambda b=b: b.post(url) for b in browsers])

    assert statuses(answers) == [200] * ATTEMPTS
    shown = [answer for answer in answers if 'id="temporary-password"' in answer.text]
    assert len(shown) == 1
    with acting(OPERATOR):
        assert not Handout.objects.exists()


def test_two_who_reset_each_other_wait_for_each_other(admin):
    with acting(OPERATOR):
        other = make_membership(organization=admin.organization)
        pairs = [(Browser(admin), other), (Browser(other), admin)]

    answers = race([lambda b=b, p=p: b.post(b.url("staff:member_reset", p.pk)) for b, p in pairs])

    assert {302} <= set(statuses(answers)) <= {302, 403}
