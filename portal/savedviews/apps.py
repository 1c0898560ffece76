from django.apps import AppConfig


class SavedViewsConfig(AppConfig):
    name = "portal.savedviews"
