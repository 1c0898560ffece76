import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.roles import Kind
from tests.factories import make_partner


@pytest.fixture
def nordwind(db):
    return make_partner(Kind.PROVIDER, name="Nordwind Distribution", slug="nordwind")


def find(**query):
    return Client().get(reverse("provider_directory"), query)


def test_listed_providers_are_found(nordwind):
    make_partner(Kind.PROVIDER, name="Fjord Cloud", country="DK")

    assert "Nordwind" in find().text
    assert "Fjord" not in find(q="NORDWIND").text
    assert "Nordwind" not in find(country="DK").text


def test_resellers_and_unlisted_providers_are_not(nordwind):
    make_partner(Kind.RESELLER, name="Kessler")
    nordwind.partner.listed = False
    nordwind.partner.save()

    text = find().text
    assert "Kessler" not in text
    assert "Nordwind" not in text
    assert Client().get(reverse("provider_profile", args=["nordwind"])).status_code == 404


def test_the_profile(nordwind):
    profile = nordwind.partner
    profile.email, profile.description = "info@nordwind.example", "We <b>distribute</b>."
    profile.save()

    text = Client().get(reverse("provider_profile", args=["nordwind"])).text

    assert "mailto:info@nordwind.example" in text
    assert "We &lt;b&gt;distribute&lt;/b&gt;." in text
    assert "Hamburg" in text


@pytest.mark.parametrize("query", [{"q": "\x00"}, {"q": "x" * 999}, {"country": "'; --"}])
def test_odd_addresses(nordwind, query):
    assert find(**query).status_code == 200
