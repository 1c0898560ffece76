from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "portal.accounts"
    verbose_name = _("Accounts")

    def ready(self):
        from allauth.account.decorators import secure_admin_login
        from allauth.mfa.signals import authenticator_added, authenticator_removed
        from django.contrib import admin
        from django.contrib.auth.signals import user_logged_in

        from portal.accounts import events, second_factor
        from portal.accounts.session_end import begin

        # Operators sign in like everybody else, second factor included.
        admin.site.login = secure_admin_login(admin.site.login)
        user_logged_in.connect(begin, dispatch_uid="begin")
        authenticator_added.connect(second_factor.note_added, dispatch_uid="note added")
        authenticator_removed.connect(second_factor.note_removed, dispatch_uid="note removed")
        events.connect()
