"""What can happen to customers, to their first account and to requests for a relationship.

Each function is one transaction with its audit entry.
"""

from customers.services.accounts import (
    DomainTaken,
    add_customer,
    reset_admin_password,
    reveal_setup_info,
)
from customers.services.answers import (
    PartnershipEnded,
    StandingChanged,
    accept_relationship,
    are_still_partners,
    decline_relationship,
)
from customers.services.batches import move_chunk, start_move
from customers.services.moving import (
    hand_over,
    put_back,
    restore_admin,
    take_back,
    withdraw_admin,
)
from customers.services.requests import (
    draft_relationship,
    mark_relationship_sent,
    put_relationship_link_back,
    rewrite_relationship,
    save_relationship,
    send_relationship,
    withdraw_relationship,
)
from customers.services.tags import TooManyTags, add_tags, remove_tag
from customers.setup_info import allow_setup_info, setup_info
from customers.verdicts import Verdict, validate_move

__all__ = [
    "DomainTaken",
    "PartnershipEnded",
    "StandingChanged",
    "TooManyTags",
    "Verdict",
    "accept_relationship",
    "add_customer",
    "add_tags",
    "allow_setup_info",
    "are_still_partners",
    "decline_relationship",
    "draft_relationship",
    "hand_over",
    "mark_relationship_sent",
    "move_chunk",
    "put_back",
    "put_relationship_link_back",
    "remove_tag",
    "reset_admin_password",
    "restore_admin",
    "reveal_setup_info",
    "rewrite_relationship",
    "save_relationship",
    "send_relationship",
    "setup_info",
    "start_move",
    "take_back",
    "validate_move",
    "withdraw_admin",
    "withdraw_relationship",
]
