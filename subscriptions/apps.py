from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SubscriptionsConfig(AppConfig):
    name = "subscriptions"
    verbose_name = _("Subscriptions")

    def ready(self):
        from customers.services import customer_agreed
        from subscriptions import notices  # noqa: F401  makes its kinds known
        from subscriptions.services.orders import start_waiting_orders

        customer_agreed.connect(start_waiting_orders, dispatch_uid="start_waiting_orders")
