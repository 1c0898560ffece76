"""Asking a customer organization: whom to ask for, and the letter."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers import limits, wording
from customers.forms.grants import days_field
from customers.models import RelationshipRequest
from customers.resellers import NO_RESELLER, Providers, Resellers, ResellerSelect
from portal.accounts.models import Membership
from portal.accounts.roles import Kind, Permission
from portal.forms import PlainForm, SeenForm, no_links
from portal.sending import SendFormMixin


class InviteForm(PlainForm):
    """Whom one link asks for: the provider, the reseller, and delegated admin privileges or not.

    A provider names one of its resellers or none, a reseller one of its providers. ``partner`` is
    the reference ``R-…`` to select at first.
    """

    submission = forms.UUIDField(required=False, widget=forms.HiddenInput)
    reseller = forms.ChoiceField(
        label=gettext_lazy("Indirect reseller"),
        help_text=gettext_lazy("The link then asks for both companies at once."),
        error_messages={
            "required": gettext_lazy("Select an indirect reseller, or “No indirect reseller”."),
            "invalid_choice": gettext_lazy("Select one of your indirect resellers."),
        },
        widget=ResellerSelect,
    )
    provider = forms.ChoiceField(
        label=gettext_lazy("Indirect provider"),
        help_text=gettext_lazy("The link asks for both companies at once."),
        error_messages={
            "required": gettext_lazy("Select an indirect provider."),
            "invalid_choice": gettext_lazy("Select one of your indirect providers."),
        },
        widget=ResellerSelect,
    )
    delegated_admin = forms.BooleanField(
        label=gettext_lazy("Include delegated admin privileges"), required=False, initial=True
    )
    admin_name = forms.CharField(
        label=gettext_lazy("Name of the admin relationship"),
        required=False,
        max_length=50,
        help_text=gettext_lazy("Stands on the customer's page and in your lists."),
        validators=[no_links],
    )
    admin_days = days_field(settings.DELEGATED_ADMIN_DAYS)

    def __init__(self, data=None, *, membership, partner="", initial=None):
        super().__init__(data, initial=initial)
        self.membership = membership
        self._choose_partners(partner.upper())
        if not membership.can(Permission.REQUEST_DELEGATED_ADMIN):
            for name in ("delegated_admin", "admin_name", "admin_days"):
                del self.fields[name]
            return
        self.fields["admin_days"].required = False
        self.fields["admin_days"].widget.is_required = False

    def _choose_partners(self, named):
        is_provider = self.membership.organization.kind == Kind.PROVIDER
        self.partner_field = "reseller" if is_provider else "provider"
        del self.fields["provider" if is_provider else "reseller"]
        self.partners = (Resellers if is_provider else Providers)(self.membership)
        field = self.fields[self.partner_field]
        field.choices = self.partners.choices
        field.widget.unavailable = self.partners.unavailable
        if named in set(self.partners.partnerships) - set(self.partners.unavailable):
            field.initial = named

    def clean_reseller(self):
        return self._available(self.cleaned_data["reseller"])

    def clean_provider(self):
        return self._available(self.cleaned_data["provider"])

    def _available(self, chosen):
        if reason := self.partners.unavailable.get(chosen):
            raise ValidationError(reason, code="unavailable")
        return chosen

    @property
    def asked(self):
        """What ``services.draft_relationship`` takes."""
        chosen = self.cleaned_data[self.partner_field]
        partnership = None if chosen == NO_RESELLER else self.partners.partnerships[chosen]
        return {
            "provider": partnership.provider if partnership else self.membership.organization,
            "partnership": partnership,
            "delegated_admin": self.cleaned_data.get("delegated_admin", False),
            "admin_name": self.cleaned_data.get("admin_name", ""),
            "admin_days": self.cleaned_data.get("admin_days") or settings.DELEGATED_ADMIN_DAYS,
        }


class ExtendRelationshipForm(SeenForm):
    """*Extend*: with a mail unless somebody unticks it."""

    by_mail = forms.BooleanField(
        label=gettext_lazy("When extending, send them the new link"), required=False
    )


class RelationshipDraftForm(PlainForm):
    """The draft as it is typed, however unfinished."""

    recipient = forms.EmailField(
        label=gettext_lazy("Customer's email address"),
        required=False,
        max_length=254,
        help_text=gettext_lazy("Needed for sending from here."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    note = forms.CharField(
        label=gettext_lazy("Personal note"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Stands in the standard text and on the customer's page."),
        validators=[no_links],
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the draft"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
    )
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=200)
    text = forms.CharField(
        label=gettext_lazy("Email text"), max_length=5000, widget=forms.Textarea(attrs={"rows": 20})
    )

    def __init__(self, data=None, *, draft, membership):
        names = ("recipient", "note", "language", "subject")
        initial = {name: getattr(draft, name) for name in names}
        super().__init__(data, initial=initial | {"text": wording.with_link(draft)})
        self.draft, self.membership = draft, membership
        self.open_request = None

    def clean_text(self):
        """Browsers send line breaks as two characters; they are stored as one."""
        return "\n".join(self.cleaned_data["text"].splitlines())

    @property
    def typed(self):
        """What ``services.save_relationship`` takes."""
        return {name: self.cleaned_data[name] for name in RelationshipDraftForm.base_fields}


class FinishedRelationshipForm(RelationshipDraftForm):
    """The draft when it is about to leave: the link must be in it, and it must go somewhere."""

    ask_again = forms.BooleanField(label=gettext_lazy("Request again anyway"), required=False)

    def clean_text(self):
        text = super().clean_text()
        if wording.relationship_url(self.draft) not in text:
            raise ValidationError(
                _("The link is missing from the text. Without it the customer can't accept."),
                code="link",
            )
        return text

    def clean(self):
        if recipient := self.cleaned_data.get("recipient"):
            self._check_ours(recipient)
            self._check_asked(recipient)
        return self.cleaned_data

    def _check_ours(self, recipient):
        colleagues = Membership.objects.filter(organization__in=self.draft.asking)
        if colleagues.filter(user__email__iexact=recipient).exists():
            self.add_error("recipient", _("This is an address of one of the companies that ask."))

    def _check_asked(self, recipient):
        asked = RelationshipRequest.objects.visible_to(self.membership).asked_by(self.membership)
        found = asked.open().filter(recipient__iexact=recipient).exclude(pk=self.draft.pk).first()
        if found and not self.cleaned_data.get("ask_again"):
            self.open_request = found
            day = date_format(localtime(found.sent_at or found.created_at), "DATE_FORMAT")
            message = _("You asked them on %(day)s and the request is open.") % {"day": day}
            self.add_error("recipient", ValidationError(message, code="asked"))


class SendRelationshipForm(SendFormMixin, FinishedRelationshipForm):
    """*Send* from the portal."""

    limits = limits

    @property
    def companies(self):
        return self.draft.asking
