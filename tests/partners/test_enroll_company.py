"""Enrolment as the applicant walks it: part by part, kept, submitted, decided."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from partners import services
from partners.models import Enrolment, MpnAccount, PartnerProfile, Partnership, PartnershipRequest
from portal.accounts.models import Membership, Organization, User
from portal.accounts.roles import Kind, Role
from portal.audit.models import AuditEntry
from tests.factories import make_membership, make_mpn, make_partner, make_request, make_user
from tests.partners.enrolling import (
    COMPANY,
    IDENTIFIERS,
    PERSON,
    Applicant,
    complete_enrolment,
    latest_code,
    submitted_enrolment,
)

Status = Enrolment.Status


@pytest.fixture
def operator(db):
    return make_user("operator@portal.example", is_staff=True, is_superuser=True)


@pytest.fixture
def visitor(db):
    """Somebody without an account."""
    return Applicant()


@pytest.fixture
def applicant(db, client):
    """Somebody signed in whose enrolment is complete and not submitted yet."""
    enrolment = complete_enrolment()
    client.force_login(enrolment.applicant, backend="portal.accounts.backends.AccountBackend")
    return Applicant(client)


def titles(response):
    """The statuses of the task list, in order."""
    return [task.status for task in response.context["tasks"]]


class TestTheRoad:
    def test_a_visitor_sees_what_is_needed_before_beginning(self, visitor):
        response = visitor.open()

        assert response.status_code == 200
        assert "MPN ID of your Partner Location Account" in response.text
        assert titles(response) == ["To do"] + ["Can't start yet"] * 4
        assert reverse("enroll_you") in response.text
        assert reverse("enroll_company") not in response.text
        assert response["Referrer-Policy"] == "strict-origin"

    def test_from_nothing_to_in_review(self, visitor):
        visitor.begins()
        assert titles(visitor.open())[0] == "Code needed"
        visitor.types_code()
        assert titles(visitor.open()) == ["Done", "To do", "To do", "Optional", "Can't start yet"]
        visitor.fills_in()
        assert titles(visitor.open()) == ["Done", "Done", "Done", "Accepted", "To do"]
        visitor.submits()

        enrolment = Enrolment.objects.get()
        assert enrolment.status == Status.SUBMITTED
        assert enrolment.submitted_at is not None
        assert (enrolment.name, enrolment.country, enrolment.mpn_id) == (
            COMPANY["name"],
            "DE",
            "4847383",
        )
        assert "3 to 5 business days" in visitor.open().text
        assert not Organization.objects.exists()

    def test_approved_everything_is_there(self, visitor, operator):
        visitor.goes_all_the_way()
        services.approve_enrolment(Enrolment.objects.get(), operator=operator)

        company, person = Organization.objects.get(), User.objects.exclude(pk=operator.pk).get()
        assert (company.kind, company.name, company.country) == (
            Kind.RESELLER,
            COMPANY["name"],
            "DE",
        )
        profile = company.partner
        assert (profile.address, profile.postal_code) == ("Jungfernstieg 1", "20354")
        assert (profile.email, profile.website) == (person.email, COMPANY["website"])
        assert profile.agreement_signed_by == person
        assert (person.username, person.email) == ("m.kessler@kessler-it.example",) * 2
        assert person.check_password(PERSON["password"])
        assert person.membership_in(company.slug).roles == [Role.GLOBAL_ADMIN]
        assert set(MpnAccount.objects.values_list("mpn_id", "type", "country")) == {
            ("4847383", "location", "DE"),
            ("4391507", "global", "DE"),
        }
        actions = {entry.action for entry in AuditEntry.objects.filter(organization=company)}
        assert actions == {"organization.enrolled", "agreement.accepted", "enrolment.approved"}
        page = visitor.open()
        assert "first global admin" in page.text
        assert visitor.browser.get(page.context["home_url"]).status_code == 200

    def test_without_signing_yet(self, visitor, operator):
        visitor.begins()
        visitor.types_code()
        visitor.send("enroll_company", COMPANY)
        visitor.send("enroll_identifiers", IDENTIFIERS, global_mpn_id=None)
        visitor.submits()
        services.approve_enrolment(Enrolment.objects.get(), operator=operator)

        assert not PartnerProfile.objects.get().agreement_signed
        page = visitor.browser.get(visitor.open().context["home_url"])
        assert "The partner agreement is not signed." in page.text

    def test_another_day_another_browser(self, visitor):
        visitor.begins()
        visitor.types_code()
        visitor.send("enroll_company", COMPANY)

        later = Applicant(Client())
        login = {"login": PERSON["email"], "password": PERSON["password"]}
        later.browser.post(reverse("account_login"), login)

        assert COMPANY["name"] in later.open().text
        assert COMPANY["address"] in later.open("enroll_company").text
        later.send("enroll_identifiers", IDENTIFIERS)
        assert later.submits().status_code == 302
        assert Enrolment.objects.get().status == Status.SUBMITTED

    def test_somebody_with_an_organization_enrols_a_further_company(self, browser_of, operator):
        person = make_membership(kind=Kind.CUSTOMER)
        me = Applicant(browser_of(person))

        assert me.begins(password=None, email="ada@kessler-it.example").status_code == 302
        me.types_code()
        me.fills_in()
        me.submits()
        services.approve_enrolment(Enrolment.objects.get(), operator=operator)

        company = Organization.objects.get(kind=Kind.RESELLER)
        assert Membership.objects.get(organization=company).user == person.user
        assert company.partner.email == "ada@kessler-it.example"
        person.user.refresh_from_db()
        assert person.user.email != "ada@kessler-it.example"  # signs in as before

    def test_the_next_company_needs_no_second_proof_of_the_same_address(self, visitor, operator):
        visitor.goes_all_the_way()
        services.approve_enrolment(Enrolment.objects.get(), operator=operator)

        visitor.begins(password=None)

        assert titles(visitor.open())[:2] == ["Done", "To do"]
        assert Enrolment.objects.count() == 2

    @pytest.mark.parametrize("page", ["company", "identifiers", "agreement", "review", "take_back"])
    def test_the_parts_about_the_company_ask_visitors_to_sign_in(self, visitor, page):
        visitor.begins()

        for response in (visitor.open(f"enroll_{page}"), visitor.send(f"enroll_{page}")):
            assert response.status_code in {302, 405}
            assert response.get("Location", "/accounts/login/").startswith("/accounts/login/")

    @pytest.mark.parametrize("page", ["company", "identifiers", "agreement", "review", "code"])
    def test_without_an_enrolment_every_part_leads_to_the_list(self, browser_of, stranger, page):
        response = browser_of(stranger).get(reverse(f"enroll_{page}"))

        assert response["Location"] == reverse("enroll")


class TestTheInvitationSurvives:
    @pytest.fixture
    def invited(self, provider):
        return make_request(provider.organization, recipient="m.kessler@kessler-it.example")

    def test_all_the_way_and_is_answered_at_the_end(self, visitor, invited, operator, work):
        url = reverse("invitation", args=[invited.token])
        assert f"{reverse('enroll_you')}?next={url}" in visitor.open(next=url).text
        visitor.goes_all_the_way(next=url)
        assert Enrolment.objects.get().request == invited
        assert "You were invited by Nordwind Distribution" in visitor.open().text
        services.approve_enrolment(Enrolment.objects.get(), operator=operator)
        work()

        assert url in mail.outbox[-1].body
        assert f'href="{url}"' in visitor.open().text
        answer = visitor.browser.post(url, {"location": "4847383", "authorized": "on"})
        assert answer.status_code == 302
        assert Partnership.objects.get().reseller == Organization.objects.get(kind="reseller")

    def test_the_link_itself_is_stored_nowhere(self, visitor, invited):
        visitor.goes_all_the_way(next=reverse("invitation", args=[invited.token]))

        stored = str(Enrolment.objects.values().get())
        assert invited.token not in stored
        assert invited.token.replace("-", "") not in stored

    def test_a_new_link_made_meanwhile_is_the_one_that_is_shown(self, visitor, invited):
        visitor.goes_all_the_way(next=reverse("invitation", args=[invited.token]))
        old = invited.token
        invited.renew_link()
        invited.save()

        page = visitor.open().text
        assert old not in page
        assert reverse("invitation", args=[invited.token]) in page

    @pytest.mark.parametrize(
        "changes", [{"status": "withdrawn"}, {"status": "expired"}, {"expires_at": "2026-01-01"}]
    )
    def test_what_became_of_it_meanwhile_is_said(self, visitor, invited, operator, changes, work):
        url = reverse("invitation", args=[invited.token])
        visitor.goes_all_the_way(next=url)
        if "expires_at" in changes:
            changes = {"expires_at": invited.created_at}
        PartnershipRequest.objects.update(**changes)
        services.approve_enrolment(Enrolment.objects.get(), operator=operator)
        work()

        for text in (visitor.open().text, mail.outbox[-1].body):
            assert url not in text
            assert "answered any more" in text

    def test_it_can_join_an_enrolment_that_is_under_way(self, applicant, invited):
        url = reverse("invitation", args=[invited.token])

        assert "Continue the enrolment" in applicant.browser.get(url).text
        applicant.send("enroll_company", COMPANY, next=url)

        assert Enrolment.objects.get().request == invited

    def test_each_step_reminds_of_it_and_leads_back(self, visitor, invited):
        url = reverse("invitation", args=[invited.token])

        def reminds(page, **query):
            text = visitor.open(page, **query).text
            return invited.provider.name in text and f'href="{url}"' in text

        assert reminds("enroll", next=url)
        assert reminds("enroll_you", next=url)
        back = reverse("enroll", query={"next": url})
        assert f'href="{back}"' in visitor.open("enroll_you", next=url).text
        visitor.begins(next=url)
        assert reminds("enroll_code")
        visitor.types_code()
        for part in ("enroll", "enroll_you", "enroll_company", "enroll_identifiers"):
            assert reminds(part), part
        visitor.fills_in()
        for part in ("enroll_agreement", "enroll_review"):
            assert reminds(part), part

        invited.status = "withdrawn"
        invited.save()
        text = visitor.open("enroll_review").text
        assert "be answered any more (Withdrawn)" in text
        assert url not in text

    @pytest.mark.parametrize(
        "next_",
        [
            "https://evil.example/invitations/7Q2FK/",
            "//evil.example",
            "javascript:alert(1)",
            "/invitations/7Q2FK/",
            "/o/nordwind/",
            "/\x00",
        ],
    )
    def test_no_other_address_counts(self, visitor, invited, next_):
        response = visitor.begins(next=next_)

        assert response["Location"] == reverse("enroll_code")
        assert Enrolment.objects.get().request is None


class TestParts:
    BAD_COMPANIES = [
        {"name": ""},
        {"name": "x" * 201},
        {"name": "Kessler\x00"},
        {"name": "Kessler \u202e"},
        {"name": "GmbH & Co. KG"},
        {"name": "!!!"},
        {"name": "Kessler https://evil.example"},
        {"name": "www.kessler"},
        {"address": ""},
        {"city": ""},
        {"city": "x" * 101},
        {"country": ""},
        {"country": "XX"},
        {"postal_code": ""},
        {"postal_code": "2035"},
        {"country": "US", "postal_code": "98052", "state": ""},
        {"country": "US", "postal_code": "98052", "state": "Bavaria"},
        {"website": "nonsense"},
        {"website": "javascript:alert(1)"},
    ]

    @pytest.mark.parametrize("changes", BAD_COMPANIES)
    def test_bad_companies_are_refused_at_the_field(self, applicant, changes):
        before = Enrolment.objects.values().get()

        response = applicant.send("enroll_company", COMPANY, **changes)

        assert response.status_code == 422
        assert set(changes) & set(response.context["form"].errors)
        assert COMPANY["name"] in response.text or "name" in changes
        assert Enrolment.objects.values().get() == before

    @pytest.mark.parametrize("number", ["", "1234", "123456789", "48A7383", "٤٨٤٧٣٨٣", "1; drop"])
    def test_bad_numbers_are_refused_at_the_field(self, applicant, number):
        response = applicant.send("enroll_identifiers", mpn_id=number)

        assert response.status_code == 422
        assert "mpn_id" in response.context["form"].errors

    def test_a_registered_number(self, applicant):
        make_mpn(make_partner(), mpn_id="4847383")

        response = applicant.send("enroll_identifiers", mpn_id="484 7383")

        assert response.status_code == 422
        assert "registered already" in response.text

    def test_a_global_number_where_the_location_belongs(self, applicant):
        make_mpn(make_partner(), mpn_id="4391507", type=MpnAccount.Type.GLOBAL)

        response = applicant.send("enroll_identifiers", mpn_id="4391507")

        assert "This is a Partner Global Account." in response.text

    def test_the_two_numbers_differ(self, applicant):
        same = {"mpn_id": "4847383", "global_mpn_id": "484 7383"}

        response = applicant.send("enroll_identifiers", same)

        assert "global_mpn_id" in response.context["form"].errors

    def test_leading_zeros_are_kept(self, applicant):
        applicant.send("enroll_identifiers", mpn_id="0012345")

        assert Enrolment.objects.get().mpn_id == "0012345"

    def test_consent_counts_for_the_text_that_was_shown(self, applicant):
        response = applicant.send("enroll_agreement", version="1999-01")

        assert response.status_code == 422
        assert Enrolment.objects.get().agreement_accepted_at is None

    def test_a_country_with_states_asks_for_one(self, applicant):
        response = applicant.open("enroll_country_fields", country="US")

        assert '<option value="WA"' in response.text
        assert "Such as 95014" in response.text

    @pytest.mark.parametrize("country", ["", "XX", "\x00", "'"])
    def test_a_senseless_country_asks_for_nothing(self, applicant, country):
        response = applicant.open("enroll_country_fields", country=country)

        assert response.status_code == 200
        assert "<option" not in response.text

    def test_a_state_may_be_typed_by_name(self, applicant):
        address = {"country": "CA", "postal_code": "k1a 0b1", "state": "ontario"}

        assert applicant.send("enroll_company", COMPANY, **address).status_code == 302

        enrolment = Enrolment.objects.get()
        assert (enrolment.state, enrolment.postal_code) == ("ON", "K1A 0B1")
        assert "Hamburg ON K1A 0B1" in applicant.open("enroll_review").text


class TestSubmitting:
    def test_review_shows_everything(self, applicant):
        page = applicant.open("enroll_review").text

        for fact in (COMPANY["name"], "Jungfernstieg 1", "20354", "Germany", "4847383"):
            assert fact in page

    @pytest.mark.parametrize("missing", ["name", "mpn_id", "email_confirmed_at", "city"])
    def test_what_is_missing_is_named(self, applicant, missing):
        empty = None if missing.endswith("_at") else ""
        Enrolment.objects.update(**{missing: empty})

        response = applicant.submits()

        assert response.status_code == 422
        assert response.context["form"].non_field_errors()
        assert Enrolment.objects.get().status == Status.DRAFT

    def test_a_number_taken_meanwhile(self, applicant):
        make_mpn(make_partner(), mpn_id="4847383")

        response = applicant.submits()

        assert response.status_code == 422
        assert "registered already" in response.text

    def test_pressed_twice_submits_once_without_a_scare(self, applicant):
        assert applicant.submits().status_code == 302
        first = Enrolment.objects.get().submitted_at

        assert applicant.submits()["Location"] == reverse("enroll")
        assert Enrolment.objects.get().submitted_at == first

    def test_an_old_tab_changes_nothing_any_more(self, applicant):
        applicant.submits()

        response = applicant.send("enroll_company", COMPANY, name="Somebody Else GmbH")

        assert response.status_code == 409
        assert "In review" in response.text
        assert Enrolment.objects.get().name == COMPANY["name"]

    def test_two_tabs_keep_each_others_parts(self, applicant):
        applicant.send("enroll_company", COMPANY, city="Kiel")
        applicant.send("enroll_identifiers", mpn_id="5550123")

        enrolment = Enrolment.objects.get()
        assert (enrolment.city, enrolment.mpn_id) == ("Kiel", "5550123")

    def test_taken_back_it_can_be_corrected_and_submitted_again(self, applicant):
        applicant.submits()

        applicant.send("enroll_take_back")
        applicant.send("enroll_company", COMPANY, city="Kiel")
        applicant.submits()

        enrolment = Enrolment.objects.get()
        assert (enrolment.status, enrolment.city) == (Status.SUBMITTED, "Kiel")

    def test_what_is_decided_cannot_be_taken_back(self, applicant, operator):
        applicant.submits()
        services.reject_enrolment(Enrolment.objects.get(), operator=operator, reason="No.")

        assert applicant.send("enroll_take_back").status_code == 409
        assert Enrolment.objects.get().status == Status.REJECTED

    def test_nobody_else_sees_it(self, applicant, browser_of, stranger):
        page = browser_of(stranger).get(reverse("enroll"))

        assert COMPANY["name"] not in page.text
        assert page.context["enrolment"] is None


class TestDecided:
    @pytest.fixture
    def waiting(self, applicant):
        applicant.submits()
        return Enrolment.objects.get()

    def test_handed_back_says_what_to_correct(self, applicant, waiting, operator):
        services.hand_back_enrolment(waiting, operator=operator, reason="Which office is it?")

        page = applicant.open()
        assert "Which office is it?" in page.text
        assert titles(page)[-1] == "To do"
        assert applicant.submits().status_code == 302
        assert Enrolment.objects.get().reason == ""

    def test_rejected_says_why_and_lets_start_anew(self, applicant, waiting, operator):
        services.reject_enrolment(waiting, operator=operator, reason="No such company.")

        page = applicant.open()
        assert "No such company." in page.text
        assert reverse("enroll_you") in page.text
        applicant.begins(password=None)
        assert [e.status for e in Enrolment.objects.order_by("pk")] == ["rejected", "draft"]
        assert Enrolment.objects.first().name == ""


def test_a_further_enrolment_waits_until_the_first_is_decided(client):
    enrolment = submitted_enrolment()
    client.force_login(enrolment.applicant, backend="portal.accounts.backends.AccountBackend")

    assert client.get(reverse("enroll_you"))["Location"] == reverse("enroll")
    assert Applicant(client).begins(password=None).status_code == 409
    assert Enrolment.objects.count() == 1


@pytest.mark.parametrize("page", ["enroll", "enroll_you"])
def test_in_german(db, page):
    browser = Client()
    browser.cookies["django_language"] = "de"

    text = browser.get(reverse(page)).text

    assert 'lang="de"' in text
    assert "Registrierung" in text or "registrieren" in text


def test_the_code_page_in_german_belongs_to_a_german_mail(db):
    me = Applicant()
    me.browser.cookies["django_language"] = "de"
    me.begins()

    latest_code()

    assert "Ihr Code" in mail.outbox[-1].subject
    assert re.search("Registrierung", mail.outbox[-1].body)
