import pytest

from portal.text import fold, has_control_characters


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
