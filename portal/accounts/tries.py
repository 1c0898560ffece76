"""Limits against guessing: how often something was tried for one account or from one address.

They are counted in PostgreSQL, by one statement before anything is compared. So they hold however
many try at the same moment, and whatever becomes of Redis: without the database nobody signs in
anyway. A pause begins on its own and ends by the clock; trying on does not prolong it.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.models import Tries


class Limit(NamedTuple):
    """So many tries (``most``) in so many ``seconds``, for each key."""

    name: str
    most: int
    seconds: int


PASSWORD = Limit("password", 5, 600)
ADDRESS = Limit("address", 20, 600)  # wrong passwords for any accounts
CODE = Limit("code", 5, 600)
USED_CODE = Limit("used code", 1, 180)  # longer than any code of an authenticator app is good for
NOTED = Limit("noted", 1, 60)  # entries in the log about wrong passwords
LETTER = Limit("letter", 3, 3600)  # to one address that forgot its password
LETTERS = Limit("letters", 20, 600)  # asked for from one address of the network

TAKE = """
    insert into accounts_tries as old (key, count, ends_at) values (%(key)s, 1, %(ends)s)
    on conflict (key) do update set
        count = case when old.ends_at <= %(now)s then 1 else old.count + 1 end,
        ends_at = case when old.ends_at <= %(now)s then excluded.ends_at else old.ends_at end
    returning count, ends_at
"""
GIVE_BACK = "update accounts_tries set count = greatest(count - 1, 0) where key = any(%s)"


class Try(NamedTuple):
    """One try that was counted: how many there were, and when they are forgotten."""

    limit: Limit
    key: str
    count: int
    ends_at: datetime

    @property
    def is_refused(self):
        return self.count > self.limit.most

    @property
    def left(self):
        return max(self.limit.most - self.count, 0)

    @property
    def pause(self):
        """The words for whoever must wait."""
        at = date_format(localtime(self.ends_at), "TIME_FORMAT")
        return _("The next try is possible at %(time)s.") % {"time": at}


def take(limit, about):
    """Count one more try of ``limit`` about this account or address; returns the Try."""
    key, moment = _key(limit, about), now()
    ends = moment + timedelta(seconds=limit.seconds)
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"key": key, "now": moment, "ends": ends})
        return Try(limit, key, *cursor.fetchone())


def take_or_refuse(*wanted):
    """Take each (limit, about) in this order; returns the tries.

    Raises ValidationError when one is refused; those that come after it are not counted.
    """
    taken = []
    for limit, about in wanted:
        taken.append(take(limit, about))
        if taken[-1].is_refused:
            words = [_("Too many tries."), taken[-1].pause]
            raise ValidationError(" ".join(words), code="too_many")
    return taken


def give_back(taken):
    """What was tried was right: it doesn't count."""
    with connection.cursor() as cursor:
        cursor.execute(GIVE_BACK, [[each.key for each in taken]])


def forget(limit, about):
    """Let somebody try again at once."""
    Tries.objects.filter(key=_key(limit, about)).delete()


def after_mistake(wrong, taken):
    """``wrong`` (what was not right), and how many tries are left or when the next one is."""
    tightest = min(taken, key=lambda each: each.left)
    if not tightest.left:
        return f"{wrong} {tightest.pause}"
    minutes = tightest.limit.seconds // 60
    words = ngettext(
        "You have one more try, then a pause of %(minutes)s minutes.",
        "You have %(left)s more tries, then a pause of %(minutes)s minutes.",
        tightest.left,
    )
    return f"{wrong} {words % {'left': tightest.left, 'minutes': minutes}}"


def _key(limit, about):
    """The database never learns what was typed: some type their password into the other field."""
    digest = salted_hmac("twotier.tries", f"{limit.name}:{about}", algorithm="sha256").hexdigest()
    return f"{limit.name} {digest[:32]}"
