from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from customers.forms.fields import text_field, wide
from customers.user_verdicts import LONGEST_LOCAL, LONGEST_NAME, account_problem, words
from portal.accounts.models import User
from portal.accounts.roles import GRANTS, Kind, Permission, Role
from portal.countries import country_choices
from portal.forms import PlainForm
from portal.staff.models import LONGEST_EMAIL

JUST_A_USER = "user"


def location_field(**options):
    """Where users are: it decides which services they may use."""
    return forms.ChoiceField(label=_("Location"), **options)


class UserForm(PlainForm):
    """A user's names, location and role; for a new one, also the account name.

    ``place`` says whose user it is, ``person`` which one it is already.
    """

    first_name = text_field(_("First name"), max_length=LONGEST_NAME)
    last_name = text_field(_("Last name"), max_length=LONGEST_NAME)
    display_name = text_field(
        _("Display name"),
        _("Enter the display name."),
        max_length=101,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    account = text_field(
        _("Email"),
        _("Enter the email."),
        max_length=LONGEST_LOCAL,
        help_text=_("The name the user signs in with. It can't be changed later."),
        widget=wide("medium", autocomplete="off", autocapitalize="off", spellcheck="false"),
    )
    country = location_field()
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(self, data=None, *, place, person=None):
        super().__init__(data, initial=_initial(place, person))
        self.place, self.person = place, person
        self.fields["country"].choices = country_choices()
        self.fields["role"].choices = self._roles()
        if person:
            del self.fields["account"]

    def clean_account(self):
        """The whole account name; refused when it can't be one or somebody has it."""
        local, _at, domain = self.cleaned_data["account"].lower().partition("@")
        if domain and domain != self.place.organization.domain:
            raise ValidationError(words("other_domain"))
        if problem := account_problem(local):
            raise ValidationError(words(problem))
        name = f"{local}@{self.place.organization.domain}"
        taken = User.objects.filter(username=name).first()
        if taken:
            raise ValidationError(words("exists" if taken.is_active else "deleted"))
        return name

    @property
    def fields_of_user(self):
        """What ``services.add_user`` and ``edit_user`` take."""
        names = ("first_name", "last_name", "display_name", "country", "account")
        values = {name: self.cleaned_data[name] for name in names if name in self.fields}
        role = self.cleaned_data["role"]
        return values | {"roles": [] if role == JUST_A_USER else [Role(role)]}

    def _roles(self):
        """The roles of customers that may be given here, the least powerful first."""
        choices = [(JUST_A_USER, _now("User (can use licenses and services)"))]
        if self.place.membership.can(Permission.MANAGE_GLOBAL_ADMINS):
            full = _now("Global admin (has full permissions)")
            choices.append((Role.GLOBAL_ADMIN.value, full))
        others = (role for role in GRANTS[Kind.CUSTOMER] if role != Role.GLOBAL_ADMIN)
        return [*choices, *((role.value, role.label) for role in others)]


class InviteMixin(forms.Form):
    """Where the link goes by which a user chooses the first password, and in which language."""

    email = forms.EmailField(
        label=_("Send the link to"),
        max_length=LONGEST_EMAIL,
        help_text=_(
            "An address the person reads today. It becomes their address here when they choose "
            "the password, unless another account has it."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Enter the address that the link goes to."),
            "invalid": _("Enter an email address like name@example.com."),
        },
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def clean_email(self):
        """Nobody reads mail of an account that is only being made."""
        email = self.cleaned_data["email"]
        if email and email.lower().rpartition("@")[2] == self.place.organization.domain:
            raise ValidationError(_now("Enter an address outside of this company's domain."))
        return email


class InviteForm(InviteMixin, PlainForm):
    """*Send link*: to a user who is there already and has no password."""

    def __init__(self, data=None, *, place, person, invitation):
        self.place = place
        waiting = {"email": invitation.email, "language": invitation.language} if invitation else {}
        super().__init__(data, initial={"language": person.user.language} | waiting)


class SaveUploadForm(PlainForm):
    """*Location*, one for the whole file, before *Save*."""

    country = location_field(help_text=_("Of everybody in the file."))

    def __init__(self, data=None, *, place):
        super().__init__(data, initial={"country": place.organization.country})
        self.fields["country"].choices = country_choices()


def _initial(place, person):
    if person is None:
        return {"country": place.organization.country, "role": JUST_A_USER}
    roles = person.membership.roles
    return {
        "first_name": person.user.first_name,
        "last_name": person.user.last_name,
        "display_name": person.display_name,
        "country": person.country,
        "role": roles[0] if roles else JUST_A_USER,
    }
