"""*Security*: what an organization's global admins decide for everybody who works there."""

import pytest
import time_machine

from portal.accounts.models import Organization
from portal.accounts.roles import Kind, Permission, Role
from portal.accounts.second_factor import RECORDS
from portal.audit.models import AuditEntry
from portal.staff.models import UserInvitation
from portal.staff.services.security import fingerprint
from tests.conftest import FOR_GOOD, Browser
from tests.factories import (
    make_customer,
    make_invitation,
    make_membership,
    make_partner,
    make_partnership,
    make_person,
)
from tests.staff.conftest import typed as colleague_typed

PAGE = "security:policy"
REMOVE = "subscriptions:partnership_remove"
HOUR = 1_800_000_000


def decided(membership):
    return Organization.objects.get(pk=membership.organization_id)


def typed(membership, **fields):
    return {"seen": fingerprint(decided(membership)), "email_domains": ""} | fields


def decide(browser, **fields):
    return browser.send(PAGE, data=typed(browser.membership, **fields))


def with_factor(browser):
    """As if the code of a second factor had been given."""
    session = browser.session
    session[RECORDS] = [*session[RECORDS], {"method": "mfa", "at": FOR_GOOD}]
    session.save()
    return browser


def anew(membership):
    """Somebody's browser once their rights are read again."""
    return Browser(type(membership).objects.select_related("organization").get(pk=membership.pk))


# ---- The page


def test_it_is_saved_and_on_record(provider, staff):
    domains = "@Nord.example\nnord.test, nord.test"

    answer = decide(staff, idle_minutes="10", email_domains=domains, narrows_removal="on")

    assert answer["Location"] == staff.url(PAGE)
    held = decided(provider)
    assert (held.idle_minutes, held.narrows_removal) == (10, True)
    assert held.email_domains == ["nord.example", "nord.test"]
    entry = AuditEntry.objects.get(action="organization.secured")
    assert list(entry.changes) == [
        ("Minutes without activity until people are signed out", None, 10),
        ("Email domains of invited people", "", "nord.example, nord.test"),
        ("Only global admins and admin agents remove partnerships", "No", "Yes"),
    ]
    assert "selected>10 minutes<" in staff.open(PAGE).text


def test_nothing_new_is_no_news(staff):
    decide(staff)

    assert "Nothing was changed." in staff.open(PAGE).text
    assert not AuditEntry.objects.filter(action="organization.secured").exists()


def test_a_user_admin_reads_what_global_admins_decide(user_admin, browser_of):
    browser = browser_of(user_admin)

    page = browser.open(PAGE)

    assert "Only global admins change this." in page.text and ">Save<" not in page.text
    assert decide(browser, idle_minutes="5").status_code == 403
    assert decided(user_admin).idle_minutes is None


@pytest.mark.parametrize(
    "fields,words",
    [
        ({"email_domains": "nord"}, "“nord” is not a domain like example.com."),
        ({"email_domains": "https://nord.test"}, "is not a domain like example.com."),
        (
            {"email_domains": "\n".join(f"a{n}.test" for n in range(21))},
            "Enter at most 20 domains.",
        ),
        ({"email_domains": f"{'a' * 60}.{'b' * 60}.test"}, "is not a domain like example.com."),
        ({"idle_minutes": "600"}, "Select a valid choice."),
    ],
)
def test_what_is_wrong_is_said_and_kept(staff, fields, words):
    page = decide(staff, narrows_removal="on", **fields)

    assert page.status_code == 422 and words in page.text
    assert page.context["form"]["narrows_removal"].value()
    assert not decided(staff.membership).narrows_removal


def test_two_who_decide_at_once_see_each_other(provider, staff):
    late = typed(provider, idle_minutes="5")
    decide(staff, email_domains="nord.test")

    page = staff.send(PAGE, data=late)

    assert page.status_code == 422
    assert "A colleague has changed these settings meanwhile." in page.text
    assert decided(provider).email_domains == ["nord.test"]
    again = late | {"seen": page.context["form"]["seen"].value()}
    assert staff.send(PAGE, data=again).status_code == 302
    assert (decided(provider).idle_minutes, decided(provider).email_domains) == (5, [])


def test_it_is_asked_who_decides(staff):
    staff.forget_confirmation()

    answer = decide(staff, idle_minutes="5")

    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert decided(staff.membership).idle_minutes is None


# ---- Second factor


def test_the_portal_decides_it_of_partners(staff, settings):
    page = staff.open(PAGE)
    assert "requires_second_factor" in page.context["form"].fields
    assert "1 person has none yet." in page.text

    settings.REQUIRE_MFA = True
    page = with_factor(staff).open(PAGE)

    assert "requires_second_factor" not in page.context["form"].fields
    assert "The portal requires it of all partners." in page.text
    assert decide(staff, requires_second_factor="on").status_code == 302
    assert not decided(staff.membership).requires_second_factor


