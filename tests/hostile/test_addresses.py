"""Query strings, cookies and headers that no page of the portal wrote."""

import pytest
from django.test import Client

from partners.models import PartnerProfile
from portal.accounts.roles import GRANTS, Kind
from portal.references import encode
from tests.hostile.attacker import text_of
from tests.hostile.canaries import heard
from tests.hostile.scene import KINDS
from tests.hostile.values import RAW_SCRIPT
from tests.test_access import PAGES

# What pages look for in their addresses; every page gets all of them.
NAMES = (
    *("q", "sort", "after", "before", "view", "status", "location", "agreement", "country"),
    *("reseller", "provider", "open", "new", "order", "page", "publisher", "billing", "category"),
    *("renewal", "since", "until", "action", "domain", "next", "seen"),
)
VALUES = {
    "nothing": "",
    "NUL": "%00",
    "script": "%3Cscript%3Ealert(1)%3C/script%3E",
    "SQL": "%27%3B%20drop%20table%20users%3B%20--",
    "template": "%7B%7B7*7%7D%7D",
    "right-to-left": "a%E2%80%AEb",
    "half a character": "%ED%A0%80",
    "no UTF-8": "%ff%fe",
    "broken percent": "%zz%",
    "huge number": "9" * 40,
    "negative": "-1",
    "other digits": "%D9%A3",
    "a date too late": "9999-12-31",
    "a date too early": "0001-01-01",
    "minus": "--name",
    "long": "x" * 5000,
    "an id of long series": "C-" + "Z" * 11,
    "a UUID": "0" * 32,
    "none": "none",
    "10 digits x 10 digits": "9999999999x9999999999",
}
FINE = {200, 302, 404}
PUBLIC = [
    "home",
    "enroll",
    "enroll_you",
    "provider_directory",
    "account_login",
    "account_reset_password",
]


def everywhere(value):
    return "&".join(f"{name}={value}" for name in NAMES)


def pages_of(kind):
    """The pages that the global admin of such an organization may open."""
    allowed = set().union(*GRANTS[kind].values())
    return [
        name for name, page in PAGES.items() if page.method == "get" and page.permission in allowed
    ]


def complaints(browser, url, extra=None):
    """What is wrong with the answers to every value, in every name at once and alone."""
    for what, value in VALUES.items():
        for address in (everywhere(value), *(extra or {}).get(what, ())):
            response = browser.get(f"{url}?{address}")
            if response.status_code not in FINE:
                yield f"{what}: answered {response.status_code}"
            text = text_of(response)
            if RAW_SCRIPT in text:
                yield f"{what}: speaks script"
            if songs := heard(text):
                yield f"{what}: told {songs}"


@pytest.mark.parametrize("kind", Kind)
def test_pages_of_organizations(scene, kind):
    who = KINDS[kind]
    browser, wrong = scene.browser(who), []
    for name in pages_of(kind):
        about = [f"world.{attribute}" for attribute in PAGES[name].about]
        url = scene.url(name, who, about)
        wrong += [f"{name}: {problem}" for problem in complaints(browser, url)]
    assert wrong == []


@pytest.mark.parametrize("name", PUBLIC)
def test_pages_for_everybody(scene, foreign, name):
    PartnerProfile.objects.filter(organization=foreign.provider).update(listed=False)
    browser = scene.browser("")
    assert list(complaints(browser, scene.url(name))) == []


@pytest.mark.parametrize("view", ["pending", "ended"])
@pytest.mark.parametrize("name", ["q", "sort", "after", "before"])
def test_each_tab_of_the_resellers(scene, view, name):
    browser, url = scene.browser("staff"), scene.url("partners:reseller_list", "staff")
    for value in VALUES.values():
        assert browser.get(f"{url}?view={view}&{name}={value}").status_code in FINE


@pytest.mark.parametrize("series", "RCSOPDNF")
def test_page_links_to_rows_that_are_not_there(scene, series):
    lists = ["customers:customer_list", "subscriptions:order_list", "partners:reseller_list"]
    browser = scene.browser("staff")
    for pk in (1, 32**5, 32**10 - 1):
        for name in lists:
            for way in ("after", "before", "open", "new"):
                url = scene.url(name, "staff", **{way: encode(series, pk)})
                assert browser.get(url).status_code == 200


