"""What can happen to drafts, orders and subscriptions."""

from subscriptions.services.answering import RequestRefused
from subscriptions.services.assignments import assign_licenses, free_licenses, revoke_licenses
from subscriptions.services.calendars import close_feed, open_feed
from subscriptions.services.change_batches import change_chunk, start_change
from subscriptions.services.changes import Stale, StillAssigned, change_subscription
from subscriptions.services.details import change_details
from subscriptions.services.drafts import (
    AccountRefused,
    OffersChanged,
    OrderChanged,
    PricesChanged,
    changed_prices,
    choose_offers,
    create_draft,
    discard_draft,
    fingerprint,
    offers_fingerprint,
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
from subscriptions.services.leaving import LeavingRefused, end_relationship
from subscriptions.services.license_requests import (
    apply_promised,
    approve_request,
    ask_for_licenses,
    decline_request,
    expire_request,
    withdraw_request,
)
from subscriptions.services.lines import leave_lines, retry_lines, revive_order
from subscriptions.services.memory import (
    AccountChanged,
    DraftTaken,
    account_fingerprint,
    begin_typing,
    differences,
    keep_typing,
    take_over,
)
from subscriptions.services.order_requests import (
    approve_order_request,
    ask_to_order,
    decline_order_request,
    expire_order_request,
    withdraw_order_request,
)
from subscriptions.services.orders import OrderRefused, cancel_order, place_order, start_order
from subscriptions.services.planning import (
    LifeRefused,
    cancel_subscription,
    change_renewal,
    convert_trial,
    paid_offers,
)
from subscriptions.services.upgrades import UpgradeRefused, upgrade_subscription
from subscriptions.services.users import add_user_with_licenses, delete_user

# What can keep a draft from becoming an order.
SUBMIT_REFUSED = (OrderChanged, PricesChanged, AccountRefused, OrderRefused)

__all__ = [
    "SUBMIT_REFUSED",
    "AccountChanged",
    "AccountRefused",
    "DraftTaken",
    "EndingRefused",
    "LeavingRefused",
    "OffersChanged",
    "LifeRefused",
    "OrderChanged",
    "OrderRefused",
    "PricesChanged",
    "RequestRefused",
    "Stale",
    "StillAssigned",
    "UpgradeRefused",
    "account_fingerprint",
    "add_user_with_licenses",
    "apply_promised",
    "approve_order_request",
    "approve_request",
    "ask_for_licenses",
    "ask_to_order",
    "assign_licenses",
    "begin_typing",
    "cancel_order",
    "cancel_subscription",
    "change_chunk",
    "change_details",
    "change_renewal",
    "change_subscription",
    "changed_prices",
    "choose_offers",
    "convert_trial",
    "close_feed",
    "create_draft",
    "decide_customers",
    "decline_order_request",
    "decline_request",
    "delete_user",
    "differences",
    "discard_draft",
    "end_partnership",
    "end_relationship",
    "expire_order_request",
    "expire_request",
    "fingerprint",
    "free_licenses",
    "keep_typing",
    "leave_lines",
    "offers_fingerprint",
    "paid_offers",
    "open_feed",
    "place_order",
    "retry_lines",
    "revive_order",
    "revoke_licenses",
    "settle_customers",
    "start_change",
    "start_order",
    "submit_draft",
    "take_over",
    "undo_ending",
    "update_account",
    "upgrade_subscription",
    "why_no_undo",
    "withdraw_order_request",
    "withdraw_request",
]
