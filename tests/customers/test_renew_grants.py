"""Before a grant ends: who is told when, who asks for more time, and what the customer answers."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from customers import rounds, services
from customers.models import AdminRenewal, DelegatedAdmin, TenantOwner
from partners.models import PartnerProfile
from portal.accounts.roles import Role
from portal.audit.models import AuditEntry
from portal.notices.models import MutedTopic, Notice
from portal.outbox.models import OutboxMessage
from portal.scope import NOBODY, acting
from tests.customers.conftest import do_background_work
from tests.factories import (
    make_admin_renewal,
    make_customer,
    make_membership,
    make_tenant_owner,
)

DAY = timedelta(days=1)


@pytest.fixture
def vogel(provider, reseller, partnership):
    return make_customer(provider.organization, reseller.organization, company_name="Vogel Optik")


@pytest.fixture
def grant(vogel):
    return vogel.delegated_admins.get()


@pytest.fixture
def admin(vogel):
    return make_membership(organization=vogel.organization)


def ends_in(grant, days):
    DelegatedAdmin.objects.filter(pk=grant.pk).update(
        ends_at=now() + days * DAY, granted_at=now() - 400 * DAY
    )
    grant.refresh_from_db()


def make_round():
    """Beat's call, in the scope it has there: none."""
    with acting(NOBODY):
        rounds.look_after_grants()


def told(organization, kind):
    return Notice.objects.filter(organization=organization, kind=kind).count()


class TestRound:
    def test_the_partner_is_told_30_7_and_1_days_before_once_each(self, grant):
        counts = []
        for days in (31, 30, 29, 8, 7, 5, 1, 0.5):
            ends_in(grant, days)
            make_round()
            make_round()
            counts.append(told(grant.partner, "admin_ending"))

        assert counts == [0, 1, 1, 1, 2, 2, 3, 3]
        assert told(grant.provider, "admin_ending") == 0

    def test_missed_days_do_not_make_three_letters(self, grant):
        ends_in(grant, 0.9)

        make_round()
        make_round()

        assert told(grant.partner, "admin_ending") == 1
        grant.refresh_from_db()
        assert grant.next_reminder is None

    def test_a_short_grant_is_not_announced_when_it_begins(self, grant):
        for field, value in DelegatedAdmin.term(7).items():
            setattr(grant, field, value)
        grant.save()

        make_round()

        assert told(grant.partner, "admin_ending") == 0

    def test_many_that_end_together_are_one_notice(self, provider, reseller, partnership):
        for number in range(12):
            customer = make_customer(
                provider.organization, reseller.organization, company_name=f"Kunde {number}"
            )
            ends_in(customer.delegated_admins.get(), 6)

        make_round()

        [notice] = Notice.objects.filter(organization=reseller.organization)
        assert (notice.facts["number"], notice.facts["further"]) == (12, 2)

    def test_what_has_run_out_is_written_down_once_and_both_are_told(self, grant):
        ends_in(grant, -1)

        make_round()
        make_round()

        grant.refresh_from_db()
        assert grant.status == "expired"
        assert told(grant.partner, "admin_ended") == told(grant.organization, "admin_expired") == 1
        entries = AuditEntry.objects.about(grant).filter(action="delegatedadmin.expired")
        assert entries.filter(organization=grant.organization).count() == 1

    def test_tenant_owners_run_out_too(self, vogel):
        owner = make_tenant_owner(vogel)
        TenantOwner.objects.update(granted_at=now() - 2 * DAY, ends_at=now() - DAY)

        make_round()

        owner.refresh_from_db()
        assert owner.status == "expired"

    def test_who_wants_that_asks_by_itself_and_not_after_a_no(self, grant, admin, browser_of):
        PartnerProfile.objects.filter(organization=grant.partner).update(renew_automatically=True)
        ends_in(grant, 30)
        make_round()
        renewal = AdminRenewal.objects.get()
        assert (renewal.asked_by, renewal.status, renewal.days) == (None, "asked", 730)

        data = {"seen": renewal.pk, "answer": "decline"}
        browser_of(admin).send("customers:renewal_answer", grant.pk, data=data)
        ends_in(grant, 7)
        make_round()

        assert AdminRenewal.objects.count() == 1

    def test_the_customer_is_told_30_7_and_1_days_before_too(self, grant, admin, mailoutbox):
        counts = []
        for days in (31, 30, 8, 7, 1, 0.5):
            ends_in(grant, days)
            make_round()
            make_round()
            counts.append(told(grant.organization, "admin_ends"))
        do_background_work()

        assert counts == [0, 1, 1, 2, 3, 3]
        assert len([mail for mail in mailoutbox if mail.to == [admin.user.email]]) == 3

    def test_an_open_request_is_reminded_of_at_each_mark(self, grant, admin, mailoutbox):
        PartnerProfile.objects.filter(organization=grant.partner).update(renew_automatically=True)
        counts = []
        for days in (30, 29, 7, 1):
            ends_in(grant, days)
            make_round()
            make_round()
            counts.append(told(grant.organization, "renewal_reminded"))
        do_background_work()

        assert counts == [0, 0, 1, 2]
        assert told(grant.organization, "admin_ends") == 0
        assert AdminRenewal.objects.count() == 1
        subjects = [mail.subject for mail in mailoutbox if mail.to == [admin.user.email]]
        assert len(subjects) == 3
        assert len([words for words in subjects if words.startswith("Reminder: ")]) == 2

    def test_after_a_no_the_customer_is_still_told_of_the_end(self, grant):
        PartnerProfile.objects.filter(organization=grant.partner).update(renew_automatically=True)
        make_admin_renewal(grant, status=AdminRenewal.Status.DECLINED)
        ends_in(grant, 7)

        make_round()

        assert told(grant.organization, "admin_ends") == 1

    def test_the_customer_turns_it_off(self, grant, admin, browser_of, mailoutbox):
        MutedTopic.objects.create(user=admin.user, topic="partner_admin_ending")
        ends_in(grant, 7)
        make_round()
        ends_in(grant, -1)
        make_round()
        do_background_work()

        assert not [mail for mail in mailoutbox if mail.to == [admin.user.email]]
        home = browser_of(admin).open("subscriptions:home").text
        assert "The delegated admin privileges of Kessler IT-Systemhaus end on" in home
        assert "Kessler IT-Systemhaus have ended as agreed" in home

    def test_who_does_not_want_it_does_not(self, grant):
        ends_in(grant, 30)

        make_round()

        assert not AdminRenewal.objects.exists()


