"""What can happen to partnerships and partner companies.

Each function is one transaction with its audit entry, and returns the changed object.
"""

from partners.consequences import Consequences
from partners.services.answers import LinkExpired, accept_request, decline_request
from partners.services.batches import check_batch, discard_batch, send_batch_row, start_batch
from partners.services.companies import (
    add_location,
    answer_profile_change,
    ask_profile_change,
    enroll_company,
    review_profile,
    sign_agreement,
)
from partners.services.farewells import draft_farewell
from partners.services.letters import (
    change_request_settings,
    remove_letter,
    save_letter,
    send_letter_test,
)
from partners.services.partnerships import (
    UndoRefused,
    remove_partnership,
    restore_partnership,
    why_no_undo,
)
from partners.services.reminders import remind_recipient
from partners.services.requests import (
    ask_again,
    draft_request,
    expire_request,
    extend_request,
    mark_request_sent,
    put_link_back,
    resend_request,
    rewrite_draft,
    save_draft,
    send_request,
    show_link,
    withdraw_request,
)

__all__ = [
    "Consequences",
    "LinkExpired",
    "UndoRefused",
    "accept_request",
    "add_location",
    "answer_profile_change",
    "ask_profile_change",
    "ask_again",
    "change_request_settings",
    "check_batch",
    "decline_request",
    "discard_batch",
    "draft_farewell",
    "draft_request",
    "enroll_company",
    "expire_request",
    "extend_request",
    "mark_request_sent",
    "put_link_back",
    "remind_recipient",
    "remove_letter",
    "remove_partnership",
    "review_profile",
    "resend_request",
    "restore_partnership",
    "rewrite_draft",
    "save_draft",
    "save_letter",
    "send_batch_row",
    "send_letter_test",
    "send_request",
    "show_link",
    "sign_agreement",
    "start_batch",
    "why_no_undo",
    "withdraw_request",
]
