"""Asking a customer organization: whom the link asks for, the draft, and taking it back."""

from datetime import timedelta
from urllib.parse import unquote
from uuid import uuid4

import pytest
from django.utils.html import escape
from django.utils.timezone import now

from customers import services, wording
from customers.delegated import SERVICES
from customers.models import RelationshipRequest
from partners.models import PartnerProfile, Partnership
from partners.services import remove_partnership
from portal.accounts.models import Organization
from portal.accounts.roles import Role
from portal.audit.models import AuditEntry
from portal.outbox.models import OutboxMessage
from portal.own_addresses import foreign_addresses
from portal.references import encode
from tests.customers.conftest import do_background_work
from tests.factories import (
    make_membership,
    make_partner,
    make_partnership,
    make_relationship_request,
)

Status = RelationshipRequest.Status


@pytest.fixture
def start(provider, browser_of):
    """Press *Draft the request*."""

    def press(by=None, **fields):
        data = {"submission": str(uuid4())} | fields
        return browser_of(by or provider).send("customers:relationship_create", data=data)

    return press


@pytest.fixture
def draft(provider, partnership):
    """A fresh draft of the provider's, with its reseller, in English."""
    return services.draft_relationship(
        actor=provider,
        submission=uuid4(),
        language="en",
        provider=provider.organization,
        partnership=partnership,
    )


@pytest.fixture
def save(draft, provider, browser_of):
    """Press a button of the editor: ``save("send", recipient=…)``."""
    browser = browser_of(provider)

    def press(action="update", headers=None, **changes):
        fields = {
            "action": action,
            "recipient": draft.recipient,
            "note": draft.note,
            "language": draft.language,
            "subject": draft.subject,
            "text": wording.with_link(draft).replace("\n", "\r\n"),
        }
        url = browser.url("customers:relationship_draft", draft.pk)
        response = browser.post(url, fields | changes, headers=headers)
        draft.refresh_from_db()
        return response

    return press


class TestStarting:
    def test_a_provider_asks_together_with_a_reseller(self, start, provider, partnership):
        response = start(reseller=partnership.reference)

        draft = RelationshipRequest.objects.get()
        assert response.status_code == 302
        assert draft.reference in response["Location"]
        assert (draft.provider, draft.reseller) == (provider.organization, partnership.reseller)
        assert (draft.asked_by, draft.created_by) == (provider.organization, provider.user)
        assert draft.partnership == partnership
        assert (draft.status, draft.wants_delegated_admin) == ("draft", False)

    def test_a_provider_asks_for_itself_alone(self, start, provider):
        start(reseller="none")

        draft = RelationshipRequest.objects.get()
        assert (draft.provider, draft.reseller) == (provider.organization, None)

    def test_a_reseller_asks_together_with_its_provider(self, start, reseller, partnership):
        start(by=reseller, provider=partnership.provider_reference)

        draft = RelationshipRequest.objects.get()
        assert (draft.provider, draft.reseller) == (partnership.provider, partnership.reseller)
        assert draft.asked_by == reseller.organization

    def test_a_reseller_always_names_a_provider(self, start, reseller, partnership):
        for named in ({}, {"provider": ""}, {"provider": "none"}):
            assert start(by=reseller, **named).status_code == 422
        assert not RelationshipRequest.objects.exists()

    def test_the_row_one_comes_from_is_selected(self, provider, reseller, partnership, browser_of):
        page = browser_of(provider).open(
            "customers:relationship_create", reseller=partnership.reference
        )
        assert f'<option value="{partnership.reference}" selected>' in page.text

        page = browser_of(reseller).open(
            "customers:relationship_create", provider=partnership.provider_reference
        )
        assert f'<option value="{partnership.provider_reference}" selected>' in page.text

    def test_each_side_knows_it_by_its_own_name(self, provider, reseller, partnership, browser_of):
        words = {provider: "Request a reseller relationship", reseller: "Invite new customers"}
        for member, label in words.items():
            browser = browser_of(member)
            assert label in browser.open("customers:customer_list").text
            assert label in browser.open("customers:relationship_create").text

    def test_partners_of_others_and_former_ones_are_no_choice(self, start, provider, partnership):
        stranger = make_partner()
        remove_partnership(partnership, actor=provider, statement_version="2026-01")

        for company in (stranger, partnership.reseller, provider.organization):
            assert start(reseller=encode("R", company.pk)).status_code == 422
        assert not RelationshipRequest.objects.exists()

    def test_a_reseller_that_has_not_signed_is_no_choice(self, start, provider):
        unsigned = make_partner(signed=False)
        make_partnership(provider.organization, unsigned)

        response = start(reseller=encode("R", unsigned.pk))

        assert response.status_code == 422
        assert "has not signed the partner agreement" in response.text

    def test_a_reseller_signs_before_it_invites(self, start, provider, browser_of):
        unsigned = make_membership(organization=make_partner(signed=False))
        made = make_partnership(provider.organization, unsigned.organization)

        page = browser_of(unsigned).open("customers:relationship_create")
        assert "The partner agreement is not signed." in page.text
        assert start(by=unsigned, provider=made.provider_reference).status_code == 422

    def test_a_reseller_without_provider_is_told_so(self, stranger, browser_of):
        page = browser_of(stranger).open("customers:relationship_create")

        assert page.status_code == 200
        assert "No indirect providers yet" in page.text

    def test_pressed_twice_makes_one_draft(self, start, partnership):
        submission = str(uuid4())
        answers = {
            start(reseller=partnership.reference, submission=submission)["Location"]
            for _ in range(2)
        }

        assert len(answers) == 1
        assert RelationshipRequest.objects.count() == 1

    def test_an_old_page_makes_a_new_draft(self, start, provider, partnership):
        submission = str(uuid4())
        start(reseller=partnership.reference, submission=submission)
        first = RelationshipRequest.objects.get()
        services.mark_relationship_sent(first, actor=provider)

        start(reseller=partnership.reference, submission=submission)

        assert RelationshipRequest.objects.filter(status=Status.DRAFT).count() == 1
        assert RelationshipRequest.objects.count() == 2

    def test_looking_makes_none(self, provider, partnership, browser_of):
        browser_of(provider).open("customers:relationship_create", reseller=partnership.reference)

        assert not RelationshipRequest.objects.exists()

    def test_the_link_lives_as_long_as_the_provider_chose(self, start, provider, partnership):
        PartnerProfile.objects.filter(organization=provider.organization).update(invitation_days=9)

        start(reseller=partnership.reference)

        left = RelationshipRequest.objects.get().expires_at - now()
        assert timedelta(days=8) < left <= timedelta(days=9)