class TestAsking:
    def test_the_customer_gets_a_mail_and_a_line_on_home(
        self, grant, admin, reseller, browser_of, mailoutbox
    ):
        browser = browser_of(reseller)
        preview = browser.open("customers:grant_renew", scope="selected", id=grant.reference)
        assert preview.context["ready_count"] == 1 and not AdminRenewal.objects.exists()

        data = {"scope": "selected", "id": grant.reference, "days": "90"}
        assert browser.send("customers:grant_renew", data=data).status_code == 302
        do_background_work()

        renewal = AdminRenewal.objects.get()
        assert (renewal.days, renewal.asked_by) == (90, reseller.user)
        [mail] = [mail for mail in mailoutbox if mail.to == [admin.user.email]]
        assert "Kessler IT-Systemhaus asks to keep" in mail.subject
        assert "/partner-relationships/#renewals" in mail.body
        home = browser_of(admin).open("subscriptions:home").text
        assert "1 partner asks to keep its delegated admin privileges" in home

    def test_one_request_at_a_time(self, grant, reseller, browser_of):
        browser = browser_of(reseller)
        data = {"scope": "selected", "id": grant.reference, "days": "90"}
        for _ in range(2):
            assert browser.send("customers:grant_renew", data=data).status_code == 302

        assert AdminRenewal.objects.count() == 1
        page = browser.open("customers:grant_renew", scope="selected", id=grant.reference)
        assert page.context["skipped_count"] == 1
        assert "waiting for the customer already" in page.text

    def test_all_that_match_and_why_not_the_others(self, grant, provider, reseller, browser_of):
        other = make_customer(provider.organization, reseller.organization)
        ends_in(other.delegated_admins.get(), -1)

        page = browser_of(provider).open("customers:grant_renew", scope="matching")
        assert (page.context["ready_count"], page.context["skipped_count"]) == (1, 1)
        assert "The privileges are over" in page.text

        data = {"scope": "matching", "days": "30"}
        browser_of(provider).send("customers:grant_renew", data=data)
        assert AdminRenewal.objects.get().grant == grant

    def test_a_reseller_asks_for_its_own_only(self, vogel, provider, reseller, browser_of):
        vogel.delegated_admins.update(partner=provider.organization)
        mine = vogel.delegated_admins.get().reference

        data = {"scope": "selected", "id": mine, "days": "30"}
        browser_of(reseller).send("customers:grant_renew", data=data)

        assert not AdminRenewal.objects.exists()

    def test_sales_agents_do_not_ask(self, grant, provider, browser_of):
        agent = make_membership(Role.SALES_AGENT, organization=provider.organization)

        assert browser_of(agent).open("customers:grant_renew").status_code == 403
        assert browser_of(agent).open("customers:grant_list").status_code == 200

    def test_automatically_is_switched_on_and_off(self, reseller, browser_of):
        browser = browser_of(reseller)
        profile = PartnerProfile.objects.filter(organization=reseller.organization)
        for word, wanted in (("on", True), ("on", True), ("x", True), ("off", False)):
            browser.send("customers:renewal_automatic", data={"automatic": word})
            assert profile.get().renew_automatically is wanted
        changes = AuditEntry.objects.filter(action="renewals.changed")
        assert changes.count() == 2


