"""Whether a row of a file can become a user, and if not, why: one word for each reason."""

import re

from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.exports import BEGINS_A_FORMULA
from portal.text import has_control_characters

# What rows keep is the key, so that everybody reads the reason in their own language.
WORDS = {
    "cells": _("The row has more cells than the first row names."),
    "no_name": _("There is no display name."),
    "no_account": _("There is no email."),
    "formula": _("A cell begins like a formula: with =, +, - or @."),
    "invisible": _("A cell holds invisible characters."),
    "long": _("A cell is longer than 50 characters."),
    "bad_account": _("The email can hold letters a–z, digits, dots, hyphens and underscores."),
    "long_account": _("The part before the @ is longer than 64 characters."),
    "other_domain": _("The email is not in the domain of this company."),
    "status": _("The status update must be empty."),
    "twice": _("This email is further up in the file already."),
    "exists": _("A user with this email exists already."),
    "deleted": _("This user was deleted. Restore the user instead."),
    "not_allowed": _("Who started this may no longer create users here."),
    "error": _("The user could not be created. Add this one separately."),
}
LONGEST_NAME = 50  # characters, domain.md 5
LONGEST_LOCAL = 64
LOCAL = re.compile(r"[a-z0-9](?:[a-z0-9_-]|\.(?!\.))*(?<!\.)")
CHUNK = 2000  # names looked up in one statement


def words(reason):
    """The reason as people read it; "" for none."""
    return WORDS.get(reason, reason)


def account_problem(local):
    """What is wrong with the part before the @ (in lower case), as a key of WORDS, or ""."""
    if len(local) > LONGEST_LOCAL:
        return "long_account"
    return "" if LOCAL.fullmatch(local) else "bad_account"


class Judge:
    """Judges users of one organization: looks their accounts up once, then row by row."""

    def __init__(self, organization, lines):
        self.domain = organization.domain or ""
        self.accounts = _accounts(account_name(line.account, self.domain) for line in lines)
        self.seen = set()

    def reason(self, line):
        """Why not, as a key of WORDS; "" when the user can be created."""
        account = account_name(line.account, self.domain)
        reason = self._cells(line) or self._account(line, account)
        self.seen.add(account)
        return reason

    def _cells(self, line):
        names = (line.first_name, line.last_name, line.display_name)
        if line.has_more_cells:
            return "cells"
        if any(name.startswith(BEGINS_A_FORMULA) for name in (*names, line.account)):
            return "formula"
        if any(map(has_control_characters, (*names, line.account))):
            return "invisible"
        if any(len(name) > LONGEST_NAME for name in names):
            return "long"
        if line.status:
            return "status"
        return "" if line.display_name else "no_name"

    def _account(self, line, account):
        if not line.account:
            return "no_account"
        local, _at, domain = account.partition("@")
        if domain != self.domain:
            return "other_domain"
        if problem := account_problem(local):
            return problem
        if account in self.seen:
            return "twice"
        if account in self.accounts:
            return "exists" if self.accounts[account] else "deleted"
        return ""


def account_name(typed, domain):
    """The whole account name in lower case; the domain may be left out."""
    typed = typed.lower()
    return typed if "@" in typed else f"{typed}@{domain}"


def _accounts(names):
    """Whether the account can sign in, for those of ``names`` that exist."""
    names, found = list(names), {}
    for start in range(0, len(names), CHUNK):
        users = User.objects.filter(username__in=names[start : start + CHUNK])
        found |= dict(users.values_list("username", "is_active"))
    return found
