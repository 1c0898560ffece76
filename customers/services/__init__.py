"""What can happen to customers, to their first account and to requests for a relationship.

Each function is one transaction with its audit entry.
"""

from customers.services.accounts import (
    DomainTaken,
    ResetRefused,
    add_customer,
    reset_admin_password,
    reveal_setup_info,
)
from customers.services.agreements import (
    SignedAlready,
    accept_agreement,
    confirm_agreement,
    customer_agreed,
)
from customers.services.answers import (
    PartnershipEnded,
    StandingChanged,
    accept_relationship,
    are_still_partners,
    decline_relationship,
)
from customers.services.changes import Stale, change_customer
from customers.services.moving import (
    hand_over,
    put_back,
    restore_admin,
    take_back,
    withdraw_admin,
)
from customers.services.removing import remove_customer
from customers.services.requests import (
    draft_relationship,
    mark_relationship_sent,
    put_relationship_link_back,
    rewrite_relationship,
    save_relationship,
    send_relationship,
    withdraw_relationship,
)
from customers.services.single_moves import MoveRefused, move_customer, move_problem
from customers.setup_info import allow_setup_info, setup_info

__all__ = [
    "DomainTaken",
    "MoveRefused",
    "PartnershipEnded",
    "ResetRefused",
    "SignedAlready",
    "Stale",
    "StandingChanged",
    "accept_agreement",
    "accept_relationship",
    "add_customer",
    "allow_setup_info",
    "are_still_partners",
    "change_customer",
    "confirm_agreement",
    "customer_agreed",
    "decline_relationship",
    "draft_relationship",
    "hand_over",
    "mark_relationship_sent",
    "move_customer",
    "move_problem",
    "put_back",
    "put_relationship_link_back",
    "remove_customer",
    "reset_admin_password",
    "restore_admin",
    "reveal_setup_info",
    "rewrite_relationship",
    "save_relationship",
    "send_relationship",
    "setup_info",
    "take_back",
    "withdraw_admin",
    "withdraw_relationship",
]
