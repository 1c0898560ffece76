from django.utils.translation import override

from portal.countries import countries, country_choices


def test_every_country_has_a_region():
    assert len(countries()) == 245
    assert all(country.region for country in countries().values())
    assert countries()["DE"].region == "Europe"
    assert countries()["CH"].currency == "CHF"


def test_names_come_in_the_readers_language():
    with override("de"):
        assert countries()["AT"].name == "Österreich"
    with override("en"):
        assert countries()["AT"].name == "Austria"


def test_choices_are_those_of_a_region():
    codes = {code for code, _name in country_choices("Europe")}
    assert {"DE", "AT", "CH", "GB"} <= codes
    assert "US" not in codes


def test_some_countries_ask_for_a_registration_number():
    assert countries()["PL"].registration_number
    assert not countries()["DE"].registration_number
