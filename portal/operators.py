"""What the forms of Django admin have in common: operators' input is checked like everybody's."""

from collections.abc import Callable
from typing import NamedTuple
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin

from portal.countries import country_choices
from portal.forms import CleanTextMixin
from portal.parking import ParkingMixin
from portal.swift import Swift


class Queue(NamedTuple):
    """Work that waits for operators: the front page counts the ``rows`` of the list it links to.

    ``list`` and ``query`` are the address of that list, ``permission`` is the right to see it.
    """

    words: str
    rows: Callable
    list: str
    query: str
    permission: str
    todo: str  # what is done about it, in a word


QUEUES = []


# What the suspension of an organization is about: words, and a function that counts them.
CONCERNS = []


class PlainModelForm(ParkingMixin, CleanTextMixin, forms.ModelForm):
    """A form whose text fields take visible text only; begins with what was typed and kept."""


class KnownValues:
    """Offers the countries and time zones that exist: pages fail for an unknown one."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        choices = {"country": country_choices, "time_zone": _time_zones}.get(db_field.name)
        if choices:
            return forms.ChoiceField(choices=choices, label=db_field.verbose_name)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class PlainModelAdmin(Swift, KnownValues, admin.ModelAdmin):
    form = PlainModelForm


class ReadOnly:
    """Operators look at what services write: nothing is made, changed or deleted by hand."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ReadOnlyAdmin(Swift, ReadOnly, admin.ModelAdmin):
    """A page of rows with a history."""


def _time_zones():
    return [(name, name) for name in sorted(available_timezones())]
