"""The organization is in the path: two tabs can show two of them, strangers see neither."""

import pytest

from portal.accounts.roles import Kind, Role
from portal.links import reverse
from tests.factories import make_membership, make_partner


def test_one_person_in_two_organizations_sees_each_under_its_own_address(provider, browser_of):
    second = make_membership(
        Role.SALES_AGENT, organization=make_partner(Kind.PROVIDER), user=provider.user
    )
    browser = browser_of(provider)

    for membership in (provider, second):
        url = reverse("audit:entry_list", organization=membership.organization)
        response = browser.get(url)
        assert response.context["membership"] == membership
    others = [place["name"] for place in response.context["memberships"]]
    assert others == [provider.organization.name]


@pytest.mark.parametrize("path", ["/o/nowhere/", "/o/UPPER/", "/o//", "/o/nordwind"])
def test_what_is_no_organization_is_not_found(provider, browser_of, path):
    assert browser_of(provider).get(path).status_code in {301, 404}


def test_a_stranger_cannot_tell_that_it_exists(provider, outsider, browser_of):
    url = reverse("audit:entry_list", organization=provider.organization)
    unknown = url.replace(provider.organization.slug, "nobody-here")
    browser = browser_of(outsider)

    assert browser.get(url).status_code == browser.get(unknown).status_code == 404


def test_links_outside_go_nowhere(provider, browser_of):
    browser = browser_of(provider)
    for address in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        response = browser.post("/preferences/theme/", {"theme": "dark", "next": address})
        assert response["Location"] == "/"


def test_the_theme_is_remembered_in_a_cookie(client, db):
    client.post("/preferences/theme/", {"theme": "dark", "next": "/"})
    assert 'data-theme="dark"' in client.get("/").text

    client.post("/preferences/theme/", {"theme": "", "next": "/"})
    assert "data-theme" not in client.get("/").text


def test_the_language_is_remembered_with_the_person(provider, browser_of):
    browser = browser_of(provider)
    browser.post("/preferences/language/", {"language": "de", "next": "/"})

    provider.user.refresh_from_db()
    assert provider.user.language == "de"
    assert browser.get("/accounts/me/").headers["Content-Language"] == "de"


def test_an_unknown_language_changes_nothing(provider, browser_of):
    browser_of(provider).post("/preferences/language/", {"language": "../../etc"})

    provider.user.refresh_from_db()
    assert provider.user.language == "en"


def test_every_page_forbids_foreign_scripts(client, db):
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
