"""What can happen to partnerships and partner companies.

Each function is one transaction with its audit entry, and returns the changed object.
"""

from partners.services.answers import (
    LinkExpired,
    accept_request,
    ask_for_new_link,
    decline_request,
    note_opened,
)
from partners.services.companies import sign_agreement
from partners.services.enrolment import (
    attach_invitation,
    begin_enrolment,
    fill_in,
    invitation_of,
    submit_enrolment,
    take_back_enrolment,
)
from partners.services.partnerships import remove_partnership
from partners.services.proof import confirm_email, promise_code
from partners.services.requests import (
    draft_request,
    mark_request_sent,
    put_link_back,
    rewrite_draft,
    save_draft,
    send_request,
    withdraw_request,
)
from partners.services.review import (
    CannotApprove,
    approve_enrolment,
    hand_back_enrolment,
    reject_enrolment,
)

__all__ = [
    "CannotApprove",
    "LinkExpired",
    "accept_request",
    "approve_enrolment",
    "ask_for_new_link",
    "attach_invitation",
    "begin_enrolment",
    "confirm_email",
    "decline_request",
    "draft_request",
    "fill_in",
    "hand_back_enrolment",
    "invitation_of",
    "mark_request_sent",
    "note_opened",
    "promise_code",
    "put_link_back",
    "reject_enrolment",
    "remove_partnership",
    "rewrite_draft",
    "save_draft",
    "send_request",
    "sign_agreement",
    "submit_enrolment",
    "take_back_enrolment",
    "withdraw_request",
]
