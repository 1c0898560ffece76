"""For whoever watches the portal: is the process up, and is everything it needs?"""

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.outbox.models import Heartbeat

WORKER_SILENCE = 30  # seconds without a round of the worker until it counts as away


@require_safe
@never_cache
@login_not_required
def healthz(request):
    """200 as long as this process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
@login_not_required
def readyz(request):
    """200 when database, Redis and worker are there; 503 naming what is not."""
    parts = {name: check() for name, check in CHECKS.items()}
    ready = all(state == "ok" for state in parts.values())
    body = {"status": "ok" if ready else "unavailable", **parts}
    return JsonResponse(body, status=200 if ready else 503)


def _database():
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except DatabaseError:
        return "away"
    return "ok"


def _redis():
    try:
        client = redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=1
        )
        with client:
            client.ping()
    except redis.RedisError:
        return "away"
    return "ok"


def _worker():
    try:
        age = Heartbeat.age()
    except DatabaseError:
        return "unknown"
    if age is None:
        return "never seen"
    return "ok" if age < WORKER_SILENCE else f"silent for {age:.0f} seconds"


CHECKS = {"database": _database, "redis": _redis, "worker": _worker}