class TestDelegatedAdmin:
    @pytest.mark.parametrize("role", [Role.GLOBAL_ADMIN, Role.ADMIN_AGENT])
    def test_some_may_ask_for_it(self, start, provider, partnership, browser_of, role):
        agent = make_membership(role, organization=provider.organization)
        assert (
            'name="delegated_admin"' in browser_of(agent).open("customers:relationship_create").text
        )

        start(by=agent, reseller=partnership.reference, delegated_admin="on")

        assert RelationshipRequest.objects.get().wants_delegated_admin

    def test_a_sales_agent_may_not(self, start, provider, partnership, browser_of):
        agent = make_membership(Role.SALES_AGENT, organization=provider.organization)
        page = browser_of(agent).open("customers:relationship_create")
        assert 'name="delegated_admin"' not in page.text
        assert "Global admin, Admin agent" in page.text

        start(by=agent, reseller=partnership.reference, delegated_admin="on")

        assert not RelationshipRequest.objects.get().wants_delegated_admin

    def test_it_is_ticked_beforehand_with_the_days_and_what_it_allows(self, provider, browser_of):
        """domain.md 2.6: asked for unless somebody only wants to sell."""
        page = browser_of(provider).open("customers:relationship_create")

        assert page.text.count("checked") == 1
        assert 'value="730"' in page.text
        for service in SERVICES:
            assert escape(str(service.to_partner)) in page.text

    def test_name_and_days_are_kept_and_told(self, start, partnership):
        terms = {"admin_name": "Service desk", "admin_days": "90"}
        start(reseller=partnership.reference, delegated_admin="on", **terms)

        draft = RelationshipRequest.objects.get()
        assert (draft.admin_name, draft.admin_days) == ("Service desk", 90)
        assert "delegated admin privileges for 90 days" in draft.body

    @pytest.mark.parametrize("days", ["0", "731", "-1", "1.5", "x", "9" * 40])
    def test_other_days_are_refused(self, provider, partnership, browser_of, days):
        data = {"reseller": partnership.reference, "delegated_admin": "on", "admin_days": days}
        answer = browser_of(provider).send("customers:relationship_create", data=data)

        assert answer.status_code == 422
        assert "admin_days" in answer.context["form"].errors
        assert not RelationshipRequest.objects.exists()

    def test_the_letter_says_whether_it_is_asked_for(self, start, partnership):
        start(reseller=partnership.reference, delegated_admin="on")
        start(reseller=partnership.reference)

        without, asked = RelationshipRequest.objects.all()
        assert "also asks for delegated admin privileges" in asked.body
        assert "privileges are not part of the request" in without.body