class TestAnswering:
    @pytest.fixture
    def renewal(self, grant):
        ends_in(grant, 20)
        return make_admin_renewal(grant, days=90)

    @pytest.fixture
    def answer(self, browser_of, admin, renewal):
        def press(word, by=None, seen=None):
            data = {"seen": seen or renewal.pk, "answer": word}
            browser = browser_of(by or admin)
            return browser.send("customers:renewal_answer", renewal.grant_id, data=data)

        return press

    def test_extend(self, answer, grant, renewal, admin):
        assert answer("extend").status_code == 302

        grant.refresh_from_db()
        renewal.refresh_from_db()
        assert timedelta(days=89) < grant.ends_at - now() <= timedelta(days=90)
        assert (grant.next_reminder, renewal.status) == (30, "accepted")
        assert renewal.answered_by == admin.user
        assert told(grant.partner, "renewal_extended") == 1

    def test_a_grant_never_becomes_shorter(self, answer, grant):
        ends_in(grant, 300)
        before = grant.ends_at

        answer("extend")

        grant.refresh_from_db()
        assert grant.ends_at == before

    def test_decline(self, answer, grant, renewal):
        before = grant.ends_at

        answer("decline")

        grant.refresh_from_db()
        renewal.refresh_from_db()
        assert (grant.ends_at, grant.status, renewal.status) == (before, "granted", "declined")
        assert told(grant.partner, "renewal_declined") == 1

    @pytest.mark.parametrize("first,second", [("extend", "decline"), ("decline", "extend")])
    def test_the_second_answer_is_too_late(self, answer, renewal, first, second):
        answer(first)
        renewal.refresh_from_db()
        status = renewal.status

        assert answer(second).status_code == 302

        renewal.refresh_from_db()
        assert renewal.status == status

    @pytest.mark.parametrize("word,seen", [("x", None), ("", None), ("extend", "0")])
    def test_other_words_change_nothing(self, answer, renewal, word, seen):
        answer(word, seen=seen)

        renewal.refresh_from_db()
        assert renewal.status == "asked"

    def test_after_the_last_day_it_is_too_late(self, answer, grant, renewal, admin):
        ends_in(grant, -0.1)

        assert answer("extend").status_code == 302
        with acting(admin.actor), pytest.raises(services.GrantOver):
            services.extend_admin(renewal, actor=admin)

        grant.refresh_from_db()
        assert grant.ends_at < now()

    def test_looking_changes_nothing_and_colleagues_only_look(self, answer, renewal, browser_of):
        colleague = make_membership(Role.USER_ADMIN, organization=renewal.organization)

        assert answer("extend", by=colleague).status_code == 403
        page = browser_of(colleague).open("customers:partner_list").text
        assert "A global admin must answer" in page and 'value="extend"' not in page

    def test_what_was_answered_meanwhile_is_not_mailed(self, answer, grant, admin, mailoutbox):
        answer("decline")
        with acting(grant.provider.actor):
            services.grants._promise_telling(grant.provider, [AdminRenewal.objects.get().pk])
        do_background_work()

        assert not [mail for mail in mailoutbox if "asks to keep" in mail.subject]
        assert not OutboxMessage.objects.filter(status="failed").exists()
