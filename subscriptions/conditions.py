"""Which subscriptions a filter means: one condition for each of its words, for lists and counts."""

from datetime import UTC, timedelta

from django.conf import settings
from django.db.models import BooleanField, Exists, Func, JSONField, OuterRef, Q, Value
from django.utils.timezone import localdate, now

from partners.models import Partnership
from portal.references import decode, decode_or_none
from portal.text import fold
from subscriptions.models import Subscription
from subscriptions.resellers import NO_RESELLER

NOT_OVER = "running"
PROVIDER, RESELLER = "provider", "reseller"
SOON = timedelta(days=30)
CLOSING = timedelta(days=3)  # so long before a cancellation window closes it is work to do
RUNNING = (Subscription.Status.PENDING, Subscription.Status.ACTIVE, Subscription.Status.SUSPENDED)


def narrow(subscriptions, chosen, membership):
    """Those of ``subscriptions`` that ``chosen`` means: values of SubscriptionFilter by name.

    Empty values and unknown names mean nothing.
    """
    for name, value in chosen.items():
        if value and name in CONDITIONS:
            subscriptions = subscriptions.filter(CONDITIONS[name](value, membership))
    return subscriptions


def of_customer(text, customer="customer"):
    """Rows of customers whose name or domain holds every word; ``customer`` leads to them."""
    found = Q()
    for word in fold(text).split():
        named = Q(**{f"{customer}__name_key__contains": word})
        found &= named | Q(**{f"{customer}__domain__contains": word})
    return found


def _named(text, _membership):
    named = Q(name__icontains=text) | Q(nickname__icontains=text)
    return of_customer(text) | named | Q(pk=decode_or_none("S", text))


def _in_state(status, _membership):
    return Q(status__in=RUNNING if status == NOT_OVER else [status])


def _of_provider(provider, _membership):
    return Q(provider=decode("R", provider))


def _served_by(reseller, _membership):
    return Q(reseller=None if reseller == NO_RESELLER else decode("R", reseller))


def _of_record(reference, _membership):
    """Subscriptions that name this reseller; of those that name none, the ones still running."""
    if reference != NO_RESELLER:
        return Q(reseller_of_record__organization=decode("R", reference))
    return Q(reseller_of_record__isnull=True, status__in=RUNNING)


def _supported_by(who, _membership):
    """Subscriptions with the provider itself, any reseller, or this one as support contact."""
    if who in (PROVIDER, RESELLER):
        return Q(support_contact__isnull=who == PROVIDER)
    return Q(support_contact=decode("R", who))


def _renewing(_soon, _membership):
    return Q(ends_on__range=(localdate(), localdate() + SOON), status__in=RUNNING)


def _naming_former_partners(_ended, membership):
    """Running ones whose reseller of record or support contact is no partner any more."""
    active = Partnership.objects.visible_to(membership).active()
    gone = Q()
    for column in ("reseller_of_record__organization", "support_contact"):
        partner = active.filter(reseller=OuterRef(column))
        gone |= Q(**{f"{column}__isnull": False}) & ~Exists(partner)
    return gone & Q(status__in=RUNNING)


def _closing(_closing, _membership):
    """Active ones where the window of the purchase or of an increase closes within three days.

    ``increases`` are ISO moments in UTC, which are in order as texts.
    """
    opened = localdate() - settings.CANCELLATION_WINDOW
    bought = Q(started_on__gt=opened, started_on__lte=opened + CLOSING)
    since = now().astimezone(UTC) - settings.CANCELLATION_WINDOW
    moments = {"since": since.isoformat(), "until": (since + CLOSING).isoformat()}
    raised = Func(
        "increases",
        Value("$[*][0] ? (@ > $since && @ <= $until)"),
        Value(moments, JSONField()),
        function="jsonb_path_exists",
        output_field=BooleanField(),
    )
    return Q(status=Subscription.Status.ACTIVE) & (bought | Q(raised))


def _of_customers_added_by(_me, membership):
    return Q(customer__created_by=membership.user_id)


CONDITIONS = {
    "q": _named,
    "status": _in_state,
    "served_by": _served_by,
    "provider": _of_provider,
    "reseller": _of_record,
    "support": _supported_by,
    "renewal": _renewing,
    "partnership": _naming_former_partners,
    "window": _closing,
    "by": _of_customers_added_by,
}
