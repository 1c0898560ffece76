"""Renewals, ends and deletions of subscriptions as an iCalendar (RFC 5545).

An event keeps its UID for as long as its subscription lives: when a term is renewed or turned off,
calendars move or reword it instead of adding another.
"""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from portal.links import public_url, reverse
from subscriptions.models import Subscription

MOST = 1000  # events of each kind: the nearest
PAST = timedelta(days=30)  # so long they stay
REFRESH = timedelta(hours=12)
ONE_DAY = timedelta(days=1)
Status = Subscription.Status


def renewals_calendar(membership):
    """What the subscriptions that ``membership`` sees do next, as the bytes of a calendar.

    Call it in the membership's scope and language.
    """
    organization = membership.organization
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Renewals: %(name)s") % {"name": organization.name})
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT12H")
    for subscription in _ending(membership):
        calendar.add_component(_event(subscription, organization, "term", subscription.ends_on))
    for subscription in _deleted(membership):
        day = subscription.deleted_on
        calendar.add_component(_event(subscription, organization, "deletion", day))
    return calendar.to_ical()


def _running(membership):
    found = Subscription.objects.visible_to(membership).with_partners()
    return found.filter(status__in=[Status.ACTIVE, Status.SUSPENDED])


def _ending(membership):
    lasting = _running(membership).filter(ends_on__gte=localdate() - PAST)
    return lasting.order_by("ends_on", "pk")[:MOST]


def _deleted(membership):
    since = now() - settings.DELETION_AFTER_SUSPENSION - PAST
    suspended = Q(status=Status.SUSPENDED, suspended_at__gte=since)
    return _running(membership).filter(suspended).order_by("suspended_at", "pk")[:MOST]


def _event(subscription, organization, kind, day):
    event = Event()
    host = urlsplit(settings.PUBLIC_URL).hostname
    event.add("uid", f"{subscription.reference}-{kind}@{host}")
    event.add("dtstamp", subscription.changed_at)
    event.add("sequence", subscription.version)
    event.add("dtstart", day)
    event.add("dtend", day + ONE_DAY)
    event.add("transp", "TRANSPARENT")  # nobody is busy all day because of it
    event.add("summary", _summary(subscription, kind))
    event.add("description", _description(subscription))
    page = reverse("subscriptions:subscription_detail", subscription.pk, organization=organization)
    event.add("url", public_url(page))
    return event


def _summary(subscription, kind):
    words = _("Renews: %(subscription)s, %(customer)s")
    if kind == "deletion":
        words = _("Deleted unless resumed: %(subscription)s, %(customer)s")
    elif not subscription.auto_renew:
        words = _("Ends: %(subscription)s, %(customer)s")
    name = subscription.nickname or subscription.name
    return words % {"subscription": name, "customer": subscription.customer.company_name}


def _description(subscription):
    location = subscription.reseller_of_record
    reseller = f"{location.organization.name} · {location.mpn_id}" if location else ""
    lines = {
        _("Subscription ID"): subscription.reference,
        _("Licenses"): subscription.quantity,
        _("Reseller (MPN ID)"): reseller or _("No indirect reseller"),
    }
    return "\n".join(f"{label}: {value}" for label, value in lines.items())
