"""Notices: told once, on Home and by mail, to those who want it."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from portal.accounts.roles import Kind, Role
from portal.notices.models import MutedTopic, Notice
from portal.notices.services import choose_topics, notify
from portal.outbox.models import OutboxMessage
from portal.outbox.worker import work_once
from portal.scope import GUEST, SYSTEM, acting
from tests.factories import make_membership, make_notice, make_partner, make_user

FACTS = {"reseller": "Kessler", "provider": "Nordwind", "person": "M. Kessler", "mpn_id": "4847383"}


@pytest.fixture
def colleague(provider):
    return make_membership(Role.SALES_AGENT, organization=provider.organization)


@pytest.fixture
def tell(provider):
    def notified(about="thing:1", **arguments):
        values = {"organization": provider.organization, "path": "/o/x/", **FACTS} | arguments
        notify("accepted", about=about, **values)

    return notified


@pytest.fixture
def mails(mailoutbox):
    def sent():
        while work_once():
            pass
        return {mail.to[0]: mail for mail in mailoutbox}

    return sent


def test_everybody_it_concerns_is_mailed_and_home_shows_it(tell, mails, provider, colleague):
    tell()

    assert set(mails()) == {provider.user.email, colleague.user.email}
    notice = Notice.objects.visible_to(colleague).get()
    assert notice.words == "Kessler accepted your partnership request"


def test_twice_is_once(tell, mails, provider):
    tell()
    tell()

    assert Notice.objects.count() == OutboxMessage.objects.count() == len(mails()) == 1


def test_another_event_is_another_notice(tell, mails, mailoutbox, provider):
    tell("thing:1")
    tell("thing:2")
    mails()

    assert Notice.objects.count() == len(mailoutbox) == 2
    assert mailoutbox[0].extra_headers["Message-ID"] != mailoutbox[1].extra_headers["Message-ID"]


def test_only_those_who_asked_and_not_who_acted(tell, mails, provider, colleague):
    other = make_membership(organization=provider.organization)

    tell("thing:1", people={provider.user_id, colleague.user_id}, but_not=colleague.user_id)
    tell("thing:2", people={other.user_id + 1000}, but_not=None)

    assert set(mails()) == {provider.user.email}


def test_nobody_who_left_or_has_no_address_or_no_part_in_it(tell, mails, provider, reseller):
    for fields in ({"is_active": False}, {"email": ""}):
        make_membership(organization=provider.organization, user=make_user(**fields))
    make_membership(organization=provider.organization)
    roleless = make_membership(organization=provider.organization)
    roleless.roles = []
    roleless.save()

    tell(people={provider.user_id, roleless.user_id, reseller.user_id})

    assert set(mails()) == {provider.user.email}


def test_who_turned_it_off_gets_no_mail_but_sees_it_on_home(tell, mails, provider):
    choose_topics(provider.user, ["declined"])

    tell()

    assert mails() == {}
    assert Notice.objects.visible_to(provider).count() == 1


def test_who_turns_it_off_or_leaves_before_it_is_sent_gets_none(tell, mails, provider, colleague):
    tell()
    MutedTopic.objects.create(user=provider.user, topic="accepted")
    colleague.delete()

    assert mails() == {}
    assert set(OutboxMessage.objects.values_list("status", flat=True)) == {"done"}


def test_in_the_readers_language_and_time(tell, mails, provider, colleague):
    provider.user.language, provider.user.time_zone = "de", "Asia/Tokyo"
    provider.user.save()

    tell()
    Notice.objects.update(at="2026-11-21T08:14:00Z")
    found = mails()

    german, english = found[provider.user.email], found[colleague.user.email]
    assert german.subject == "Kessler hat Ihre Partnerschaftsanfrage angenommen"
    assert "21. November 2026, 17:14 JST" in german.body
    assert "21 November 2026, 09:14 CET" in english.body
    assert '<html lang="de">' in german.alternatives[0][0]


def test_it_says_why_and_where_to_turn_it_off(tell, mails, provider):
    tell()

    mail = mails()[provider.user.email]
    html = mail.alternatives[0][0]
    for text in (mail.body, html):
        assert "You work for Nordwind Distribution and get an email when a reseller accepts" in text
        assert "/accounts/me/notifications/" in text


@pytest.mark.parametrize("scope", [GUEST, SYSTEM, "reseller"])
def test_whoever_acts_can_tell_the_other_side(tell, provider, reseller, scope):
    with acting(reseller.actor if scope == "reseller" else scope):
        tell()
        if scope == "reseller":
            assert not Notice.objects.exists()

    assert Notice.objects.get().organization == provider.organization
    assert OutboxMessage.objects.get().organization == provider.organization


def test_what_people_typed_never_becomes_a_link(mails, provider):
    name = "Evil.example https://evil.example/ me@evil.example"
    reason = "Look here:\nhttps://evil.example/\n\nOpen it:\nhttps://evil.example/"
    notify(
        "declined",
        organization=provider.organization,
        about="thing:1",
        path="/o/x/",
        reseller=name,
        person="<b>M.</b>",
        reason=reason,
    )

    mail = mails()[provider.user.email]
    html = mail.alternatives[0][0]
    for text in (mail.subject, mail.body, html):
        assert "evil.example" not in text and "Evil.example" not in text
    assert 'href="https://evil' not in html and "<b>" not in html
    assert html.count("href=") == 2  # the request, and where to turn it off


def test_home_forgets(provider):
    for days, kind in ((29, "accepted"), (31, "accepted"), (1, "retired")):
        make_notice(provider.organization, kind=kind, at=now() - timedelta(days=days))

    [notice] = Notice.objects.visible_to(provider).recent()
    assert (now() - notice.at).days == 29


def test_others_see_nothing(tell, outsider, reseller):
    tell()

    for membership in (outsider, reseller):
        assert not Notice.objects.visible_to(membership).exists()
        with acting(membership.actor):
            assert not Notice.objects.exists()


def test_a_line_whose_facts_are_missing_is_still_a_line(provider):
    notice = make_notice(provider.organization, kind="withdrawn", facts={})
    assert notice.words == " withdrew the partnership request to "


@pytest.mark.parametrize(
    "kind,role,offered",
    [
        (Kind.PROVIDER, Role.GLOBAL_ADMIN, 15),
        (Kind.PROVIDER, Role.USER_ADMIN, 5),
        (Kind.RESELLER, Role.GLOBAL_ADMIN, 10),
        (Kind.RESELLER, Role.ADMIN_AGENT, 9),
        (Kind.RESELLER, Role.USER_ADMIN, 0),
        (Kind.CUSTOMER, Role.GLOBAL_ADMIN, 5),
        (Kind.CUSTOMER, Role.USER_ADMIN, 2),
    ],
)
def test_one_is_offered_what_concerns_one(db, browser_of, kind, role, offered):
    browser = browser_of(make_membership(role, organization=make_partner(kind)))

    page = browser.get("/accounts/me/notifications/")

    assert page.status_code == 200
    topics = [name for name, _label in page.context["form"].fields["topics"].choices]
    assert len(topics) == offered, topics
    assert ("Nothing in your organizations" in page.text) == (offered == 0)
    assert page.text.count("checked") == offered


def test_choosing(browser_of, provider):
    browser = browser_of(provider)
    url = "/accounts/me/notifications/"

    for _ in range(2):
        assert browser.post(url, {"topics": ["accepted", "ended"]}).status_code == 302
    page = browser.get(url)

    assert page.context["form"].initial["topics"] == ["accepted", "ended"]
    assert MutedTopic.objects.filter(user=provider.user).count() == 13
    assert "Your choice is saved." in page.text
    browser.post(url, {})
    assert MutedTopic.objects.count() == 15
    browser.post(url, {"topics": ["accepted", "declined", "expired"]})
    assert not MutedTopic.objects.filter(topic="accepted").exists()


@pytest.mark.parametrize("topic", ["connected", "nonsense", "\x00", ""])
def test_what_is_not_offered_is_refused(browser_of, provider, topic):
    response = browser_of(provider).post("/accounts/me/notifications/", {"topics": [topic]})

    assert response.status_code == 422
    assert not MutedTopic.objects.exists()


def test_the_profile_leads_there(browser_of, provider):
    assert 'href="/accounts/me/notifications/"' in browser_of(provider).get("/accounts/me/").text
