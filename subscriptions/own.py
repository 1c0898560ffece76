"""A customer's own subscriptions, in the customer's words."""

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organization
from portal.exports import chosen_dialect, csv_response, file_name
from portal.lists import in_order
from portal.references import encode
from subscriptions.filters import SubscriptionFilter
from subscriptions.helping import helpers_of
from subscriptions.models import Subscription, Term
from subscriptions.tables import OwnSubscriptionTable

Status = Subscription.Status


class OwnSubscriptionFilter(SubscriptionFilter):
    """Which of its own subscriptions a customer wants to see; several providers sell to it."""

    provider = forms.ChoiceField(label=_("Indirect provider"), required=False)
    field_order = ("q", "provider", "status", "renewal")

    def __init__(self, data, *, membership):
        super().__init__(data, membership=membership)
        sold = Subscription.objects.visible_to(membership).order_by().values("provider")
        providers = Organization.objects.filter(pk__in=sold).order_by("name", "pk")
        self.fields["provider"].choices = [
            ("", _("All providers")),
            *((encode("R", provider.pk), provider.name) for provider in providers),
        ]


def what_next(subscription):
    """What will happen to the subscription, and when, as its customer reads it; "" for nothing."""
    if words := WORDS.get(subscription.status):
        return str(words)
    if subscription.status == Status.SUSPENDED:
        return _while_suspended(subscription)
    if not subscription.ends_on:
        return ""
    day = {"day": date_format(subscription.ends_on, "DATE_FORMAT")}
    if not subscription.auto_renew:
        return _now("It ends on %(day)s and does not renew.") % day
    term = {"term": Term(subscription.term).label}
    return _now("It renews on %(day)s (term: %(term)s).") % (day | term)


WORDS = {
    Status.PENDING: _("It is being set up, or waits for the customer agreement."),
    Status.EXPIRED: _("Its term is over."),
    Status.CANCELLED: _("It was taken back and can't be used."),
    Status.DELETED: _("It is gone, and its data with it."),
}


def _while_suspended(subscription):
    words = _now("Users can't sign in.")
    if day := subscription.deleted_on:
        told = _now("The data is deleted on %(day)s unless your partner resumes it.")
        words = f"{words} {told % {'day': date_format(day, 'DATE_FORMAT')}}"
    return words


class OwnExport:
    """The customer's list as a file: what matches the filters of the query ``data``."""

    def __init__(self, membership, data):
        self.data, self.slug = data, membership.organization.slug
        filters = OwnSubscriptionFilter(data, membership=membership)
        found = filters.apply(Subscription.objects.visible_to(membership))
        found = found.select_related("provider", "support_contact")
        self.subscriptions = in_order(found, OwnSubscriptionTable, data.get("sort", ""))

    def response(self):
        """The file."""
        found = list(self.subscriptions)
        profiles = {helper.company.pk: helper.profile for helper in helpers_of(found)}
        return csv_response(
            (_cells(subscription, profiles) for subscription in found),
            header=_header(),
            dialect=chosen_dialect(self.data.get("format", "")),
            name=file_name(self.slug, "subscriptions"),
        )


def _header():
    return [
        _now("Subscription"),
        _now("Subscription ID"),
        _now("Indirect provider"),
        _now("Status"),
        _now("Licenses"),
        _now("Term"),
        _now("Started on"),
        _now("Renews on"),
        _now("Ends on"),
        _now("Designated support contact"),
        _now("Phone number"),
        _now("Email address"),
    ]


def _cells(subscription, profiles):
    contact = subscription.support_contact or subscription.provider
    profile = profiles.get(contact.pk)
    ends = subscription.ends_on.isoformat() if subscription.ends_on else ""
    return [
        subscription.name,
        subscription.reference,
        subscription.provider.name,
        subscription.get_status_display(),
        subscription.quantity,
        subscription.get_term_display(),
        subscription.started_on.isoformat() if subscription.started_on else "",
        ends if subscription.auto_renew else "",
        "" if subscription.auto_renew else ends,
        contact.name,
        profile.phone if profile else "",
        profile.email if profile else "",
    ]