class TestLetter:
    def test_it_names_both_companies_and_carries_the_link(self, draft):
        text = wording.with_link(draft)

        assert "Nordwind Distribution (indirect provider)" in text
        assert "Kessler IT-Systemhaus (indirect reseller)" in text
        assert wording.relationship_url(draft) in text
        assert draft.token not in draft.body

    @pytest.mark.parametrize("language,words", [("en", "asks for a"), ("de", "beantragt eine")])
    def test_in_both_languages(self, draft, save, language, words):
        save(language=language)

        assert draft.subject.startswith(f"Nordwind Distribution {words}")
        assert wording.is_untouched(draft)

    @pytest.mark.parametrize("language", ["en", "de"])
    def test_it_fits_into_an_address_or_a_short_one_does(self, draft, save, language):
        save(language=language)
        mailto = wording.mailto(draft)

        assert len(mailto.url) <= wording.MAILTO_BUDGET
        assert wording.relationship_url(draft) in unquote(mailto.url)

    def test_a_note_stands_in_the_untouched_text(self, draft, save):
        save(note="We spoke on Monday.")

        assert "Hello,\n\nWe spoke on Monday.\n\nNordwind" in draft.body

    def test_a_note_and_a_language_leave_ones_own_text_alone(self, draft, save):
        own = f"Dear Vera, {wording.relationship_url(draft)}"
        save(text=own)

        response = save(note="Hello again.", language="de", text=own)

        assert draft.body == f"Dear Vera, {wording.LINK_MARK}"
        assert response.status_code == 302

    @pytest.mark.parametrize(
        "note",
        ["see https://evil.example", "www.evil.example", "evil.shop", "a@evil.shop", "HTTPS://X"],
    )
    def test_a_note_carries_no_links(self, draft, save, note):
        response = save(note=note)

        assert response.status_code == 422
        assert "Remove the address" in response.text
        assert draft.note == ""

    def test_a_name_that_is_an_address_becomes_no_link(self, draft, provider):
        Organization.objects.filter(pk=provider.organization_id).update(name="evil.shop Ltd")
        provider.user.first_name, provider.user.last_name = "https://bad.example", ""
        provider.user.save()
        draft = services.rewrite_relationship(RelationshipRequest.objects.get(pk=draft.pk))
        draft.sent_at = now()
        reminder = wording.reminder(draft, provider.user)

        for words in (draft.subject, draft.body, *reminder):
            assert foreign_addresses(words, provider.organization) == []


