"""What the demonstration's customers ask their partners for, and what these answered."""

from datetime import timedelta

from django.utils.timezone import localdate, now

from portal.links import reverse
from portal.notices.models import Notice
from subscriptions.models import LicenseRequest, Order, OrderLine, Subscription

LONG_AGO = timedelta(days=200)
# more licenses, days ago, note, answer, reason
ASKED = [
    (15, 1, "We open a second office in Lübeck on 1 December.", "", ""),
    (5, 6, "Three trainees and two new colleagues.", "approved", ""),
    (
        90,
        20,
        "",
        "declined",
        "That is more than your limit with us. Let us talk about it: +49 40 5550 120.",
    ),
]


def ask(albrecht, others, offers, decider):
    """Let Albrecht (a Customer) have requests in every state.

    ``others`` are further customers' subscriptions, ``offers`` pairs of an offer and its prices,
    ``decider`` the member of the provider who has answered.
    """
    offers = list({offer.name: (offer, prices) for offer, prices in offers}.values())
    _buy_more(albrecht, offers[:3], decider.user)
    own = Subscription.objects.filter(customer=albrecht).order_by("pk")
    for subscription, facts in zip(own, ASKED, strict=False):
        _request(subscription, decider, *facts)
    for subscription in others:
        _request(subscription, decider, 10, 2, "", "", "")


def _buy_more(customer, offers, user):
    owned = set(Subscription.objects.filter(customer=customer).values_list("name", flat=True))
    wanted = [(offer, prices["EUR"]) for offer, prices in offers if offer.name not in owned]
    if not wanted:
        return
    order = Order.objects.create(
        customer=customer,
        status=Order.Status.COMPLETED,
        currency="EUR",
        placed_by=user,
        placed_at=now() - LONG_AGO,
        **customer.parties,
    )
    for number, (offer, price) in enumerate(wanted, start=1):
        fixed = {"name": offer.name, "quantity": 10 * number, "currency": "EUR"}
        fixed |= {"unit_price": price}
        subscription = Subscription.objects.create(
            customer=customer,
            offer=offer,
            status=Subscription.Status.ACTIVE,
            term=offer.term,
            billing=offer.billing,
            started_on=localdate() - LONG_AGO,
            ends_on=localdate() + timedelta(days=165),
            support_contact=customer.reseller if number == 1 else None,
            created_at=now() - LONG_AGO,
            changed_at=now() - LONG_AGO,
            **fixed,
            **customer.parties,
        )
        OrderLine.objects.create(
            order=order,
            offer=offer,
            status=OrderLine.Status.FULFILLED,
            subscription=subscription,
            **fixed,
            **customer.parties,
        )


def _request(subscription, decider, more, days, note, answer, reason):
    asker = subscription.customer.admin_account.user
    at = now() - timedelta(days=days)
    decided = {}
    if answer:
        decided = {
            "status": answer,
            "decided_by": decider.user,
            "decided_for": decider.organization,
            "decided_at": at + timedelta(hours=3),
            "decline_reason": reason,
        }
    applied = answer == LicenseRequest.Status.APPROVED
    before = subscription.quantity - more if applied else subscription.quantity
    asked = LicenseRequest.objects.create(
        subscription=subscription,
        before=max(before, 1),
        quantity=max(before, 1) + more,
        note=note,
        asked_by=asker,
        asked_at=at,
        expires_at=at + timedelta(days=30),
        applied_at=decided.get("decided_at") if applied else None,
        **decided,
        **subscription.parties,
    )
    _notice(asked, f"licenses_{answer}" if answer else "licenses_asked")


def _notice(asked, kind):
    """What Home says of it: to the customer the answer, to the provider the question."""
    told = asked.organization if asked.decided_for else asked.provider
    Notice.objects.create(
        organization=told,
        kind=kind,
        about=f"licenserequest:{asked.pk}",
        path=reverse("subscriptions:license_request", asked.pk, organization=told),
        facts={
            "partner": asked.decided_for.name if asked.decided_for else "",
            "customer": asked.organization.name,
            "product": asked.subscription.name,
            "before": asked.before,
            "after": asked.quantity,
        },
        at=asked.decided_at or asked.asked_at,
    )
