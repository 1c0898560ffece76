from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SubscriptionsConfig(AppConfig):
    name = "subscriptions"
    verbose_name = _("Subscriptions")

    def ready(self):
        from customers.services import customer_agreed
        from subscriptions.services.orders import start_waiting_orders

        customer_agreed.connect(start_waiting_orders, dispatch_uid="start_waiting_orders")
