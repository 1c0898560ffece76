"""One user: roles, deactivation and sessions; who may touch whom, and what it ends."""

from threading import Barrier, Thread

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection

from portal.accounts.devices import device_name, masked
from portal.accounts.models import Membership
from portal.accounts.roles import Kind, Role
from portal.audit.models import AuditEntry
from portal.outbox.worker import work_once
from portal.scope import OPERATOR, acting
from tests.conftest import Browser
from tests.factories import make_membership, make_partner

DETAIL, LIST = "staff:member_detail", "staff:member_list"
SALES, AGENT, ADMIN = Role.SALES_AGENT, Role.ADMIN_AGENT, Role.GLOBAL_ADMIN


def give(browser, member, *roles, before=None):
    shown = member.roles if before is None else before
    data = {"roles": [str(role) for role in roles], "before": ",".join(map(str, shown))}
    return browser.send(DETAIL, member.pk, data=data)


def now_held(member):
    return Membership.objects.get(pk=member.pk).roles


def actions(member):
    entries = AuditEntry.objects.about(member).order_by("at")
    return [entry.action for entry in entries]


def signed_in(member):
    """A browser of ``member`` whose session is tracked."""
    browser = Browser(member, headers={"user-agent": "Mozilla (Windows NT 10.0) Firefox/140.0"})
    UserSession.objects.create(
        user=member.user,
        ip="203.0.113.7",
        session_key=browser.session.session_key,
        user_agent="Mozilla (Windows NT 10.0) Firefox/140.0",
    )
    return browser


def anew(member):
    """A browser after signing in again."""
    member.user.refresh_from_db()
    return Browser(member)


# ---- Roles


def test_other_roles_count_at_once_and_sign_out(staff, colleague):
    browser = signed_in(colleague)
    assert browser.open("subscriptions:order_list").status_code == 200

    response = give(staff, colleague, AGENT, SALES)

    assert response.status_code == 302
    assert now_held(colleague) == [AGENT, SALES]
    assert browser.open("subscriptions:order_list").url.startswith("/accounts/login/")
    entry = AuditEntry.objects.about(colleague).get()
    assert entry.action == "membership.changed"
    assert list(entry.changes) == [("Roles", "Sales agent", "Admin agent, Sales agent")]


def test_the_person_is_told(staff, colleague, mailoutbox):
    colleague.user.language = "de"
    colleague.user.save()
    give(staff, colleague, Role.USER_ADMIN)
    while work_once():
        pass
    mail = mailoutbox[0]
    assert mail.to == [colleague.user.email]
    assert "Ihre Rollen bei Nordwind Distribution wurden geändert" in mail.subject
    assert "- Benutzeradministrator" in mail.body and "Ada Wong" in mail.body


def test_the_page_says_what_each_role_gives(staff, colleague):
    page = staff.open(DETAIL, colleague.pk).text
    assert "Looks after partnerships, customers, orders and subscriptions" in page
    assert "Home, Indirect resellers" in page
    assert "Changing roles signs this user out everywhere, at once." in page


def test_nothing_new_changes_nothing(staff, colleague):
    browser = signed_in(colleague)
    assert give(staff, colleague, SALES).status_code == 302
    assert actions(colleague) == []
    assert browser.open("subscriptions:order_list").status_code == 200


def test_nobody_gives_or_takes_what_they_lack(provider, colleague):
    user_admin = make_membership(Role.USER_ADMIN, organization=provider.organization)
    roleless = make_membership(Role.USER_ADMIN, organization=provider.organization)
    browser = Browser(user_admin)

    assert give(browser, roleless, ADMIN).status_code == 422  # to others
    assert give(browser, user_admin, Role.USER_ADMIN, AGENT).status_code == 422  # to oneself
    assert give(browser, provider).status_code == 403  # from those who may do more
    assert give(browser, colleague).status_code == 403
    assert now_held(provider) == [ADMIN] and now_held(roleless) == [Role.USER_ADMIN]
    page = browser.open(DETAIL, provider.pk).text
    assert "This user may do more than you may" in page and 'name="before"' not in page
    assert "disabled" in browser.open(DETAIL, roleless.pk).text
    assert give(browser, roleless).status_code == 302
    assert now_held(roleless) == []


def test_no_sales_agents_at_resellers(reseller):
    member = make_membership(Role.USER_ADMIN, organization=reseller.organization)
    browser = Browser(reseller)
    assert "Sales agent" not in browser.open(DETAIL, member.pk).text
    assert give(browser, member, SALES).status_code == 422


