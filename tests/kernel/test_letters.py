"""A letter is plain text first; its HTML has the same words, escaped."""

import pytest

from portal.letters import Letter, as_html, compose, letter, paragraphs

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
