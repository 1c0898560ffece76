"""What operators change by hand about people is in the log of the organizations concerned."""

from django.utils.timezone import localtime

from portal.accounts.models import Membership
from portal.audit.services import record


class RecordsPlaces:
    """Part of the ModelAdmin of Membership."""

    def save_model(self, request, obj, form, change):
        before = Membership.objects.filter(pk=obj.pk).first()
        super().save_model(request, obj, form, change)
        note_place(before, obj)

    def delete_model(self, request, obj):
        note_removal(obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        for place in queryset:
            self.delete_model(request, place)


class RecordsPeople:
    """Part of the ModelAdmin of User, whose places are on the same page."""

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and "is_active" in form.changed_data:
            what = "reactivated" if obj.is_active else "deactivated"
            _note_everywhere(f"membership.{what}", obj)

    def save_formset(self, request, form, formset, change):
        before = {place.pk: place for place in form.instance.memberships.all()}
        super().save_formset(request, form, formset, change)
        if formset.model is Membership:
            left = set(form.instance.memberships.values_list("pk", flat=True))
            for place in (before[pk] for pk in before.keys() - left):
                note_removal(place)
            for place in [*formset.new_objects, *(each for each, _ in formset.changed_objects)]:
                note_place(before.get(place.pk), place)

    def delete_model(self, request, obj):
        for place in obj.memberships.all():
            note_removal(place)
        super().delete_model(request, obj)

    def user_change_password(self, request, id, form_url=""):
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            _note_everywhere("membership.reset", self.get_object(request, id))
        return response


def note_place(before, place):
    """Record how ``place`` differs from ``before``, the same Membership as it was; None: new."""
    if before is None:
        record("membership.added", actor=None, target=place, roles=place.roles)
        return
    changes = list(_changes(before, place))
    if changes:
        action = f"membership.{_what(before, place)}"
        also = [before.organization_id]
        record(action, actor=None, target=place, also=also, changes=changes)


def note_removal(place):
    """Record that the Membership ``place`` is about to be gone."""
    gone = [["user", str(place.user), ""], ["roles", ", ".join(place.roles), ""]]
    record("membership.removed", actor=None, target=place, changes=gone)


def _note_everywhere(action, user):
    for place in user.memberships.all():
        record(action, actor=None, target=place)


def _what(before, place):
    if bool(before.deactivated_at) == bool(place.deactivated_at):
        return "changed"
    return "deactivated" if place.deactivated_at else "reactivated"


def _changes(before, place):
    for name in ("user", "organization", "roles", "deactivated_at"):
        old, new = (_text(getattr(each, name)) for each in (before, place))
        if old != new:
            yield [name, old, new]


def _text(value):
    if isinstance(value, list):
        return ", ".join(value)
    return f"{localtime(value):%Y-%m-%d %H:%M}" if hasattr(value, "tzinfo") else str(value or "")
