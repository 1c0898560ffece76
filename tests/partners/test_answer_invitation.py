from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from partners import services
from partners.models import MpnAccount, Partnership, PartnershipRequest
from portal.accounts.roles import Kind, Role
from portal.audit.models import AuditEntry
from portal.outbox.models import OutboxMessage
from tests.conftest import questions
from tests.factories import (
    make_membership,
    make_mpn,
    make_partner,
    make_partnership,
    make_request,
    make_user,
)

Status = PartnershipRequest.Status
AGREED = {"authorized": "on"}
ENDS = [Status.WITHDRAWN, Status.DECLINED, Status.ACCEPTED, Status.EXPIRED]


@pytest.fixture
def invited(provider):
    return make_request(
        provider.organization, created_by=provider.user, recipient="partner@kessler.example"
    )


@pytest.fixture
def url(invited):
    return reverse("invitation", args=[invited.token])


@pytest.fixture
def answer(reseller, browser_of, url):
    """Post the form as the reseller's global admin."""
    mpn_id = reseller.organization.mpn_accounts.get().mpn_id

    def send(by=None, **changes):
        fields = {"location": mpn_id, "authorized": "on", "right_address": "on"} | changes
        data = {name: value for name, value in fields.items() if value is not None}
        return browser_of(by or reseller).post(url, data)

    return send


def test_signed_out_one_sees_who_asks_and_for_what(url, provider):
    response = Client().get(url)

    assert response.status_code == 200
    assert "Nordwind Distribution" in response.text
    assert str(provider.user) in response.text
    assert "submit orders" in response.text
    assert f"{reverse('account_login')}?next={url}" in response.text
    assert f"{reverse('enroll')}?next={url}" in response.text


def test_looking_changes_nothing(invited, url, reseller, browser_of):
    for browser in (Client(), browser_of(reseller)):
        browser.get(url)
        browser.head(url)

    assert (
        PartnershipRequest.objects.values().get()
        == PartnershipRequest.objects.filter(pk=invited.pk, status="sent", answered_at=None)
        .values()
        .get()
    )
    assert not AuditEntry.objects.exists()
    assert not Partnership.objects.exists()


def test_posting_signed_out_changes_nothing(url, invited):
    response = Client().post(url, AGREED)

    invited.refresh_from_db()
    assert response.status_code == 200
    assert "Sign in to answer" in response.text
    assert invited.status == "sent"


def test_token_pages_are_kept_nowhere(url, browser_of, reseller):
    for browser in (Client(), browser_of(reseller)):
        for path in (url, f"{url}decline/", "/invitations/7Q2FK/"):
            response = browser.get(path)
            if response.status_code == 302:
                continue
            assert response["Cache-Control"] == "no-store"
            assert response["Referrer-Policy"] == "strict-origin"
            assert "noindex" in response["X-Robots-Tag"]


def test_accepting(answer, invited, provider, reseller):
    response = answer()

    partnership = Partnership.objects.get()
    invited.refresh_from_db()
    assert response.status_code == 302
    assert response["Location"] == f"/o/{reseller.organization.slug}/indirect-providers/"
    assert partnership.provider == provider.organization
    assert partnership.reseller == reseller.organization
    assert partnership.location == reseller.organization.mpn_accounts.get()
    assert partnership.request == invited
    assert invited.status == "accepted"
    assert (invited.reseller, invited.answered_by) == (reseller.organization, reseller.user)
    assert invited.answered_at is not None


def test_afterwards_both_sides_see_each_other(answer, provider, reseller, browser_of):
    browser = browser_of(reseller)
    assert answer().status_code == 302

    assert "Nordwind Distribution" in browser.open("partners:provider_list").text
    assert "Kessler IT" in browser_of(provider).open("partners:reseller_list").text


def test_it_says_so_on_the_next_page(answer, reseller, browser_of, url, invited):
    browser = browser_of(reseller)
    mpn_id = reseller.organization.mpn_accounts.get().mpn_id
    data = {"location": mpn_id, "authorized": "on", "right_address": "on"}

    response = browser.post(url, data, follow=True)

    assert "Nordwind Distribution is now in your Indirect providers list." in response.text


def test_both_sides_have_it_on_record(answer, provider, reseller):
    answer()

    for membership in (provider, reseller):
        entries = AuditEntry.objects.visible_to(membership)
        assert {entry.action for entry in entries} == {
            "partnershiprequest.accepted",
            "partnership.started",
        }
        assert {entry.actor for entry in entries} == {reseller.user}


