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


def test_only_countries_with_a_listed_provider_are_offered(nordwind):
    make_partner(Kind.RESELLER, country="FR")
    make_partner(Kind.PROVIDER, country="DK")
    hidden = make_partner(Kind.PROVIDER, country="NL").partner
    hidden.listed = False
    hidden.save()

    def offered(**query):
        field = find(**query).context["filters"].fields["country"]
        return [code for code, _name in field.choices if code]

    assert offered() == ["DK", "DE"]
    response = find(country="NL")
    assert offered(country="NL") == ["DK", "DE", "NL"]
    assert "No provider matches these filters" in response.text
    assert offered(country="xx") == ["DK", "DE"]


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


@pytest.mark.parametrize(
    "query", [{"q": "\x00"}, {"q": "x" * 999}, {"country": "'; --"}, {"language": "\x00"}]
)
def test_odd_addresses(nordwind, query):
    assert find(**query).status_code == 200


def test_by_language(nordwind):
    nordwind.partner.languages = ["de", "en"]
    nordwind.partner.save()
    make_partner(Kind.PROVIDER, name="Fjord Cloud", country="DK")

    found = find(language="de")

    assert "Nordwind" in found.text and "English, German" in found.text
    assert "Fjord" not in found.text
    assert "Nordwind" not in find(language="da").text


def test_in_alphabetical_order_page_by_page(db):
    for number in range(30):
        make_partner(Kind.PROVIDER, name=f"Provider {number:02}")

    first = find()
    second = Client().get(reverse("provider_directory") + first.context["page"].next_url)

    names = [row.organization.name for page in (first, second) for row in page.context["page"].rows]
    assert names == [f"Provider {number:02}" for number in range(30)]


def test_search_engines_keep_one_address(nordwind, settings):
    home = f"{settings.PUBLIC_URL}/find-a-provider/"

    assert f'<link rel="canonical" href="{home}">' in find(sort="-name", after="F-000000").text
    assert f'href="{home}?country=DE">' in find(country="DE", sort="-name", q="").text
    profile = Client().get(reverse("provider_profile", args=["nordwind"]), {"x": "1"})
    assert f'<link rel="canonical" href="{home}nordwind/">' in profile.text


def test_when_there_is_nothing(db):
    assert "No providers are listed yet" in find().text
    make_partner(Kind.PROVIDER)
    assert "No provider matches these filters" in find(q="nobody").text


@pytest.mark.parametrize("language,words", [("en", "Find a provider"), ("de", "Anbieter finden")])
def test_it_speaks_both_languages(nordwind, language, words):
    response = Client().get(reverse("provider_directory"), headers={"Accept-Language": language})

    assert f'<html lang="{language}"' in response.text
    assert words in response.text


def test_nothing_but_the_profile_is_told(nordwind):
    """What only partners may know stays off the public page."""
    text = Client().get(reverse("provider_profile", args=["nordwind"])).text

    assert nordwind.mpn_accounts.get().mpn_id not in text
    assert "agreement" not in text


def test_rows_cost_no_queries(db, django_assert_num_queries):
    for _ in range(30):
        make_partner(Kind.PROVIDER)

    with django_assert_num_queries(2):
        assert find(language="", q="provider").status_code == 200
