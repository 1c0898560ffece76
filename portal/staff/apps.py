from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    """Who works in an organization: its users, their roles, how they come and go."""

    name = "portal.staff"
    verbose_name = _("Staff")

    def ready(self):
        from portal.staff import telling  # noqa: F401 the worker knows its task
