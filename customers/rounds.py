"""The regular round through the requests to customers: what has run out says so."""

from celery import shared_task

from customers import services
from customers.models import RelationshipRequest
from portal.rounds import go_through


@shared_task
def look_after_relationships():
    """Expire what nobody answered in time; nobody is reminded by this round."""
    steps = [(RelationshipRequest.objects.run_out(), services.expire_relationship)]
    go_through(steps, owner="asked_by")
