"""Django admin calls everything by its name in the operator's language."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import override

from tests.factories import make_user

SAME = {"MFA"}  # words that are the same in both languages
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


def names_of(model):
    app = apps.get_app_config(model._meta.app_label)
    return [app.verbose_name, model._meta.verbose_name, model._meta.verbose_name_plural]


def spoken(words, language):
    with override(language):
        return str(words)


@pytest.mark.parametrize("model", MODELS)
def test_no_name_is_left_in_english(model):
    english = {spoken(words, "en") for words in names_of(model)} - SAME
    german = {spoken(words, "de") for words in names_of(model)}

    assert english.isdisjoint(german)


@pytest.mark.parametrize("model", MODELS)
def test_several_are_named_as_german_names_them(model):
    """Without a plural of its own Django would add an s."""
    one, several = (spoken(words, "de") for words in names_of(model)[1:])
    with_s = {"E-Mail-Adresse", "MPN-ID", "Abonnement"}

    assert one in with_s or several != f"{one}s"


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_front_page_lists_them_so(db, language):
    desk = Client()
    operator = make_user(is_staff=True, is_superuser=True, language=language)
    desk.force_login(operator, backend="portal.accounts.backends.AccountBackend")
    desk.cookies["django_language"] = language

    page = desk.get(reverse("admin:index")).text

    for model in MODELS:
        assert capfirst(spoken(model._meta.verbose_name_plural, language)) in page
