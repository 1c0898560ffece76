"""What people are told of customers; see ``customers.services.telling`` for when."""

from django.utils.translation import gettext_lazy as _

from portal.notices.kinds import Kind, register

KINDS = {"customer_agreed": Kind(_("%(customer)s accepted the customer agreement"))}

register({}, KINDS)
