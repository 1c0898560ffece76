"""What was typed when the session ended comes back to the person who typed it, and nobody else."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import now

from partners.models import PartnerProfile
from portal import parking
from portal.accounts.models import Organization
from subscriptions.models import OrderDraft
from tests.customers.conftest import typed
from tests.factories import make_membership, make_user

CREATE, LOGIN = "subscriptions:draft_create", "/accounts/login/"
KEPT = "We kept what you typed. Nothing is submitted yet."


@pytest.fixture
def ada(provider, browser_of):
    """Signed in for real, so that the browser has the cookie; her session ends later."""
    user = provider.user
    user.username, user.email = "ada@nord.test", "ada@nord.test"
    user.set_password("demo")
    user.save()
    browser = browser_of(provider)
    browser.open("subscriptions:home")
    return browser


@pytest.mark.parametrize(
    "referer,page",
    [
        ("http://testserver/o/nord/?a=1", "/o/nord/?a=1"),
        ("http://testserver//evil.example/", ""),
        ("http://evil.example/o/nord/", ""),
        ("", ""),
    ],
)
def test_the_page_somebody_came_from_is_one_of_ours(rf, referer, page):
    assert parking.page_of(rf.get("/", HTTP_REFERER=referer)) == page


def here(path):
    return f"http://testserver{path}"


def end_session(browser):
    Session.objects.all().delete()


def sign_in(browser, name="ada@nord.test", **extra):
    return browser.post(LOGIN, {"login": name, "password": "demo"} | extra)


def test_the_form_is_filled_in_after_signing_in(ada):
    end_session(ada)
    sent = ada.send(CREATE, data=typed(city="Lübeck", company_name="Adler & Söhne"))

    assert sent.status_code == 302 and sent["Location"].startswith(f"{LOGIN}?next=/o/")
    assert "we kept what you typed" in ada.get(sent["Location"]).text
    sign_in(ada, next=ada.url(CREATE))
    page = ada.open(CREATE)
    assert KEPT in page.text
    assert 'value="Lübeck"' in page.text and "Adler &amp; Söhne" in page.text
    assert 'value="accepted" required id="id_agreement_1" checked' in page.text.replace(
        'checked required id="id_agreement_1"', 'required id="id_agreement_1" checked'
    )


def test_what_was_kept_before_an_upgrade_harms_nobody(ada):
    end_session(ada)
    ada.send(CREATE, data=typed(city="Lübeck"))
    session = ada.session
    session[parking.KEY] = {k: v for k, v in session[parking.KEY].items() if k != "seen_as"}
    session.save()
    sign_in(ada)

    assert 'value="Lübeck"' in ada.open(CREATE).text


def test_a_form_sent_when_a_second_factor_comes_to_be_required_is_kept(ada):
    form = ada.url(CREATE)
    headers = {"Origin": here(""), "Referer": here(form)}
    Organization.objects.update(requires_second_factor=True)

    sent = ada.send(CREATE, data=typed(city="Lübeck"), headers=headers)

    assert sent["Location"] == f"/accounts/2fa/totp/activate/?{urlencode({'next': form})}"
    Organization.objects.update(requires_second_factor=False)
    assert 'value="Lübeck"' in ada.open(CREATE).text


def test_a_part_of_a_page_leads_to_a_second_factor_and_back_to_the_whole(ada):
    Organization.objects.update(requires_second_factor=True)
    page = ada.url("subscriptions:home")
    headers = {"HX-Request": "true", "Referer": here(page)}

    answer = ada.get(ada.url(CREATE), headers=headers)

    assert answer["HX-Redirect"].endswith(urlencode({"next": page}))


def test_nothing_is_submitted_for_anybody(ada):
    end_session(ada)
    ada.send(CREATE, data=typed())
    sign_in(ada)
    ada.open(CREATE)
    assert not OrderDraft.objects.exists()

    assert ada.send(CREATE, data=typed()).status_code == 302
    assert KEPT not in ada.open(CREATE).text  # sent at last, and forgotten


def test_the_form_that_comes_back_is_the_same_one(ada):
    page = {"submission": str(uuid4()), "tab": str(uuid4())}
    ada.send("subscriptions:draft_begin", data={"city": "Lübeck"} | page)
    end_session(ada)
    ada.send(CREATE, data=typed(city="Kiel") | page)
    sign_in(ada)
    back = ada.open(CREATE)
    assert page["submission"] in back.text and page["tab"] in back.text

    assert ada.send(CREATE, data=typed(city="Kiel") | page).status_code == 302
    assert OrderDraft.objects.get().account["city"] == "Kiel"


def test_another_person_in_the_same_browser_gets_an_empty_form(ada, provider):
    other = make_user("ben@nord.test", email="ben@nord.test")
    make_membership(organization=provider.organization, user=other)
    end_session(ada)
    ada.send(CREATE, data=typed(city="Lübeck"))
    sign_in(ada, "ben@nord.test")

    page = ada.open(CREATE)

    assert page.status_code == 200 and "Lübeck" not in page.text and KEPT not in page.text
    assert parking.KEY not in ada.session
    ada.post("/accounts/logout/")
    sign_in(ada)
    assert "Lübeck" not in ada.open(CREATE).text


def test_after_an_hour_it_is_gone(ada):
    end_session(ada)
    ada.send(CREATE, data=typed(city="Lübeck"))
    assert Session.objects.get().expire_date <= now() + timedelta(hours=1)
    sign_in(ada)
    with time_machine.travel(now() + timedelta(minutes=61)):
        assert "Lübeck" not in ada.open(CREATE).text


def test_signed_in_again_the_session_lasts_as_long_as_any(ada):
    end_session(ada)
    ada.send(CREATE, data=typed())
    sign_in(ada)
    ada.open("subscriptions:home")

    assert Session.objects.get().expire_date > now() + timedelta(hours=11)


def test_the_database_cannot_read_it(ada):
    end_session(ada)
    ada.send(CREATE, data=typed(city="Lübeck"))

    assert "bec" not in Session.objects.get().session_data


def test_passwords_and_tokens_are_never_kept(ada):
    end_session(ada)
    secrets = {"new_password1": "tiger", "csrfmiddlewaretoken": "tiger", "code": "tiger"}
    ada.send(CREATE, data=typed() | secrets)

    assert "tiger" not in ada.session[parking.KEY]["typed"]
    assert "postal_code=20354" in ada.session[parking.KEY]["typed"]
    for path in ("/accounts/password/change/", "/admin/", LOGIN):
        end_session(ada)
        ada.post(path, {"text": "x"})
        assert parking.KEY not in ada.session


def test_whoever_signed_out_left_nothing(ada):
    gone = ada.post("/accounts/logout/").cookies[parking.COOKIE]
    assert (gone.value, gone["samesite"]) == ("", "Lax")
    ada.send(CREATE, data=typed())

    assert parking.KEY not in ada.session


@pytest.mark.parametrize("cookie", ["", "x", "1", "\x00", "1:1:1"])
def test_a_made_up_person_parks_nothing(ada, cookie):
    end_session(ada)
    ada.cookies[parking.COOKIE] = cookie
    response = ada.send(CREATE, data=typed())

    assert response.status_code in {302, 400}
    assert parking.KEY not in ada.session


def test_too_much_is_not_kept(ada):
    end_session(ada)
    ada.send(CREATE, data={"city": "x" * (parking.MOST_TEXT + 1)})

    assert parking.KEY not in ada.session


def test_a_button_without_a_page_leads_back_to_where_it_stood(ada, provider):
    url = ada.url("partners:profile_review")
    page = ada.url("partners:profile_detail")
    end_session(ada)
    ada.post(url, {"x": "1"}, HTTP_REFERER=f"http://testserver{page}")
    sign_in(ada)

    response = ada.get(url)

    assert response.status_code == 302 and response["Location"] == page
    assert PartnerProfile.objects.get(organization=provider.organization).reviewed_at is None


def test_any_form_of_the_portal_is_covered(ada):
    url = ada.url("partners:profile_change")
    end_session(ada)
    ada.post(url, {"text": "We have moved to Kiel."})
    sign_in(ada)

    assert "We have moved to Kiel." in ada.get(url).text
    assert "We have moved" not in ada.get(reverse("me")).text


def test_the_cookie_tells_nobody_anything(ada):
    morsel = ada.cookies[parking.COOKIE]

    assert morsel["httponly"] and morsel["samesite"] == "Lax"
    assert ada.membership.user.username not in morsel.value
