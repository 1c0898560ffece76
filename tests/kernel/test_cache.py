import pytest

from portal.cache import ForgivingRedisCache


@pytest.fixture
def away(tmp_path, monkeypatch):
    monkeypatch.setattr(ForgivingRedisCache, "_away_until", 0.0)
    return ForgivingRedisCache(f"unix://{tmp_path}/nothing.sock", {})


def test_without_redis_the_cache_is_empty(away):
    away.set("key", "value")

    assert away.get("key", "nothing") == "nothing"
    assert away.add("key", "value")
    assert away.delete("key") is False


def test_redis_that_did_not_answer_is_left_alone_for_a_while(away, monkeypatch):
    away.get("key")
    asked = []
    monkeypatch.setattr(away._cache, "get", lambda *args: asked.append(args))

    away.get("key")

    assert asked == []


def test_signing_in_works_without_redis(client, db, away, settings, monkeypatch):
    from django.core.cache import caches

    from tests.factories import make_membership

    monkeypatch.setattr(caches["default"], "_servers", away._servers)
    person = make_membership().user
    response = client.post("/accounts/login/", {"login": person.username, "password": "demo"})

    assert response.status_code == 302
