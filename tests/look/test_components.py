"""What the components draw, from the inputs that docs/components.md names."""

import re

import pytest
from django import forms
from django.contrib.messages.storage.base import Message
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from portal.templatetags.ui import active_filters, message_kind


class CompanyForm(forms.Form):
    name = forms.CharField(help_text="As in official documents")
    tax_number = forms.CharField(required=False)
    agreement = forms.ChoiceField(
        widget=forms.RadioSelect, choices=[("now", "Accepted"), ("later", "Later")]
    )
    confirmed = forms.BooleanField(label="I confirm it")


class Filters(forms.Form):
    q = forms.CharField(required=False, label="Name")
    location = forms.ChoiceField(
        required=False, label="Location", choices=[("", "Any"), ("DE", "Germany")]
    )


def draw(name, **inputs):
    return " ".join(render_to_string(f"components/{name}.html", inputs).split())


def test_field_ties_hint_and_error_to_the_control():
    html = str(CompanyForm({})["name"].as_field_group())
    control = re.search(r"<input[^>]*>", html)[0]
    assert 'aria-describedby="id_name_helptext id_name_error"' in control
    assert 'aria-invalid="true"' in control
    assert html.index("id_name_helptext") < html.index('id="id_name_error"') < html.index(control)


def test_only_optional_fields_are_marked():
    form = CompanyForm()
    assert "(optional)" in form["tax_number"].as_field_group()
    assert "(optional)" not in form["name"].as_field_group()
    assert "(optional)" not in form["confirmed"].as_field_group()


def test_a_group_of_radios_has_a_legend():
    html = CompanyForm()["agreement"].as_field_group()
    assert "<fieldset" in html and "<legend>Agreement" in " ".join(html.split())


def test_suffix_is_joined_to_the_control():
    html = draw("field", field=CompanyForm()["name"], suffix=".onportal.example")
    assert html.index("<input") < html.index(".onportal.example")


def test_summary_links_to_the_first_control_of_each_error():
    form = CompanyForm({})
    form.add_error(None, "No such company")
    html = draw("error_summary", form=form)
    for target in ("#id_name", "#id_agreement_0", "#id_confirmed"):
        assert f'href="{target}"' in html
    assert "<li>No such company</li>" in html
    assert 'id="id_agreement_0"' in str(form["agreement"])


def test_hostile_text_stays_text():
    bad = "<script>alert(1)</script>"
    drawn = [
        draw("status", label=bad, status=bad),
        draw("thread", provider=bad, reseller=bad, customer=bad),
        draw("note", text=bad, heading=bad),
        draw("summary", rows=[{"label": bad, "value": bad}]),
        draw("secret_panel", fields=[{"label": bad, "value": bad, "id": "a"}], both=bad),
        draw("empty", heading=bad, text=bad),
        draw("timeline", entries=[{"title": bad, "actor": bad, "details": bad}]),
        str(CompanyForm({"name": bad})["name"].as_field_group()),
    ]
    assert [html for html in drawn if "<script" in html] == []


def test_thread_is_dashed_only_into_what_was_requested():
    html = draw("thread", provider="P", reseller="R", customer="C", requested="customer")
    assert html.count("thread__requested") == 1
    assert html.index("thread__requested") > html.index("tier--reseller")


@pytest.mark.parametrize(
    ("levels", "kind"), [([20], "info"), ([25, 20], "ok"), ([25, 40], "bad"), ([30, 25], "warn")]
)
def test_the_most_important_message_gives_the_colour(levels, kind):
    assert message_kind([Message(level, "…") for level in levels]) == kind


def test_chips_take_one_filter_away_and_lead_to_the_first_page():
    request = RequestFactory().get("/?q=kess&location=DE&sort=-name&after=R-4M7TQK")
    active = active_filters(Filters(request.GET), request)
    assert active["chips"] == [
        {"label": "Name: kess", "url": "?location=DE&sort=-name"},
        {"label": "Location: Germany", "url": "?q=kess&sort=-name"},
    ]
    assert active["clear_url"] == "?sort=-name"


def test_a_wrong_filter_filters_nothing():
    request = RequestFactory().get("/?location=XX")
    assert active_filters(Filters(request.GET), request)["chips"] == []


def test_static_error_pages_need_no_context():
    for code in (400, 500, 503):
        html = render_to_string(f"errors/{code}.html")
        assert "<h1" in html and 'rel="stylesheet"' in html


def test_what_stands_in_a_note_is_markup_and_what_people_typed_is_not():
    source = '{% load ui %}{% note "warn" %}<p>{{ typed }}</p>{% endnote %}'
    html = Template(source).render(Context({"typed": "<b>"}))
    assert html.strip() == '<div class="note note--warn"><div><p>&lt;b&gt;</p></div></div>'
