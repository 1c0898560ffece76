"""*Contact your representative*: partners ask, operators answer in Django admin, once."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from partners import services
from partners.models import ProfileChange
from portal.accounts.roles import Kind, Role
from portal.audit.models import AuditEntry
from portal.lifecycle import InvalidTransition
from portal.notices.models import Notice
from portal.scope import OPERATOR, acting
from tests.factories import make_membership, make_partner, make_profile_change, make_user

ASK = "partners:profile_change"
DETAIL = "partners:profile_detail"


@pytest.fixture
def operator(db):
    browser = Client()
    browser.force_login(
        make_user(is_staff=True, is_superuser=True),
        backend="portal.accounts.backends.AccountBackend",
    )
    return browser


@pytest.fixture
def change(reseller):
    return make_profile_change(reseller.organization, asked_by=reseller.user, text="We moved.")


def address(change):
    return reverse("admin:partners_profilechange_change", args=[change.pk])


@pytest.mark.parametrize("kind", [Kind.PROVIDER, Kind.RESELLER])
def test_asking(browser_of, db, kind):
    person = make_membership(organization=make_partner(kind))
    browser = browser_of(person)

    assert browser.open(ASK).status_code == 200
    assert not ProfileChange.objects.exists()
    response = browser.send(ASK, data={"text": "Our <b>new</b>\r\naddress"})

    change = ProfileChange.objects.get()
    assert response["Location"] == browser.url(DETAIL)
    assert (change.organization, change.asked_by) == (person.organization, person.user)
    assert AuditEntry.objects.get().action == "profilechange.asked"
    page = browser.open(DETAIL).text
    assert "Our &lt;b&gt;new&lt;/b&gt;<br>address" in page and 'data-status="open"' in page


def test_pressed_twice_asks_once(reseller, browser_of):
    browser = browser_of(reseller)

    for text in ("We moved.", "We moved.", "And the phone number."):
        assert browser.send(ASK, data={"text": text}).status_code == 302

    assert ProfileChange.objects.count() == AuditEntry.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_pressed_at_the_same_moment_asks_once():
    with acting(OPERATOR):
        person = make_membership(organization=make_partner())
    barrier = Barrier(4)

    def press():
        barrier.wait()
        try:
            with acting(person.actor):
                profile = person.organization.partner
                services.ask_profile_change(profile, actor=person, text="We moved.")
        finally:
            connection.close()

    threads = [Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with acting(OPERATOR):
        assert ProfileChange.objects.count() == 1


@pytest.mark.parametrize("text", ["", "x" * 2001, "a\x00b", "a\u202eb"])
def test_bad_input_is_refused_at_the_field(reseller, browser_of, text):
    response = browser_of(reseller).send(ASK, data={"text": text})

    assert response.status_code == 422 and "text" in response.context["form"].errors
    assert not ProfileChange.objects.exists()


def test_only_global_admins_ask_and_everybody_reads(reseller, browser_of, change):
    agent = browser_of(make_membership(Role.ADMIN_AGENT, organization=reseller.organization))

    assert agent.send(ASK, data={"text": "x"}).status_code == 403
    page = agent.open(DETAIL).text
    assert "We moved." in page and "a global admin of your company contacts" in page


def test_others_do_not_see_it(change, stranger, provider, browser_of):
    for membership in (stranger, provider):
        assert "We moved." not in browser_of(membership).open(DETAIL).text


def test_the_operator_answers(operator, change, reseller, browser_of):
    text = operator.get(address(change)).text
    data = {"outcome": "done", "answer": "Changed as you asked."}

    assert "We moved." in text and 'name="text"' not in text
    assert operator.post(address(change), data).status_code == 302

    change.refresh_from_db()
    assert (change.status, change.answer) == ("done", "Changed as you asked.")
    assert change.answered_at
    assert "Changed as you asked." in browser_of(reseller).open(DETAIL).text
    [notice] = Notice.objects.visible_to(reseller)
    assert notice.path == browser_of(reseller).url(DETAIL)


def test_a_no_needs_words(operator, change):
    for data in ({"outcome": "declined", "answer": ""}, {"outcome": "", "answer": "x"}, {}):
        assert operator.post(address(change), data).status_code == 200

    change.refresh_from_db()
    assert change.status == "open"
    operator.post(address(change), {"outcome": "declined", "answer": "Send us the register entry."})
    change.refresh_from_db()
    assert change.status == "declined"


def test_an_answer_is_given_once(operator, change):
    operator.post(address(change), {"outcome": "done", "answer": "Yes."})

    second = operator.post(address(change), {"outcome": "declined", "answer": "No."})

    assert second.status_code == 403
    assert operator.get(address(change)).status_code == 200
    with pytest.raises(InvalidTransition):
        services.answer_profile_change(change, ProfileChange.Status.DECLINED, answer="No.")
    change.refresh_from_db()
    assert (change.status, change.answer) == ("done", "Yes.")
    assert Notice.objects.count() == 1


def test_two_operators_at_the_same_moment(operator, change, monkeypatch):
    """The other one answers between the look and the press."""
    stale = ProfileChange.objects.get()
    services.answer_profile_change(change, ProfileChange.Status.DONE, answer="Yes.")
    monkeypatch.setattr("django.contrib.admin.ModelAdmin.get_object", lambda *args: stale)

    response = operator.post(address(change), {"outcome": "declined", "answer": "No."})

    assert response.status_code == 409


def test_the_operator_says_which_languages_a_company_serves(operator, provider):
    profile = provider.organization.partner
    url = reverse("admin:partners_partnerprofile_change", args=[profile.pk])
    held = operator.get(url).context["adminform"].form
    data = {
        name: value
        for name in held.fields
        if (value := held[name].value()) not in (None, False, [])
    }

    refused = operator.post(url, data | {"languages": ["de", "klingon"]})
    accepted = operator.post(url, data | {"languages": ["de", "en"]})

    assert (refused.status_code, accepted.status_code) == (200, 302)
    profile.refresh_from_db()
    assert profile.languages == ["de", "en"]
