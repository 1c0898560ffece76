"""What each answer says of itself: who may run script in it, frame it, keep it or pass it on."""

import pytest
from django.test import Client

from tests.hostile.addresses import addresses

POLICY = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "base-uri": {"'none'"},
    "frame-ancestors": {"'none'"},
}
SOURCES = {"'none'", "'self'", "data:"}
HEADERS = {
    "X-Content-Type-Options": {"nosniff"},
    "X-Frame-Options": {"DENY"},
    "Cross-Origin-Opener-Policy": {"same-origin"},
    "Referrer-Policy": {"same-origin", "strict-origin", "no-referrer"},
}
UNCACHED = {"no-store", "no-cache", "private"}
# Pages that show a secret, or whose address is or leads to one.
SECRET = {
    "join",
    "first_password_link",
    "invitation",
    "invitation_decline",
    "invitation_ask",
    "enroll",
    "enroll_you",
    "enroll_code",
    "enroll_company",
    "enroll_identifiers",
    "enroll_agreement",
    "enroll_review",
    "account_login",
    "staff:member_password",
    "customers:setup_info",
    "customers:setup_info_reveal",
    "subscriptions:order_confirmation",
    "partners:request_draft",
    "partners:request_detail",
    "partners:request_link",
}


def policy(response):
    parts = response.headers["Content-Security-Policy"].split("; ")
    return {name: set(sources) for name, *sources in (part.split() for part in parts)}


def complaints(response):
    """What is wrong with the headers of an answer."""
    headers, csp = response.headers, policy(response)
    if unknown := set().union(*csp.values()) - SOURCES:
        yield f"the policy allows {unknown}"
    yield from (f"{name} is {csp[name]}" for name in POLICY if csp[name] != POLICY[name])
    yield from (
        f"{name} is {headers.get(name)}"
        for name, values in HEADERS.items()
        if headers.get(name) not in values
    )
    if not UNCACHED & set(headers["Cache-Control"].split(", ")):
        yield f"may be cached: {headers['Cache-Control']}"
    open_cookies = [cookie.key for cookie in response.cookies.values() if not cookie["samesite"]]
    yield from (f"sends its cookie {name} to others" for name in open_cookies)


def answers(scene):
    """(name, answer) for a GET and a POST of every address there is."""
    for address in addresses(scene):
        browser = scene.browser(address.who)
        yield address.name, browser.get(address.url)
        yield address.name, browser.post(address.url, {})


def test_every_answer_is_guarded_and_secrets_are_kept_nowhere(scene):
    wrong, kept, seen = [], [], set()
    for name, response in answers(scene):
        status = response.status_code
        wrong += [f"{name} {status}: {text}" for text in complaints(response)]
        if name in SECRET and status not in {302, 404, 405}:
            seen.add(name)
            if "no-store" not in response.headers["Cache-Control"]:
                kept.append((name, status, response.headers["Cache-Control"]))
    assert wrong == []
    assert kept == []
    assert seen == SECRET


def test_refusals_are_guarded_too(scene):
    browser = scene.browser("staff")
    resellers = scene.url("partners:reseller_list", "staff")
    refused = [
        browser.get("/nowhere/"),
        browser.get("/o/nobody/"),
        browser.get(resellers, headers={"host": "evil.example"}),
        browser.get("/find-a-provider/?" + "&".join(f"a{number}=" for number in range(2000))),
        scene.browser("reseller_staff").get(scene.url("partners:reseller_list", "reseller_staff")),
        Client(enforce_csrf_checks=True).post("/preferences/theme/", {"theme": "dark"}),
        Client().get("/", headers={"cookie": 'session="\\000aaaaaaaaa"'}),
        scene.browser("operator").get("/admin/nowhere/"),
    ]
    for response in refused:
        assert response.status_code in {400, 403, 404}
        assert list(complaints(response)) == []


@pytest.mark.parametrize("name", ["healthz", "readyz"])
def test_health_says_nothing_of_the_inside(scene, name):
    response = scene.browser("").get(f"/{name}")
    assert list(complaints(response)) == []
    assert set(response.json()) <= {"status", "database", "redis", "worker"}