@pytest.mark.parametrize(
    "language,words", [("en", "accepted your partnership request"), ("de", "angenommen")]
)
def test_whoever_asked_is_told(answer, provider, reseller, work, language, words):
    provider.user.language = language
    provider.user.save()

    answer()
    mails = {mail.to[0]: mail for mail in work()}
    mail = mails[provider.user.email]

    assert set(mails) == {provider.user.email, reseller.user.email}
    assert OutboxMessage.objects.filter(organization=provider.organization).count() == 1
    assert words in mail.subject
    assert reseller.organization.mpn_accounts.get().mpn_id in mail.body
    assert f"reseller={Partnership.objects.get().reference}" in mail.body


@pytest.mark.parametrize(
    "changes,field",
    [
        ({"authorized": None}, "authorized"),
        ({"right_address": None}, "right_address"),
        ({"location": None}, "location"),
        ({"location": "0000000"}, "location"),
        ({"location": "1' or '1'='1"}, "location"),
        ({"location": "\x00"}, "location"),
    ],
)
def test_what_is_missing_is_asked_for(answer, invited, changes, field):
    response = answer(**changes)

    invited.refresh_from_db()
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert invited.status == "sent"
    assert not Partnership.objects.exists()


def test_the_box_must_be_ticked_in_so_many_words(answer):
    assert "Tick the box to authorize the provider." in answer(authorized=None).text


def test_the_location_of_somebody_else_is_no_choice(answer, stranger):
    theirs = stranger.organization.mpn_accounts.get().mpn_id

    assert answer(location=theirs).status_code == 422


def test_a_global_account_is_no_choice(answer, reseller):
    make_mpn(reseller.organization, mpn_id="1234567", type=MpnAccount.Type.GLOBAL)

    assert answer(location="1234567").status_code == 422


def test_one_of_several_locations_is_chosen(answer, reseller):
    second = make_mpn(reseller.organization, mpn_id="7654321")

    answer(location="7654321")

    assert Partnership.objects.get().location == second


def test_the_invited_address_needs_no_question(url, reseller, browser_of):
    reseller.user.email = "Partner@Kessler.example"
    reseller.user.save()

    assert "I am signed in as" not in browser_of(reseller).get(url).text


def test_another_address_is_said_and_confirmed(url, reseller, browser_of):
    text = browser_of(reseller).get(url).text

    assert "partner@kessler.example" in text
    assert reseller.user.email in text


def test_pressed_twice_has_one_result_and_no_scare(answer, reseller):
    answer()
    second = answer()

    assert second.status_code == 302
    assert second["Location"].endswith("/indirect-providers/")
    assert Partnership.objects.count() == 1
    assert OutboxMessage.objects.count() == 2  # one to each side


def test_somebody_else_comes_too_late(answer, stranger, browser_of, url):
    answer()

    mine = stranger.organization.mpn_accounts.get().mpn_id
    response = browser_of(stranger).post(url, {"location": mine} | AGREED)

    assert response.status_code == 410
    assert "This request has been answered" in response.text
    assert "Kessler" not in response.text
    assert Partnership.objects.count() == 1


def test_the_parties_see_who_answered(answer, url, provider, reseller, browser_of):
    answer()

    for membership, way in ((provider, "/indirect-resellers/"), (reseller, "/indirect-providers/")):
        response = browser_of(membership).get(url)
        assert response.status_code == 410
        assert "Kessler IT-Systemhaus" in response.text
        assert way in response.text


@pytest.mark.parametrize(
    "state,words",
    [
        ({"expires_at": now() - timedelta(seconds=1)}, "This link has expired"),
        ({"expires_at": now() - timedelta(days=9), "status": Status.DRAFT}, "has expired"),
        ({"status": Status.EXPIRED}, "This link has expired"),
        ({"status": Status.WITHDRAWN}, "This request was withdrawn"),
        ({"status": Status.DECLINED}, "This request was declined"),
    ],
)
def test_each_closed_link_has_its_own_words(invited, url, answer, state, words):
    PartnershipRequest.objects.filter(pk=invited.pk).update(**state)

    for response in (Client().get(url), answer()):
        assert response.status_code == 410
        assert words in response.text
    assert not Partnership.objects.exists()


def test_an_expired_link_says_whom_to_ask(invited, url, provider):
    PartnershipRequest.objects.update(expires_at=now())

    assert f"mailto:{provider.user.email}" in Client().get(url).text


@pytest.mark.parametrize("token", ["7Q2FK", "x" * 300, "%00", "Ωmega", "..%2e"])
def test_unknown_links(token, browser_of, reseller, invited):
    for browser in (Client(), browser_of(reseller)):
        response = browser.get(f"/invitations/{token}/")
        assert response.status_code == 404
        assert "Nordwind" not in response.text
    assert browser_of(reseller).post(f"/invitations/{token}/", AGREED).status_code == 404


