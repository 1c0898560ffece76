from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.models import region_of
from portal.countries import country_choices
from portal.forms import PlainForm
from portal.languages import language_choices
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

    def __init__(self, *args, country, **kwargs):
        """``country`` is the provider's: partners are found in its sales region only."""
        super().__init__(*args, **kwargs)
        nearby = country_choices(region_of(country))
        self.fields["location"].choices = [("", _("Any")), *nearby]

    def by_q(self, partnerships, text):
        number = Q(location__mpn_id__startswith=text.replace(" ", ""))
        words = Q()
        for word in fold(text).split():
            words &= Q(reseller_name_key__contains=word)
        return partnerships.filter(number | words)

    def by_location(self, partnerships, country):
        return partnerships.filter(location__country=country)

    def by_agreement(self, partnerships, state):
        missing = state == "missing"
        return partnerships.filter(reseller__partner__agreement_signed_at__isnull=missing)


class RequestFilter(Filter):
    q = forms.CharField(
        label=_("Reseller's email address"), required=False, max_length=100, widget=SEARCH
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

    def by_q(self, requests, text):
        return requests.filter(recipient__icontains=text)

    def by_attention(self, requests, why):
        return getattr(requests, why)()


class EndedFilter(Filter):
    q = forms.CharField(label=_("Name"), required=False, max_length=100, widget=SEARCH)

    def by_q(self, partnerships, text):
        for word in fold(text).split():
            partnerships = partnerships.filter(reseller_name_key__contains=word)
        return partnerships


class DirectoryFilter(Filter):
    q = forms.CharField(label=_("Name"), required=False, max_length=100, widget=SEARCH)
    country = forms.ChoiceField(label=_("Country/region"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Any")), *country_choices()]
        self.fields["language"].choices = [("", _("Any")), *language_choices()]

    def by_q(self, profiles, text):
        for word in fold(text).split():
            profiles = profiles.filter(name_key__contains=word)
        return profiles

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
