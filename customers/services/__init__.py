"""What can happen to customers and to their first account.

Each function is one transaction with its audit entry.
"""

from customers.services.accounts import (
    DomainTaken,
    add_customer,
    reset_admin_password,
    reveal_setup_info,
)
from customers.setup_info import allow_setup_info, setup_info

__all__ = [
    "DomainTaken",
    "add_customer",
    "allow_setup_info",
    "reset_admin_password",
    "reveal_setup_info",
    "setup_info",
]
