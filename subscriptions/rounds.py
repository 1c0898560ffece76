"""The regular rounds: license requests that ran out or are due, and orders that are stuck."""

from functools import partial

from celery import shared_task
from django.utils.timezone import localdate

from portal.rounds import go_through
from subscriptions import services
from subscriptions.models import LicenseRequest, Order, OrderRequest


@shared_task
def look_after_license_requests():
    """Let expire what nobody answered, and make the changes that were approved for today."""
    late = LicenseRequest.objects.run_out().order_by("expires_at")
    due = LicenseRequest.objects.promised().filter(due_on__lte=localdate())
    # Those whose subscription does not run may wait for long: they must not be in the way.
    steps = [
        (late, services.expire_request),
        (due.order_by("-due_on"), services.apply_promised),
    ]
    go_through(steps, owner="provider")


@shared_task
def look_after_orders():
    """Let requests to order run out, and have stuck orders go on (``ORDER_STUCK_AFTER``)."""
    late = OrderRequest.objects.run_out().order_by("expires_at")
    stuck = Order.objects.stuck().order_by("moved_at")
    revive = partial(services.revive_order, actor=None)
    go_through([(late, services.expire_order_request), (stuck, revive)], owner="provider")
