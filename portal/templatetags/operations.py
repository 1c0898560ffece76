"""What waits for operators, on the front page of Django admin."""

from datetime import timedelta

from django import template
from django.urls import reverse
from django.utils.timezone import now

from portal import lists
from portal.audit.models import Verification
from portal.operators import QUEUES
from portal.outbox.models import Heartbeat

VERIFIED_EVERY = timedelta(hours=26)  # once a night, and it takes a while

register = template.Library()


@register.simple_tag(takes_context=True)
def queues(context):
    """The queues the operator may see: words, number (counted so far), address, what to do."""
    user = context["request"].user
    return [_counted(queue) for queue in QUEUES if user.has_perm(queue.permission)]


@register.simple_tag
def last_verification():
    """The last verification of the activity logs, with how long ago it was, or None."""
    found = Verification.objects.first()
    return found and {"at": found.began_at, "is_late": now() - found.began_at > VERIFIED_EVERY}


@register.simple_tag
def worker_silence():
    """Whole seconds since a worker was heard of, or None when there never was one."""
    age = Heartbeat.age()
    return None if age is None else round(age)


def _counted(queue):
    number = lists.capped_count(queue.rows())
    return {
        "words": queue.words,
        "number": number,
        "is_capped": number == lists.COUNT_LIMIT,
        "url": f"{reverse(queue.list)}?{queue.query}",
        "todo": queue.todo if number else "",
    }
