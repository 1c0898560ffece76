"""What can happen to partnerships and partner companies.

Each function is one transaction with its audit entry, and returns the changed object.
"""

from partners.consequences import Consequences
from partners.services.answers import LinkExpired, accept_request, decline_request
from partners.services.companies import enroll_company, sign_agreement
from partners.services.farewells import draft_farewell
from partners.services.partnerships import (
    UndoRefused,
    remove_partnership,
    restore_partnership,
    why_no_undo,
)
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
    "Consequences",
    "LinkExpired",
    "UndoRefused",
    "accept_request",
    "decline_request",
    "draft_farewell",
    "draft_request",
    "enroll_company",
    "mark_request_sent",
    "put_link_back",
    "remove_partnership",
    "restore_partnership",
    "rewrite_draft",
    "save_draft",
    "send_request",
    "sign_agreement",
    "why_no_undo",
    "withdraw_request",
]