@pytest.mark.parametrize("name", PUBLIC)
def test_two_thousand_parameters_are_too_many(scene, name):
    query = "&".join(f"a{number}=1" for number in range(2000))
    response = scene.browser("").get(f"{scene.url(name)}?{query}")
    assert response.status_code in {200, 302, 400}


COOKIES = {
    "NUL in the session": 'session="\\000\\000aaaaaaaaaa"',
    "NUL in another": 'theme="\\000"',
    "no session": f"session={'a' * 4000}",
    "half a character": 'session="\\355\\240\\200aaaaaa"',
    "messages": 'messages="\\000:x"',
    "messages of nobody": "messages=.eJyLjlaK1VEYSEEsALV7Ggc:1abcde:x",
    "a language": "django_language=../../etc/passwd",
    "a csrf token": "csrf=%00",
    "no cookie at all": "=;;;=,\x7f",
}


@pytest.mark.parametrize("cookie", COOKIES)
def test_cookies_that_nobody_gave(db, cookie):
    response = Client().get("/find-a-provider/", headers={"cookie": COOKIES[cookie]})

    assert response.status_code == (400 if "\\0" in COOKIES[cookie] else 200)


HEADERS = {
    "HX-Current-URL": ["http://[", "%", "http://testserver:99999999/", "javascript:alert(1)"],
    "HX-Target": ["dialog", "%00", "#" * 5000],
    "HX-Trigger": ["%ff", "{"],
    "HX-Prompt": ["\x7f", "%00"],
    "Accept-Language": ["de;q=x", "x" * 5000, "*", "zz-ZZ,../../etc"],
    "Host": ["evil.example", "[", "a b", "testserver:99999999"],
    "Referer": ["http://[", "%00"],
    "X-Forwarded-For": ["'; --", "::::", "x" * 5000],
    "User-Agent": ["", "<script>", "x" * 5000],
    "Range": ["bytes=-1", "bytes=9-1,"],
    "If-Modified-Since": ["Sat, 99 Jan 99999 99:99:99 GMT"],
    "Content-Length": ["-1", "x"],
}


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("htmx", [False, True])
def test_headers_that_no_browser_sends(scene, name, htmx):
    browser = scene.browser("staff")
    pages = [
        scene.url("customers:setup_info", "staff", ["provisioned"]),
        scene.url("customers:customer_list", "staff"),
        scene.url("subscriptions:order_progress", "staff", ["order"]),
    ]
    for value in HEADERS[name]:
        headers = {name: value} | ({"HX-Request": "true"} if htmx else {})
        for url in pages:
            for quoted in ({}, {f"{name}-URI-AutoEncoded": "true"}):
                response = browser.get(url, headers=headers | quoted)
                assert response.status_code in {200, 302, 400}, (url, value)


@pytest.mark.parametrize(
    "target",
    [
        *("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"),
        *("http://[evil", "evil", "\x00//evil.example", "/ok\r\nSet-Cookie: evil=1"),
        *("account_logout", "///evil.example", "/" + "evil" * 5000),
    ],
)
@pytest.mark.parametrize("name", ["set_language", "set_theme", "outbox:message_retry"])
def test_nobody_is_sent_elsewhere(scene, name, target):
    about = ["message"] if ":" in name else []
    browser = scene.browser("staff")

    response = browser.post(scene.url(name, "staff", about), {"next": target, "language": "de"})

    assert response.status_code in {302, 400}
    if response.status_code == 302:
        place = response["Location"]
        assert place.startswith("/") and not place.startswith("//") or place in {"evil", target}
        assert "evil.example" not in place and "\n" not in place


@pytest.mark.parametrize("name", ["enroll", "enroll_you", "partners:agreement"])
@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:evil"])
def test_pages_never_pass_on_where_to_go_afterwards(scene, name, target):
    who = "unsigned" if ":" in name else ""
    page = scene.browser(who).get(scene.url(name, who), {"next": target})
    assert page.status_code == 200
    assert f'"{target}' not in page.text
