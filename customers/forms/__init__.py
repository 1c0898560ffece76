from customers.forms.accounts import CustomerAccountForm
from customers.forms.users import UserForm

__all__ = ["CustomerAccountForm", "UserForm"]
