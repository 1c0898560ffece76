"""What can happen to drafts, orders and subscriptions."""

from subscriptions.services.assignments import assign_licenses, free_licenses, revoke_licenses
from subscriptions.services.changes import Stale, StillAssigned, change_subscription
from subscriptions.services.drafts import (
    AccountRefused,
    OrderChanged,
    PricesChanged,
    changed_prices,
    choose_offers,
    create_draft,
    discard_draft,
    fingerprint,
    submit_draft,
    update_account,
)
from subscriptions.services.endings import (
    EndingRefused,
    decide_customers,
    end_partnership,
    settle_customers,
    undo_ending,
    why_no_undo,
)
from subscriptions.services.orders import (
    OrderRefused,
    cancel_order,
    leave_lines,
    place_order,
    retry_lines,
    start_order,
)
from subscriptions.services.users import add_user_with_licenses, delete_user

# What can keep a draft from becoming an order.
SUBMIT_REFUSED = (OrderChanged, PricesChanged, AccountRefused, OrderRefused)

__all__ = [
    "SUBMIT_REFUSED",
    "AccountRefused",
    "EndingRefused",
    "OrderChanged",
    "OrderRefused",
    "PricesChanged",
    "Stale",
    "StillAssigned",
    "add_user_with_licenses",
    "assign_licenses",
    "cancel_order",
    "change_subscription",
    "changed_prices",
    "choose_offers",
    "create_draft",
    "decide_customers",
    "delete_user",
    "discard_draft",
    "end_partnership",
    "fingerprint",
    "free_licenses",
    "leave_lines",
    "place_order",
    "retry_lines",
    "revoke_licenses",
    "settle_customers",
    "start_order",
    "submit_draft",
    "undo_ending",
    "update_account",
    "why_no_undo",
]
