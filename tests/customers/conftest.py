"""What the tests of customers have in common."""

import pytest
from django.utils.timezone import localdate

from customers import services
from customers.forms import CustomerAccountForm
from portal.outbox.worker import work_once
from portal.references import encode


def typed(**changes):
    """What somebody types into *New customer*."""
    return {
        "reseller": "none",
        "country": "DE",
        "company_name": "Vogel Optik GmbH",
        "domain": "vogeloptik",
        "address_line_1": "Jungfernstieg 1",
        "city": "Hamburg",
        "postal_code": "20354",
        "qualification": "none",
        "first_name": "Vera",
        "last_name": "Vogel",
        "email": "vera@vogel-optik.example",
        "language": "de",
        "agreement": "accepted",
        "agreement_date": str(localdate()),
    } | changes


def add_customer(actor, reseller=None, **changes):
    """Add a customer the way the wizard does; provisioning is only promised."""
    chosen = encode("R", reseller.pk) if reseller else "none"
    form = CustomerAccountForm(typed(reseller=chosen, **changes), membership=actor)
    assert form.is_valid(), form.errors
    account = form.cleaned_data
    return services.add_customer(actor=actor, account=account, reseller=account["reseller"])


def do_background_work():
    while work_once():
        pass


@pytest.fixture
def customer(provider, reseller, partnership):
    """A customer just added for the reseller; its admin account is still to be set up."""
    return add_customer(provider, reseller.organization)


@pytest.fixture
def provisioned(customer):
    do_background_work()
    customer.admin_account.refresh_from_db()
    return customer


@pytest.fixture
def submitter(provider, browser_of, customer):
    """The browser in which the customer was added: it may see the setup info, once."""
    return allowed(browser_of(provider), customer)


def allowed(browser, customer):
    """Put into a session what the wizard puts there when somebody submits."""
    session = browser.session
    session["setup_info"] = [customer.pk]
    session.save()
    return browser
