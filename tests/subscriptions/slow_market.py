"""Imported by a worker of its own: it stops where SLOW_AT says while it is at SLOW_LINE."""

import os
import time

from subscriptions import marketplace, provisioning

FOREVER = 60  # seconds; the worker is killed long before
activate, finish = marketplace.activate, provisioning.transition


def slow_activate(line):
    """The market takes its time: nothing is written yet."""
    _stop("market", line)
    return activate(line)


def slow_transition(obj, to, **more):
    """Everything about the line is written, and nothing committed."""
    moved = finish(obj, to, **more)
    if to == "fulfilled":
        _stop("written", obj)
    return moved


def _stop(place, line):
    if place == os.environ["SLOW_AT"] and line.name == os.environ["SLOW_LINE"]:
        time.sleep(FOREVER)


marketplace.activate, provisioning.transition = slow_activate, slow_transition
