"""What can happen to partnerships and partner companies.

Each function is one transaction with its audit entry, and returns the changed object.
"""

from partners.services.answers import LinkExpired, accept_request, decline_request
from partners.services.batches import check_batch, discard_batch, send_batch_row, start_batch
from partners.services.companies import enroll_company, sign_agreement
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
    "check_batch",
    "decline_request",
    "discard_batch",
    "draft_request",
    "enroll_company",
    "mark_request_sent",
    "put_link_back",
    "remove_partnership",
    "rewrite_draft",
    "save_draft",
    "send_batch_row",
    "send_request",
    "sign_agreement",
    "start_batch",
    "withdraw_request",
]
