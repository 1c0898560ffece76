import re

import pytest

from portal.text import fold, has_control_characters, unlinked


@pytest.mark.parametrize("name", ["Müller & Söhne", "MUELLER & SOEHNE", "muller  &  sohne"])
def test_umlauts_case_and_blanks_make_no_difference(name):
    assert fold(name) == "muller & sohne"


def test_sharp_s_and_accents_fold():
    assert fold("Größe Café Łódź") == "grosse cafe łodz"


@pytest.mark.parametrize("text", ["a\x00b", "a\u202eb", "a\u200bb", "a\ud800b", "tab\tstop"])
def test_invisible_characters_are_found(text):
    assert has_control_characters(text)


def test_ordinary_text_is_fine_and_lines_where_allowed():
    assert not has_control_characters("Zürich – „Löwen“ 北京")
    assert not has_control_characters("two\r\nlines", allowed="\r\n")


@pytest.mark.parametrize(
    "text", ["www.evil.example", "https://evil", "me@evil.example", "Evil.Example", "x.co/y"]
)
def test_what_looks_like_an_address_is_broken_where_nobody_sees_it(text):
    broken = unlinked(text)
    assert text not in broken and broken.replace("\u200b", "") == text
    assert not re.search(r"\w[.@]\w{2}|://", broken)


@pytest.mark.parametrize("name", ["Tatra Soft s.r.o.", "Dr. A. Böhm & Co. KG", "a.b", "10:30 Uhr"])
def test_ordinary_names_are_left_alone(name):
    assert unlinked(name) == name
