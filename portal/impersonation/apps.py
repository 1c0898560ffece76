from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImpersonationConfig(AppConfig):
    name = "portal.impersonation"
    verbose_name = _("View as")

    def ready(self):
        from django.contrib.auth.signals import user_logged_out

        from portal.impersonation.services import end_at_sign_out

        user_logged_out.connect(end_at_sign_out, dispatch_uid="view-as")
