"""Who runs the portal, in Django admin: nobody raises themselves, and somebody always can."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.accounts.models import User

POWERS = ("is_staff", "is_superuser")


class KeepsOperators:
    """Part of the ModelAdmin of User. Only superusers make operators or change one.

    The last superuser who can sign in stays one.
    """

    def get_readonly_fields(self, request, obj=None):
        fixed = super().get_readonly_fields(request, obj)
        return fixed if request.user.is_superuser else [*fixed, *POWERS]

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and may_touch(request.user, obj)

    def has_delete_permission(self, request, obj=None):
        may = super().has_delete_permission(request, obj) and may_touch(request.user, obj)
        return may and not (obj and is_last_superuser(obj))

    def delete_queryset(self, request, queryset):
        """Those chosen in the list one by one, as far as each may go."""
        for person in queryset:
            if self.has_delete_permission(request, person):
                self.delete_model(request, person)

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        return type(form.__name__, (KeepsSuperuser, form), {})


class KeepsSuperuser:
    """Part of the form: the last superuser stays active and one."""

    def clean(self):
        typed = super().clean()
        stays = all(typed.get(power, True) for power in ("is_active", *POWERS))
        if self.instance.pk and not stays and is_last_superuser(self.instance):
            raise ValidationError(_("This is the last superuser. Make another one first."))
        return typed


def is_last_superuser(person):
    """Whether nobody else could let anybody in again."""
    able = User.objects.filter(is_superuser=True, is_active=True, is_staff=True)
    return able.filter(pk=person.pk).exists() and not able.exclude(pk=person.pk).exists()


def may_touch(operator, person):
    """Operators are looked after by superusers alone; everybody else by those with the right."""
    return operator.is_superuser or person is None or not (person.is_staff or person.is_superuser)
