"""The customer's page: who asks for what, and what accepting or declining does."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate, now

from customers import services, wording
from customers.models import Customer, DelegatedAdmin, RelationshipRequest
from customers.views import answers
from partners.models import PartnerProfile
from partners.services import LinkExpired, remove_partnership
from portal.accounts.roles import GRANTS, Kind, Role
from portal.accounts.roles import Permission as P
from portal.audit.models import AuditEntry
from portal.notices.models import MutedTopic, Notice
from portal.outbox.models import OutboxMessage
from tests.conftest import questions
from tests.customers.conftest import do_background_work, ticked
from tests.factories import (
    make_customer,
    make_membership,
    make_partner,
    make_partnership,
    make_relationship_request,
)

Status = RelationshipRequest.Status
ENDS = [Status.WITHDRAWN, Status.DECLINED, Status.ACCEPTED, Status.EXPIRED]
UNKNOWN = "7Q2FK-9XM4T-RBW8Z-D3HNC-5VYJ2-PT"


class TestLooking:
    def test_signed_out_one_sees_who_asks_for_what_until_when(self, url, asked, provider):
        page = Client().get(url)

        assert page.status_code == 200
        for words in ("Nordwind Distribution", "Kessler IT-Systemhaus", str(provider.user)):
            assert words in page.text
        assert "Order subscriptions for you" in page.text
        assert "With delegated admin privileges" in page.text
        assert "valid until" in page.text
        assert f"{reverse('account_login')}?next={url}" in page.text

    def test_it_changes_nothing(self, url, asked, vogel, browser_of):
        before = RelationshipRequest.objects.values().get()
        for browser in (Client(), browser_of(vogel)):
            browser.get(url)
            browser.head(url)
            browser.get(f"{url}decline/")

        assert RelationshipRequest.objects.values().get() == before
        assert not AuditEntry.objects.exists()
        assert not Customer.objects.exists()

    def test_posting_signed_out_changes_nothing(self, url, asked, vogel):
        response = Client().post(url, ticked(vogel))

        asked.refresh_from_db()
        assert response.status_code == 200
        assert asked.status == "sent"

    def test_nothing_is_ticked_beforehand(self, url, vogel, browser_of):
        page = browser_of(vogel).get(url)

        assert page.text.count('type="checkbox"') == 4
        assert "checked" not in page.text

    def test_the_agreement_can_be_read(self, url, vogel, browser_of):
        assert "Customer agreement of" in browser_of(vogel).get(url).text

    def test_token_pages_are_kept_nowhere(self, url, vogel, browser_of):
        for path in (url, f"{url}decline/", "/relationship-requests/7Q2FK/"):
            response = browser_of(vogel).get(path)
            assert response["Cache-Control"] == "no-store"
            assert "noindex" in response["X-Robots-Tag"]

    def test_what_they_can_follows_the_table_of_grants(self, url, monkeypatch):
        kind = Kind.PROVIDER
        weaker = {role: held - {P.PLACE_ORDER} for role, held in GRANTS[kind].items()}
        monkeypatch.setitem(GRANTS, kind, weaker)

        page = Client().get(url)

        assert "Order subscriptions for you" not in page.text
        assert page.text.count("Buy anything for you") == 2

    def test_privileges_that_the_provider_switched_off_are_not_promised(self, url, provider):
        change = "Change numbers of licenses"
        assert change in Client().get(url).text

        PartnerProfile.objects.filter(organization=provider.organization).update(
            resellers_manage_subscriptions=False
        )

        assert change not in Client().get(url).text

    def test_without_privileges_they_stand_among_what_they_cannot(self, url):
        RelationshipRequest.objects.update(wants_delegated_admin=False)

        page = Client().get(url)

        assert "With delegated admin privileges" not in page.text
        assert "Change numbers of licenses" in page.text.split("They can&#x27;t")[-1]

    def test_a_note_is_shown_as_text(self, url):
        RelationshipRequest.objects.update(note="We spoke <b>on Monday</b>.")

        assert "We spoke &lt;b&gt;on Monday&lt;/b&gt;." in Client().get(url).text

    def test_in_german(self, url, vogel, browser_of):
        browser = browser_of(vogel)
        browser.cookies["django_language"] = "de"

        assert 'lang="de"' in browser.get(url).text


class TestAccepting:
    def test_makes_a_customer_of_both(self, accept, asked, vogel, provider, reseller):
        response = accept(admin_reseller="on")

        customer = Customer.objects.get()
        asked.refresh_from_db()
        assert response.status_code == 302
        assert response["Location"] == f"/o/{vogel.organization.slug}/partner-relationships/"
        assert customer.provider == provider.organization
        assert customer.reseller == reseller.organization
        assert customer.organization == vogel.organization
        assert (customer.company_name, customer.domain) == ("Vogel Optik", "vogel.onportal.example")
        assert (customer.country, customer.postal_code) == ("DE", "20354")
        assert (customer.first_name, customer.email) == ("Vera", "vera@vogel.example")
        assert (asked.status, asked.organization) == ("accepted", vogel.organization)
        assert (asked.answered_by, customer.created_by) == (vogel.user, vogel.user)

    def test_the_agreement_is_signed_by_this_person_today(self, accept, vogel):
        accept()

        customer = Customer.objects.get()
        assert customer.may_buy
        assert customer.agreement_date == localdate()
        assert customer.agreement_last_name == "Vogel"
        assert customer.agreement_email == vogel.user.email
        entry = AuditEntry.objects.filter(action="relationshiprequest.accepted").first()
        assert entry.details["agreement"] == wording.AGREEMENT_VERSION

    @pytest.mark.parametrize(
        "ticks",
        [(), ("admin_provider",), ("admin_reseller",), ("admin_provider", "admin_reseller")],
    )
    def test_only_who_is_ticked_gets_admin_privileges(self, accept, provider, reseller, ticks):
        accept(**dict.fromkeys(ticks, "on"))

        sides = {
            "admin_provider": provider.organization,
            "admin_reseller": reseller.organization,
        }
        granted = {right.partner for right in DelegatedAdmin.objects.granted()}
        assert granted == {sides[tick] for tick in ticks}

    def test_what_was_not_asked_for_is_not_granted(self, accept, asked):
        RelationshipRequest.objects.update(wants_delegated_admin=False)

        assert accept(admin_reseller="on", admin_provider="on").status_code == 302

        assert not DelegatedAdmin.objects.exists()

    def test_all_three_sides_have_it_on_record(self, accept, vogel, provider, reseller):
        accept(admin_reseller="on")

        for member in (vogel, provider, reseller):
            entries = AuditEntry.objects.visible_to(member)
            assert {entry.action for entry in entries} == {
                "relationshiprequest.accepted",
                "customer.added",
                "delegatedadmin.granted",
            }
            assert {entry.actor for entry in entries} == {vogel.user}
            assert {entry.acting_for for entry in entries} == {vogel.organization}

    def test_everybody_sees_everybody(self, accept, vogel, provider, reseller, browser_of):
        accept()

        partners = browser_of(vogel).open("customers:partner_list").text
        assert "Nordwind Distribution" in partners
        assert "Kessler IT-Systemhaus" in partners
        for member in (provider, reseller):
            assert "Vogel Optik" in browser_of(member).open("customers:customer_list").text

    @pytest.mark.parametrize("language,words", [("en", "accepted your"), ("de", "angenommen")])
    def test_whoever_asked_is_told(self, accept, provider, mailoutbox, language, words):
        provider.user.language = language
        provider.user.save()

        accept(admin_reseller="on")
        do_background_work()

        [mail] = [mail for mail in mailoutbox if mail.to == [provider.user.email]]
        assert words in mail.subject
        assert "Kessler IT-Systemhaus" in mail.body
        assert Customer.objects.get().reference in mail.body

    def test_both_companies_read_it_on_home(self, accept, provider, reseller, browser_of):
        accept()

        words = {
            provider: "Vogel Optik accepted your relationship request",
            reseller: "Vogel Optik accepted the relationship request of Nordwind Distribution",
        }
        for member, line in words.items():
            assert line in browser_of(member).open("subscriptions:home").text

    def test_a_colleague_who_did_not_ask_gets_no_mail(self, accept, provider, mailoutbox):
        colleague = make_membership(organization=provider.organization)

        accept()
        do_background_work()

        assert all(mail.to != [colleague.user.email] for mail in mailoutbox)

    @pytest.mark.parametrize("kind", ["relationship_accepted", "relationship_shared"])
    def test_each_mail_can_be_turned_off(self, accept, provider, reseller, mailoutbox, kind):
        asker = kind == "relationship_accepted"
        off, kept = (provider, reseller) if asker else (reseller, provider)
        MutedTopic.objects.create(user=off.user, topic="relationship_answered")

        accept()
        do_background_work()

        assert [mail.to for mail in mailoutbox] == [[kept.user.email]]
        assert Notice.objects.filter(organization=off.organization, kind=kind).exists()

    def test_the_reseller_is_told_when_it_asked_and_its_provider_too(
        self, vogel, provider, reseller, partnership, browser_of, mailoutbox
    ):
        asked = make_relationship_request(
            partnership, asked_by=reseller.organization, created_by=reseller.user
        )
        url = reverse("relationship_request", args=[asked.token])

        browser_of(vogel).post(url, ticked(vogel))
        do_background_work()

        told = {mail.to[0]: mail for mail in mailoutbox}
        assert set(told) == {reseller.user.email, provider.user.email}
        for member in (reseller, provider):
            page = f"/o/{member.organization.slug}/customers/"
            assert page in told[member.user.email].body
        assert "request of Kessler IT-Systemhaus" in told[provider.user.email].subject
        assert Customer.objects.get().provider == partnership.provider

    def test_a_provider_alone(self, vogel, provider, browser_of):
        asked = make_relationship_request(provider=provider.organization)
        url = reverse("relationship_request", args=[asked.token])
        page = browser_of(vogel).get(url)
        assert "Kessler" not in page.text

        browser_of(vogel).post(url, ticked(vogel))

        assert Customer.objects.get().reseller is None

    def test_what_another_provider_knows_is_filled_in(self, url, vogel, outsider, browser_of):
        make_customer(
            outsider.organization,
            organization=vogel.organization,
            city="Lübeck",
            phone="0451 55500",
        )

        form = browser_of(vogel).get(url).context["form"]

        assert form["city"].value() == "Lübeck"
        assert form["phone"].value() == "0451 55500"
        assert form["last_name"].value() == "Vogel"

    def test_a_draft_whose_link_was_copied_works(self, accept, asked):
        RelationshipRequest.objects.update(status=Status.DRAFT, sent_at=None)

        assert accept().status_code == 302

    def test_one_of_several_companies_answers(self, url, vogel, asked, browser_of):
        second = make_membership(
            organization=make_partner(Kind.CUSTOMER, name="Vogel Labor"), user=vogel.user
        )
        browser = browser_of(vogel)
        page = browser.get(url)
        assert "Which of your companies answers?" in page.text
        assert 'name="relationship"' not in page.text
        assert "Vogel Labor" in browser.get(url, {"company": second.organization.slug}).text

        browser.post(url, ticked(second))

        assert Customer.objects.get().organization == second.organization


class TestRefusing:
    @pytest.mark.parametrize(
        "changes,field",
        [
            ({"relationship": None}, "relationship"),
            ({"agreement": None}, "agreement"),
            ({"agreement_version": "1999-01"}, "agreement_version"),
            ({"city": ""}, "city"),
            ({"postal_code": "ABC"}, "postal_code"),
            ({"email": "nobody"}, "email"),
            ({"first_name": "\x00"}, "first_name"),
            ({"told": "17.active.3.accepted"}, "told"),
            ({"company": "somebody-else"}, "company"),
        ],
    )
    def test_what_is_missing_or_wrong_is_said_at_the_field(self, accept, asked, changes, field):
        response = accept(**changes)

        asked.refresh_from_db()
        assert response.status_code == 422
        assert field in response.context["form"].errors
        assert asked.status == "sent"
        assert not Customer.objects.exists()

    def test_states_are_asked_for_where_they_are_needed(self, browser_of):
        provider, reseller = make_partner(Kind.PROVIDER, country="US"), make_partner(country="US")
        asked = make_relationship_request(make_partnership(provider, reseller))
        person = make_membership(organization=make_partner(Kind.CUSTOMER, country="US"))
        url, browser = reverse("relationship_request", args=[asked.token]), browser_of(person)
        address = {"postal_code": "98052", "city": "Redmond"}

        assert "state" in browser.post(url, ticked(person, **address)).context["form"].errors
        assert browser.post(url, ticked(person, state="WA", **address)).status_code == 302
        assert Customer.objects.get().state == "WA"

    def test_not_a_global_admin(self, url, vogel, accept, browser_of):
        member = make_membership(Role.USER_ADMIN, organization=vogel.organization)

        page = browser_of(member).get(url)
        assert "A global admin must answer. Yours: Vera Vogel." in page.text
        accept(by=member)
        assert not Customer.objects.exists()

    def test_a_company_of_another_region(self, url, accept, browser_of):
        far = make_membership(organization=make_partner(Kind.CUSTOMER, country="US"))

        assert "different sales regions" in browser_of(far).get(url).text
        accept(by=far)
        assert not Customer.objects.exists()

    def test_partners_are_no_customers(self, url, accept, provider, reseller, outsider, browser_of):
        for member in (provider, reseller):
            assert "This is your own request." in browser_of(member).get(url).text
        assert "not as a customer" in browser_of(outsider).get(url).text
        for member in (provider, reseller, outsider):
            accept(by=member)
        assert not Customer.objects.exists()

    @pytest.mark.parametrize("signed_in", [False, True])
    @pytest.mark.parametrize("state", [*ENDS, "late"])
    def test_an_unknown_link_costs_what_a_closed_one_costs(
        self, asked, url, accept, vogel, outsider, browser_of, signed_in, state
    ):
        """The same questions to the database, so that the clock tells nobody which exist."""
        if state == Status.ACCEPTED:
            assert accept().status_code == 302
        elif state == "late":  # nobody has written it down yet
            RelationshipRequest.objects.update(expires_at=now())
        else:
            answered = {"organization": vogel.organization, "answered_by": vogel.user}
            changes = answered if state == Status.DECLINED else {}
            RelationshipRequest.objects.update(status=state, **changes)
        browser = browser_of(outsider) if signed_in else Client()

        unknown = questions(browser, url.replace(asked.token, UNKNOWN))

        assert questions(browser, url) == unknown

    @pytest.mark.parametrize(
        "state,words",
        [
            ({"expires_at": now() - timedelta(seconds=1)}, "This link has expired"),
            ({"status": Status.EXPIRED}, "This link has expired"),
            ({"status": Status.WITHDRAWN}, "This request was withdrawn"),
            ({"status": Status.DECLINED}, "This request has been answered"),
        ],
    )
    def test_each_closed_link_has_its_own_words(self, asked, url, accept, state, words):
        RelationshipRequest.objects.filter(pk=asked.pk).update(**state)

        for response in (Client().get(url), accept()):
            assert response.status_code == 410
            assert words in response.text
        assert not Customer.objects.exists()

    @pytest.mark.parametrize("token", ["7Q2FK", "x" * 300, "%00", "Ωmega", "..%2e"])
    def test_unknown_links(self, token, asked, vogel, browser_of):
        path = f"/relationship-requests/{token}/"
        for browser in (Client(), browser_of(vogel)):
            response = browser.get(path)
            assert response.status_code == 404
            assert "Nordwind" not in response.text
        assert browser_of(vogel).post(path, ticked(vogel)).status_code == 404

    def test_a_link_of_another_kind_opens_nothing(self, asked, client):
        assert client.get(f"/invitations/{asked.token}/").status_code == 404

    def test_expiry_is_checked_at_the_moment_of_acceptance(self, asked, vogel):
        RelationshipRequest.objects.update(expires_at=now())

        with pytest.raises(LinkExpired):
            services.accept_relationship(asked, actor=vogel, told="new", account={})

    def test_partners_no_longer(self, asked, url, accept, provider, partnership):
        remove_partnership(partnership, actor=provider, statement_version="2026-01")

        for response in (Client().get(url), accept()):
            assert response.status_code == 410
            assert "no longer work together" in response.text
        assert not Customer.objects.exists()

    def test_partners_no_longer_at_the_last_moment(self, asked, vogel, provider, partnership):
        remove_partnership(partnership, actor=provider, statement_version="2026-01")

        with pytest.raises(services.PartnershipEnded):
            services.accept_relationship(asked, actor=vogel, told="new", account={})
        asked.refresh_from_db()
        assert asked.status == "sent"

    def test_pressed_twice_has_one_result_and_no_scare(self, accept):
        accept()
        second = accept()

        assert second.status_code == 302
        assert second["Location"].endswith("/partner-relationships/")
        assert Customer.objects.count() == 1
        assert OutboxMessage.objects.count() == Notice.objects.count() == 2

    def test_the_first_press_may_be_done_while_the_second_looks(
        self, accept, asked, vogel, monkeypatch
    ):
        """By then the company is a customer already, and the page would have nothing to offer."""

        def meanwhile(user, request):
            monkeypatch.undo()
            assert accept().status_code == 302
            return answers.candidates(user, request)

        monkeypatch.setattr(answers, "candidates", meanwhile)
        RelationshipRequest.objects.update(wants_delegated_admin=False)

        assert accept().status_code == 302
        assert Customer.objects.count() == 1

    def test_somebody_else_comes_too_late(self, accept, browser_of, url):
        accept()
        other = make_membership(organization=make_partner(Kind.CUSTOMER))

        response = browser_of(other).post(url, ticked(other))

        assert response.status_code == 410
        assert "This request has been answered" in response.text
        assert "Vogel" not in response.text

    def test_the_parties_see_who_answered(self, accept, url, vogel, provider, browser_of):
        accept()

        for member, way in ((provider, "/customers/requests/"), (vogel, "/partner-relationships/")):
            response = browser_of(member).get(url)
            assert response.status_code == 410
            assert "Vogel Optik" in response.text
            assert way in response.text


def test_pages_cope_with_customers_that_have_no_admin_account(
    accept, provider, reseller, vogel, browser_of
):
    accept()
    customer = Customer.objects.get()

    for member in (provider, reseller):
        browser = browser_of(member)
        assert browser.open("customers:customer_list", open=customer.reference).status_code == 200
        assert browser.open("customers:customer_account", customer.pk).status_code == 200
        name = "subscriptions:customer_subscriptions"
        assert browser.open(name, customer.pk).status_code == 200
    browser = browser_of(provider)
    assert browser.open("subscriptions:subscription_add", customer.pk).status_code == 200
    assert browser.open("customers:setup_info", customer.pk).status_code == 404
    assert browser.open("customers:admin_password_reset", customer.pk).status_code == 404
    assert browser_of(vogel).open("subscriptions:home").status_code == 200
    assert "Reset the password" not in browser_of(vogel).open("customers:partner_list").text


def test_a_second_request_needs_a_second_answer(accept, provider, partnership):
    accept()
    again = services.draft_relationship(
        actor=provider,
        submission=uuid4(),
        language="en",
        provider=provider.organization,
        partnership=partnership,
    )

    assert again.is_answerable
    assert again.token != RelationshipRequest.objects.get(status="accepted").token
