"""Columns that several lists have."""

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext


class CheckColumn(tables.Column):
    """Boxes to tick; the one in the header ticks them all where there is a script."""

    @property
    def header(self):
        words = gettext("Select all on this page")
        box = '<input class="js-only" type="checkbox" data-check-all aria-label="{}">'
        return format_html(box, words)