def test_the_last_global_admin_stays(staff, provider):
    response = give(staff, provider, SALES)
    assert response.status_code == 422
    assert "Make somebody else global admin first." in response.text
    assert now_held(provider) == [ADMIN]


def test_ones_own_roles_can_be_given_up(staff, provider):
    make_membership(organization=provider.organization)
    assert "Changing your own roles signs you out." in staff.open(DETAIL, provider.pk).text

    response = give(staff, provider, SALES)

    assert response.url == "/accounts/login/"
    assert "Your roles are changed. Sign in again." in staff.get(response.url).text
    assert now_held(provider) == [SALES]
    assert staff.open(LIST).status_code == 302


def test_an_old_page_overwrites_nothing_unseen(staff, colleague):
    Membership.objects.filter(pk=colleague.pk).update(roles=[AGENT])

    response = give(staff, colleague, SALES, Role.USER_ADMIN, before=[SALES])

    assert response.status_code == 409
    assert "they are now Admin agent" in response.text
    assert now_held(colleague) == [AGENT]
    assert 'name="before" value="admin_agent"' in response.text
    assert give(staff, colleague, SALES, before=[AGENT]).status_code == 302


def test_it_takes_a_fresh_sign_in(staff, colleague):
    staff.forget_confirmation()
    response = give(staff, colleague, AGENT)
    assert response.status_code == 302 and "reauthenticate" in response.url
    assert now_held(colleague) == [SALES]


# ---- Deactivate


def test_deactivating_says_first_what_happens(staff, colleague):
    browser = signed_in(colleague)
    page = staff.open("staff:member_deactivate", colleague.pk).text
    assert "signed out everywhere, at once" in page and "Drafts, shared views" in page
    assert "Other organizations" not in page

    response = staff.send("staff:member_deactivate", colleague.pk)

    assert response.status_code == 302
    assert browser.open("subscriptions:home").url.startswith("/accounts/login/")
    assert anew(colleague).open("subscriptions:home").status_code == 404
    assert actions(colleague) == ["membership.deactivated"]
    page = staff.open(DETAIL, colleague.pk).text
    assert "can't act here since" in page and "Reactivate" in page


def test_deactivated_ones_keep_their_roles_and_come_back(staff, colleague, mailoutbox):
    staff.send("staff:member_deactivate", colleague.pk)
    assert give(staff, colleague, AGENT).status_code == 422
    assert staff.send("staff:member_deactivate", colleague.pk).status_code == 302  # once

    assert "Sales agent" in staff.open("staff:member_reactivate", colleague.pk).text
    assert staff.send("staff:member_reactivate", colleague.pk).status_code == 302
    assert staff.send("staff:member_reactivate", colleague.pk).status_code == 302

    assert actions(colleague) == ["membership.deactivated", "membership.reactivated"]
    assert anew(colleague).open("subscriptions:order_list").status_code == 200
    while work_once():
        pass
    assert len(mailoutbox) == 2


def test_places_elsewhere_stay(staff, colleague, outsider):
    other = make_membership(organization=outsider.organization, user=colleague.user)
    assert "Other organizations" in staff.open("staff:member_deactivate", colleague.pk).text
    staff.send("staff:member_deactivate", colleague.pk)
    assert anew(other).open("subscriptions:home").status_code == 200


def test_nobody_deactivates_themselves_or_the_last_global_admin(staff, provider):
    make_membership(organization=provider.organization)
    response = staff.send("staff:member_deactivate", provider.pk)
    assert response.status_code == 422 and "Ask a colleague." in response.text
    user_admin = make_membership(Role.USER_ADMIN, organization=provider.organization)
    assert Browser(user_admin).send("staff:member_deactivate", provider.pk).status_code == 403


@pytest.mark.parametrize("name", ["deactivate", "reactivate", "sign_out"])
def test_people_of_others_are_not_there(staff, outsider, name):
    assert staff.send(f"staff:member_{name}", outsider.pk).status_code == 404
    assert staff.open(DETAIL, outsider.pk).status_code == 404


# ---- Sessions


def test_sessions_are_shown_and_end_one_by_one(staff, colleague):
    first, second = signed_in(colleague), signed_in(colleague)
    page = staff.open(DETAIL, colleague.pk).text
    assert page.count("Firefox on Windows") >= 2
    assert "203.0.…" in page and "203.0.113.7" not in page

    session = UserSession.objects.get(session_key=first.session.session_key).pk
    staff.send("staff:member_sign_out", colleague.pk, data={"session": session})

    assert first.open("subscriptions:home").status_code == 302
    assert second.open("subscriptions:home").status_code == 200
    again = staff.send(
        "staff:member_sign_out", colleague.pk, data={"session": session}, follow=True
    )
    assert "That session had ended already." in again.text
    assert actions(colleague) == ["membership.signed_out"]


