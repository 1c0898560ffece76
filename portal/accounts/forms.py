from django.contrib.auth.forms import SetPasswordForm
from django.utils.translation import gettext_lazy as _

from portal.forms import MissingNamedMixin


class FirstPasswordForm(MissingNamedMixin, SetPasswordForm):
    """A password of one's own in place of the temporary one."""

    def clean_new_password1(self):
        password = self.cleaned_data["new_password1"]
        if self.user.check_password(password):
            self.add_error("new_password1", _("Choose another password than the temporary one."))
        return password
