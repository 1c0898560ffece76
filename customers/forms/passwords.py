from portal.forms import NewPasswordField, PlainForm, check_password


class ChoosePasswordForm(PlainForm):
    """The password of the account that a personal link opens."""

    password = NewPasswordField()

    def __init__(self, data=None, *, user):
        super().__init__(data)
        self.user = user

    def clean(self):
        check_password(self, self.user)
        return self.cleaned_data