def test_signing_out_everywhere_ends_untracked_ones(staff, colleague):
    browser = Browser(colleague)
    staff.send("staff:member_sign_out", colleague.pk)
    assert browser.open("subscriptions:home").status_code == 302


def test_ones_own_session_is_named_and_can_end_with_the_others(provider):
    browser = signed_in(provider)
    assert "this session" in browser.open(DETAIL, provider.pk).text
    response = browser.send("staff:member_sign_out", provider.pk)
    assert response.url == "/accounts/login/"
    assert browser.open(LIST).status_code == 302


@pytest.mark.parametrize("session", ["x", "-1", "9" * 30, "0", "²", ""])
def test_sessions_that_are_none_end_nothing(staff, colleague, session):
    browser = signed_in(colleague)
    assert staff.send("staff:member_sign_out", colleague.pk, data={"session": session}).status_code
    assert browser.open("subscriptions:home").status_code == 200


def test_sessions_of_others_are_out_of_reach(staff, colleague, outsider):
    theirs = signed_in(outsider)
    session = UserSession.objects.get(user=outsider.user).pk
    staff.send("staff:member_sign_out", colleague.pk, data={"session": session})
    assert theirs.open("subscriptions:home").status_code == 200


def test_who_may_only_look_sees_no_sessions(provider, colleague):
    signed_in(colleague)
    looker = Browser(make_membership(AGENT, organization=provider.organization))
    page = looker.open(DETAIL, colleague.pk).text
    assert "Firefox" not in page and "Sign out everywhere" not in page and "Deactivate" not in page
    assert give(looker, colleague, AGENT).status_code == 403


def test_words_for_devices():
    assert device_name("Mozilla/5.0 (iPhone) Version/18 Safari/604") == "Safari on iPhone"
    assert device_name("X (Linux; Android 15) Chrome/140 Safari/537 Edg/140") == "Edge on Android"
    assert device_name("curl/8") == "Unknown device"
    assert masked("2001:db8:85a3::1") == "2001:db8:…"
    assert masked("::1") == "0:0:…"


# ---- At the same moment


@pytest.mark.django_db(transaction=True)
def test_two_global_admins_against_each_other_leave_one():
    for turn in range(12):
        with acting(OPERATOR):
            organization = make_partner(Kind.PROVIDER)
            pair = [make_membership(organization=organization) for _number in range(2)]
            browsers = [Browser(member) for member in pair]
        barrier, answers = Barrier(2), {}

        def press(me, pair=pair, browsers=browsers, barrier=barrier, answers=answers, turn=turn):
            try:
                barrier.wait()
                other = pair[1 - me]
                if (turn + me) % 2:
                    answers[me] = give(browsers[me], other, SALES).status_code
                else:
                    answer = browsers[me].send("staff:member_deactivate", other.pk)
                    answers[me] = answer.status_code
            finally:
                connection.close()

        threads = [Thread(target=press, args=(me,)) for me in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        with acting(OPERATOR):
            left = organization.memberships.global_admins()
            assert left.count() == 1, answers
        # The other one is told: no longer signed in, or the last one stays, or no right left.
        assert set(answers.values()) <= {302, 403, 404, 422}, answers
        assert 302 in answers.values()


@pytest.mark.django_db(transaction=True)
def test_two_tabs_deactivate_once():
    with acting(OPERATOR):
        admin = make_membership()
        member = make_membership(SALES, organization=admin.organization)
        browsers = [Browser(admin) for _number in range(6)]
    barrier, answers = Barrier(6), []

    def press(browser):
        try:
            barrier.wait()
            answers.append(browser.send("staff:member_deactivate", member.pk).status_code)
        finally:
            connection.close()

    threads = [Thread(target=press, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [302] * 6
    with acting(OPERATOR):
        assert actions(member) == ["membership.deactivated"]


def test_ones_own_sessions_are_said_in_words(provider):
    browser = signed_in(provider)
    page = browser.get("/accounts/sessions/").text
    assert "Firefox on Windows" in page and "203.0.113.7" in page and "this session" in page
    assert "/accounts/sessions/" in browser.get("/accounts/me/").text
