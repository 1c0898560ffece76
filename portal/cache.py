import logging

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """A cache that is empty, not broken, while Redis is away: no page needs it to answer."""

    def get(self, key, default=None, version=None):
        return self._or(default, super().get, key, default, version)

    def set(self, key, value, timeout=300, version=None):
        return self._or(None, super().set, key, value, timeout, version)

    def add(self, key, value, timeout=300, version=None):
        return self._or(False, super().add, key, value, timeout, version)

    def incr(self, key, delta=1, version=None):
        return self._or(delta, super().incr, key, delta, version)

    def delete(self, key, version=None):
        return self._or(False, super().delete, key, version)

    def _or(self, instead, operation, *args):
        try:
            return operation(*args)
        except RedisError as error:
            logger.warning("Cache unavailable: %s", error)
            return instead
