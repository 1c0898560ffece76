"""*What can this person do, and why*: read off the grants and the memberships, nothing else."""

import pytest
from django.utils.timezone import now

from portal.accounts.permission_words import WORDS, Group, of_kind, words_of
from portal.accounts.rights import obstacles_of, rights_of, who_can
from portal.accounts.roles import GRANTS, Kind, Permission, Role, permissions_of
from tests.factories import make_membership, make_partner, make_person, make_user

RIGHTS, HOLDERS = "staff:member_rights", "staff:right_holders"
EVERYBODY = [(kind, role) for kind in Kind for role in GRANTS[kind]]


def found(membership):
    every = (right for _heading, rights in rights_of(membership) for right in rights)
    return {right.permission: right for right in every}


def colleague_of(membership, *roles, name="Anna Brandt", **fields):
    first, last = name.split()
    user = make_user(f"{last.lower()}@colleague.test", first_name=first, last_name=last, **fields)
    member = make_membership(organization=membership.organization, user=user)
    member.roles = list(roles)
    member.save()
    return member


@pytest.mark.parametrize("permission", Permission)
def test_every_right_has_a_sentence_and_a_group(permission):
    words = WORDS[permission]

    assert words.group in Group
    assert str(words.sentence)[0].islower() and not str(words.sentence).endswith(".")


@pytest.mark.parametrize("kind", Kind)
def test_no_two_rights_of_one_side_say_the_same(kind):
    sentences = [str(words_of(permission, kind).sentence) for permission in of_kind(kind)]

    assert len(set(sentences)) == len(sentences)


@pytest.mark.django_db
@pytest.mark.parametrize("kind,role", EVERYBODY)
def test_what_is_said_is_what_the_table_grants(kind, role):
    member = make_membership(role, organization=make_partner(kind))

    rights = found(member)

    assert {permission for permission, right in rights.items() if right.by} == GRANTS[kind][role]
    assert all(right.by in ([], [role.label]) for right in rights.values())


def test_several_roles_add_up_and_each_is_named(provider):
    member = colleague_of(provider, Role.USER_ADMIN, Role.SALES_AGENT)

    rights = found(member)

    held = {permission for permission, right in rights.items() if right.by}
    assert held == permissions_of(Kind.PROVIDER, member.roles)
    assert rights[Permission.VIEW_CUSTOMERS].by == ["User admin", "Sales agent"]
    assert rights[Permission.PLACE_ORDER].by == ["Sales agent"]
    assert rights[Permission.MANAGE_STAFF].by == ["User admin"]


def test_it_follows_a_change_of_roles_at_once(browser_of, provider):
    member = colleague_of(provider, Role.USER_ADMIN)
    browser = browser_of(provider)
    assert not found(member)[Permission.PLACE_ORDER].by

    member.roles = [Role.SALES_AGENT]
    member.save()

    groups = browser.open(RIGHTS, member.pk).context["groups"]
    by = {right.permission: right.by for _heading, rights in groups for right in rights}
    assert by[Permission.PLACE_ORDER] == ["Sales agent"]


def test_who_lacks_a_right_reads_who_has_it(browser_of, provider):
    member = colleague_of(provider, Role.USER_ADMIN)
    colleague_of(provider, Role.SALES_AGENT, name="Theo Roth")
    colleague_of(provider, Role.SALES_AGENT, name="Gone Away", is_active=False)

    text = browser_of(member).open(RIGHTS, member.pk).text

    assert "It takes: Global admin, Admin agent, Sales agent." in text
    assert "Theo Roth" in text and "Gone Away" not in text


@pytest.mark.parametrize("fixture", ["provider", "reseller"])
def test_nothing_is_said_of_people_elsewhere(request, browser_of, fixture, outsider):
    member = request.getfixturevalue(fixture)
    browser = browser_of(member)

    outsider.user.first_name = "Otto Outside"
    outsider.user.save()
    assert browser.open(RIGHTS, outsider.pk).status_code == 404
    assert browser.open(RIGHTS, 2**70).status_code == 404
    assert "Otto Outside" not in browser.open(RIGHTS, member.pk).text


def test_one_may_always_see_ones_own(browser_of, provider):
    for roles in ([], [Role.SALES_AGENT]):
        member = colleague_of(provider, *roles, name=f"Own {len(roles)}")
        browser = browser_of(member)

        page = browser.open(RIGHTS, member.pk)

        assert page.status_code == 200
        assert browser.open(RIGHTS, provider.pk).status_code == 403


@pytest.mark.parametrize("role", GRANTS[Kind.CUSTOMER])
def test_customers_people_see_their_own(browser_of, role):
    member = make_membership(role, organization=make_partner(Kind.CUSTOMER))

    page = browser_of(member).open(RIGHTS, member.pk)

    assert page.status_code == 200
    assert "your company&#x27;s subscriptions" in page.text


