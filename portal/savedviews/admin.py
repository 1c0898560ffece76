from django.contrib import admin

from portal.operators import PlainModelAdmin
from portal.savedviews.models import SavedView, StartView


class LookingAdmin(PlainModelAdmin):
    """People's own tools: operators look at them and change nothing."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(SavedView)
class SavedViewAdmin(LookingAdmin):
    list_display = ["name", "list", "organization", "owner", "is_shared"]
    list_filter = ["list", "is_shared"]
    search_fields = ["name", "organization__name"]
    list_select_related = ["organization", "owner"]


@admin.register(StartView)
class StartViewAdmin(LookingAdmin):
    list_display = ["user", "list", "view", "organization"]
    list_filter = ["list"]
    search_fields = ["user__username", "view__name"]
    list_select_related = ["organization", "user", "view"]
