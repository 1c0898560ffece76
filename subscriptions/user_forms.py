"""Forms about users that also ask for licenses."""

from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from customers.forms import JUST_A_USER, InviteMixin, UserForm
from portal.accounts.roles import GRANTS, Kind
from portal.forms import PlainForm
from portal.references import decode, decode_all, encode
from subscriptions.licensing import assignable
from subscriptions.models import LicenseAssignment
from subscriptions.quantities import in_words

WITHOUT = "none"
# Named as the style sheet knows choices that hide a part of their group.
INVITE, PASSWORD = "asked", "none"
MOST_SELECTED = 1000


class AddUserForm(InviteMixin, UserForm):
    """*Add user*: who it is, what they may do, which licenses they get, and how they come in."""

    licenses = forms.MultipleChoiceField(
        label=_("Licenses"), required=False, widget=forms.CheckboxSelectMultiple
    )

    how = forms.ChoiceField(
        label=_("How they come in"),
        initial=INVITE,
        widget=forms.RadioSelect,
        choices=[
            (INVITE, _("Send a personal link (they choose their own password)")),
            (PASSWORD, _("Temporary password (it is shown to you once, on the next page)")),
        ],
    )

    def __init__(self, data=None, *, place):
        super().__init__(data, place=place)
        self.initial["language"] = place.membership.user.language
        self.fields["email"].required = False
        self.subscriptions = {s.reference: s for s in assignable(place)}
        self.fields["licenses"].choices = choices_of(self.subscriptions)
        if not self.subscriptions:
            del self.fields["licenses"]

    @property
    def invites(self):
        return self.cleaned_data["how"] == INVITE

    def clean(self):
        typed = super().clean()
        if typed.get("how") == INVITE and not typed.get("email") and "email" not in self.errors:
            self.add_error("email", _now("Enter the address that the link goes to."))
        if typed.get("how") == PASSWORD:
            self.errors.pop("email", None)  # it is not shown then
        return typed

    @property
    def fields_of_user(self):
        """What ``services.add_user`` takes."""
        return super().fields_of_user | {"language": self.cleaned_data["language"]}

    @property
    def chosen(self):
        """The subscriptions of which the user gets a license."""
        return [self.subscriptions[ref] for ref in self.cleaned_data.get("licenses", ())]


class LicensesForm(PlainForm):
    """*Manage licenses* of the selected users: give or take one of one subscription."""

    action = forms.ChoiceField(
        label=_("What to do"),
        choices=[("assign", _("Assign")), ("revoke", _("Take back"))],
        initial="assign",
        widget=forms.RadioSelect,
    )
    subscription = forms.ChoiceField(
        label=_("Subscription"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Select a subscription.")},
    )

    def __init__(self, data=None, *, subscriptions):
        super().__init__(data)
        self.subscriptions = {s.reference: s for s in subscriptions}
        self.fields["subscription"].choices = choices_of(self.subscriptions)

    @property
    def chosen(self):
        return self.subscriptions[self.cleaned_data["subscription"]]


class CustomerUserFilter(PlainForm):
    """Search and filter of *Users and licenses*; what can't be understood does not filter."""

    q = forms.CharField(
        label=_("Name or email"), required=False, max_length=100, widget=forms.SearchInput
    )
    license = forms.ChoiceField(label=_("License"), required=False)
    role = forms.ChoiceField(label=_("Role"), required=False)

    def __init__(self, data, *, place, subscriptions):
        super().__init__(data)
        self.place = place
        names = [(s.reference, s.name) for s in subscriptions]
        without = (WITHOUT, _now("Without a license"))
        self.fields["license"].choices = [("", _now("Any")), without, *names]
        roles = ((role.value, role.label) for role in GRANTS[Kind.CUSTOMER])
        self.fields["role"].choices = [("", _now("Any")), (JUST_A_USER, _now("User")), *roles]

    def apply(self, people):
        self.is_valid()
        chosen = self.cleaned_data
        if text := chosen.get("q"):
            people = people.matching(text)
        if license := chosen.get("license"):
            held = self._held(license)
            people = people.filter(~held if license == WITHOUT else held)
        if role := chosen.get("role"):
            roles = [] if role == JUST_A_USER else [role]
            lookup = "exact" if role == JUST_A_USER else "contains"
            people = people.filter(**{f"membership__roles__{lookup}": roles})
        return people

    def _held(self, license):
        """A condition: the user has a license, of this subscription if it names one."""
        held = LicenseAssignment.objects.visible_to(self.place.membership).in_force()
        if license != WITHOUT:
            held = held.filter(subscription=decode("S", license))
        return Exists(held.filter(person=OuterRef("pk")))


def choices_of(subscriptions):
    """Subscriptions by reference as choices that tell how many licenses are left."""
    return [(reference, _words(s)) for reference, s in subscriptions.items()]


def selected(place, references):
    """The active users behind typed references; others are left out."""
    pks = decode_all("U", references[:MOST_SELECTED])
    return list(place.people.active().with_account().filter(pk__in=pks))


def references_of(people):
    return [encode("U", person.pk) for person in people]


def _words(subscription):
    words = ngettext(
        "%(name)s: %(left)s of %(all)s license available",
        "%(name)s: %(left)s of %(all)s licenses available",
        subscription.quantity,
    )
    return words % {
        "name": subscription.name,
        "left": in_words(subscription.available),
        "all": in_words(subscription.quantity),
    }
