"""What *Verify* finds out about an MPN ID, without changing anything (``domain.md`` 4.3)."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from partners.models import MpnAccount
from subscriptions.resellers import find_location, known_account


@dataclass(frozen=True)
class MpnCheck:
    """An MPN ID that was looked up: its account, if there is one, and why it can't be used.

    ``code`` names the reason (see ``find_location``); ``refusal`` says it, "" if there is none.
    """

    account: MpnAccount | None
    refusal: str = ""
    code: str = ""

    @property
    def agreement_signed(self):
        """Whether the company has signed the partner agreement."""
        profile = getattr(self.account.organization, "partner", None)
        return bool(profile and profile.agreement_signed)

    @property
    def needs_partnership(self):
        """Whether a partnership is all that is missing."""
        return self.code == "no_partnership"


def check_mpn(text, *, provider):
    """The MpnCheck of a typed MPN ID for ``provider``; it raises nothing."""
    if not text.strip():
        return MpnCheck(None, _("Enter an MPN ID, or choose a reseller from the list."), "empty")
    try:
        return MpnCheck(find_location(text, provider=provider))
    except ValidationError as refusal:
        return MpnCheck(known_account(text), " ".join(refusal.messages), refusal.code)
