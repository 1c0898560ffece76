"""The base of all forms refuses what nobody can see."""

import pytest
from django import forms

from portal.forms import CleanTextMixin, PlainForm
from portal.free_mail import is_free_mail


class Letter(PlainForm):
    name = forms.CharField(max_length=20)
    text = forms.CharField(required=False, widget=forms.Textarea)
    number = forms.UUIDField(required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["late"] = forms.CharField(required=False)


def errors(**data):
    return Letter({"name": "Ada"} | data).errors


@pytest.mark.parametrize("bad", ["\x00", "\x07", "\u202e", "\u200b", "\x85", "a\nb"])
def test_invisible_characters_are_refused_in_every_text_field(bad):
    assert "name" in errors(name=f"a{bad}b")
    assert "late" in errors(late=f"a{bad}b")


def test_lines_may_be_broken_where_there_are_several():
    assert errors(text="one\r\ntwo\n\tthree") == {}
    assert "text" in errors(text="one\x00two")


def test_fields_that_clean_to_something_else_are_left_alone():
    assert errors(number="6f1c1d2e-3f40-4c58-9c39-0d2f7a7a7a7a") == {}
    assert "number" in errors(number="\x00")


def test_names_of_all_languages_are_fine():
    assert errors(name="Łukasz Çelik 株式会社") == {}


def test_forms_do_not_pile_up_checks():
    before = len(Letter.base_fields["name"].validators)
    Letter({"name": "Ada"}).is_valid()

    assert len(Letter.base_fields["name"].validators) == before


def test_it_mixes_with_other_forms():
    class Mixed(CleanTextMixin, forms.Form):
        name = forms.CharField()

    assert Mixed({"name": "\x00"}).errors


@pytest.mark.parametrize(
    "address", ["a@gmail.com", "a@GMX.de", "a@yahoo.co.uk", "a@web.de", "a@outlook.com"]
)
def test_web_mail(address):
    assert is_free_mail(address)


@pytest.mark.parametrize(
    "address", ["a@kessler.example", "a@gmail.kessler.example", "a@gmx-systems.de", "a", ""]
)
def test_no_web_mail(address):
    assert not is_free_mail(address)
