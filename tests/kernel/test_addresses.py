"""Addresses and phone numbers as their countries write them."""

import pytest
from django.core.exceptions import ValidationError

from portal.addresses import (
    address_layout,
    address_lines,
    check_postal_code,
    find_state,
    state_choices,
    state_name,
)
from portal.countries import countries
from portal.phones import example_phone, tidy_phone


@pytest.mark.parametrize(
    ("country", "lines"),
    {
        "DE": ["1 Road", "00 Town"],
        "CH": ["1 Road", "00 Town"],
        "GB": ["1 Road", "Town", "00"],
        "US": ["1 Road", "Town, WA 00"],
        "CA": ["1 Road", "Town WA 00"],
        "BR": ["1 Road", "Town-WA", "00"],
    }.items(),
)
def test_lines_stand_in_the_order_of_the_country(country, lines):
    state = "WA" if "state" in address_layout(country).used else ""

    assert address_lines(country, "1 Road", "", postal_code="00", city="Town", state=state) == lines


def test_what_is_missing_leaves_no_marks_behind():
    assert address_lines("US", city="Town", postal_code="98052") == ["Town 98052"]
    assert address_lines("US", state="WA", postal_code="98052") == ["WA 98052"]
    assert address_lines("BR", city="Town") == ["Town"]
    assert address_lines("SG", "1 Road", postal_code="018956") == ["1 Road", "SINGAPORE 018956"]
    assert address_lines("DE") == address_lines("") == []


def test_what_has_no_place_in_an_address_is_not_lost():
    assert address_lines("SG", city="Jurong") == ["Jurong"]
    assert address_lines("DE", postal_code="20354", city="Hamburg", state="HH")[-1] == "HH"


def test_every_country_has_a_layout_that_takes_its_own_example():
    for code in countries():
        layout = address_layout(code)
        assert set(layout.order) == {"city", "state", "postal_code"}
        assert check_postal_code(code, layout.postal_example).is_valid, code
        for state, name in state_choices(code):
            assert find_state(code, state) == find_state(code, name) == state
            assert len(state) <= 100


@pytest.mark.parametrize("country", ["", "XX"])
def test_before_a_country_is_chosen_there_is_a_place_for_everything(country):
    assert address_layout(country).used == {"postal_code", "city", "state"}


def test_names_of_states_are_readable_here():
    assert state_name("JP", find_state("JP", "tokyo")) == "Tokyo"
    assert state_name("DE", "Hessen") == "Hessen"
    lines = address_lines("JP", state=find_state("JP", "Tokyo"), postal_code="154-0023")
    assert lines == ["Tokyo", "154-0023"]


def test_labels_are_those_of_the_country():
    def labels(code):
        return {name: str(label) for name, label in address_layout(code).labels.items()}

    assert labels("DE")["postal_code"] == labels("US")["postal_code"] == "ZIP/Postal code"
    assert (labels("GB")["city"], labels("GB")["postal_code"]) == ("Post town", "Postcode")
    assert labels("IE")["postal_code"] == "Eircode" and labels("IE")["state"] == "County"
    assert labels("JP")["state"] == "Prefecture"


@pytest.mark.parametrize("country", ["SG", "JP", "MO"])
def test_no_city_is_demanded_where_addresses_have_none(country):
    assert "city" not in address_layout(country).required


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("DE", " 20354 ", "20354"),
        ("DE", "D-20354", "20354"),
        ("CH", "CH-8001", "8001"),
        ("LV", "lv-1050", "LV-1050"),
        ("PT", "1000", "1000"),
        ("GB", "sw1a  1aa", "SW1A 1AA"),
        ("IE", "", ""),
    ],
)
def test_postal_codes_are_tidied_up(country, typed, kept):
    assert check_postal_code(country, typed)[:2] == (kept, True)


@pytest.mark.parametrize(
    ("country", "typed"),
    [("DE", "2035"), ("DE", "٢٠٣٥٤"), ("LI", "948590"), ("GB", "GIR 0AAX"), ("US", "98052-1")],
)
def test_a_part_of_a_postal_code_is_none(country, typed):
    assert not check_postal_code(country, typed).is_valid


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("DE", "040 / 5550-120", "+49 40 5550120"),
        ("DE", "0043 1 5550 12", "+43 1 555012"),
        ("AT", "+49 (0)40 5550120", "+49 40 5550120"),
        ("US", "(206) 555-0100", "+1 206-555-0100"),
        ("", "+44 121 234 5678", "+44 121 234 5678"),
        ("DE", "", ""),
    ],
)
def test_phone_numbers_are_kept_as_the_world_dials_them(country, typed, kept):
    assert tidy_phone(typed, country) == kept


@pytest.mark.parametrize("typed", ["12", "call me", "+49 40 1", "+999 1234567", "٠١٢٣٤٥٦", "040x1"])
def test_no_phone_number_is_refused_with_an_example_of_the_country(typed):
    with pytest.raises(ValidationError, match=r"such as \+43 "):
        tidy_phone(typed, "AT")


def test_every_country_has_an_example_that_is_a_number():
    for code in ["", *countries()]:
        assert tidy_phone(example_phone(code)) == example_phone(code)
