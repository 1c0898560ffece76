"""The form of the page *Security*: only what an organization of its kind decides by itself."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import DomainNameValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.accounts.roles import GRANTS, NARROWED, Kind
from portal.accounts.second_factor import is_required_by_portal
from portal.forms import PlainForm
from portal.staff.services.security import POLICY, fingerprint

MINUTES = (5, 10, 15, 20, 30, 45, 60, 120)
MOST_DOMAINS = 20


class _Domain(DomainNameValidator):
    max_length = 100  # as the column: the database would cut off the rest without a word


is_domain = _Domain()


class SecurityForm(PlainForm):
    """``seen`` tells whether the page still showed what is decided now."""

    seen = forms.CharField(max_length=3000, widget=forms.HiddenInput, required=False)
    requires_second_factor = forms.BooleanField(
        label=gettext_lazy("Everybody needs a second factor"),
        required=False,
        help_text=gettext_lazy("Whoever has none is asked to set one up on their next page."),
    )
    idle_minutes = forms.TypedChoiceField(
        label=gettext_lazy("Sign out without activity after"),
        required=False,
        coerce=int,
        empty_value=None,
    )
    email_domains = forms.CharField(
        label=gettext_lazy("Email domains of people you invite"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy(
            "One a line, like example.com. Invitations then go to no other addresses."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "autocapitalize": "off", "spellcheck": "false"}),
    )
    narrows_removal = forms.BooleanField(
        label=gettext_lazy("Only global admins and admin agents remove partnerships"),
        required=False,
        help_text=gettext_lazy("Sales agents then ask one of them."),
    )

    def __init__(self, data=None, *, organization, is_open):
        """``is_open`` says whether the visitor may change anything."""
        policy = {name: getattr(organization, name) for name in POLICY}
        domains = "\n".join(organization.email_domains)
        initial = policy | {"email_domains": domains, "seen": fingerprint(organization)}
        super().__init__(data, initial=initial)
        self.fields["idle_minutes"].choices = _minutes(organization.idle_minutes)
        for name in _not_its_own(organization):
            del self.fields[name]
        for field in self.fields.values():
            field.disabled = not is_open

    def clean_email_domains(self):
        lines = self.cleaned_data["email_domains"].lower().replace(",", "\n").split()
        domains = list(dict.fromkeys(line.removeprefix("@") for line in lines))
        for domain in domains:
            _check_domain(domain)
        if len(domains) > MOST_DOMAINS:
            words = _("Enter at most %(number)s domains.") % {"number": MOST_DOMAINS}
            raise ValidationError(words)
        return domains

    @property
    def policy(self):
        """What ``change_policy`` takes."""
        return {name: self.cleaned_data[name] for name in POLICY if name in self.fields}


def _minutes(chosen):
    usual = settings.SESSION_IDLE_MINUTES
    shorter = {each for each in (*MINUTES, chosen) if each and each < usual}
    as_usual = _("%(time)s, as everywhere in the portal") % {"time": _time(usual)}
    return [("", as_usual), *((each, _time(each)) for each in sorted(shorter))]


def _time(minutes):
    return ngettext("%(minutes)s minute", "%(minutes)s minutes", minutes) % {"minutes": minutes}


def _not_its_own(organization):
    """What the portal decides, or what an organization of this kind has not."""
    if is_required_by_portal(organization):
        yield "requires_second_factor"
    if organization.kind == Kind.CUSTOMER:
        yield "email_domains"
    if not any(set(NARROWED) & held for held in GRANTS[organization.kind].values()):
        yield "narrows_removal"


def _check_domain(domain):
    try:
        is_domain(domain)
    except ValidationError:
        words = _("“%(domain)s” is not a domain like example.com.")
        raise ValidationError(words % {"domain": domain}) from None
