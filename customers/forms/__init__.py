from customers.forms.accounts import CustomerAccountForm
from customers.forms.users import JUST_A_USER, InviteMixin, UserForm

__all__ = ["JUST_A_USER", "CustomerAccountForm", "InviteMixin", "UserForm"]
