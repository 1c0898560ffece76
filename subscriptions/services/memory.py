"""Whose draft it is, and what its first step holds: also what is typed and not yet right."""

import hashlib
import json

from django.db import transaction
from django.utils.timezone import now

from portal.audit.services import record
from subscriptions.models import OrderDraft

LONGEST = 500  # characters of one field: more than any takes


class DraftTaken(Exception):
    """The draft belongs to a colleague; ``draft`` says to whom, and since when."""

    def __init__(self, draft):
        self.draft = draft
        super().__init__(draft.reference)


class AccountChanged(Exception):
    """Another tab has changed the first step since this one was opened; ``draft`` is as it is."""

    def __init__(self, draft):
        self.draft = draft
        super().__init__(draft.reference)


def own_draft(draft, actor):
    """The draft as it is now, locked until the transaction ends.

    Raises DraftTaken when it belongs to somebody else than ``actor``, DoesNotExist when discarded.
    """
    draft = OrderDraft.objects.select_for_update().get(pk=draft.pk)
    if draft.owner_id != actor.user_id and not draft.order_id:
        raise DraftTaken(draft)
    return draft


@transaction.atomic
def take_over(draft, *, actor):
    """Make a colleague's draft ``actor``'s own; recorded. Taking one's own changes nothing.

    Raises DoesNotExist when it has been discarded in the meantime.
    """
    draft = OrderDraft.objects.select_for_update().get(pk=draft.pk)
    if draft.order_id or draft.owner_id == actor.user_id:
        return draft
    former = draft.owner
    draft.taken_by, draft.taken_at = actor.user, now()
    draft.save(update_fields=["taken_by", "taken_at"])
    record("orderdraft.taken_over", actor=actor, target=draft, former=str(former))
    return draft


@transaction.atomic
def keep_typing(draft, *, actor, typed, tab, seen):
    """Remember ``typed`` (field -> text) as it stands, right or not.

    ``tab`` is the UUID of the page it was typed in, ``seen`` its ``account_fingerprint``. Returns
    the draft; raises DraftTaken, AccountChanged and DoesNotExist.
    """
    draft = own_draft(draft, actor)
    check_unchanged(draft, tab=tab, seen=seen, typed=typed)
    if not draft.order_id:
        draft.typed, draft.tab = plain(typed), tab
        draft.save(update_fields=["typed", "tab", "updated_at"])
    return draft


@transaction.atomic
def begin_typing(*, actor, typed, submission, tab):
    """Begin a draft with the first change; ``submission`` is the UUID of the form."""
    draft, created = OrderDraft.objects.get_or_create(
        submission=submission,
        provider=actor.organization,
        defaults={"created_by": actor.user, "typed": plain(typed), "tab": tab},
    )
    if created:
        return draft
    return keep_typing(draft, actor=actor, typed=typed, tab=tab, seen="")


def check_unchanged(draft, *, tab, seen, typed):
    """Raise AccountChanged where saving ``typed`` would undo what another tab has saved."""
    if not seen or draft.tab == tab or seen == account_fingerprint(draft):
        return  # without ``seen`` there was nothing to see yet
    if differences(draft, typed):
        raise AccountChanged(draft)


def differences(draft, typed):
    """Fields in which the draft is not what ``typed`` says: name -> (draft's text, typed text)."""
    stored, typed = draft.entered, plain(typed)
    names = [name for name in stored if name != "other_company"]  # nobody typed that one
    pairs = {name: (stored[name], typed.get(name, "")) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def account_fingerprint(draft):
    """A short text that changes with anything in the first step."""
    everything = json.dumps([draft.account, draft.typed], sort_keys=True)
    return hashlib.sha256(everything.encode()).hexdigest()[:32]


def plain(typed):
    """Text that fits into the database, of a length that a field could have."""
    return {name: str(text).replace("\0", "").strip()[:LONGEST] for name, text in typed.items()}
