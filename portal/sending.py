"""Why the portal does not send a mail that somebody wants sent in their company's name."""

from portal import own_addresses
from portal.lifecycle import InvalidTransition


class NotSent(InvalidTransition):
    """The portal won't send this mail; ``reason`` says why, for the person who asked."""

    reason = ""

    def __init__(self, reason):
        Exception.__init__(self, reason)
        self.reason = reason


class Unsendable(NotSent):
    """People may send it by themselves, the portal does not."""


def check_addresses(letter, *companies):
    """Make sure that ``letter`` leads nowhere but to the portal and to ``companies``.

    It is a pair of subject and text. Raises Unsendable.
    """
    if reason := own_addresses.refusal("\n".join(letter), *companies):
        raise Unsendable(reason)
