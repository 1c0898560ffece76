import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.references import ALPHABET, WrongReference, decode, decode_all, decode_or_none, encode


@given(st.integers(min_value=1, max_value=2**50 - 1))
def test_a_reference_leads_back_to_its_row(pk):
    assert decode("C", encode("C", pk)) == pk


def test_references_are_short_and_differ():
    references = [encode("C", pk) for pk in range(1, 5000)]

    assert len(set(references)) == len(references)
    assert {len(reference) for reference in references} == {8}


@pytest.mark.parametrize("change", [str.lower, lambda r: r.replace("-", ""), lambda r: f" {r} "])
def test_typing_it_loosely_is_fine(change):
    assert decode("R", change(encode("R", 123))) == 123


@given(st.integers(1, 32**5 - 1), st.integers(2, 7), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(pk, place, wrong):
    reference = encode("S", pk)
    typed = reference[:place] + wrong + reference[place + 1 :]
    if typed != reference:
        with pytest.raises(WrongReference):
            decode("S", typed)


@pytest.mark.parametrize("text", ["", "C", "C-", "X-7K3QX2", "C-7K3QX2222222", "C-ÄÖÜ123", "12"])
def test_what_is_no_reference_is_refused(text):
    with pytest.raises(WrongReference):
        decode("C", text)
    assert decode_or_none("C", text) is None


def test_of_several_texts_those_that_are_no_references_are_left_out():
    texts = [encode("C", 7), "", encode("R", 5), encode("C", 3).lower()]

    assert decode_all("C", texts) == [7, 3]