@pytest.mark.parametrize("role", GRANTS[Kind.CUSTOMER])
def test_customers_admins_see_those_of_each_user_of_their_own(browser_of, role):
    company = make_partner(Kind.CUSTOMER, domain="vogel.onportal.example")
    person = make_person(company, Role.USER_ADMIN, name="Ben Bauer")
    browser = browser_of(make_person(company, role, name="Vera Vogel").membership)

    detail = browser.open("subscriptions:own_user_detail", person.pk).text
    url = browser.url(RIGHTS, person.membership_id)
    assert url in detail
    page = browser.get(url)
    assert "What can Ben Bauer do, and why?" in page.text
    assert "As User admin." in page.text
    assert browser.url(HOLDERS) in browser.open("subscriptions:own_user_list").text
    people = browser.open(HOLDERS, permission=Permission.MANAGE_USERS).text
    assert url in people and "Vera Vogel" in people


def test_customers_people_see_those_of_nobody_else(browser_of, provider):
    company = make_partner(Kind.CUSTOMER, domain="vogel.onportal.example")
    admin = make_person(company, Role.GLOBAL_ADMIN).membership
    user = make_person(company).membership
    elsewhere = make_partner(Kind.CUSTOMER, domain="adler.onportal.example")

    assert browser_of(user).open(RIGHTS, user.pk).status_code == 200
    assert browser_of(user).open(RIGHTS, admin.pk).status_code == 404
    for stranger in (provider, make_person(elsewhere).membership):
        assert browser_of(admin).open(RIGHTS, stranger.pk).status_code == 404


def test_without_a_role_it_says_so(browser_of, provider):
    member = colleague_of(provider)

    text = browser_of(member).open(RIGHTS, member.pk).text

    assert "No role in Nordwind Distribution." in text
    assert 'data-kind="ok"' not in text


def test_what_else_must_be_so_is_said(browser_of, provider, settings):
    member = colleague_of(provider, Role.USER_ADMIN, must_change_password=True)
    page = browser_of(provider).open(RIGHTS, member.pk)
    assert len(page.context["obstacles"]) == 1 and "first sign-in" in page.text

    member.user.temporary_password_until = now()
    member.user.is_active = False
    member.user.save()
    text = browser_of(provider).open(RIGHTS, member.pk).text
    assert "has expired" in text and "Deactivated" in text


@pytest.mark.parametrize("kind", Kind)
def test_a_second_factor_is_asked_of_partners_staff(settings, kind):
    settings.REQUIRE_MFA = True
    member = make_membership(organization=make_partner(kind))

    said = " ".join(map(str, obstacles_of(member)))

    assert ("Two-factor" in said) == (kind != Kind.CUSTOMER)


def test_delegated_rights_say_their_conditions(browser_of, reseller):
    text = browser_of(reseller).open(RIGHTS, reseller.pk).text

    assert "lets resellers manage delegated subscriptions" in text


def test_who_can_counts_active_people(browser_of, provider):
    colleague_of(provider, Role.SALES_AGENT, Role.USER_ADMIN)
    colleague_of(provider, Role.SALES_AGENT, name="Gone Away", is_active=False)
    colleague_of(provider, name="No Role")

    counted = {
        right.permission: right.number
        for _heading, rights in who_can(provider.organization)
        for right in rights
    }
    browser = browser_of(provider)
    assert counted[Permission.PLACE_ORDER] == 2
    assert counted[Permission.REMOVE_CUSTOMER] == 1
    for permission, number in counted.items():
        page = browser.open(HOLDERS, permission=permission)
        assert page.context["number"] == len(page.context["people"]) == number


def test_from_a_right_to_its_people(browser_of, provider):
    agent = colleague_of(provider, Role.SALES_AGENT, name="Theo Roth")
    member = colleague_of(provider, Role.USER_ADMIN)

    text = browser_of(member).open(HOLDERS, permission=Permission.PLACE_ORDER).text

    assert "Theo Roth" in text and f"/{agent.pk}/rights/" in text
    assert "Place and cancel orders" in text and "You can't do this." in text
    assert f"mailto:{agent.user.email}?subject=" in text


@pytest.mark.parametrize(
    "typed", ["", "garbage", "answer_relationship", "\0", "x" * 5000, "<script>", "PLACE_ORDER"]
)
def test_what_is_no_right_here_shows_all_of_them(browser_of, provider, typed):
    page = browser_of(provider).open(HOLDERS, permission=typed)

    assert page.status_code == 200
    assert "Who can do what" in page.text and "<script>" not in page.text


def test_it_costs_the_same_however_many_work_here(browser_of, provider, django_assert_num_queries):
    browser = browser_of(provider)
    for number in range(30):
        colleague_of(provider, Role.SALES_AGENT, name=f"Agent N{number}")

    with django_assert_num_queries(8):
        page = browser.open(RIGHTS, provider.pk)
    assert page.text.count("Agent N") <= 3 * len(of_kind(Kind.PROVIDER))


@pytest.mark.parametrize("name", [RIGHTS, HOLDERS])
def test_it_speaks_german(browser_of, provider, name):
    browser = browser_of(provider)
    args = [provider.pk] if name == RIGHTS else []

    text = browser.get(browser.url(name, *args), HTTP_ACCEPT_LANGUAGE="de").text

    assert '<html lang="de"' in text
    assert "Bestellungen" in text and "place and cancel" not in text.lower()


def test_the_profile_leads_there(browser_of, provider):
    text = browser_of(provider).get("/accounts/me/").text

    assert f"/{provider.pk}/rights/" in text
