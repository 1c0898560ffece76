from subscriptions.models.assignments import LicenseAssignment
from subscriptions.models.catalog import Billing, ExclusivePlan, Offer, OfferPrice, Product, Term
from subscriptions.models.license_requests import LicenseRequest
from subscriptions.models.moves import CustomerMove
from subscriptions.models.order_requests import OrderRequest
from subscriptions.models.orders import Order, OrderDraft, OrderLine
from subscriptions.models.subscription import Subscription

__all__ = [
    "Billing",
    "CustomerMove",
    "ExclusivePlan",
    "LicenseAssignment",
    "LicenseRequest",
    "Offer",
    "OfferPrice",
    "Order",
    "OrderDraft",
    "OrderLine",
    "OrderRequest",
    "Product",
    "Subscription",
    "Term",
]
