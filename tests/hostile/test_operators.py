"""Django admin: its forms and lists answer nonsense with words or 400, never with 500."""

import pytest
from django import forms
from django.contrib import admin
from django.urls import reverse

from portal.accounts.models import Organization, User
from tests.hostile.state import undone
from tests.hostile.values import LONG, RAW_SCRIPT, SCRIPT

MODELS = list(admin.site._registry)
NONSENSE = {"NUL": "\x00", "long": LONG, "script": SCRIPT, "number": "9" * 30, "unknown": "XX"}
FINE = {200, 302, 400, 403}


def url_of(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def filters_of(model):
    options = admin.site._registry[model]
    names = [_parameter(each) for each in options.list_filter]
    return [*names, *([f"{options.date_hierarchy}__year"] if options.date_hierarchy else [])]


def _parameter(each):
    """What a list_filter is called in the address: a field, one with its filter, or a filter."""
    if isinstance(each, type):
        return each.parameter_name
    return each if isinstance(each, str) else each[0]


@pytest.mark.parametrize("model", MODELS)
def test_lists_with_filters_nobody_chose(scene, model):
    browser, url = scene.browser("operator"), url_of(model, "changelist")
    queries = ["q=%00", f"q={LONG[:5000]}", "p=99999", "o=99.-1.x", "e=1", "id__exact=%00"]
    queries += ["_facets=%00", "pk__in=x", f"id={'9' * 40}", "at__year=99999", "_popup=%3Cscript"]
    for name in filters_of(model):
        queries += [f"{name}=%00", f"{name}__exact=%00", f"{name}=99999", f"{name}__isempty=x"]
    wrong = []
    for query in queries:
        with undone():
            response = browser.get(f"{url}?{query}")
        if response.status_code not in FINE or RAW_SCRIPT in response.text:
            wrong.append((query[:40], response.status_code))
    assert wrong == []


def fields_and_input(browser, url):
    """The names of a page's inputs, and what they hold."""
    response = browser.get(url)
    if response.status_code != 200 or "adminform" not in response.context:
        return (), {}
    inlines = [inline.formset for inline in response.context["inline_admin_formsets"]]
    parts = [form for inline in inlines for form in (inline.management_form, *inline.forms)]
    form = response.context["adminform"].form
    held = {}
    for bound in (field for part in (form, *parts) for field in part):
        held |= _held(bound)
    return list(form.fields), held


def _held(bound):
    value, widget = bound.value(), bound.field.widget
    if isinstance(widget, forms.MultiWidget):
        values = widget.decompress(value)
        return {f"{bound.html_name}_{n}": "" if v is None else v for n, v in enumerate(values)}
    return {} if value in (None, False) else {bound.html_name: value}


def nonsense(name):
    """NUL, and two of the others, by the name of the input."""
    others = list(NONSENSE)[1:]
    chosen = ("NUL", others[len(name) % 4], others[(len(name) + 1) % 4])
    return [(what, NONSENSE[what]) for what in chosen]


@pytest.mark.parametrize("model", MODELS)
def test_forms_filled_in_with_nonsense(scene, model):
    browser, row, wrong = scene.browser("operator"), model._base_manager.first(), []
    urls = [url_of(model, "add"), *([url_of(model, "change", row.pk)] if row else [])]
    for url in urls:
        names, held = fields_and_input(browser, url)
        for name in names:
            for what, value in nonsense(name):
                parts = {name: value, f"{name}_0": value, f"{name}_1": value}
                with undone():
                    response = browser.post(url, held | parts)
                if response.status_code not in FINE or RAW_SCRIPT in response.text:
                    wrong.append((url, name, what, response.status_code))
    assert wrong == []


def posted(browser, row, **changes):
    """The answer to a change of ``row`` in Django admin, and the form if it was refused."""
    url = url_of(type(row), "change", row.pk)
    _, held = fields_and_input(browser, url)
    response = browser.post(url, held | changes)
    return response, response.context["adminform"].form if response.context else None


@pytest.mark.parametrize("country", ["XX", "de", "", "\u202e"])
@pytest.mark.parametrize("about", ["provider", "customer", "mpn"])
def test_unknown_countries_are_refused(scene, about, country):
    """Every page of such a company would fail."""
    mpn = scene.provider.mpn_accounts.first()
    row = {"mpn": mpn}.get(about) or getattr(scene, about)

    response, form = posted(scene.browser("operator"), row, country=country)

    assert response.status_code == 200 and "country" in form.errors


@pytest.mark.parametrize("zone", ["Nowhere/Town", "", "../../etc/passwd", "\x00"])
def test_unknown_time_zones_are_refused(scene, zone):
    """Every page of such a person would fail."""
    response, form = posted(scene.browser("operator"), scene.staff.user, time_zone=zone)

    assert response.status_code == 200 and "time_zone" in form.errors


def test_known_ones_are_accepted(scene):
    browser = scene.browser("operator")
    zone, _ = posted(browser, scene.staff.user, time_zone="Europe/Vienna")
    country, _ = posted(browser, scene.provider, country="AT")

    assert (zone.status_code, country.status_code) == (302, 302)
    assert User.objects.get(pk=scene.staff.user_id).time_zone == "Europe/Vienna"
    assert Organization.objects.get(pk=scene.provider.pk).country == "AT"


@pytest.mark.parametrize("hidden", ["Nord\u202ewind", "Nord\nwind", "Nord\x08wind"])
def test_names_are_visible_text(scene, hidden):
    response, form = posted(scene.browser("operator"), scene.provider, name=hidden)

    assert response.status_code == 200 and "name" in form.errors


def test_a_refused_page_is_on_the_record_of_the_server(scene, caplog):
    caplog.set_level("WARNING")
    url = url_of(Organization, "changelist")

    response = scene.browser("operator").get(f"{url}?country=%00")

    assert response.status_code == 400
    assert "Refused in Django admin" in caplog.text


@pytest.mark.parametrize("who", ["staff", "reseller_staff", "customer_staff", ""])
def test_nobody_else_gets_in(scene, who):
    browser = scene.browser(who)
    for model in MODELS:
        response = browser.get(url_of(model, "changelist"))
        assert response.status_code in {302, 403}
        assert "results" not in response.text
