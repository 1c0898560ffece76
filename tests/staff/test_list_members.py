"""*Users*: who is shown under which tab, filtered, sorted, counted and exported."""

import csv
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.utils.timezone import now

from portal.accounts.models import Membership, User
from portal.accounts.roles import Role
from tests.conftest import Browser, questions
from tests.factories import make_membership, make_user

LIST = "staff:member_list"


def hire(provider, name, *roles, **fields):
    first, last = name.split()
    user = make_user(first_name=first, last_name=last, **fields)
    return make_membership(*roles, organization=provider.organization, user=user)


def protect(member, kind=Authenticator.Type.TOTP):
    Authenticator.objects.create(user=member.user, type=kind, data={})


def names(browser, **query):
    page = browser.open(LIST, **query)
    assert page.status_code == 200
    return [str(row.user) for row in page.context["page"].rows]


@pytest.fixture
def people(provider):
    """Ada Wong, the global admin, and four more."""
    bea = hire(provider, "Bea Abel", Role.ADMIN_AGENT, Role.SALES_AGENT)
    protect(bea)
    cem = hire(provider, "Cem Yildiz", Role.USER_ADMIN)
    protect(cem, Authenticator.Type.RECOVERY_CODES)
    dora = hire(provider, "Dora Lind")
    Membership.objects.filter(pk=dora.pk).update(deactivated_at=now())
    emil = hire(provider, "Emil Vogt", Role.SALES_AGENT)
    User.objects.filter(pk=emil.user_id).update(is_active=False)
    return bea, cem, dora, emil


def test_everybody_of_ones_own_organization_is_listed(staff, people, outsider):
    assert names(staff) == ["Ada Wong", "Bea Abel", "Cem Yildiz", "Dora Lind", "Emil Vogt"]
    page = staff.open(LIST).text
    assert "Admin agent, Sales agent" in page
    page = page.replace("<wbr>", "")
    assert people[0].user.username in page and outsider.user.email not in page


@pytest.mark.parametrize(
    "view,expected",
    [
        ("global_admins", ["Ada Wong"]),
        ("without_factor", ["Ada Wong", "Cem Yildiz"]),
        ("deactivated", ["Dora Lind", "Emil Vogt"]),
        ("nonsense", ["Ada Wong", "Bea Abel", "Cem Yildiz", "Dora Lind", "Emil Vogt"]),
    ],
)
def test_tabs_hold_what_they_say(staff, people, view, expected):
    assert names(staff, view=view) == expected


def test_tabs_count_whatever_the_filters_say(staff, people):
    for query in ({}, {"q": "bea"}, {"q": "nobody at all"}, {"view": "deactivated"}):
        tabs = staff.open(LIST, **query).context["tabs"]
        counts = {str(tab["label"]): tab["count"] for tab in tabs if tab["count"] is not None}
        assert counts == {
            "All": 5,
            "Global admins": 1,
            "Without two-factor": 2,
            "Deactivated": 2,
            "Invited": 0,
        }


def test_role_and_text_narrow_the_list(staff, people, provider):
    hire(provider, "Finn Otto")
    Membership.objects.filter(user__first_name="Finn").update(roles=[])
    assert names(staff, role="sales_agent") == ["Bea Abel", "Emil Vogt"]
    assert names(staff, role="none") == ["Finn Otto"]
    assert names(staff, q="YILD cem") == ["Cem Yildiz"]
    assert names(staff, q=people[0].user.email.upper()) == ["Bea Abel"]
    assert names(staff, q="%") == []
    assert len(names(staff, role="rubbish", q="")) == 6


def test_nothing_found_names_the_tab(staff, people):
    page = staff.open(LIST, view="global_admins", q="zzz").text
    assert "Nobody under “Global admins” matches these filters" in page


def test_every_order_is_an_order(staff, people):
    User.objects.filter(pk=people[1].user_id).update(last_login=now())
    assert names(staff, sort="-name")[0] == "Emil Vogt"
    assert names(staff, sort="-signed_in")[:2] == ["Cem Yildiz", "Ada Wong"]
    for sort in ("name", "-name", "email", "-email", "signed_in", "-signed_in", "roles"):
        assert len(names(staff, sort=sort)) == 5


def test_pages_go_through_all(staff, provider):
    for number in range(60):
        hire(provider, f"Person{number:02} X")
    seen, url = [], staff.url(LIST)
    while url:
        page = staff.get(url).context["page"]
        seen += [str(row.user) for row in page.rows]
        url = page.next_url and staff.url(LIST) + page.next_url
    assert len(seen) == len(set(seen)) == 61


def test_one_global_admin_alone_is_warned(staff, provider):
    words = "Make a second person global admin"
    assert words in staff.open(LIST).text
    make_membership(organization=provider.organization)
    assert words not in staff.open(LIST).text


def test_more_people_cost_no_more_questions(staff, provider, people):
    before = questions(staff, staff.url(LIST))
    for number in range(15):
        protect(hire(provider, f"Person{number} X"))
    assert len(questions(staff, staff.url(LIST))) == len(before)


@pytest.mark.parametrize("dialect,separator", [("comma", ","), ("excel", ";")])
def test_the_export_holds_what_is_shown(staff, people, dialect, separator):
    file = staff.open("staff:member_export", format=dialect, role="sales_agent").text
    rows = list(csv.reader(StringIO(file.removeprefix("\ufeff")), delimiter=separator))
    assert rows[0][:3] == ["Name", "Account name", "Email"]
    assert [(row[0], row[3], row[4], row[6]) for row in rows[1:]] == [
        ("Bea Abel", "Admin agent, Sales agent", "On", "Active"),
        ("Emil Vogt", "Sales agent", "Off", "Deactivated"),
    ]
    everybody = staff.open("staff:member_export", scope="all", role="sales_agent").text
    assert len(everybody.splitlines()) == 6


def test_names_do_not_calculate_in_a_spreadsheet(staff, provider):
    hire(provider, "=cmd() X")
    assert "'=cmd()" in staff.open("staff:member_export").text


def test_who_may_look_and_who_may_add(people, provider):
    assert Browser(people[0]).open(LIST).status_code == 200  # admin agents oversee
    lower = make_membership(Role.SALES_AGENT, organization=provider.organization)
    refusal = Browser(lower).open(LIST)
    assert refusal.status_code == 403 and "Global admin" in refusal.text


def test_in_german(staff, people, provider):
    provider.user.language = "de"
    provider.user.save()
    staff.cookies["django_language"] = "de"
    page = staff.open(LIST).text
    assert "Letzte Anmeldung" in page and "Zwei-Faktor" in page and "Deaktiviert" in page