def test_where_the_organization_says_so_nobody_does_anything_without(provider, colleague, staff):
    browser = Browser(colleague)
    decide(staff, requires_second_factor="on")

    for each in (browser, staff):
        answer = each.open("subscriptions:home")
        assert answer["Location"].startswith("/accounts/2fa/totp/activate/")


def test_a_customer_asks_it_of_its_own_users_whatever_the_portal_does(provider, settings):
    tenant = make_customer(provider.organization).organization
    admin, user = (
        make_person(tenant, role).membership for role in (Role.GLOBAL_ADMIN, Role.USER_ADMIN)
    )
    settings.REQUIRE_MFA = True
    browser = Browser(admin)
    assert "Email domains" not in browser.open(PAGE).text

    decide(browser, requires_second_factor="on")

    answer = Browser(user).open("subscriptions:home")
    assert answer["Location"].startswith("/accounts/2fa/totp/activate/")


# ---- Without activity


def test_the_strictest_place_signs_people_out(staff, colleague):
    make_membership(organization=make_partner(Kind.PROVIDER, idle_minutes=20), user=colleague.user)
    decide(staff, idle_minutes="10")
    with time_machine.travel(HOUR, tick=False) as clock:
        browser = Browser(colleague)
        browser.open("subscriptions:home")
        clock.shift(9 * 60)
        assert browser.post("/accounts/stay/").json()["seconds"] == 10 * 60
        clock.shift(12 * 60)
        answer = browser.open("subscriptions:home")
        page = browser.get(answer["Location"])

    assert "Your session ended after 10 minutes without activity." in page.text


def test_nobody_stays_longer_than_the_portal_allows(staff, settings):
    settings.SESSION_IDLE_MINUTES = 10
    Organization.objects.filter(pk=staff.membership.organization_id).update(idle_minutes=60)
    page = staff.open(PAGE)

    assert "10 minutes, as everywhere in the portal" in page.text
    assert ">60 minutes<" not in page.text and ">5 minutes<" in page.text
    assert page.context["request"].session_end[0] == 10 * 60


# ---- Invitations


def test_only_addresses_of_these_domains_are_invited(staff):
    decide(staff, email_domains="nordwind.test")

    page = staff.send("staff:member_add", data=colleague_typed(email="ida@NORDWIND.example"))

    assert page.status_code == 422
    assert "invites only people with addresses at nordwind.test." in page.text
    assert not UserInvitation.objects.exists()
    data = colleague_typed(email="ida@NordWind.test")
    assert staff.send("staff:member_add", data=data).status_code == 302


def test_nor_again_nor_by_a_copied_link(staff, provider):
    invitation = make_invitation(
        provider.organization, Role.USER_ADMIN, invited_by=provider.user, email="ida@other.test"
    )
    decide(staff, email_domains="nordwind.test")

    for way in ("resend", "link"):
        page = staff.send(f"staff:invitation_{way}", invitation.pk, follow=True)
        assert "invites only people with addresses at nordwind.test." in page.text
    invitation.refresh_from_db()
    assert invitation.copied_at is None


# ---- Removing partnerships


def test_sales_agents_may_be_kept_from_removing_partnerships(staff, provider, reseller, colleague):
    make_partnership(provider.organization, reseller.organization)
    assert colleague.can(Permission.REMOVE_PARTNERSHIP)
    decide(staff, narrows_removal="on")

    refused = anew(colleague).open(REMOVE, reseller.organization_id)

    assert refused.status_code == 403
    assert "Global admin" in refused.text and "Admin agent" in refused.text
    assert "Sales agent" not in refused.text.partition("<main")[2].partition("Ask")[2]
    for role in (Role.GLOBAL_ADMIN, Role.ADMIN_AGENT):
        member = make_membership(role, organization=provider.organization)
        assert anew(member).open(REMOVE, reseller.organization_id).status_code == 200


def test_who_can_do_what_says_so(staff, provider, colleague):
    decide(staff, narrows_removal="on")

    page = anew(provider).open("staff:member_rights", colleague.pk)

    rights = {right.permission: right for _, group in page.context["groups"] for right in group}
    assert rights[Permission.REMOVE_PARTNERSHIP].by == []
    assert rights[Permission.REMOVE_PARTNERSHIP].roles == ["Global admin", "Admin agent"]

    people = anew(provider).open("staff:right_holders", permission="remove_partnership")
    assert people.context["roles"] == ["Global admin", "Admin agent"]


def test_whoever_sells_and_looks_after_users_still_adds_sellers(staff, provider):
    both = make_membership(Role.USER_ADMIN, Role.SALES_AGENT, organization=provider.organization)
    decide(staff, narrows_removal="on")

    data = colleague_typed(roles=["sales_agent"])

    assert anew(both).send("staff:member_add", data=data).status_code == 302


def test_resellers_have_nothing_to_narrow(reseller, browser_of):
    assert "remove partnerships" not in browser_of(reseller).open(PAGE).text
