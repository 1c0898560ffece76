"""The regular round through the license requests: what has run out, what a renewal brings."""

from celery import shared_task
from django.utils.timezone import localdate

from portal.rounds import go_through
from subscriptions import services
from subscriptions.models import LicenseRequest


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
