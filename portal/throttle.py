"""How often something may be read: what a sign-in package limits for POST alone."""

import time

from django.core.cache import cache


def is_too_often(key, *, most, seconds):
    """Count one more use of ``key``; whether there were more than ``most`` in this window.

    Windows of so many ``seconds`` begin on the clock, not with the first use. While the cache is
    away nothing is too often.
    """
    window = f"throttle:{key}:{int(time.time()) // seconds}"
    cache.add(window, 0, seconds)
    try:
        return cache.incr(window) > most
    except ValueError:  # it has just run out
        return False
