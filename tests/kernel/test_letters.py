"""A letter is plain text first; its HTML has the same words, escaped."""

import re

import pytest

from portal.letters import Letter, Reason, as_html, compose, letter, paragraphs

TEXT = """Hello Ada,

you can now
add customers.

- one
- two

Open <it> here:
https://portal.example/one/

And this:
https://portal.example/two/
"""


def test_paragraphs_lists_and_addresses_are_told_apart():
    kinds = [paragraph.kind for paragraph in paragraphs(TEXT)]
    assert kinds == ["text", "text", "list", "button", "link"]


def test_the_first_address_is_a_button_with_the_words_before_it():
    button = paragraphs(TEXT)[3]
    assert (button.lines, button.url) == (["Open <it> here"], "https://portal.example/one/")


def test_a_sentence_with_an_address_in_it_stays_text():
    [paragraph] = paragraphs("Look at\nhttps://portal.example and come back")
    assert paragraph.kind == "text"


def test_every_word_is_escaped():
    html = as_html(Letter("<b>Subject</b>", TEXT), "en")
    assert "<b>" not in html and "&lt;b&gt;Subject" in html
    assert "Open &lt;it&gt; here</a>" in html


def test_the_mail_has_both_and_says_its_language():
    mail = compose(Letter("Betreff", "Guten Tag"), "de", to="a@b.example", from_name="X, Y")
    [(html, kind)] = mail.alternatives
    assert kind == "text/html"
    assert '<html lang="de">' in html and "Hilfe" in html
    assert mail.body == "Guten Tag"
    assert mail.reply_to == []


def test_without_a_german_text_the_english_one_is_sent_and_without_any_it_is_an_error():
    with pytest.raises(LookupError):
        letter("partners/emails/nonsense", "de")


def test_html_stays_small():
    assert len(as_html(Letter("Subject", TEXT), "en").encode()) < 20_000


def test_what_stands_above_a_list_is_a_paragraph_of_its_own():
    kinds = [paragraph.kind for paragraph in paragraphs("You can\n- add\n- remove")]
    assert kinds == ["text", "list"]


def test_the_thread_shows_who_stands_between_whom():
    thread = ["Nordwind", "<Kessler>", "your customers"]
    html = as_html(Letter("Subject", TEXT), "en", thread=thread)
    words = re.sub(r"<[^>]+>", "", html)
    assert "■ Nordwind ── ◆ &lt;Kessler&gt; ── ● your customers" in words
    assert "■" not in as_html(Letter("Subject", TEXT), "en")


def test_mail_programs_preview_the_first_whole_sentence():
    html = as_html(Letter("Subject", TEXT), "en")
    assert 'mso-hide:all">you can now add customers.</div>' in html


def test_a_letter_that_can_be_turned_off_says_so_in_both_forms():
    reason = Reason("You get this <because>.", "https://portal.example/off/")
    mail = compose(Letter("S", "Hello"), "de", to="a@b.example", from_name="X", reason=reason)
    [(html, _kind)] = mail.alternatives

    assert mail.body.startswith("Hello\n\n-- \nYou get this <because>.\n")
    assert mail.body.endswith("\nhttps://portal.example/off/\n")
    assert "You get this &lt;because&gt;." in html
    assert 'href="https://portal.example/off/"' in html


def test_the_address_stands_below_the_button_in_full():
    html = as_html(Letter("Subject", TEXT), "en")
    assert "Or copy this address:<br>https://portal.example/one/" in html
