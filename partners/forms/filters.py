from django import forms
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from partners.figures import have_customers
from partners.models import MpnAccount, PartnerProfile, PartnershipRequest, region_of
from portal.countries import country_choices
from portal.forms import PlainForm
from portal.languages import language_choices
from portal.references import decode_or_none
from portal.text import fold

SEARCH = forms.TextInput(attrs={"type": "search"})


class Filter(PlainForm):
    """A filter form: what can't be understood does not filter."""

    def apply(self, rows):
        self.is_valid()
        for name, value in self.cleaned_data.items():
            if value:
                rows = getattr(self, f"by_{name}")(rows, value)
        return rows


class ResellerFilter(Filter):
    q = forms.CharField(label=_("Name or MPN ID"), required=False, max_length=100, widget=SEARCH)
    location = forms.ChoiceField(label=_("Location"), required=False)
    agreement = forms.ChoiceField(
        label=_("Partner agreement"),
        required=False,
        choices=[("", _("Any")), ("signed", _("Signed")), ("missing", _("Missing"))],
    )
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[
            ("", _("Any")),
            ("ready", _("Ready for business")),
            ("missing", _("Agreement missing")),
        ],
    )
    customers = forms.ChoiceField(
        label=_("Customers"),
        required=False,
        choices=[("", _("Any")), ("some", _("With customers")), ("none", _("Without customers"))],
    )

    def __init__(self, *args, country, **kwargs):
        """``country`` is the provider's: partners are found in its sales region only."""
        super().__init__(*args, **kwargs)
        self.nearby = country_choices(region_of(country))
        self.fields["location"].choices = [("", _("Any")), *self.nearby]

    def by_q(self, partnerships, text):
        return partnerships.filter(_named_or_numbered(text))

    def by_location(self, partnerships, country):
        return partnerships.filter(location__country=country)

    def by_agreement(self, partnerships, state):
        missing = state == "missing"
        return partnerships.filter(reseller__partner__agreement_signed_at__isnull=missing)

    def by_status(self, partnerships, state):
        """Ready: nothing stands in the way of an order."""
        if state == "missing":
            return self.by_agreement(partnerships, state)
        return self.by_agreement(partnerships, "signed").filter(
            location__type=MpnAccount.Type.LOCATION,
            location__country__in=[code for code, _name in self.nearby],
        )

    def by_customers(self, partnerships, state):
        some = have_customers("provider", "reseller")
        return partnerships.filter(some if state == "some" else ~some)


class RequestFilter(Filter):
    """Requests; without a status the ones that wait for somebody, run out ones among them."""

    States = PartnershipRequest.Status
    q = forms.CharField(
        label=_("Email address, name or request"), required=False, max_length=100, widget=SEARCH
    )
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("Waiting")), *States.choices, ("all", _("All"))],
    )
    attention = forms.ChoiceField(
        label=_("Needs attention"),
        required=False,
        choices=[
            ("", _("Any")),
            ("expiring", _("Expires within 7 days")),
            ("undelivered", _("Email not delivered")),
        ],
    )
    by = forms.ChoiceField(
        label=_("Requested by"), required=False, choices=[("", _("Anybody")), ("me", _("Me"))]
    )

    def __init__(self, *args, membership, **kwargs):
        super().__init__(*args, **kwargs)
        self.membership = membership

    def apply(self, requests):
        requests = super().apply(requests)
        return requests if self.cleaned_data.get("status") else requests.pending()

    def by_q(self, requests, text):
        found = Q(recipient__icontains=text) | Q(pk=decode_or_none("P", text))
        return requests.filter(found | Q(reseller__name__icontains=text))

    def by_status(self, requests, state):
        """By the state people read: what has run out is expired, whatever the row still says."""
        run_out = Q(status__in=[self.States.DRAFT, self.States.SENT], expires_at__lte=now())
        if state == "all":
            return requests
        if state == self.States.EXPIRED:
            return requests.filter(Q(status=state) | run_out)
        return requests.filter(status=state).exclude(run_out)

    def by_by(self, requests, _me):
        return requests.filter(created_by=self.membership.user_id)

    def by_attention(self, requests, why):
        return getattr(requests, why)()


class EndedFilter(Filter):
    q = forms.CharField(label=_("Name or MPN ID"), required=False, max_length=100, widget=SEARCH)

    def by_q(self, partnerships, text):
        return partnerships.filter(_named_or_numbered(text))


class DirectoryFilter(Filter):
    q = forms.CharField(label=_("Name"), required=False, max_length=100, widget=SEARCH)
    country = forms.ChoiceField(label=_("Country/region"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Any")), *self._countries()]
        self.fields["language"].choices = [("", _("Any")), *language_choices()]

    def by_q(self, profiles, text):
        for word in fold(text).split():
            profiles = profiles.filter(name_key__contains=word)
        return profiles

    def _countries(self):
        """Those of listed providers, and the one the address names, if nobody is left there."""
        listed = PartnerProfile.objects.listed_providers().order_by()
        codes = set(listed.values_list("organization__country", flat=True).distinct())
        codes.add(self.data.get("country"))
        return [choice for choice in country_choices() if choice[0] in codes]

    def by_country(self, profiles, country):
        return profiles.filter(organization__country=country)

    def by_language(self, profiles, language):
        return profiles.filter(languages__contains=[language])


class ProviderFilter(Filter):
    q = forms.CharField(label=_("Name"), required=False, max_length=100, widget=SEARCH)

    def by_q(self, partnerships, text):
        for word in fold(text).split():
            partnerships = partnerships.filter(provider__partner__name_key__contains=word)
        return partnerships


def _named_or_numbered(text):
    """Partnerships whose reseller's name holds every word, or whose MPN ID begins so."""
    words = Q()
    for word in fold(text).split():
        words &= Q(reseller_name_key__contains=word)
    return words | Q(location__mpn_id__startswith=text.replace(" ", ""))
