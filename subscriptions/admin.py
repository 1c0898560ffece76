from django.contrib import admin

from subscriptions.models import (
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
    Product,
    Subscription,
)


class ReadOnlyAdmin(admin.ModelAdmin):
    """Operators look at what services write; nothing with a history is made or deleted here."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


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

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(OfferPrice)
class OfferPriceAdmin(admin.ModelAdmin):
    list_display = ["offer", "currency", "unit_price", "is_demonstration"]
    list_filter = ["is_demonstration", "currency"]
    search_fields = ["offer__name", "offer__sku_id"]
    list_select_related = ["offer"]
    autocomplete_fields = ["offer"]


@admin.register(OrderDraft)
class OrderDraftAdmin(ReadOnlyAdmin):
    list_display = ["reference", "provider", "reseller", "created_by", "updated_at", "order"]
    list_filter = [("order", admin.EmptyFieldListFilter)]
    search_fields = ["provider__name", "reseller__name"]
    list_select_related = ["provider", "reseller", "created_by", "order"]
    date_hierarchy = "updated_at"


class OrderLineInline(admin.TabularInline):
    model = OrderLine
    fields = ["name", "quantity", "unit_price", "currency", "status", "error"]
    extra = 0

    def has_add_permission(self, request, obj):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = ["reference", "customer", "provider", "reseller", "status", "placed_at"]
    list_filter = ["status", "currency"]
    search_fields = ["customer__company_name", "customer__domain", "provider__name"]
    list_select_related = ["customer", "provider", "reseller"]
    date_hierarchy = "placed_at"
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
    list_filter = ["status", "term", "billing", "auto_renew"]
    search_fields = ["name", "customer__company_name", "customer__domain"]
    list_select_related = ["customer", "provider"]
    date_hierarchy = "created_at"


@admin.register(LicenseRequest)
class LicenseRequestAdmin(ReadOnlyAdmin):
    """What customers ask their partners for."""

    list_display = ["reference", "subscription", "provider", "before", "quantity", "status"]
    list_filter = ["status", ("due_on", admin.EmptyFieldListFilter)]
    search_fields = ["subscription__name", "organization__name", "provider__name"]
    list_select_related = ["subscription", "provider"]
    date_hierarchy = "asked_at"


@admin.register(OrderRequest)
class OrderRequestAdmin(ReadOnlyAdmin):
    """What resellers ask their providers to order."""

    list_display = ["reference", "customer", "provider", "asked_for", "status", "order"]
    list_filter = ["status"]
    search_fields = ["customer__company_name", "provider__name", "asked_for__name"]
    list_select_related = ["customer", "provider", "asked_for", "order"]
    date_hierarchy = "asked_at"


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
    search_fields = ["person__display_name", "subscription__name", "provider__name"]
    list_select_related = ["person__user", "subscription", "provider", "assigned_by"]
    date_hierarchy = "assigned_at"


@admin.register(ExclusivePlan)
class ExclusivePlanAdmin(ReadOnlyAdmin):
    """Which products exclude each other; read from the catalogue's files."""

    list_display = ["name", "group", "product"]
    list_filter = ["group"]
    search_fields = ["name", "product__name"]
    list_select_related = ["product"]
