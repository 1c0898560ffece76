"""What answering a request has in common, whoever asks for what."""

from django.utils.translation import gettext as _

from portal.lifecycle import InvalidTransition


class RequestRefused(Exception):
    """The request can't be made or approved; ``reason`` says why, for people."""

    def __init__(self, reason):
        self.reason = reason
        super().__init__(reason)


class TooLate(InvalidTransition):
    """The time for an answer is over."""

    @property
    def reason(self):
        return _("Nobody answered this request in time: it has expired.")


def refuse_late(request, status):
    """Look at the clock while nobody else can touch the row, whatever any regular round did.

    Returns the locked row; raises TooLate.
    """
    locked = type(request)._base_manager.select_for_update().get(pk=request.pk)
    if locked.status == "open" and locked.has_expired:
        raise TooLate(locked, status)
    return locked
