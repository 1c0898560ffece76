from subscriptions.models.assignments import LicenseAssignment
from subscriptions.models.batches import ChangeBatch, ChangeBatchRow
from subscriptions.models.calendars import CalendarFeed
from subscriptions.models.catalog import Billing, ExclusivePlan, Offer, OfferPrice, Product, Term
from subscriptions.models.license_requests import LicenseRequest
from subscriptions.models.moves import CustomerMove
from subscriptions.models.order_requests import OrderRequest
from subscriptions.models.orders import Order, OrderDraft, OrderLine
from subscriptions.models.price_uploads import PriceUpload
from subscriptions.models.records import RecordPeriod, record_history
from subscriptions.models.subscription import Subscription

__all__ = [
    "Billing",
    "CalendarFeed",
    "ChangeBatch",
    "ChangeBatchRow",
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
    "PriceUpload",
    "Product",
    "RecordPeriod",
    "Subscription",
    "Term",
    "record_history",
]
