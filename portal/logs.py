import logging
import re

# The next part of the address is a secret; behind ?next= it is quoted.
SECRET_PATH = re.compile(
    r"((?:/|%2F)(?:invitations|relationship-requests|calendars|join|first-password)(?:/|%2F))"
    r"[^/%\s?&]+",
    re.IGNORECASE,
)


class HideSecrets(logging.Filter):
    """Keeps secret addresses out of the log: refused requests are logged with their address."""

    def filter(self, record):
        message = record.getMessage()
        if SECRET_PATH.search(message):
            record.msg, record.args = SECRET_PATH.sub(r"\1…", message), ()
        return True
