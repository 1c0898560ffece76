"""What the tests of customers have in common."""

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from customers import services, wording
from customers.forms import CustomerAccountForm
from portal.accounts.roles import Kind
from portal.outbox.worker import work_once
from portal.references import encode
from tests.factories import (
    make_membership,
    make_partner,
    make_relationship_request,
    make_user,
)


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


def account_typed(actor, reseller=None, **changes):
    """What the wizard's first step makes of what was typed."""
    chosen = encode("R", reseller.pk) if reseller else "none"
    form = CustomerAccountForm(typed(reseller=chosen, **changes), membership=actor)
    assert form.is_valid(), form.errors
    return form.cleaned_data


def add_customer(actor, reseller=None, **changes):
    """Add a customer the way the wizard does; provisioning is only promised."""
    account = account_typed(actor, reseller, **changes)
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


@pytest.fixture
def asked(provider, partnership):
    """Both partners ask, delegated admin privileges included."""
    return make_relationship_request(
        partnership, created_by=provider.user, wants_delegated_admin=True
    )


@pytest.fixture
def url(asked):
    return reverse("relationship_request", args=[asked.token])


@pytest.fixture
def vogel(db):
    """Global admin of a customer organization that these partners don't know yet."""
    company = make_partner(Kind.CUSTOMER, name="Vogel Optik", domain="vogel.onportal.example")
    return make_membership(
        organization=company, user=make_user(first_name="Vera", last_name="Vogel")
    )


def ticked(person, **changes):
    """What a new customer's admin fills in and ticks; None leaves a field out."""
    fields = {
        "company": person.organization.slug,
        "told": "new",
        "address_line_1": "Jungfernstieg 1",
        "postal_code": "20354",
        "city": "Hamburg",
        "first_name": "Vera",
        "last_name": "Vogel",
        "email": "vera@vogel.example",
        "relationship": "on",
        "agreement": "on",
        "agreement_version": wording.AGREEMENT_VERSION,
    } | changes
    return {name: value for name, value in fields.items() if value is not None}


@pytest.fixture
def accept(vogel, browser_of, url):
    def press(by=None, **changes):
        person = by or vogel
        return browser_of(person).post(url, ticked(person, **changes))

    return press


@pytest.fixture
def agree(browser_of, url):
    """Accept as somebody whose company is a customer already: as the page has it."""

    def press(person, **ticks):
        browser = browser_of(person)
        page = browser.get(url)
        told = page.context["form"].standing.fingerprint
        data = {"company": person.organization.slug, "told": told, "relationship": "on"}
        return browser.post(url, data | ticks)

    return press