def test_the_old_link_after_a_new_one_is_unknown(invited, url, answer):
    invited.renew_link()
    invited.save()

    for response in (Client().get(url), answer()):
        assert response.status_code == 404
        assert "We don't know this link" in response.text
        assert "Nordwind" not in response.text
    assert Client().get(reverse("invitation", args=[invited.token])).status_code == 200


@pytest.fixture
def closed(invited, answer, reseller):
    """Bring the request to one of its ends."""

    def end(state):
        if state == Status.ACCEPTED:
            assert answer().status_code == 302
        elif state == "late":  # nobody has written it down yet
            PartnershipRequest.objects.update(expires_at=now())
        else:
            answered = {"reseller": reseller.organization, "answered_by": reseller.user}
            changes = answered if state == Status.DECLINED else {}
            PartnershipRequest.objects.update(status=state, **changes)

    return end


@pytest.mark.parametrize("signed_in", [False, True])
@pytest.mark.parametrize("state", [*ENDS, "late"])
def test_an_unknown_link_costs_what_a_closed_one_costs(
    closed, url, outsider, browser_of, signed_in, state
):
    """The same questions to the database, so that the clock tells nobody which links exist."""
    closed(state)
    browser = browser_of(outsider) if signed_in else Client()

    unknown = questions(browser, "/invitations/7Q2FK-9XM4T-RBW8Z-D3HNC-5VYJ2-PT/")

    assert questions(browser, url) == unknown


def test_a_link_typed_by_hand_works(invited):
    typed = invited.token.lower().replace("-", "").replace("0", "o").replace("1", "l")

    assert Client().get(f"/invitations/{typed}/").status_code == 200


def test_a_draft_whose_link_was_copied_works(invited, answer):
    PartnershipRequest.objects.update(status=Status.DRAFT)

    assert answer().status_code == 302
    assert Partnership.objects.exists()


def test_expiry_is_checked_at_the_moment_of_acceptance(invited, reseller):
    """Even a caller that looked a moment earlier is refused."""
    location = reseller.organization.mpn_accounts.get()
    PartnershipRequest.objects.update(expires_at=now())

    with pytest.raises(services.LinkExpired):
        services.accept_request(invited, actor=reseller, location=location)


class TestObstacles:
    """Why a company can't answer, in words and with the way out."""

    def look(self, browser, url, *words):
        page, answer = browser.get(url), browser.post(url, AGREED)
        for word in words:
            assert word in page.text
        assert answer.status_code == 422
        assert not Partnership.objects.exists()
        return page.text

    def test_not_a_global_admin(self, url, reseller, browser_of):
        agent = make_membership(Role.ADMIN_AGENT, organization=reseller.organization)
        reseller.user.last_name = "Kessler"
        reseller.user.save()

        self.look(browser_of(agent), url, "A global admin must answer. Yours: Ada Kessler.")

    def test_agreement_unsigned(self, url, browser_of):
        unsigned = make_membership(organization=make_partner(signed=False))
        slug = unsigned.organization.slug

        self.look(
            browser_of(unsigned),
            url,
            "The partner agreement is not signed.",
            f"/o/{slug}/settings/agreements/?next=%2Finvitations%2F",
        )

    def test_no_location(self, url, reseller, browser_of):
        reseller.organization.mpn_accounts.update(type=MpnAccount.Type.GLOBAL)

        slug = reseller.organization.slug
        self.look(
            browser_of(reseller),
            url,
            "No MPN ID of a Partner Location Account",
            f"/o/{slug}/settings/identifiers/add/?next=%2Finvitations%2F",
        )

    def test_another_sales_region(self, url, browser_of):
        far = make_membership(organization=make_partner(country="US"))

        self.look(browser_of(far), url, "United States and Germany", "different sales regions")

    def test_the_provider_itself(self, url, provider, browser_of):
        self.look(browser_of(provider), url, "This is your own request.")

    def test_another_provider(self, url, outsider, browser_of):
        self.look(browser_of(outsider), url, "Enrolled as: Indirect provider")

    def test_a_customer(self, url, browser_of):
        customer = make_membership(kind=Kind.CUSTOMER)

        self.look(browser_of(customer), url, "Enrolled as: Customer", "Enrol as indirect reseller")

    def test_nobody(self, url, browser_of, db):
        person = make_membership()
        make_membership(organization=person.organization)
        person.delete()

        self.look(browser_of(person), url, "None of your companies can accept")

    def test_partner_already(self, url, reseller, partnership, browser_of, invited):
        response = browser_of(reseller).get(url)

        assert "You are partners already." in response.text
        assert browser_of(reseller).post(url, AGREED).status_code == 422
        assert Partnership.objects.count() == 1

    def test_after_a_removal_one_may_be_partner_again(self, answer, provider, partnership):
        services.remove_partnership(partnership, actor=provider, statement_version="2026-01")

        assert answer().status_code == 302
        assert Partnership.objects.active().count() == 1

    def test_one_company_of_two_may_answer(self, url, reseller, browser_of, invited):
        unsigned = make_partner(signed=False, name="Kessler Cloud Ops")
        make_membership(organization=unsigned, user=reseller.user)

        page = browser_of(reseller).get(url).text

        assert "Kessler Cloud Ops" in page
        assert "Kessler IT-Systemhaus · " in page


