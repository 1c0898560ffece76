import logging
import time

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

SILENCE = 10  # seconds without asking again after Redis did not answer


class ForgivingRedisCache(RedisCache):
    """A cache that is empty, not broken, while Redis is away: no page needs it to answer."""

    _away_until = 0.0  # for all threads of the process

    def get(self, key, default=None, version=None):
        return self._or(default, super().get, key, default, version)

    def set(self, key, value, timeout=300, version=None):
        return self._or(None, super().set, key, value, timeout, version)

    def add(self, key, value, timeout=300, version=None):
        # "Added": whoever takes a lock by adding a key (allauth's rate limits) must get it.
        return self._or(True, super().add, key, value, timeout, version)

    def delete(self, key, version=None):
        return self._or(False, super().delete, key, version)

    def incr(self, key, delta=1, version=None):
        return self._or(0, super().incr, key, delta, version)

    def _or(self, instead, operation, *args):
        if time.monotonic() < ForgivingRedisCache._away_until:
            return instead
        try:
            return operation(*args)
        except RedisError as error:
            ForgivingRedisCache._away_until = time.monotonic() + SILENCE
            logger.warning("Cache unavailable: %s", error)
            return instead
