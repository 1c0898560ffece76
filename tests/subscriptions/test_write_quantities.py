"""Licence numbers: as people write them, and nothing else."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from subscriptions.quantities import check_quantity, parse_quantity


@pytest.mark.parametrize(
    "text,number",
    [
        ("25", 25),
        (" 25 ", 25),
        ("1.000", 1000),
        ("1,000", 1000),
        ("1 000", 1000),
        ("1\u202f000", 1000),
        ("1'000", 1000),
        ("10,000,000", 10_000_000),
        ("007", 7),
    ],
)
def test_people_group_thousands_in_many_ways(text, number):
    assert parse_quantity(text) == number


@pytest.mark.parametrize(
    "text",
    [
        *("-1", "+1", "1e9", "٣", "１", "0x1F", "1.5", "1,5", "10,00", "1.000,000", "1,000.000"),
        *("", "  ", "abc", "NaN", "1\x00", "\u202e25", "<script>", "1;2", "9" * 21, "1..000"),
    ],
)
def test_everything_else_is_refused(text):
    with pytest.raises(ValidationError):
        parse_quantity(text)


@pytest.mark.parametrize(
    "quantity,limits,words",
    [
        (301, (1, 300), "Business Premium allows at most 300 licenses"),
        (10**20, (1, 10_000_000), "Business Premium allows at most 10,000,000 licenses"),
        (0, (1, 300), "Business Premium needs at least 1 license"),
        (24, (25, 25), "Business Premium comes with exactly 25 licenses"),
    ],
)
def test_limits_are_said_in_words(quantity, limits, words):
    low, high = limits
    with pytest.raises(ValidationError) as refused:
        check_quantity(quantity, name="Business Premium", low=low, high=high)

    assert refused.value.message == words


def test_numbers_are_grouped_as_the_reader_does():
    with translation.override("de"), pytest.raises(ValidationError) as refused:
        check_quantity(10**9, name="X", low=1, high=10_000_000)

    assert "10.000.000" in refused.value.message


@pytest.mark.parametrize("quantity", [1, 2, 300])
def test_what_is_within_the_limits_passes(quantity):
    check_quantity(quantity, name="X", low=1, high=300)
