"""*Subscription details*: who may change what, the form for it, and what it brings about."""

from subscriptions.changing.effects import effects_of
from subscriptions.changing.form import SubscriptionForm
from subscriptions.changing.rights import editable_fields, why_not

__all__ = ["SubscriptionForm", "editable_fields", "effects_of", "why_not"]
