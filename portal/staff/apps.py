from django.apps import AppConfig


class StaffConfig(AppConfig):
    """Who works in an organization: its users, their roles, how they come and go."""

    name = "portal.staff"

    def ready(self):
        from portal.staff import telling  # noqa: F401 the worker knows its task
