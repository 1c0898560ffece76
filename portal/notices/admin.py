from django.contrib import admin

from portal.notices.models import MutedTopic, Notice
from portal.operators import ReadOnlyAdmin


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """What organizations were told."""

    list_display = ["at", "organization", "kind", "about"]
    list_filter = ["at", "kind"]
    search_fields = ["organization__name", "about"]
    list_select_related = ["organization"]


@admin.register(MutedTopic)
class MutedTopicAdmin(ReadOnlyAdmin):
    """Which mails people have turned off; they do it themselves."""

    list_display = ["user", "topic"]
    list_filter = ["topic"]
    search_fields = ["user__username"]
    list_select_related = ["user"]