class TestSending:
    def test_from_the_portal(self, draft, save, provider, mailoutbox):
        response = save("send", recipient="vera@vogel.example")
        do_background_work()

        [mail] = mailoutbox
        assert response.status_code == 302
        assert (draft.status, draft.route) == ("sent", "portal")
        assert mail.to == ["vera@vogel.example"]
        assert mail.reply_to == [provider.user.email]
        assert "Nordwind Distribution via" in mail.from_email
        assert wording.relationship_url(draft) in mail.body
        html = mail.alternatives[0].content
        assert html.count(f'href="{wording.relationship_url(draft)}"') >= 1

    def test_a_resellers_request_is_the_resellers_mail(
        self, reseller, partnership, browser_of, mailoutbox
    ):
        draft = services.draft_relationship(
            actor=reseller,
            submission=uuid4(),
            language="de",
            provider=partnership.provider,
            partnership=partnership,
        )
        draft.recipient = "vera@vogel.example"
        draft.save()
        services.send_relationship(draft, actor=reseller)
        assert OutboxMessage.objects.get().organization == reseller.organization
        do_background_work()

        [mail] = mailoutbox
        assert mail.subject.startswith("Kessler IT-Systemhaus beantragt")
        assert "Kessler IT-Systemhaus via" in mail.from_email
        assert "Nordwind Distribution (indirekter Anbieter)" in mail.body

    def test_done_opens_it_without_a_mail(self, draft, save):
        response = save("done")

        assert response.status_code == 302
        assert (draft.status, draft.route) == ("sent", "by_hand")
        assert not OutboxMessage.objects.exists()

    @pytest.mark.parametrize("action", ["send", "done"])
    def test_without_its_link_it_does_not_leave(self, draft, save, action):
        response = save(action, recipient="vera@vogel.example", text="No link here.")

        assert response.status_code == 422
        assert "The link is missing from the text." in response.text
        assert "Put the link back" in response.text
        assert draft.status == "draft"

    def test_the_link_is_put_back(self, draft, save):
        save("link", text="No link here.")

        assert wording.LINK_MARK in draft.body

    def test_the_standard_text_comes_back(self, draft, save):
        save(text="Mine.")
        save("rewrite")

        assert wording.is_untouched(draft)

    @pytest.mark.parametrize("address", ["https://evil.example/login", "evil.shop", "a@evil.shop"])
    def test_it_leads_nowhere_else(self, draft, save, address):
        link = wording.relationship_url(draft)
        text = f"Please confirm here:\r\n{address}\r\n\r\nOpen the link:\r\n{link}"
        fields = {"recipient": "vera@vogel.example", "subject": f"See {address}", "text": text}

        response = save("send", **fields)

        assert response.status_code == 422
        assert set(response.context["form"].errors) == {"subject", "text"}
        assert address in response.text
        assert draft.status == "draft" and not OutboxMessage.objects.exists()
        assert save("done", **fields).status_code == 302

    def test_it_may_lead_to_the_companies_that_ask(self, draft, save, provider, reseller):
        for member, website in (
            (provider, "https://nord.example"),
            (reseller, "https://k.example"),
        ):
            PartnerProfile.objects.filter(organization=member.organization).update(website=website)
        text = f"nord.example, www.k.example\r\n{wording.relationship_url(draft)}"

        assert save("send", recipient="vera@vogel.example", text=text).status_code == 302

    def test_what_went_by_hand_is_looked_at_when_the_portal_sends_it(
        self, draft, save, provider, browser_of
    ):
        text = f"See evil.shop\r\n{wording.relationship_url(draft)}"
        save("done", recipient="vera@vogel.example", text=text)
        browser, token = browser_of(provider), draft.token
        url = browser.url("customers:relationship_extend", draft.pk)

        data = {"seen": draft.sent_at.isoformat(), "by_mail": "on"}
        page = browser.post(url, data, follow=True)

        draft.refresh_from_db()
        assert "The address “evil.shop” can" in page.text
        assert draft.token == token and not OutboxMessage.objects.exists()

    def test_sending_needs_an_address(self, draft, save):
        response = save("send")

        assert response.status_code == 422
        assert "recipient" in response.context["form"].errors

    def test_not_to_ones_own_people(self, draft, save, provider, reseller):
        for person in (provider.user, reseller.user):
            assert save("send", recipient=person.email.upper()).status_code == 422

    def test_the_same_address_is_asked_again_only_on_purpose(
        self, draft, save, partnership, provider
    ):
        earlier = make_relationship_request(partnership, recipient="vera@vogel.example")

        response = save("send", recipient="Vera@vogel.example")
        assert response.status_code == 422
        assert earlier.reference in response.text

        assert save("send", recipient="Vera@vogel.example", ask_again="on").status_code == 302

    def test_only_so_many_a_day(self, draft, save, partnership, provider, settings):
        settings.REQUESTS_PER_DAY = 1
        earlier = make_relationship_request(partnership, recipient="a@kunde.example")
        services.remind_relationship(earlier, actor=provider)

        response = save("send", recipient="vera@vogel.example")

        assert response.status_code == 422
        assert "has sent 1 emails of this kind within 24 hours" in response.text

    def test_only_so_many_to_one_address(self, draft, save, partnership, provider, settings):
        settings.REQUESTS_PER_RECIPIENT_AND_DAY = 1
        earlier = make_relationship_request(partnership, recipient="vera@vogel.example")
        services.remind_relationship(earlier, actor=provider)

        response = save("send", recipient="Vera@vogel.example", ask_again="on")

        assert response.status_code == 422
        assert "This address gets no further email" in response.text

    def test_with_htmx_only_the_tools_come_back(self, draft, save):
        response = save(headers={"HX-Request": "true"}, text="No link here.")

        assert "<html" not in response.text
        assert "The link is missing" in response.text

    def test_a_sent_one_is_edited_no_more(self, draft, save, provider, browser_of):
        services.mark_relationship_sent(draft, actor=provider)

        response = save(subject="Something else")

        assert response.status_code == 302
        assert draft.subject != "Something else"


