"""Delegated admin privileges as named grants: how long they work, who ends and who sees them."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from customers import services
from customers.delegated import SERVICES, allowed
from customers.models import AdminRenewal, DelegatedAdmin
from customers.services.moving import grant_admin
from partners.figures import figures, involvement
from portal.accounts.roles import Kind, Role
from portal.audit.models import AuditEntry
from portal.lifecycle import InvalidTransition
from portal.notices.models import Notice
from portal.references import encode
from portal.scope import acting
from subscriptions.changing import why_not
from tests.factories import (
    make_admin_renewal,
    make_customer,
    make_grant,
    make_membership,
    make_partner,
    make_partnership,
    make_subscription,
    make_user,
)

DAY = timedelta(days=1)


@pytest.fixture
def vogel(provider, reseller, partnership):
    """A customer that granted the reseller, not the provider."""
    return make_customer(provider.organization, reseller.organization, company_name="Vogel Optik")


@pytest.fixture
def grant(vogel):
    return vogel.delegated_admins.get()


@pytest.fixture
def admin(vogel):
    return make_membership(
        organization=vogel.organization, user=make_user(first_name="Vera", last_name="Vogel")
    )


def run_out(grant):
    """Its last day is over, and no round has been by."""
    DelegatedAdmin.objects.filter(pk=grant.pk).update(
        granted_at=now() - 9 * DAY, ends_at=now() - timedelta(seconds=1)
    )
    grant.refresh_from_db()


class TestEnd:
    def test_a_new_one_lasts_as_long_as_the_portal_lets_it(self, grant, settings):
        assert settings.DELEGATED_ADMIN_DAYS == 730
        assert timedelta(days=729) < grant.ends_at - now() <= timedelta(days=730)

    def test_it_ends_at_the_moment_of_use_everywhere(
        self, vogel, grant, provider, reseller, partnership, admin, browser_of
    ):
        subscription = make_subscription(vogel)
        assert services.may_administer(reseller, vogel)
        assert why_not(subscription, reseller) == ""
        assert figures(partnership, provider)["grants"] == 1
        assert involvement(partnership, provider)["unadministered"] == 0

        run_out(grant)

        assert grant.status == "granted" and grant.state == "expired"
        assert not services.may_administer(reseller, vogel)
        assert "administrator access" in why_not(subscription, reseller)
        assert figures(partnership, provider)["grants"] == 0
        assert involvement(partnership, provider)["unadministered"] == 1
        home = browser_of(admin).open("subscriptions:home")
        assert "No partner has administrator access" in home.text
        listed = browser_of(admin).open("customers:partner_list").text
        assert "Remove delegated admin" not in listed
        without = browser_of(provider).open("customers:customer_list", admin="none")
        assert [row.pk for row in without.context["page"].rows] == [vogel.pk]

    def test_one_that_ran_out_is_not_in_the_way_of_the_next(self, vogel, grant, provider, reseller):
        run_out(grant)

        with acting(provider.actor):
            [new] = grant_admin([vogel], reseller.organization, actor=provider, days=5, name="X")

        grant.refresh_from_db()
        assert (grant.status, new.status, new.name) == ("expired", "granted", "X")
        assert (new.granted_by, new.next_reminder) == (provider.user, 1)
        assert vogel.delegated_admins.granted().get() == new

    def test_who_may_administer_is_only_the_company_that_was_granted_it(
        self, vogel, provider, reseller, outsider, stranger, admin
    ):
        may = [services.may_administer(m, vogel) for m in (provider, outsider, stranger, admin)]
        assert may == [False] * 4
        assert services.may_administer(reseller, vogel)


class TestRemoving:
    def test_the_page_says_what_follows_and_changes_nothing(self, grant, admin, browser_of):
        page = browser_of(admin).open("customers:grant_remove", grant.pk)

        for service in allowed(Kind.RESELLER, grant.provider):
            assert str(service.to_customer) in page.text
        assert "The relationship itself" in page.text
        grant.refresh_from_db()
        assert grant.status == "granted"

    def test_it_ends_the_privileges_and_keeps_the_relationship(
        self, vogel, grant, admin, reseller, browser_of
    ):
        answer = browser_of(admin).send("customers:grant_remove", grant.pk)

        assert answer.status_code == 302
        grant.refresh_from_db()
        vogel.refresh_from_db()
        assert grant.status == "revoked" and vogel.status == "active"
        assert vogel.reseller == reseller.organization
        assert not services.may_administer(reseller, vogel)
        told = Notice.objects.get(organization=reseller.organization)
        assert told.words == "Vogel Optik removed your delegated admin privileges"
        seen_by = {entry.organization for entry in AuditEntry.objects.about(grant)}
        assert seen_by == {grant.provider, grant.partner, grant.organization}

    def test_pressed_twice_it_is_done_once(self, grant, admin, browser_of):
        browser = browser_of(admin)
        answers = [browser.send("customers:grant_remove", grant.pk) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [302, 302]
        assert Notice.objects.count() == 1
        entries = AuditEntry.objects.about(grant).filter(action="delegatedadmin.revoked")
        assert entries.filter(organization=grant.organization).count() == 1

    def test_only_a_global_admin_may(self, grant, vogel, admin, browser_of):
        colleague = make_membership(Role.USER_ADMIN, organization=vogel.organization)
        browser = browser_of(colleague)

        assert browser.send("customers:grant_remove", grant.pk).status_code == 403
        listed = browser.open("customers:partner_list").text
        assert "Vera Vogel" in listed and "Remove delegated admin</a>" not in listed

    def test_what_is_over_can_not_be_removed(self, grant, admin):
        run_out(grant)

        with acting(admin.actor), pytest.raises(InvalidTransition):
            services.remove_admin(grant, actor=admin)


class TestWhoSees:
    def test_a_former_reseller_that_keeps_its_privileges_is_listed(
        self, vogel, grant, provider, stranger, admin, reseller, browser_of
    ):
        make_partnership(provider.organization, stranger.organization)
        with acting(provider.actor):
            services.hand_over([vogel], stranger.organization, actor=provider)

        page = browser_of(admin).open("customers:partner_list")

        roles = {p.name: (p.is_former, bool(p.granted)) for p in page.context["partners"]}
        assert roles == {
            "Nordwind Distribution": (False, False),
            "Alpina Cloud Services": (False, True),
            "Kessler IT-Systemhaus": (True, True),
        }
        assert "no longer looks after you" in page.text
        own = browser_of(reseller).open("customers:grant_list").context["page"].rows
        assert [row.pk for row in own] == [grant.pk]

    def test_both_sides_see_the_same_on_the_account_page(
        self, vogel, grant, provider, reseller, browser_of
    ):
        DelegatedAdmin.objects.update(name="Service desk")
        for membership in (provider, reseller):
            text = browser_of(membership).open("customers:customer_account", vogel.pk).text
            assert "Service desk" in text and grant.reference in text
            for service in allowed(Kind.RESELLER, vogel.provider):
                assert str(service.to_partner).replace("'", "&#x27;") in text

    def test_what_it_allows_follows_the_providers_switch(self, vogel):
        vogel.provider.partner.resellers_manage_subscriptions = False

        assert len(allowed(Kind.RESELLER, vogel.provider)) == len(SERVICES) - 1

    def test_providers_of_one_company_do_not_see_each_other(
        self, vogel, grant, outsider, provider, browser_of
    ):
        theirs = make_customer(
            outsider.organization,
            make_partner(name="Isar Cloud"),
            organization=vogel.organization,
            company_name="Vogel Optik",
        )
        [other] = theirs.delegated_admins.all()
        make_admin_renewal(other)

        seen = browser_of(provider).open("customers:grant_list").text
        assert other.reference not in seen and "Isar Cloud" not in seen
        with acting(provider.actor):
            assert set(DelegatedAdmin.objects.all()) == {grant}
            assert not AdminRenewal.objects.exists()
        with acting(vogel.organization.actor):
            assert set(DelegatedAdmin.objects.all()) == {grant, other}


class TestList:
    @pytest.fixture
    def several(self, vogel, grant, provider, reseller):
        soon = make_customer(provider.organization, reseller.organization, company_name="Weber")
        soon.delegated_admins.update(ends_at=now() + 20 * DAY, name="Migration")
        over = make_customer(provider.organization, reseller.organization, company_name="Zorn")
        run_out(over.delegated_admins.get())
        gone = make_customer(provider.organization, reseller.organization, company_name="Abel")
        gone.delegated_admins.update(status="revoked", ends_at=now() + 400 * DAY)
        make_grant(vogel, provider.organization, ends_at=now() + 500 * DAY)

    def names(self, browser, **query):
        page = browser.open("customers:grant_list", **query).context["page"]
        return [row.organization.name for row in page.rows]

    def test_filters_and_order(self, several, provider, browser_of):
        browser, ref = browser_of(provider), "ends"

        assert self.names(browser) == ["Zorn", "Weber", "Abel", "Vogel Optik", "Vogel Optik"]
        assert self.names(browser, state="granted") == ["Weber", "Vogel Optik", "Vogel Optik"]
        assert self.names(browser, state="expired") == ["Zorn"]
        assert self.names(browser, state="revoked") == ["Abel"]
        assert self.names(browser, **{ref: "30"}) == ["Weber"]
        assert self.names(browser, q="migra") == ["Weber"]
        assert self.names(browser, sort="customer")[:2] == ["Abel", "Vogel Optik"]

    def test_by_partner_and_reference(self, several, grant, provider, browser_of):
        browser = browser_of(provider)
        own = encode("R", provider.organization_id)
        assert self.names(browser, partner=own) == ["Vogel Optik"]
        assert self.names(browser, q=grant.reference.lower()) == ["Vogel Optik"]

    def test_a_reseller_sees_what_it_holds_itself(self, several, reseller, browser_of):
        assert len(self.names(browser_of(reseller))) == 4

    def test_export(self, several, provider, browser_of):
        browser = browser_of(provider)
        lines = browser.open("customers:grant_export", ends="30").content.decode().splitlines()

        assert len(lines) == 2 and "Weber" in lines[1] and "Migration" in lines[1]
        nothing = browser.open("customers:grant_export", scope="selected", id="G-XXXXXX")
        assert nothing.status_code == 302
        longest = browser.open("customers:grant_export", scope="selected", q="x" * 2100)
        assert longest["Location"] == browser.url("customers:grant_list")
