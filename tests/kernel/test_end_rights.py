"""Whoever loses a role, a place or the sign-in can't finish what is on their screen."""

from threading import Event, Thread

import pytest
from allauth.usersessions.models import UserSession
from django.db import OperationalError, connection
from django.utils.timezone import now
from psycopg.errors import DeadlockDetected

from portal.accounts import middleware
from portal.accounts.models import Membership, User
from portal.accounts.roles import Role
from portal.accounts.services import end_sessions, end_these_sessions, give_roles, hold_members
from portal.conflicts import conflict
from portal.savedviews.models import SavedView
from portal.scope import OPERATOR, acting
from tests.conftest import Browser
from tests.factories import make_membership

VIEW = {"list": "activity", "name": "Mine", "query": "q=x"}


def save_view(browser):
    return browser.send("savedviews:view_create", data=VIEW)


def test_ending_sessions_ends_all_tracked_or_not(provider):
    browsers = [Browser(provider) for _number in range(2)]
    UserSession.objects.create(
        user=provider.user, ip="10.0.0.1", session_key=browsers[1].session.session_key
    )
    assert all(browser.open("subscriptions:home").status_code == 200 for browser in browsers)

    end_sessions(provider.user)

    for browser in browsers:
        response = browser.open("subscriptions:home")
        assert response.status_code == 302 and "/accounts/login/" in response.url
    assert not UserSession.objects.filter(user=provider.user).exists()
    assert Browser(provider).open("subscriptions:home").status_code == 200


def test_the_epoch_counts_for_old_keys_too(provider, settings):
    settings.SECRET_KEY_FALLBACKS = ["an older key"]
    before = list(provider.user.get_session_auth_fallback_hash())
    end_sessions(provider.user)
    assert list(provider.user.get_session_auth_fallback_hash()) != before


def test_one_session_ends_alone(provider):
    first, second = (Browser(provider) for _number in range(2))
    for browser in (first, second):
        key = browser.session.session_key
        UserSession.objects.create(user=provider.user, ip="10.0.0.1", session_key=key)

    gone = UserSession.objects.filter(session_key=first.session.session_key)
    assert end_these_sessions(gone) == 1

    assert first.open("subscriptions:home").status_code == 302
    assert second.open("subscriptions:home").status_code == 200


def test_a_closed_place_is_gone_and_others_stay(provider, outsider):
    elsewhere = make_membership(organization=outsider.organization, user=provider.user)
    make_membership(organization=provider.organization)
    here, there = Browser(provider), Browser(elsewhere)

    Membership.objects.filter(pk=provider.pk).update(deactivated_at=now())

    assert here.open("subscriptions:home").status_code == 404
    assert there.open("subscriptions:home").status_code == 200
    assert provider.organization.name not in there.get("/o/", follow=True).text
    assert User.objects.get(pk=provider.user_id).places == [elsewhere]


def test_refusals_name_no_colleague_who_is_gone(provider):
    make_membership(organization=provider.organization)
    lower = Browser(make_membership(Role.SALES_AGENT, organization=provider.organization))
    assert provider.user.email in lower.open("partners:letter_list").text

    Membership.objects.filter(pk=provider.pk).update(deactivated_at=now())

    assert provider.user.email not in lower.open("partners:letter_list").text


def test_whose_roles_were_changed_signs_in_again_and_is_refused(provider):
    colleague = make_membership(organization=provider.organization)
    browser = Browser(colleague)
    assert browser.open("partners:letter_list").status_code == 200

    give_roles(colleague, [Role.SALES_AGENT], actor=provider)

    old_page = browser.send("partners:letter_edit", data={"subject": "x"})
    assert old_page.status_code == 302 and "/accounts/login/" in old_page.url
    assert Browser(colleague).open("partners:letter_list").status_code == 403


def test_ones_own_roles_are_known_at_once(provider):
    assert provider.can("manage_staff")
    make_membership(organization=provider.organization)
    give_roles(Membership.objects.get(pk=provider.pk), [Role.USER_ADMIN], actor=provider)
    assert provider.roles == [Role.USER_ADMIN] and not provider.can("edit_letters")


# ---- Requests under way

LOSSES = {
    "role": lambda place: Membership.objects.filter(pk=place.pk).update(roles=["user_admin"]),
    "place": lambda place: Membership.objects.filter(pk=place.pk).update(deactivated_at=now()),
    "left": lambda place: Membership.objects.filter(pk=place.pk).delete(),
    "account": lambda place: User.objects.filter(pk=place.user_id).update(is_active=False),
    "sessions": lambda place: end_sessions(place.user),
}


@pytest.fixture
def scene():
    with acting(OPERATOR):
        admin = make_membership()
        return admin, make_membership(organization=admin.organization)


class Pause:
    """Holds a request between its view and its end."""

    def __init__(self, monkeypatch):
        self.reached, self.go = Event(), Event()
        really = middleware._check_still_holds

        def late(request):
            self.reached.set()
            assert self.go.wait(20)
            return really(request)

        monkeypatch.setattr(middleware, "_check_still_holds", late)

    def during(self, act):
        """Run ``act`` in a thread up to the pause; returns how to let it finish."""
        answers = []

        def run():
            try:
                answers.append(act())
            finally:
                connection.close()

        thread = Thread(target=run)
        thread.start()
        assert self.reached.wait(20)

        def finish():
            self.go.set()
            thread.join()
            return answers[0]

        return finish


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("loss", LOSSES)
def test_what_was_under_way_is_undone(scene, monkeypatch, loss):
    _admin, colleague = scene
    with acting(OPERATOR):
        browser = Browser(colleague)
    finish = Pause(monkeypatch).during(lambda: save_view(browser))

    with acting(OPERATOR):
        LOSSES[loss](colleague)
    response = finish()

    assert response.status_code == 403
    assert "Your rights were changed while you did this, so nothing was done." in response.text
    assert "is saved" not in response.text
    with acting(OPERATOR):
        assert not SavedView.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_keeps_their_rights_finishes(scene, monkeypatch):
    _admin, colleague = scene
    with acting(OPERATOR):
        browser = Browser(colleague)
    finish = Pause(monkeypatch).during(lambda: save_view(browser))
    with acting(OPERATOR):
        hold_members(colleague.organization_id)
        User.objects.filter(pk=colleague.user_id).update(last_login=now())
    assert finish().status_code == 302
    with acting(OPERATOR):
        assert SavedView.objects.count() == 1


# ---- Deadlocks


def test_a_deadlock_is_a_conflict(rf, provider):
    error = OperationalError("deadlock detected")
    assert conflict(rf.get("/"), error) is None
    error.__cause__ = DeadlockDetected("deadlock detected")
    request = rf.get("/")
    request.user = provider.user
    assert conflict(request, error).status_code == 409
