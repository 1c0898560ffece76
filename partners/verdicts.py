"""Whether a reseller can be asked by mail, and if not, why: one word for each reason."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from partners import limits
from partners.models import Partnership, PartnershipRequest
from portal.accounts.models import Membership
from portal.accounts.roles import Permission
from portal.free_mail import is_free_mail
from portal.text import has_control_characters, has_link

# What rows keep is the key, so that everybody reads the reason in their own language. Where a
# limit gives words of its own, those are kept.
WORDS = {
    "cells": _("The row has more cells than the first row names."),
    "no_address": _("There is no email address."),
    "bad_address": _("This is not an email address."),
    "own_address": _("This is an address of your own company."),
    "twice": _("This address is further up in the file already."),
    "partner": _("This reseller is your partner already."),
    "asked": _("You have asked them, and the request is open."),
    "language": _("The language is neither English nor German."),
    "long_note": _("The note is longer than 300 characters."),
    "invisible": _("The note holds invisible characters."),
    "link": _("The note holds a link or a web address."),
    "day_limit": _("Today's limit of requests is reached. Send these tomorrow."),
    "recipient_limit": _("This address has been asked too often today."),
    "not_allowed": _("Who started this may no longer request partnerships."),
    "error": _("The request could not be made. Ask this reseller separately."),
}
LANGUAGES = {
    "en": "en",
    "english": "en",
    "englisch": "en",
    "de": "de",
    "german": "de",
    "deutsch": "de",
}
LONGEST_NOTE = PartnershipRequest._meta.get_field("note").max_length
LONGEST_ADDRESS = PartnershipRequest._meta.get_field("recipient").max_length


def words(reason):
    """The reason as people read it."""
    return WORDS.get(reason, reason)


def language_code(text):
    """The code of the language that was typed in one of our languages; "" for another one."""
    return LANGUAGES.get(text.casefold(), "")


class Judge:
    """Judges requests of ``membership`` to ``recipients``: looks them up once, then row by row."""

    def __init__(self, membership, recipients):
        self.membership = membership
        addresses = {recipient.lower() for recipient in recipients}
        self.colleagues = self._colleagues(addresses)
        self.partners = self._partners(addresses)
        self.asked = self._asked(addresses)
        self.left = limits.left_today(membership)
        self.exhausted = limits.exhausted(addresses)
        self.seen = set()

    def reason(self, recipient, language, note):
        """Why not, as a key of WORDS (or words of a limit); "" when the request can be sent."""
        address = recipient.lower()
        reason = (
            self._address(address)
            or ("" if language_code(language) else "language")
            or note_problem(note)
            or self._limit(address)
        )
        self.seen.add(address)
        return reason

    def _address(self, address):
        if not address:
            return "no_address"
        if not _is_address(address):
            return "bad_address"
        if address in self.colleagues or self._is_ours(address):
            return "own_address"
        found = (("twice", self.seen), ("partner", self.partners), ("asked", self.asked))
        return next((reason for reason, addresses in found if address in addresses), "")

    def _limit(self, address):
        if self.left <= 0:
            return "day_limit"
        if address in self.exhausted:
            return "recipient_limit"
        self.left -= 1
        return ""

    def _is_ours(self, address):
        mine = self.membership.user.email.lower()
        domain = mine.rpartition("@")[2]
        return bool(domain) and not is_free_mail(mine) and address.endswith(f"@{domain}")

    def _colleagues(self, addresses):
        ours = Membership.objects.filter(organization=self.membership.organization_id)
        return _among(addresses, ours, "user__email")

    def _partners(self, addresses):
        active = Partnership.objects.visible_to(self.membership).active()
        staff = Membership.objects.filter(organization__in=active.values("reseller"))
        return _among(addresses, staff, "user__email") | _among(
            addresses, active, "reseller__partner__email"
        )

    def _asked(self, addresses):
        requests = PartnershipRequest.objects.visible_to(self.membership).open()
        return _among(addresses, requests, "recipient")


def note_problem(note):
    """What is wrong with a personal note that goes into a mail, as a key of WORDS, or ""."""
    if len(note) > LONGEST_NOTE:
        return "long_note"
    if has_control_characters(note):
        return "invisible"
    return "link" if has_link(note) else ""


def may_ask(membership):
    """Whether this membership, or what is left of it, may still request partnerships."""
    return bool(membership) and membership.can(Permission.REQUEST_PARTNERSHIP)


def _is_address(text):
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= LONGEST_ADDRESS


def _among(addresses, rows, column):
    """Those of ``addresses`` that a column of ``rows`` holds, in whatever case."""
    found = rows.order_by().annotate(address=Lower(column)).filter(address__in=addresses)
    return set(found.values_list("address", flat=True))
