"""The background work of orders, one task per line, and of changes to many subscriptions."""

from celery import shared_task
from django.utils.translation import gettext as _

from portal.outbox.services import enqueue
from subscriptions import provisioning


@shared_task
def provision_line(line_id):
    return provisioning.provision_line(line_id, promise=promise_lines)


def promise_lines(order, lines):
    """Promise to set up ``lines`` of ``order``; promising the same attempt twice does it once."""
    for line in lines:
        names = {"offer": line.name, "customer": order.customer.company_name}
        enqueue(
            provision_line,
            organization=order.provider,
            key=line.promise_key,
            subject=_("%(offer)s for %(customer)s") % names,
            line_id=line.pk,
        )


@shared_task
def change_subscriptions(batch_id, first, last, sender_id):
    """Some lines of a batch: exactly once, because the effect is in the database alone."""
    from subscriptions import services  # which itself names the tasks

    services.change_chunk(batch_id, first=first, last=last, sender_id=sender_id)
