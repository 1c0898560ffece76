"""What the person at the terminal gets to read."""

import sys


class Refusal(Exception):
    """Stops the command; its text is the one sentence that is printed."""


def say(text=""):
    """Print to the terminal. One that has gone away must not keep us from ending in order."""
    try:
        print(text, flush=True)
    except OSError:
        sys.stdout = None  # print() to nowhere is silent


def complain(text):
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:
        sys.stderr = None
