"""What can happen to partnerships and partner companies.

Each function is one transaction with its audit entry, and returns the changed object.
"""

from partners.services.answers import LinkExpired, accept_request, decline_request
from partners.services.companies import (
    add_location,
    answer_profile_change,
    ask_profile_change,
    enroll_company,
    review_profile,
    sign_agreement,
)
from partners.services.partnerships import remove_partnership
from partners.services.requests import (
    draft_request,
    mark_request_sent,
    put_link_back,
    rewrite_draft,
    save_draft,
    send_request,
    withdraw_request,
)

__all__ = [
    "LinkExpired",
    "accept_request",
    "add_location",
    "answer_profile_change",
    "ask_profile_change",
    "decline_request",
    "draft_request",
    "enroll_company",
    "mark_request_sent",
    "put_link_back",
    "remove_partnership",
    "review_profile",
    "rewrite_draft",
    "save_draft",
    "send_request",
    "sign_agreement",
    "withdraw_request",
]
