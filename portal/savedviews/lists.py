"""The lists whose filters can be kept under a name, by the word that stands for each in rows."""

LISTS = {
    "customers": "customers:customer_list",
    "resellers": "partners:reseller_list",
    "subscriptions": "subscriptions:subscription_list",
    "orders": "subscriptions:order_list",
    "activity": "audit:entry_list",
}
