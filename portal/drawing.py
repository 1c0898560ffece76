"""Jinja2 draws what a list page draws many times, several times faster than Django's templates.

Its templates lie in ``templates/jinja/``, have the same words, filters and addresses, and escape
as strictly. Pages stay Django templates and ask for them with ``{% draw %}``.
"""

from functools import cache, lru_cache
from importlib import import_module

from django.conf.locale import LANG_INFO
from django.template import engines
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from jinja2 import Environment, pass_context

from portal import links
from portal.seen_as import token_inputs
from portal.templatetags.ui import active_filters


def environment(*, libraries, **options):
    """A Jinja2 that knows the filters of these Django tag libraries, by their modules' names."""
    made = Environment(**options, extensions=["jinja2.ext.i18n"])
    words = (translation.gettext, translation.ngettext)
    context_words = {"pgettext": translation.pgettext, "npgettext": translation.npgettext}
    made.install_gettext_callables(*words, newstyle=True, **context_words)
    made.globals |= GLOBALS  # after the words: its _ is quicker than Jinja2's
    for library in libraries:
        made.filters |= import_module(library).register.filters
    return made


def draw(name, inputs):
    """The Jinja2 template ``name`` drawn with ``inputs``, a dictionary: safe HTML."""
    return mark_safe(engines["jinja2"].get_template(name).render(inputs))


def say(text):
    """The text in the reader's language."""
    return _said(translation.get_language(), text)


@lru_cache(maxsize=5000)  # of templates: a page has about a hundred, the same for everybody
def _said(language, text):
    return mark_safe(translation.gettext(text))


@pass_context
def link(context, name, *args, **query):
    """A page of the current organization, as Django's templates write ``{% link %}``."""
    return links.reverse(name, *args, organization=context["membership"].organization, **query)


@pass_context
def page_part(context, name, **inputs):
    """A Django template that knows what the page knows, and ``inputs``."""
    return render_to_string(name, context.get_all() | inputs)


def own_name(language):
    """A language as those call it who speak it: Deutsch."""
    return LANG_INFO[language]["name_local"].capitalize()


GLOBALS = {
    "_": say,
    "active_filters": active_filters,
    "address": cache(reverse),  # of a page outside organizations
    "date_format": date_format,
    "link": link,
    "own_name": own_name,
    "page_part": page_part,
    "static": cache(static),
    "token_inputs": token_inputs,
}
