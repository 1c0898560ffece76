"""Orders of the demonstration that did not go smoothly, and one a reseller asks for."""

from datetime import timedelta

from django.utils.timezone import localdate, now

from portal.audit.services import record
from portal.links import reverse
from portal.notices.models import Notice
from portal.outbox.models import OutboxMessage
from portal.outbox.services import enqueue
from subscriptions.marketplace import NO_ANSWER, term_end
from subscriptions.models import Order, OrderLine, OrderRequest, Subscription
from subscriptions.tasks import provision_line

TRIES = 3
NOTE = "They would like to start on Monday. Please call me if the trial is the better way."


def trouble(customers, offers, seller, asker):
    """One partly failed order, one that is stuck, and a request to order.

    ``customers`` are three that ``asker`` (a reseller's member) looks after, ``offers`` pairs of an
    offer and its prices, ``seller`` is the provider's member who orders.
    """
    paid = [(offer, prices["EUR"]) for offer, prices in offers if not offer.is_trial]
    failed, stuck, asking = customers
    _failed(failed, paid[3:5], seller)
    _stuck(stuck, paid[5], seller)
    _asked(asking, paid[1:3], asker)


def _failed(customer, wanted, seller):
    """Of two lines the market did not answer for one: *Try again* sets it up."""
    order = _order(customer, seller, Order.Status.FAILED, timedelta())
    good, bad = (_line(order, *each) for each in wanted)
    began = localdate(order.placed_at)
    Subscription.objects.filter(pk=good.subscription_id).update(
        status="active", started_on=began, ends_on=term_end(began, good.offer.term)
    )
    good.status = OrderLine.Status.FULFILLED
    good.save()
    bad.status, bad.error = OrderLine.Status.FAILED, NO_ANSWER
    moments = [order.placed_at + timedelta(seconds=5**number) for number in range(TRIES)]
    bad.tries = [[at.isoformat(), NO_ANSWER] for at in moments]
    bad.save()
    record("orderline.fulfilled", actor=None, target=good)
    record("orderline.failed", actor=None, target=bad, reason=NO_ANSWER)
    record("order.failed", actor=None, target=order)


def _stuck(customer, wanted, seller):
    """A worker took it up and was never heard of again; its lease ends tomorrow."""
    order = _order(customer, seller, Order.Status.PLACED, timedelta(hours=5))
    line = _line(order, *wanted)
    subject = f"{line.name}, {customer.company_name}"
    key, facts = line.promise_key, {"subject": subject, "line_id": line.pk}
    enqueue(provision_line, organization=customer.provider, key=key, **facts)
    promise = OutboxMessage.objects.get(key=key)
    promise.claim()
    promise.lease_until = now() + timedelta(days=1)
    promise.save(update_fields=["lease_until"])


def _asked(customer, wanted, asker):
    lines = {str(offer.pk): {"quantity": 10, "base": ""} for offer, _price in wanted}
    asked = OrderRequest.objects.create(
        customer=customer,
        asked_for=asker.organization,
        lines=lines,
        note=NOTE,
        asked_by=asker.user,
        **customer.parties,
    )
    record("orderrequest.asked", actor=asker, target=asked, lines=len(lines))
    Notice.objects.create(
        organization=asked.provider,
        kind="order_asked",
        about=f"orderrequest:{asked.pk}",
        path=reverse("subscriptions:order_request", asked.pk, organization=asked.provider),
        facts={"customer": customer.company_name, "reseller": asked.asked_for.name},
    )


def _order(customer, seller, status, ago):
    order = Order.objects.create(
        customer=customer,
        status=status,
        currency="EUR",
        placed_by=seller.user,
        placed_at=now() - ago,
        moved_at=now() - ago,
        **customer.parties,
    )
    record("order.placed", actor=seller, target=order)
    return order


def _line(order, offer, price):
    fixed = {"name": offer.name, "quantity": 5, "currency": "EUR", "unit_price": price}
    terms = {"term": offer.term, "billing": offer.billing, "created_at": order.placed_at}
    subscription = Subscription.objects.create(
        customer=order.customer, offer=offer, **fixed, **terms, **order.parties
    )
    return OrderLine.objects.create(
        order=order, offer=offer, subscription=subscription, **fixed, **order.parties
    )
