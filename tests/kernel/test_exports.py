"""CSV that opens everywhere and does nothing by itself."""

import csv
import re
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.utils.translation import override

from portal.exports import Dialect, chosen_dialect, csv_response, file_name, harmless, moment


def download(rows, dialect=Dialect.COMMA):
    return csv_response(rows, header=["Name", "Number"], dialect=dialect, name="x.csv")


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+49 40",
        "-1",
        "@SUM(A1)",
        "\tx",
        "\rx",
        " =1+1",
        "\n=1",
        "＝1",
        '=HYPERLINK("http")',
    ],
)
def test_what_would_be_a_formula_is_text(cell):
    assert harmless(cell) == f"'{cell}"
    rows = list(csv.reader(StringIO(download([[cell, 1]]).text, newline="")))
    assert rows[1] == [f"'{cell}", "1"]


@pytest.mark.parametrize("cell", ["Kessler = gut", "a-b", "", 5, -5, None, "'=1"])
def test_everything_else_stays_as_it_is(cell):
    assert harmless(cell) == cell


def test_headers_are_made_harmless_too():
    response = csv_response([], header=["=1"], dialect=Dialect.COMMA, name="x.csv")

    assert response.text == "'=1\r\n"


def test_both_dialects_say_the_same():
    row = ['Müller; "Söhne", Köln', 7]
    comma, excel = download([row]), download([row], Dialect.EXCEL)

    assert not comma.content.startswith(b"\xef\xbb\xbf")
    assert excel.content.startswith(b"\xef\xbb\xbf")
    read = [
        list(csv.reader(StringIO(comma.content.decode("utf-8-sig"), newline=""), delimiter=",")),
        list(csv.reader(StringIO(excel.content.decode("utf-8-sig"), newline=""), delimiter=";")),
    ]
    assert read[0] == read[1] == [["Name", "Number"], ['Müller; "Söhne", Köln', "7"]]


def test_the_file_is_for_the_reader_alone():
    response = download([])

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="x.csv"'
    assert response["Cache-Control"] == "no-store"
    assert not response.streaming  # it is complete before the transaction ends


def test_without_a_choice_the_language_decides():
    assert chosen_dialect("") == chosen_dialect("nonsense") == Dialect.COMMA
    with override("de"):
        assert chosen_dialect("") == Dialect.EXCEL
        assert chosen_dialect("comma") == Dialect.COMMA


@pytest.mark.parametrize(
    "parts,expected",
    [
        (("nordwind", "resellers", "DE"), "nordwind_resellers_DE"),
        (("nordwind", "resellers", "", "Müller & Söhne"), "nordwind_resellers_muller-sohne"),
        (("nordwind", '"; x=".exe', "../../etc"), "nordwind_xexe_etc"),
        (("nordwind", "\r\nSet-Cookie: a"), "nordwind_set-cookie-a"),
        (("nordwind", "日本"), "nordwind"),
        (("nordwind", "x" * 500), "nordwind_" + "x" * 40),
    ],
)
def test_the_name_says_what_and_when(parts, expected):
    name = file_name(*parts)

    assert re.fullmatch(re.escape(expected) + r"_\d{4}-\d\d-\d\d_\d{4}\.csv", name)


def test_moments_carry_their_offset():
    assert moment(datetime(2026, 11, 22, 9, 42, 7, 123, tzinfo=UTC)) == "2026-11-22T10:42:07+01:00"
    assert moment(None) == ""
