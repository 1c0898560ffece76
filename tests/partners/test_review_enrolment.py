"""Operators review enrolments in Django admin: the queue, the checks, three decisions."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core import mail
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from partners import services
from partners.checks import checks_of
from partners.models import Enrolment, MpnAccount, PartnerProfile
from portal.accounts.models import Membership, Organization
from portal.audit.models import AuditEntry
from tests.factories import make_mpn, make_partner, make_request, make_user
from tests.partners.enrolling import FACTS, complete_enrolment, submitted_enrolment

Status = Enrolment.Status
LIST = "admin:partners_enrolment_changelist"


def operator_browser(**rights):
    user = make_user(is_staff=True, **(rights or {"is_superuser": True}))
    browser = Client()
    browser.force_login(user, backend="portal.accounts.backends.AccountBackend")
    browser.user = user
    return browser


@pytest.fixture
def operator(db):
    return operator_browser()


def in_review(operator):
    """The number beside the queue on the first page of Django admin."""
    row = r'Enrolments in review</a></th><td class="queues__number">(\d+)<'
    return re.search(row, operator.get("/admin/").text)[1]


@pytest.fixture
def waiting(db):
    return submitted_enrolment()


@pytest.fixture
def decide(operator, waiting):
    def press(name, browser=None, **data):
        url = reverse("admin:partners_enrolment_decide", args=[waiting.pk, name])
        data = {"seen": waiting.submitted_at.isoformat()} | data
        response = (browser or operator).post(url, data, follow=True)
        waiting.refresh_from_db()
        return response

    return press


def page_of(browser, enrolment):
    return browser.get(reverse("admin:partners_enrolment_change", args=[enrolment.pk]))


class TestTheQueue:
    def test_what_is_in_review_comes_first(self, operator, waiting):
        complete_enrolment(make_user(), name="Not Submitted GmbH")

        page = operator.get(reverse(LIST)).text

        assert waiting.name in page
        assert "Not Submitted GmbH" not in page

    @pytest.mark.parametrize("status", ["all", "draft"])
    def test_the_others_are_one_step_away(self, operator, waiting, status):
        complete_enrolment(make_user(), name="Not Submitted GmbH")

        page = operator.get(reverse(LIST), {"status__exact": status}).text

        assert "Not Submitted GmbH" in page
        assert (waiting.name in page) == (status == "all")

    def test_the_front_page_counts_it(self, operator, waiting):
        assert in_review(operator) == "1"

        Enrolment.objects.update(status=Status.DRAFT)
        assert in_review(operator) == "0"

    def test_facts_without_secrets_and_nothing_to_edit(self, operator, waiting):
        Enrolment.objects.update(code_hash="f00dcafe" * 8)

        page = page_of(operator, waiting).text

        for fact in ("Jungfernstieg 1", "4847383", waiting.email):
            assert fact in page
        assert "f00dcafe" not in page
        assert 'name="status"' not in page and 'name="name"' not in page


class TestChecks:
    def verdicts(self, enrolment):
        return {check.label: (check.verdict, check.text) for check in checks_of(enrolment)}

    def test_all_is_well(self, waiting):
        verdicts = self.verdicts(waiting)

        assert verdicts["Company name"][0] == verdicts["Location MPN ID"][0] == "ok"
        assert verdicts["Email address"] == (
            "ok",
            "Same domain as the website: kessler-it.example.",
        )
        assert verdicts["Sales region"][0] == "ok"
        assert verdicts["Partner agreement"][0] == "look"

    def test_a_registered_number(self, waiting):
        make_mpn(make_partner(name="Brightwater"), mpn_id=waiting.mpn_id)

        assert self.verdicts(waiting)["Location MPN ID"] == ("bad", "Registered for Brightwater.")

    def test_a_number_in_another_open_enrolment(self, waiting):
        complete_enrolment(make_user(), name="Rival GmbH")

        verdict = self.verdicts(waiting)["Location MPN ID"]
        assert verdict == ("look", "Also in the enrolment of Rival GmbH.")

    @pytest.mark.parametrize(
        "other", ["KESSLER IT-Systemhaus AG", "Kessler IT Systemhaus", "Kesler IT-Systemhaus GmbH"]
    )
    def test_a_name_like_an_enrolled_companys(self, waiting, other):
        make_partner(name=other)

        assert self.verdicts(waiting)["Company name"] == ("look", f"Much like: {other}")

    def test_a_name_of_its_own(self, waiting):
        make_partner(name="Alpina Cloud Services GmbH")

        assert self.verdicts(waiting)["Company name"][0] == "ok"

    @pytest.mark.parametrize(
        "website,verdict",
        [
            ("https://www.kessler-it.example/", "ok"),
            ("https://it.example", "look"),
            ("https://evil-kessler-it.example", "look"),
            ("", "look"),
        ],
    )
    def test_mail_and_website(self, waiting, website, verdict):
        waiting.website = website

        assert self.verdicts(waiting)["Email address"][0] == verdict

    def test_web_mail(self, waiting):
        waiting.email, waiting.website = "kessler@gmail.com", "https://gmail.com"

        assert ("bad", "A web-mail address.") in [check[1:] for check in checks_of(waiting)]

    def test_another_region_than_the_inviting_provider(self, waiting, provider):
        waiting.request = make_request(provider.organization)
        waiting.country = "US"

        assert self.verdicts(waiting)["Sales region"][0] == "look"

    def test_they_stand_beside_the_facts_and_before_each_decision(self, operator, waiting):
        decide = reverse("admin:partners_enrolment_decide", args=[waiting.pk, "approve"])

        for page in (page_of(operator, waiting), operator.get(decide)):
            assert "Automatic checks" in page.text
            assert "Same domain as the website" in page.text


class TestDeciding:
    def test_looking_decides_nothing(self, operator, waiting):
        for name in ("approve", "hand-back", "reject"):
            url = reverse("admin:partners_enrolment_decide", args=[waiting.pk, name])
            assert url in page_of(operator, waiting).text
            assert operator.get(url).status_code == 200

        waiting.refresh_from_db()
        assert waiting.status == Status.SUBMITTED

    def test_approve(self, decide, operator, waiting, work):
        response = decide("approve")

        assert "Approved" in response.text
        assert (waiting.status, waiting.decided_by) == (Status.APPROVED, operator.user)
        assert waiting.company == Organization.objects.get(name=FACTS["name"])
        place = Membership.objects.get(organization=waiting.company)
        assert place.user == waiting.applicant
        [sent] = work()
        assert sent.to == [waiting.email]
        assert "is enrolled as indirect reseller" in sent.subject
        assert LogEntry.objects.get().user == operator.user

    @pytest.mark.parametrize(
        "name,status,subject",
        [
            ("hand-back", Status.DRAFT, "Please correct the enrolment"),
            ("reject", Status.REJECTED, "could not be enrolled"),
        ],
    )
    def test_with_a_reason(self, decide, waiting, work, name, status, subject):
        decide(name, reason="The number belongs to somebody else.")

        assert (waiting.status, waiting.reason) == (status, "The number belongs to somebody else.")
        [sent] = work()
        assert subject in sent.subject
        assert "The number belongs to somebody else." in sent.body
        assert not Organization.objects.exists()

    @pytest.mark.parametrize("name", ["approve", "hand-back", "reject"])
    def test_in_the_applicants_language(self, decide, waiting, work, name):
        waiting.applicant.language = "de"
        waiting.applicant.save()

        decide(name, reason="Bitte die Nummer prüfen.")

        assert "Guten Tag" in work()[0].body

    @pytest.mark.parametrize("name", ["hand-back", "reject"])
    @pytest.mark.parametrize("reason", ["", " ", "x" * 501, "\x00", "a\u202eb"])
    def test_a_reason_is_required(self, decide, waiting, name, reason):
        assert decide(name, reason=reason).status_code == 422
        assert waiting.status == Status.SUBMITTED

    @pytest.mark.parametrize("second", ["approve", "hand-back", "reject"])
    def test_the_second_of_two_operators_is_told(self, decide, waiting, second):
        decide("approve")

        response = decide(second, browser=operator_browser(), reason="Too late.")

        assert "Nothing was done" in response.text and "Approved" in response.text
        assert waiting.status == Status.APPROVED
        assert Organization.objects.count() == 1

    @pytest.mark.parametrize("name", ["approve", "hand-back", "reject"])
    def test_not_what_the_applicant_changed_meanwhile(self, operator, waiting, decide, name):
        """Taken back, corrected and submitted again while the operator was reading."""
        link = re.search(rf'href="([^"]*/{name}/[^"]*)"', page_of(operator, waiting).text)[1]
        seen = waiting.submitted_at.isoformat()
        services.take_back_enrolment(waiting)
        services.fill_in(waiting, name="Somebody Else GmbH")
        waiting.refresh_from_db()
        services.submit_enrolment(waiting)

        for response in (
            operator.get(link, follow=True),
            decide(name, seen=seen, reason="As it was."),
        ):
            assert "has changed this enrolment since you opened it" in response.text
            assert "Somebody Else GmbH" in response.text
        assert waiting.status == Status.SUBMITTED

        decide(name, reason="As it is now.")
        assert waiting.status != Status.SUBMITTED

    @pytest.mark.parametrize("seen", ["", "yesterday", "2026-01-01T00:00", "\x00"])
    def test_what_was_seen_has_to_be_said(self, decide, waiting, seen):
        response = decide("approve", seen=seen)

        assert response.status_code == 422 and "errorlist" in response.text
        assert waiting.status == Status.SUBMITTED

    def test_a_number_registered_meanwhile(self, decide, waiting):
        make_mpn(make_partner(name="Brightwater"), mpn_id=waiting.mpn_id)

        response = decide("approve")

        assert "registered for another company" in response.text
        assert waiting.status == Status.SUBMITTED
        assert Organization.objects.count() == 1
        assert not Membership.objects.exists()

    def test_it_is_one_transaction(self, waiting, operator, monkeypatch):
        """Whatever fails at the very end leaves nothing behind."""

        def fails(*args, **kwargs):
            raise RuntimeError("the database went away")

        monkeypatch.setattr("partners.services.review.enqueue", fails)
        with pytest.raises(RuntimeError):
            services.approve_enrolment(waiting, operator=operator.user)

        for model in (Organization, PartnerProfile, MpnAccount, Membership, AuditEntry):
            assert not model.objects.exists()
        waiting.refresh_from_db()
        assert waiting.status == Status.SUBMITTED

    def test_an_approved_one_without_a_company_cannot_be(self, waiting):
        with pytest.raises(IntegrityError):
            Enrolment.objects.update(status=Status.APPROVED)

    def test_operators_without_the_right_only_look(self, waiting, decide):
        browser = operator_browser(is_superuser=False)
        browser.user.user_permissions.add(Permission.objects.get(codename="view_enrolment"))

        assert "Approve</a>" not in page_of(browser, waiting).text
        assert decide("approve", browser=browser).status_code == 403
        assert waiting.status == Status.SUBMITTED

    def test_nobody_else(self, waiting, decide, browser_of, provider):
        for browser in (Client(), browser_of(provider)):
            decide("approve", browser=browser)
            assert waiting.status == Status.SUBMITTED

    @pytest.mark.parametrize("path", ["999999/approve/", "1/explode/", "x/approve/"])
    def test_no_such_decision(self, operator, path):
        response = operator.post(f"/admin/partners/enrolment/{path}")
        assert response.status_code in {302, 404}
        assert not mail.outbox
