"""The shell around pages that anybody may open, as a visitor gets it."""

import re

import pytest

SIGN_IN = "/accounts/login/"
OPEN_PAGES = [SIGN_IN, "/accounts/password/reset/", "/accounts/password/reset/done/"]


@pytest.fixture(autouse=True)
def cache_of_its_own(settings):
    """No Redis is needed to look at a page."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


@pytest.mark.parametrize("path", OPEN_PAGES)
def test_page_has_one_of_each_landmark(client, path):
    html = client.get(path).content.decode()
    for tag in ("<h1", "<main", "<header", "<footer", "<title"):
        assert html.count(tag) == 1, tag


@pytest.mark.parametrize("path", OPEN_PAGES)
def test_titles_name_page_and_site(client, path):
    title = re.search(r"<title>(.*?)</title>", client.get(path).content.decode(), re.DOTALL)
    page, site = (part.strip() for part in title[1].split(" · "))
    assert page and site == "Twotier"


def test_sign_in_says_what_it_wants(client):
    html = client.get(SIGN_IN).content.decode()
    for label in ("Account name or email", "Password"):
        assert re.search(rf"<label for=\"[a-z_]+\">{label}", html)
    assert re.search(r"<button[^>]*>Sign in</button>", html)
    assert 'autocomplete="username"' in html and 'autocomplete="current-password"' in html
    assert "placeholder=" not in html


def test_empty_sign_in_is_explained_above_and_at_the_field(client):
    html = client.post(SIGN_IN, {}).content.decode()
    assert "<title>Error:" in " ".join(html.split())
    assert 'href="#id_login"' in html and 'id="id_login_error"' in html


def test_german_visitors_read_german_dates_and_names(client):
    html = client.get(SIGN_IN, headers={"accept-language": "de"}).content.decode()
    assert '<html lang="de"' in html
    assert re.search(r'<button[^>]*value="en"[^>]*lang="en"[^>]*>English</button>', html)


def test_the_chosen_theme_is_in_the_first_byte(client):
    client.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in client.get(SIGN_IN).content.decode()


def test_unknown_address_is_a_page_of_ours(client):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "<h1" in response.content.decode()
