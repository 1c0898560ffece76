import re
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django import forms
from django.apps import apps
from django.db.models import Q
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext_lazy as _

from portal.audit.actions import ACTIONS
from portal.forms import CleanTextMixin
from portal.references import LOOKALIKES, SERIES, decode, decode_or_none, encode

LAST_DAY = date.max - timedelta(days=1)  # the last one that has a next day in every time zone
DATE = forms.DateInput(attrs={"type": "date", "data-width": "medium"}, format="%Y-%m-%d")
USUAL_DAYS = 30  # domain.md 4.12
REQUEST = re.compile(r"[0-9A-Z]{4}-?[0-9A-Z]{4}")


class AuditEntryFilter(forms.Form):
    since = forms.DateField(label=_("From"), required=False, widget=DATE)
    until = forms.DateField(label=_("To"), required=False, widget=DATE)
    action = forms.ChoiceField(
        label=_("Action"), required=False, choices=[("", _("All actions")), *ACTIONS.items()]
    )

    def apply(self, entries):
        """The entries that match; what can't be understood does not filter."""
        self.is_valid()
        chosen = self.cleaned_data
        if since := chosen.get("since"):
            entries = entries.filter(at__gte=_midnight(since))
        if until := chosen.get("until"):
            entries = entries.filter(at__lt=_midnight(min(until, LAST_DAY) + timedelta(days=1)))
        if action := chosen.get("action"):
            entries = entries.filter(action=action)
        return entries


class LogFilter(CleanTextMixin, AuditEntryFilter):
    """Filters of the activity log: without other days it shows the last thirty.

    Whoever quotes a reference knows no day: it is looked for in the whole log. ``without`` names
    the fields that mean nothing to the reader; ``resellers`` are the names of those to choose one
    of, by their ids.
    """

    user = forms.CharField(label=_("User"), required=False, max_length=100)
    customer = forms.CharField(label=_("Customer"), required=False, max_length=100)
    reseller = forms.ChoiceField(label=_("Partner"), required=False)
    reference = forms.CharField(label=_("Reference"), required=False, max_length=36)

    def __init__(self, query, *, without=(), resellers=None):
        data, usual = query.copy(), (localdate() - timedelta(days=USUAL_DAYS)).isoformat()
        self.is_usual = not {"since", "until"} & set(data)
        if self.is_usual:
            data["since"] = usual
        if data.get("reference", "").strip() and _days(data) == (usual, ""):
            data["since"], self.is_usual = "", False
        super().__init__(data)
        names = [(encode("R", pk), name) for pk, name in (resellers or {}).items()]
        self.fields["reseller"].choices = [("", _("Any")), *names]
        for name in without if names else {*without, "reseller"}:
            del self.fields[name]

    def apply(self, entries):
        """The same; a reference that is none matches nothing, it must have been mistyped."""
        entries = super().apply(entries)
        chosen = self.cleaned_data
        for word in chosen.get("user", "").split():
            entries = entries.filter(_is_named("actor", word))
        for word in chosen.get("customer", "").split():
            entries = entries.filter(customer__name__icontains=word)
        if reseller := chosen.get("reseller"):
            entries = entries.filter(reseller=decode("R", reseller))
        if reference := chosen.get("reference"):
            entries = entries.filter(called(reference))
        return entries


def _days(data):
    return data.get("since", ""), data.get("until", "")


def _is_named(field, word):
    names = ("first_name", "last_name", "username")
    return Q(*((f"{field}__{name}__icontains", word) for name in names), _connector=Q.OR)


def called(text):
    """The condition for a request's reference, that of what was done something to, or a key."""
    typed = text.strip().upper()
    if REQUEST.fullmatch(typed):
        plain = typed.replace("-", "").translate(LOOKALIKES)
        return Q(request_reference=f"{plain[:4]}-{plain[4:]}")
    pk = decode_or_none(typed[:1], typed)
    if pk is None:
        return Q(pk=_key(typed))
    return Q(target_type__in=_labels(typed[:1]), target_id=str(pk))


def _key(text):
    try:
        return UUID(text)
    except ValueError:
        return None


def _labels(letter):
    """The models whose references begin with ``letter``."""
    models = (model._meta for model in apps.get_models())
    return [meta.label_lower for meta in models if SERIES.get(meta.model_name) == letter]


def _midnight(day):
    return make_aware(datetime.combine(day, time.min))
