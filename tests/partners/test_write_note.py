"""The personal note is a paragraph of the text and follows what is typed."""

import pytest

from partners import services, wording

NOTE = "We met in Hamburg."
HTMX = {"HX-Request": "true", "HX-Target": "draft-tools"}


def paragraphs(draft):
    return draft.body.split("\n\n")


def test_the_standard_text_carries_it_as_a_paragraph(save, draft):
    save(note="  We met\r\nin Hamburg. ")

    assert draft.note == NOTE
    assert NOTE in paragraphs(draft)
    assert wording.is_untouched(draft)


def test_without_a_note_there_is_no_gap(draft):
    assert "\n\n\n" not in draft.body
    assert "{" not in draft.body


def test_another_note_takes_its_place_and_none_leaves_nothing(save, draft):
    save(note=NOTE)
    save(note="Shall we?", text=wording.with_link(draft), carried=NOTE)
    assert "Shall we?" in paragraphs(draft) and NOTE not in draft.body

    save(note="", text=wording.with_link(draft), carried="Shall we?")
    assert wording.as_drafted(draft) == wording.standard_letter(draft)
    assert draft.note == ""


def test_it_follows_into_the_other_language(save, draft):
    save(note=NOTE)
    save(note=NOTE, language="de", text=wording.with_link(draft), carried=NOTE)

    assert "Guten Tag" in draft.body and NOTE in draft.body


def test_in_a_text_of_ones_own_it_comes_behind_the_greeting(save, draft):
    text = f"Hi Max,\r\n\r\nplease look:\r\n{wording.invitation_url(draft)}"
    save(note=NOTE, text=text)
    assert paragraphs(draft)[:2] == ["Hi Max,", NOTE]

    save(note="Shall we?", text=wording.with_link(draft), carried=NOTE)
    assert paragraphs(draft)[:2] == ["Hi Max,", "Shall we?"]

    save(note="", text=wording.with_link(draft), carried="Shall we?")
    assert wording.with_link(draft) == text.replace("\r\n", "\n")


def test_a_note_that_was_edited_in_the_text_is_left_alone(save, draft):
    save(note=NOTE)
    text = wording.with_link(draft).replace(NOTE, "We met in Kiel.")

    save(note=NOTE, text=text, carried=NOTE)

    assert "We met in Kiel." in draft.body and NOTE not in draft.body


def test_answers_that_got_lost_do_not_lose_the_note(save, draft):
    """While somebody types, each save overtakes the one before: the page has an older text."""
    text = f"Hi Max,\r\n\r\nplease look:\r\n{wording.invitation_url(draft)}"
    for note in ("We", "We met", NOTE, NOTE):
        save(note=note, text=text, carried="", headers=HTMX)

    assert paragraphs(draft)[:2] == ["Hi Max,", NOTE]


def test_with_htmx_the_text_on_the_page_is_replaced_only_when_a_note_went_into_it(save, draft):
    response = save(note=NOTE, headers=HTMX)
    assert 'hx-swap-oob="true"' in response.text
    assert NOTE in response.text.split("</textarea>")[0]

    text = wording.with_link(draft)
    response = save(note=NOTE, text=text, carried=NOTE, headers=HTMX)
    assert "hx-swap-oob" not in response.text


@pytest.mark.parametrize("note", ["x" * 301, "bell \x07", "turned \u202e"])
def test_a_bad_note_is_refused_at_the_field(save, draft, note):
    response = save(note=note)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["note"]


def test_a_service_may_draft_it_with_everything_in_place(provider):
    from uuid import uuid4

    draft = services.draft_request(
        actor=provider, submission=uuid4(), language="de", recipient="a@b.example", note="Bis bald"
    )

    assert (draft.recipient, draft.note) == ("a@b.example", "Bis bald")
    assert "Bis bald" in draft.body


def test_a_note_that_names_the_last_day_is_one_note_all_the_same(save, draft):
    note = f"Answer until {wording.last_day(draft)}, please."
    save(note=note)
    save(note=note, text=wording.with_link(draft), carried=note)
    assert wording.with_link(draft).count(note) == 1

    save(note=NOTE, text=wording.with_link(draft), carried=note)
    assert "Answer until" not in draft.body and NOTE in draft.body
