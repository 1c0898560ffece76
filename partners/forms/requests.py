from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import limits, wording
from partners.models import Partnership, PartnershipRequest
from portal.accounts.models import Membership
from portal.forms import PlainForm, SeenForm, no_links
from portal.free_mail import is_free_mail
from portal.references import WrongReference, decode
from portal.sending import SendFormMixin


class StartForm(PlainForm):
    """The button *Request a partnership*; ``submission`` names this one press of it.

    ``reseller`` is the reference of somebody who was a partner once and is to be asked again.
    """

    submission = forms.UUIDField(required=False, widget=forms.HiddenInput)
    reseller = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args, membership=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.membership = membership

    def clean_reseller(self):
        """The latest partnership with them, or None."""
        reference = self.cleaned_data["reseller"]
        if not reference:
            return None
        try:
            found = self._partnerships().filter(reseller=decode("R", reference)).first()
        except WrongReference:
            found = None
        if found is None:
            raise ValidationError(_("You have never had a partnership with this reseller."))
        return found

    @property
    def recipient(self):
        """Where a former partner is reached: the company's contact, or who was asked before."""
        former = self.cleaned_data.get("reseller")
        if not former:
            return ""
        asked = former.request.recipient if former.request else ""
        profile = getattr(former.reseller, "partner", None)
        return (profile and profile.email) or asked

    def _partnerships(self):
        joined = Partnership.objects.visible_to(self.membership).with_partners()
        return joined.select_related("request").order_by("-started_at", "-pk")


class DraftForm(PlainForm):
    """The draft as it is typed, however unfinished."""

    recipient = forms.EmailField(
        label=gettext_lazy("Reseller's email address"),
        required=False,
        max_length=254,
        help_text=gettext_lazy(
            "Needed for sending from here and for reminders. They must be an indirect reseller."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the draft"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("Personal note"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("A few words of your own, without links. The text carries them."),
        validators=[no_links],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    # The note that the text below carries: what is typed above may be newer.
    carried = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=200)
    text = forms.CharField(
        label=gettext_lazy("Email text"), max_length=5000, widget=forms.Textarea(attrs={"rows": 20})
    )

    def __init__(self, data=None, *, draft, membership):
        names = ("recipient", "language", "note", "subject")
        initial = {name: getattr(draft, name) for name in names}
        initial |= {"carried": draft.note, "text": wording.with_link(draft)}
        super().__init__(data, initial=initial)
        self.draft, self.membership = draft, membership
        self.partner = self.open_request = None

    def clean_text(self):
        """Browsers send line breaks as two characters; they are stored as one."""
        return "\n".join(self.cleaned_data["text"].splitlines())

    def clean_note(self):
        """A note is one paragraph of running text."""
        return " ".join(self.cleaned_data["note"].split())

    @property
    def typed(self):
        """What ``services.save_draft`` takes."""
        return {name: self.cleaned_data[name] for name in DraftForm.base_fields}


class FinishedDraftForm(DraftForm):
    """The draft when it is about to leave: the link must be in it, and it must go somewhere."""

    ask_again = forms.BooleanField(label=gettext_lazy("Request again anyway"), required=False)

    def clean_text(self):
        text = super().clean_text()
        if wording.invitation_url(self.draft) not in text:
            raise ValidationError(
                _("The link is missing from the text. Without it the reseller can't accept."),
                code="link",
            )
        return text

    def clean(self):
        recipient = self.cleaned_data.get("recipient")
        if recipient:
            for check in (self._not_ours, self._no_partner_yet, self._not_asked_yet):
                check(recipient)
        return self.cleaned_data

    def _not_ours(self, recipient):
        mine = self.membership.user.email
        domain = mine.rpartition("@")[2].lower()
        colleagues = Membership.objects.filter(organization=self.membership.organization_id)
        ours = colleagues.filter(user__email__iexact=recipient).exists()
        if domain and not is_free_mail(mine):
            ours = ours or recipient.lower().endswith(f"@{domain}")
        if ours:
            self.add_error("recipient", _("This is an address of your own company."))

    def _no_partner_yet(self, recipient):
        partners = Partnership.objects.visible_to(self.membership).active()
        own = partners.filter(reseller__memberships__user__email__iexact=recipient)
        found = own.first() or partners.filter(reseller__partner__email__iexact=recipient).first()
        if found:
            self.partner = found
            message = _("%(name)s is already in your list.") % {"name": found.reseller}
            self.add_error("recipient", ValidationError(message, code="partner"))

    def _not_asked_yet(self, recipient):
        requests = PartnershipRequest.objects.visible_to(self.membership).open()
        found = requests.filter(recipient__iexact=recipient).exclude(pk=self.draft.pk).first()
        if found and not self.cleaned_data.get("ask_again"):
            self.open_request = found
            day = date_format(localtime(found.sent_at or found.created_at), "DATE_FORMAT")
            message = _("You asked them on %(day)s and the request is open.") % {"day": day}
            self.add_error("recipient", ValidationError(message, code="asked"))


class SendForm(SendFormMixin, FinishedDraftForm):
    """*Send* from the portal."""

    limits = limits

    @property
    def companies(self):
        return [self.membership.organization]


class ResendForm(SeenForm):
    """*Send again*; ``seen`` is the sending that the page knew, so that two presses do it once."""


class ExtendForm(ResendForm):
    """*Extend*: with a mail unless somebody unticks it."""

    by_mail = forms.BooleanField(
        label=gettext_lazy("When extending, send them the new link"), required=False
    )
