import time

import pytest

from portal.text import find_words, fold, has_control_characters, has_link, unlinked


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


LINKS = [
    "https://evil.example/x",
    "HTTP://EVIL.EXAMPLE",
    "javascript://evil",
    "mailto:a@b",
    "www.evil",
    "evil.example",
    "evil.example/login?x=1",
    "evil.example:8080",
    "müller.example",
    "xn--mller-kva.xn--p1ai",
    "evil．com",
    "evil。com",
    "a.b+c@evil.example",
    "192.168.1.1/x",
    "Click (evil.com) now",
]


@pytest.mark.parametrize("text", LINKS)
def test_what_mail_programs_make_a_link_of_is_found(text):
    assert has_link(text)
    assert not has_link(unlinked(text)), unlinked(text)


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Müller & Söhne GmbH",
        "Verein e.V., z.B. u.a.m.",
        "Am 14.12.2026 um 10:30, 1.200.000 Euro",
        "www. nordwind",
        "Fragen? Ja.",
        "a @ b",
        "",
    ],
)
def test_ordinary_words_are_no_link_and_stay_as_they_are(text):
    assert not has_link(text)
    assert unlinked(text) == text


def test_a_name_that_looks_like_an_address_stays_readable():
    assert unlinked("booking.com GmbH & Co.KG") == "booking. com GmbH & Co. KG"


def test_looking_for_links_is_quick_whatever_the_text():
    for text in ("a" * 5000, "a." * 2500, "a@" * 2500, "-" * 5000, "1." * 2500, "http:" * 1000):
        started = time.perf_counter()
        has_link(text)
        assert time.perf_counter() - started < 0.5, text[:4]


@pytest.mark.parametrize(
    "text, words, found",
    [
        ("Müller GmbH", ["mueller"], ["Müller"]),
        ("Mueller GmbH", ["müll"], ["Muell"]),
        ("Straße 1", ["strasse"], ["Straße"]),
        ("Albrecht", ["br", "rech"], ["brech"]),
        ("anna.anna", ["ann"], ["ann", "ann"]),
        ("Albrecht", ["x", ""], []),
    ],
)
def test_hits_are_found_where_they_stand(text, words, found):
    assert [text[start:stop] for start, stop in find_words(text, words)] == found
