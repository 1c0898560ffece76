"""Adding a colleague, and the answer of somebody who was invited."""

import re

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.forms import NewPasswordField, PlainForm, check_password, name_of_person
from portal.staff.models import LONGEST_EMAIL
from portal.staff.role_choices import RolesField

LOCAL = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*")
LONGEST_LOCAL = 60
PLAIN = {"autocapitalize": "off", "spellcheck": "false"}
# Named as the style sheet knows choices that hide a part of their group.
INVITE, ACCOUNT = "asked", "none"


def _text(label, length, **attrs):
    widget = forms.TextInput(attrs={"autocomplete": "off"} | attrs)
    return forms.CharField(label=label, max_length=length, widget=widget)


class AddMemberForm(PlainForm):
    """Who comes, with which roles, and how: by an invitation, or with an account made here."""

    first_name = _text(gettext_lazy("First name"), 50)
    last_name = _text(gettext_lazy("Last name"), 50)
    roles = RolesField()
    how = forms.ChoiceField(
        label=gettext_lazy("How they come in"),
        initial=INVITE,
        widget=forms.RadioSelect,
        choices=[
            (INVITE, gettext_lazy("Invite by email (they choose their own password)")),
            (ACCOUNT, gettext_lazy("Create credentials (a temporary password is shown to you)")),
        ],
    )
    email = forms.EmailField(
        label=gettext_lazy("Email"),
        max_length=LONGEST_EMAIL,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": gettext_lazy("Enter an email address like name@example.com.")},
    )
    account = forms.CharField(
        label=gettext_lazy("Account name"),
        max_length=LONGEST_LOCAL,
        required=False,
        help_text=gettext_lazy(
            "The name the person signs in with. Their email address they add themselves later, "
            "because only they can prove it."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-width": "medium", **PLAIN}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)

    def __init__(self, data=None, *, actor):
        """``actor`` is the Membership that adds."""
        super().__init__(data, initial={"language": actor.user.language})
        self.actor = actor
        self.fields["roles"].offer_by(actor)

    @property
    def suffix(self):
        """What stands behind every account name made here: nobody elsewhere can have the same."""
        return f"@{self.actor.organization.slug}"

    @property
    def invites(self):
        return self.cleaned_data["how"] == INVITE

    def clean_first_name(self):
        return name_of_person(self.cleaned_data["first_name"])

    def clean_last_name(self):
        return name_of_person(self.cleaned_data["last_name"])

    def clean_account(self):
        typed = self.cleaned_data["account"].lower().removesuffix(self.suffix)
        if typed and not LOCAL.fullmatch(typed):
            raise ValidationError(_("Use letters a to z, digits, and single . _ - in between."))
        return typed

    def clean(self):
        typed = self.cleaned_data
        if typed.get("how") == INVITE and not typed.get("email") and "email" not in self.errors:
            self.add_error("email", _("Enter the address that the invitation goes to."))
        if typed.get("how") == ACCOUNT and not (typed.get("account") or "account" in self.errors):
            self.add_error("account", _("Enter the account name."))
        if unseen := {INVITE: "account", ACCOUNT: "email"}.get(typed.get("how")):
            self.errors.pop(unseen, None)  # it is not shown then
        return typed

    @property
    def person(self):
        """What both ``invite_user`` and ``add_member`` take."""
        names = ("first_name", "last_name", "roles", "language")
        return {name: self.cleaned_data[name] for name in names}


class ResetForm(PlainForm):
    """*Reset password*, and the second factor only where somebody says so."""

    without_factor = forms.BooleanField(
        label=gettext_lazy("Also remove the second factor (lost phone)"),
        required=False,
        help_text=gettext_lazy("Only if you are sure who asks: call the person back."),
    )


class AcceptForm(PlainForm):
    """The yes of somebody who has an account, perhaps under another address."""

    right_address = forms.BooleanField(
        error_messages={"required": gettext_lazy("Confirm that the invitation is for you.")}
    )

    def __init__(self, data=None, *, invitation, user):
        super().__init__(data)
        if invitation.email.lower() in {user.email.lower(), user.username}:
            del self.fields["right_address"]
            return
        words = _("The invitation went to %(invited)s. I am signed in as %(own)s and accept it.")
        told = {"invited": invitation.email, "own": user.email or user.username}
        self.fields["right_address"].label = words % told


class NewAccountForm(PlainForm):
    """The yes of somebody who has no account yet."""

    account = forms.CharField(
        label=gettext_lazy("Account name"),
        max_length=LONGEST_EMAIL,
        help_text=gettext_lazy("With it you sign in. It can't be changed later."),
        widget=forms.TextInput(attrs={"autocomplete": "username", **PLAIN}),
    )
    password = NewPasswordField()

    def __init__(self, data=None, *, invitation, address):
        """``address`` is the invited one, if the link proves that it is theirs, else empty."""
        self.invitation, self.address = invitation, address
        self.suffix = f"@{invitation.organization.slug}"
        suggested = invitation.email.partition("@")[0].lower() + self.suffix
        super().__init__(data, initial={"account": address or suggested})

    def clean_account(self):
        """Nobody takes an address for a name that is not proven to be theirs."""
        name = self.cleaned_data["account"].lower()
        if name != self.address and not LOCAL.fullmatch(name.removesuffix(self.suffix)):
            raise ValidationError(
                _("Use your own address, or letters a to z, digits, and single . _ - in between.")
            )
        if User.objects.filter(username=name).exists():
            raise ValidationError(_("This account name is taken."))
        return name

    def clean(self):
        typed, invited = self.cleaned_data, self.invitation
        person = User(
            username=typed.get("account", ""),
            first_name=invited.first_name,
            last_name=invited.last_name,
            email=invited.email,
        )
        check_password(self, person)
        return typed

    @property
    def account_of_ones_own(self):
        """What ``join_with_new_account`` takes."""
        names = ("account", "password")
        return {name: self.cleaned_data[name] for name in names} | {"language": get_language()}
