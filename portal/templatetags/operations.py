"""What waits for operators, on the front page of Django admin."""

from django import template
from django.urls import reverse

from portal import lists
from portal.operators import QUEUES
from portal.outbox.models import Heartbeat

register = template.Library()


@register.simple_tag(takes_context=True)
def queues(context):
    """The queues the operator may see: words, number (counted so far), address, what to do."""
    user = context["request"].user
    return [_counted(queue) for queue in QUEUES if user.has_perm(queue.permission)]


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