class TestWithdrawing:
    def test_asking_first_changes_nothing(self, draft, provider, browser_of):
        page = browser_of(provider).open("customers:relationship_withdraw", draft.pk)

        draft.refresh_from_db()
        assert page.status_code == 200
        assert draft.status == "draft"

    def test_the_link_stops_working(self, provider, partnership, browser_of, client):
        asked = make_relationship_request(partnership)
        browser_of(provider).send("customers:relationship_withdraw", asked.pk)

        page = client.get(f"/relationship-requests/{asked.token}/")
        assert page.status_code == 410
        assert "This request was withdrawn" in page.text

    def test_twice_is_no_mistake(self, draft, provider, browser_of):
        browser = browser_of(provider)
        for _ in range(2):
            response = browser.send("customers:relationship_withdraw", draft.pk)
            assert response.status_code == 302


class TestBothSides:
    def test_what_was_sent_is_seen_by_the_partner_too(self, provider, reseller, partnership):
        asked = make_relationship_request(partnership)

        for member in (provider, reseller):
            assert asked in RelationshipRequest.objects.visible_to(member)

    def test_a_draft_is_ones_own(self, draft, reseller, browser_of):
        assert not RelationshipRequest.objects.visible_to(reseller)
        page = browser_of(reseller).open("customers:relationship_detail", draft.pk)
        assert page.status_code == 404
        assert {entry.organization for entry in AuditEntry.objects.all()} == {draft.provider}

    def test_the_partner_looks_and_does_nothing(self, reseller, partnership, browser_of):
        asked = make_relationship_request(partnership)
        browser = browser_of(reseller)

        page = browser.open("customers:relationship_detail", asked.pk)
        assert page.status_code == 200
        assert asked.token not in page.text
        assert "/withdraw/" not in page.text
        for name in ("relationship_withdraw", "relationship_draft"):
            assert browser.send(f"customers:{name}", asked.pk).status_code == 404

    def test_sending_is_on_record_with_both(self, draft, save, provider, reseller):
        save("done")

        for member in (provider, reseller):
            entries = AuditEntry.objects.visible_to(member).about(draft)
            assert "relationshiprequest.sent" in {entry.action for entry in entries}

    def test_whoever_may_invite_sees_the_link(self, provider, partnership, browser_of):
        asked = make_relationship_request(partnership)
        viewer = make_membership(Role.USER_ADMIN, organization=provider.organization)

        assert (
            asked.token in browser_of(provider).open("customers:relationship_detail", asked.pk).text
        )
        assert (
            asked.token
            not in browser_of(viewer).open("customers:relationship_detail", asked.pk).text
        )

    def test_a_removed_partnership_hides_no_history(self, provider, reseller, partnership):
        asked = make_relationship_request(partnership)
        remove_partnership(partnership, actor=provider, statement_version="2026-01")

        assert Partnership.objects.removed().exists()
        assert asked in RelationshipRequest.objects.visible_to(reseller)


class TestListing:
    @pytest.fixture
    def rows(self, partnership):
        past = now() - timedelta(minutes=1)
        return {
            "sent": make_relationship_request(partnership, recipient="open@kunde.example"),
            "expired": make_relationship_request(
                partnership, recipient="late@kunde.example", expires_at=past
            ),
            "withdrawn": make_relationship_request(
                partnership, recipient="taken@kunde.example", status="withdrawn"
            ),
        }

    def test_everything_with_its_state(self, rows, provider, browser_of):
        page = browser_of(provider).open("customers:relationship_list")

        assert page.context["page"].count == 3
        for words in ("Open", "Expired", "Withdrawn", *(row.reference for row in rows.values())):
            assert words in page.text

    @pytest.mark.parametrize("state", ["sent", "expired", "withdrawn"])
    def test_by_state_as_people_read_it(self, rows, provider, browser_of, state):
        page = browser_of(provider).open("customers:relationship_list", status=state)

        assert page.context["page"].rows == [rows[state]]

    def test_by_address_or_company(self, rows, provider, browser_of, partnership):
        vogel = make_partner("customer", name="Vogel Optik GmbH")
        answered = make_relationship_request(partnership, organization=vogel)
        browser = browser_of(provider)

        found = browser.open("customers:relationship_list", q="late@").context["page"].rows
        assert found == [rows["expired"]]
        found = browser.open("customers:relationship_list", q="vogel").context["page"].rows
        assert found == [answered]

    def test_nothing_yet(self, provider, browser_of):
        page = browser_of(provider).open("customers:relationship_list")

        assert "No relationship requests yet" in page.text

    def test_what_has_run_out_can_be_gathered_for_the_regular_round(self, rows):
        assert list(RelationshipRequest.objects.run_out()) == [rows["expired"]]
