import pytest
from django.test import Client
from django.urls import reverse

from partners import wording
from partners.models import MpnAccount, PartnerProfile, Partnership
from portal.accounts.models import Membership, Organization, User
from portal.accounts.roles import Kind, Role
from portal.audit.models import AuditEntry
from tests.factories import make_membership, make_mpn, make_partner, make_request, make_user

PERSON = {
    "first_name": "Moritz",
    "last_name": "Kessler",
    "email": "M.Kessler@kessler-it.example",
    "password": "a long and winding road",
}
COMPANY = {
    "name": "Kessler IT-Systemhaus GmbH",
    "address": "Jungfernstieg 1",
    "city": "Hamburg",
    "country": "DE",
    "mpn_id": "484 7383",
}
CONSENT = {"accept_agreement": "on", "agreement_version": wording.AGREEMENT_VERSION}


@pytest.fixture
def enroll(db):
    """Fill in the form; returns the browser and its answer."""

    def send(browser=None, **changes):
        fields = COMPANY | PERSON | CONSENT | changes
        data = {name: value for name, value in fields.items() if value is not None}
        browser = browser or Client()
        return browser, browser.post(reverse("enroll"), data)

    return send


def test_the_page_explains_itself(db):
    response = Client().get(reverse("enroll"))

    assert response.status_code == 200
    assert "Partner agreement" in response.text
    assert response["Referrer-Policy"] == "strict-origin"


def test_a_company_enrols_and_is_signed_in(enroll):
    browser, response = enroll()

    company = Organization.objects.get()
    person = User.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"/o/{company.slug}/indirect-providers/"
    assert (company.kind, company.name, company.country) == (Kind.RESELLER, COMPANY["name"], "DE")
    assert company.partner.address == "Jungfernstieg 1"
    assert (person.username, person.email) == ("m.kessler@kessler-it.example",) * 2
    assert person.check_password(PERSON["password"])
    assert person.membership_in(company.slug).roles == [Role.GLOBAL_ADMIN]
    number = MpnAccount.objects.get()
    assert (number.mpn_id, number.type, number.organization) == ("4847383", "location", company)
    assert browser.get(response["Location"]).status_code == 200


def test_with_the_agreement_signed(enroll):
    enroll()

    profile = PartnerProfile.objects.get()
    assert profile.agreement_version == wording.AGREEMENT_VERSION
    assert profile.agreement_signed_by == User.objects.get()
    assert {entry.action for entry in AuditEntry.objects.all()} == {
        "organization.enrolled",
        "agreement.accepted",
    }


def test_without_signing_yet(enroll):
    browser, response = enroll(accept_agreement=None)

    assert not PartnerProfile.objects.get().agreement_signed
    assert "The partner agreement is not signed." in browser.get(response["Location"]).text


def test_the_road_from_the_invitation_and_back(enroll, provider):
    invited = make_request(provider.organization, recipient=PERSON["email"])
    url = reverse("invitation", args=[invited.token])

    browser, response = enroll(next=url)
    assert response["Location"] == url
    page = browser.get(url)
    assert "Authorize indirect provider" in page.text

    answer = browser.post(url, {"location": "4847383", "authorized": "on"})
    assert answer.status_code == 302
    assert Partnership.objects.get().reseller == Organization.objects.get(kind="reseller")


@pytest.mark.parametrize(
    "next_", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_elsewhere(enroll, next_):
    _browser, response = enroll(next=next_)

    assert response["Location"].startswith("/o/")


def test_somebody_signed_in_enrols_a_further_company(enroll, browser_of):
    person = make_membership(kind=Kind.CUSTOMER)

    _browser, response = enroll(browser_of(person), **dict.fromkeys(PERSON))

    company = Organization.objects.get(kind=Kind.RESELLER)
    assert response.status_code == 302
    assert Membership.objects.get(organization=company).user == person.user


BAD = [
    {"name": ""},
    {"name": "x" * 201},
    {"name": "Kessler\x00"},
    {"name": "Kessler \u202e"},
    {"address": ""},
    {"city": "x" * 101},
    {"country": ""},
    {"country": "XX"},
    {"mpn_id": ""},
    {"mpn_id": "1234"},
    {"mpn_id": "123456789"},
    {"mpn_id": "48A7383"},
    {"mpn_id": "٤٨٤٧٣٨٣"},
    {"mpn_id": "1; drop table"},
    {"first_name": ""},
    {"last_name": "\x07"},
    {"email": ""},
    {"email": "nobody"},
    {"email": f"{'x' * 200}@kessler.example"},
    {"email": "kessler@gmail.com"},
    {"email": "kessler@yahoo.co.uk"},
    {"email": "kessler@web.de"},
    {"email": "kessler@GMX.net"},
    {"password": ""},
    {"password": "short"},
    {"password": "123456789012345"},
    {"password": "password1234"},
    {"password": "M.Kessler@kessler-it.example"},
    {"password": "x" * 129},
]


@pytest.mark.parametrize("changes", BAD)
def test_bad_input_is_refused_at_the_field_and_writes_nothing(enroll, changes):
    _browser, response = enroll(**changes)

    assert response.status_code == 422
    assert next(iter(changes)) in response.context["form"].errors
    assert not Organization.objects.exists()
    assert not User.objects.exists()


def test_what_was_typed_is_kept_except_the_password(enroll):
    _browser, response = enroll(country="")

    assert COMPANY["name"] in response.text
    assert "484 7383" in response.text
    assert PERSON["password"] not in response.text


def test_a_registered_mpn_id(enroll):
    make_mpn(make_partner(), mpn_id="4847383")

    _browser, response = enroll()

    assert response.status_code == 422
    assert "registered already" in response.text


@pytest.mark.parametrize("taken", ["m.kessler@kessler-it.example", "M.KESSLER@kessler-it.example"])
def test_an_address_in_use(enroll, taken):
    make_user("somebody", email=taken)

    _browser, response = enroll()

    assert response.status_code == 422
    assert "This email address is in use. Sign in instead." in response.text


def test_pressed_twice_enrols_once(enroll):
    enroll()
    _browser, response = enroll()

    assert response.status_code == 422
    assert Organization.objects.count() == 1


def test_consent_counts_for_the_text_that_was_shown(enroll):
    _browser, response = enroll(agreement_version="1999-01")

    assert response.status_code == 422
    assert "accept_agreement" in response.context["form"].errors


def test_too_many_attempts_are_slowed_down(enroll, settings):
    codes = {enroll(country="")[1].status_code for _ in range(25)}

    assert codes == {422, 429}


def test_in_german(db):
    browser = Client()
    browser.cookies["django_language"] = "de"

    page = browser.get(reverse("enroll")).text

    assert 'lang="de"' in page
    assert "Partnervertrag" in page
