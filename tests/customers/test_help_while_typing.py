"""The two fragments behind *New customer*: is the domain name free, what does the country ask."""

import pytest

from tests.factories import make_customer


@pytest.mark.parametrize(
    ("domain", "words"),
    [
        ("vogeloptik", "Available"),
        ("VogelOptik ", "Available"),
        ("vogel-optik", "Use 1 to 27 letters"),
        ("a" * 28, "Use 1 to 27 letters"),
        ("albrecht", "albrecht.onportal.example is taken. Try albrecht2"),
        ("\x00", "Use 1 to 27 letters"),
        ("<script>", "Use 1 to 27 letters"),
    ],
)
def test_a_domain_name_is_checked_while_it_is_typed(provider, outsider, browser_of, domain, words):
    make_customer(outsider.organization, domain="albrecht.onportal.example")

    response = browser_of(provider).open("customers:domain_check", domain=domain)

    assert response.status_code == 200
    assert words in response.text
    assert "<script>" not in response.text


def test_nothing_typed_nothing_said(provider, browser_of):
    assert browser_of(provider).open("customers:domain_check").text.strip() == ""


def test_the_country_decides_which_fields_are_asked(provider, browser_of):
    browser = browser_of(provider)

    poland = browser.open("customers:country_fields", country="PL").text
    assert "TIN / PESEL" in poland
    assert "TIN" not in browser.open("customers:country_fields", country="AT").text
    spain = browser.open("customers:country_fields", country="ES", city="Vigo", state="M").text
    assert '<option value="M" selected>Madrid</option>' in spain
    assert 'value="Vigo"' in spain
    for country in ("", "XX", "US", "<script>", "\x00"):
        response = browser.open("customers:country_fields", country=country)
        assert response.status_code == 200
        assert "<script>" not in response.text
