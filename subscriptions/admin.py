from django.contrib import admin

from portal.operators import ReadOnly, ReadOnlyAdmin
from subscriptions.importing import PriceImport
from subscriptions.models import (
    CalendarFeed,
    ChangeBatch,
    ChangeBatchRow,
    CustomerMove,
    ExclusivePlan,
    LicenseAssignment,
    LicenseRequest,
    Offer,
    OfferPrice,
    Order,
    OrderDraft,
    OrderLine,
    OrderRequest,
    PriceUpload,
    Product,
    RecordPeriod,
    Subscription,
)


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    list_display = ["name", "string_id", "guid"]
    search_fields = ["name", "string_id", "guid"]

    def get_readonly_fields(self, request, obj=None):
        return ["guid"] if obj else []


class OfferPriceInline(admin.TabularInline):
    """A price is data until somebody buys; the order line keeps its own copy."""

    model = OfferPrice
    extra = 0


@admin.register(Offer)
class OfferAdmin(admin.ModelAdmin):
    list_display = ["name", "term", "billing", "category", "max_quantity", "is_available"]
    list_filter = ["is_available", "category", "term", "billing", "publisher"]
    search_fields = ["name", "name_key", "sku_id"]
    list_select_related = ["product"]
    autocomplete_fields = ["product"]
    inlines = [OfferPriceInline]
    change_list_template = PriceImport.change_list_template

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(OfferPrice)
class OfferPriceAdmin(PriceImport, admin.ModelAdmin):
    list_display = [
        *("offer", "currency", "market", "min_quantity", "unit_price"),
        *("valid_from", "valid_until", "is_demonstration"),
    ]
    list_filter = ["is_demonstration", "currency", "market"]
    search_fields = ["offer__name", "offer__sku_id"]
    list_select_related = ["offer"]
    autocomplete_fields = ["offer"]


@admin.register(PriceUpload)
class PriceUploadAdmin(ReadOnlyAdmin):
    """Which price files came, and what became of them."""

    list_display = ["file_name", "currency", "is_full", "created_by", "created_at", "imported_at"]
    list_filter = [("imported_at", admin.EmptyFieldListFilter), "is_full"]
    search_fields = ["file_name"]
    list_select_related = ["created_by"]


@admin.register(OrderDraft)
class OrderDraftAdmin(ReadOnlyAdmin):
    list_display = ["reference", "provider", "reseller", "created_by", "updated_at", "order"]
    list_filter = [("order", admin.EmptyFieldListFilter)]
    search_fields = ["provider__name", "reseller__name"]
    list_select_related = ["provider", "reseller", "created_by", "order"]


class OrderLineInline(ReadOnly, admin.TabularInline):
    model = OrderLine
    fields = ["name", "quantity", "unit_price", "currency", "status", "error"]
    extra = 0


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = ["reference", "customer", "provider", "reseller", "status", "placed_at"]
    list_filter = ["status", "placed_at"]
    search_fields = ["customer__company_name", "customer__domain", "provider__name"]
    list_select_related = ["customer", "provider", "reseller"]
    inlines = [OrderLineInline]


@admin.register(OrderLine)
class OrderLineAdmin(ReadOnlyAdmin):
    list_display = ["name", "quantity", "order", "status", "error"]
    list_filter = ["status"]
    search_fields = ["name", "order__customer__company_name"]
    list_select_related = ["order"]


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnlyAdmin):
    list_display = ["reference", "name", "customer", "provider", "quantity", "status", "ends_on"]
    list_filter = ["status", "created_at", "billing", "auto_renew"]
    search_fields = ["customer__company_name", "customer__domain", "provider__name"]
    list_select_related = ["customer", "provider"]


@admin.register(LicenseRequest)
class LicenseRequestAdmin(ReadOnlyAdmin):
    """What customers ask their partners for."""

    list_display = ["reference", "subscription", "provider", "before", "quantity", "status"]
    list_filter = ["status", ("due_on", admin.EmptyFieldListFilter)]
    search_fields = ["subscription__name", "organization__name", "provider__name"]
    list_select_related = ["subscription", "provider"]


@admin.register(OrderRequest)
class OrderRequestAdmin(ReadOnlyAdmin):
    """What resellers ask their providers to order."""

    list_display = ["reference", "customer", "provider", "asked_for", "status", "order"]
    list_filter = ["status"]
    search_fields = ["customer__company_name", "provider__name", "asked_for__name"]
    list_select_related = ["customer", "provider", "asked_for", "order"]


@admin.register(CustomerMove)
class CustomerMoveAdmin(ReadOnlyAdmin):
    """What becomes of a reseller's customers when its partnership ends."""

    list_display = ["customer", "partnership", "successor", "decided_by", "decided_at", "done_at"]
    list_filter = [("done_at", admin.EmptyFieldListFilter)]
    search_fields = ["customer__company_name", "successor__name", "provider__name"]
    list_select_related = [
        "customer",
        "partnership__provider",
        "partnership__reseller",
        "successor",
        "decided_by",
    ]


@admin.register(LicenseAssignment)
class LicenseAssignmentAdmin(ReadOnlyAdmin):
    list_display = ["person", "subscription", "provider", "assigned_by", "assigned_at"]
    list_filter = ["assigned_at"]
    search_fields = ["person__display_name", "subscription__name", "provider__name"]
    list_select_related = ["person__user", "subscription", "provider", "assigned_by"]


@admin.register(ExclusivePlan)
class ExclusivePlanAdmin(ReadOnlyAdmin):
    """Which products exclude each other; read from the catalogue's files."""

    list_display = ["name", "group", "product"]
    list_filter = ["group"]
    search_fields = ["name", "product__name"]
    list_select_related = ["product"]


@admin.register(RecordPeriod)
class RecordPeriodAdmin(ReadOnlyAdmin):
    """Who was reseller of record; written by the database itself."""

    list_display = ["subscription", "location", "licenses", "provider", "since", "until"]
    list_filter = [("until", admin.EmptyFieldListFilter)]
    search_fields = ["subscription__name", "location__mpn_id", "provider__name"]
    list_select_related = ["subscription", "location", "provider"]


@admin.register(ChangeBatch)
class ChangeBatchAdmin(ReadOnlyAdmin):
    list_display = ["reference", "provider", "location", "contact", "status", "created_at"]
    list_filter = ["status"]
    search_fields = ["provider__name", "location__mpn_id", "contact__name"]
    list_select_related = ["provider", "location", "contact"]


@admin.register(ChangeBatchRow)
class ChangeBatchRowAdmin(ReadOnlyAdmin):
    list_display = ["batch", "line", "subscription", "outcome", "reason"]
    list_filter = ["outcome"]
    search_fields = ["subscription__name"]
    list_select_related = ["batch", "subscription"]


@admin.register(CalendarFeed)
class CalendarFeedAdmin(ReadOnlyAdmin):
    """Who reads renewals in a calendar; nobody can read the address itself."""

    list_display = ["user", "organization", "made_at"]
    list_filter = ["made_at"]
    search_fields = ["user__username", "organization__name"]
    list_select_related = ["user", "organization"]
    exclude = ["token_hash"]

    def has_delete_permission(self, request, obj=None):
        return super(ReadOnlyAdmin, self).has_delete_permission(request, obj)
