"""What can happen to partnerships and partner companies.

Each function is one transaction with its audit entry, and returns the changed object.
"""

from partners.consequences import Consequences
from partners.services.answers import (
    LinkExpired,
    accept_request,
    ask_for_new_link,
    decline_request,
    note_opened,
)
from partners.services.batches import check_batch, discard_batch, send_batch_row, start_batch
from partners.services.companies import (
    add_location,
    answer_profile_change,
    ask_profile_change,
    review_profile,
    sign_agreement,
)
from partners.services.enrolment import (
    attach_invitation,
    begin_enrolment,
    fill_in,
    invitation_of,
    submit_enrolment,
    take_back_enrolment,
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
from partners.services.proof import confirm_email, promise_code
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
from partners.services.review import (
    CannotApprove,
    ChangedSince,
    approve_enrolment,
    hand_back_enrolment,
    reject_enrolment,
)

__all__ = [
    "Consequences",
    "CannotApprove",
    "ChangedSince",
    "LinkExpired",
    "UndoRefused",
    "accept_request",
    "add_location",
    "answer_profile_change",
    "ask_profile_change",
    "ask_again",
    "change_request_settings",
    "check_batch",
    "approve_enrolment",
    "ask_for_new_link",
    "attach_invitation",
    "begin_enrolment",
    "confirm_email",
    "decline_request",
    "discard_batch",
    "draft_farewell",
    "draft_request",
    "expire_request",
    "extend_request",
    "fill_in",
    "hand_back_enrolment",
    "invitation_of",
    "mark_request_sent",
    "note_opened",
    "promise_code",
    "put_link_back",
    "remind_recipient",
    "remove_letter",
    "reject_enrolment",
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
    "submit_enrolment",
    "take_back_enrolment",
    "withdraw_request",
]
