from datetime import timedelta

import pytest
from django.db.utils import OperationalError
from django.utils.timezone import now

from portal import health
from portal.outbox.models import Heartbeat

pytestmark = pytest.mark.django_db


def test_the_process_is_up(client):
    assert client.get("/healthz").status_code == 200


def test_ready_needs_a_worker_that_was_seen_lately(client):
    response = client.get("/readyz")
    assert (response.status_code, response.json()["worker"]) == (503, "never seen")

    Heartbeat.strike()
    assert client.get("/readyz").json() == {
        "status": "ok",
        "database": "ok",
        "redis": "ok",
        "worker": "ok",
    }

    Heartbeat.objects.update(at=now() - timedelta(minutes=2))
    assert client.get("/readyz").json()["worker"].startswith("silent for 12")


def test_redis_away_is_named(client, settings, tmp_path):
    settings.REDIS_URL = f"unix://{tmp_path}/nothing.sock"

    response = client.get("/readyz")

    assert (response.status_code, response.json()["redis"]) == (503, "away")


def test_database_away_is_named(client, monkeypatch):
    class Away:
        def cursor(self):
            raise OperationalError("gone")

    monkeypatch.setattr(health, "connection", Away())

    response = client.get("/readyz")

    assert (response.status_code, response.json()["database"]) == (503, "away")
