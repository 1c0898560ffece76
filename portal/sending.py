"""What the portal sends in the name of a company, and why it does not send everything."""

from django.core.exceptions import ValidationError

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


class SendFormMixin:
    """*Send* from the portal: to an address, in moderation, and leading nowhere else.

    For a form with ``recipient``, ``subject``, ``text`` and ``membership``. A subclass has
    ``limits`` (with ``refusal``) and ``companies``, those in whose name the letter goes.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["recipient"].required = True

    def clean_subject(self):
        return self._leading_home(self.cleaned_data["subject"])

    def clean_text(self):
        return self._leading_home(super().clean_text())

    def clean(self):
        recipient = self.cleaned_data.get("recipient")
        if recipient and (reason := self.limits.refusal(self.membership, recipient)):
            raise ValidationError(reason)
        return super().clean()

    def _leading_home(self, text):
        if reason := own_addresses.refusal(text, *self.companies):
            raise ValidationError(reason, code="link")
        return text
