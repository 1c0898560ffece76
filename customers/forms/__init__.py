from customers.forms.accounts import CustomerAccountForm

__all__ = ["CustomerAccountForm"]