class TestDeclining:
    def decline(self, browser, url, **fields):
        slug = browser.membership.organization.slug
        return browser.post(f"{url}decline/", {"company": slug} | fields)

    def test_with_a_reason(self, url, invited, reseller, provider, browser_of, work):
        response = self.decline(browser_of(reseller), url, reason="Too early for us.", tell="on")

        invited.refresh_from_db()
        assert response.status_code == 302
        assert (invited.status, invited.decline_reason) == ("declined", "Too early for us.")
        assert invited.reseller == reseller.organization
        assert not Partnership.objects.exists()
        [mail] = work()
        assert mail.to == [provider.user.email]
        assert "Too early for us." in mail.body

    def test_a_reason_the_provider_is_not_told(
        self, url, invited, reseller, provider, browser_of, work
    ):
        self.decline(browser_of(reseller), url, reason="We like somebody else better.")

        invited.refresh_from_db()
        assert (invited.status, invited.decline_reason) == ("declined", "")
        assert "No reason was given." in work()[0].body
        own, theirs = (AuditEntry.objects.visible_to(side) for side in (reseller, provider))
        assert "somebody else" in str(list(own.values("details")))
        assert "somebody else" not in str(list(theirs.values("details")))

    def test_without_a_reason(self, url, invited, reseller, browser_of, work):
        self.decline(browser_of(reseller), url)

        assert "No reason was given." in work()[0].body

    def test_looking_changes_nothing(self, url, invited, reseller, browser_of):
        assert browser_of(reseller).get(f"{url}decline/").status_code == 200

        invited.refresh_from_db()
        assert invited.status == "sent"

    @pytest.mark.parametrize(
        "fields", [{"reason": "x" * 501}, {"reason": "\x00"}, {"company": "x"}]
    )
    def test_bad_input(self, url, invited, reseller, browser_of, fields):
        response = self.decline(browser_of(reseller), url, **fields)

        invited.refresh_from_db()
        assert response.status_code == 422
        assert invited.status == "sent"

    def test_blocked_companies_may_decline(self, url, invited, browser_of):
        unsigned = make_membership(organization=make_partner(signed=False))

        assert self.decline(browser_of(unsigned), url).status_code == 302

    def test_only_a_global_admin_of_a_reseller(self, url, invited, outsider, reseller, browser_of):
        agent = make_membership(Role.ADMIN_AGENT, organization=reseller.organization)

        for membership in (outsider, agent):
            self.decline(browser_of(membership), url)
            invited.refresh_from_db()
            assert invited.status == "sent"

    def test_signed_out(self, url, invited):
        assert Client().post(f"{url}decline/").status_code == 302

        invited.refresh_from_db()
        assert invited.status == "sent"

    def test_twice(self, url, invited, reseller, browser_of):
        self.decline(browser_of(reseller), url)

        assert self.decline(browser_of(reseller), url).status_code == 410


def test_in_german(url, reseller, browser_of):
    for browser in (Client(), browser_of(reseller)):
        browser.cookies["django_language"] = "de"
        assert 'lang="de"' in browser.get(url).text


def test_two_requests_of_one_provider_make_one_partnership(invited, answer, provider):
    second = make_request(provider.organization, created_by=make_user())
    answer()

    response = answer()

    assert response.status_code == 302
    assert Partnership.objects.count() == 1
    assert second.is_answerable


def test_the_other_partner_is_not_told_who_else_was_asked(invited, outsider, browser_of):
    assert browser_of(outsider).open("partners:request_detail", invited.pk).status_code == 404


def test_a_partner_of_another_provider_may_accept(answer, outsider, reseller):
    make_partnership(outsider.organization, reseller.organization)

    assert answer().status_code == 302
    assert Partnership.objects.count() == 2
