"""A customer accepts the customer agreement by itself."""

import pytest
from django.utils.timezone import localdate

from customers import wording
from customers.models import Customer
from portal.accounts.roles import Role
from portal.audit.models import AuditEntry
from portal.notices.models import Notice
from tests.factories import make_customer, make_membership

PAGE = "customers:customer_agreement"
ACCEPTED = {"agreement": "on", "version": wording.AGREEMENT_VERSION}


@pytest.fixture
def unsigned(provider):
    asked = {"agreement": Customer.Agreement.ASKED, "agreement_date": None}
    return make_customer(provider.organization, **asked)


@pytest.fixture
def vera(unsigned, browser_of):
    return browser_of(make_membership(organization=unsigned.organization))


def test_the_tick_is_all_it_needs(vera, unsigned, provider):
    assert "I accept the customer agreement" in vera.open(PAGE, unsigned.pk).text

    response = vera.send(PAGE, unsigned.pk, data=ACCEPTED)

    unsigned.refresh_from_db()
    assert response.status_code == 302 and unsigned.may_buy
    assert unsigned.agreement_date == localdate()
    assert unsigned.agreement_email == vera.membership.user.email
    entry = AuditEntry.objects.about(unsigned).get(organization=provider.organization)
    assert entry.action == "customer.agreed" and entry.actor == vera.membership.user
    assert Notice.objects.get(kind="customer_agreed").organization == provider.organization


def test_twice_is_once(vera, unsigned):
    for _ in range(2):
        assert vera.send(PAGE, unsigned.pk, data=ACCEPTED).status_code == 302

    assert AuditEntry.objects.filter(action="customer.agreed").count() == 2  # one for each side
    assert "I accept" not in vera.open(PAGE, unsigned.pk).text


@pytest.mark.parametrize(
    "data", [{}, {"version": wording.AGREEMENT_VERSION}, ACCEPTED | {"version": "2019-01"}]
)
def test_without_the_tick_or_with_another_text_nothing_happens(vera, unsigned, data):
    assert vera.send(PAGE, unsigned.pk, data=data).status_code == 422

    unsigned.refresh_from_db()
    assert not unsigned.may_buy


def test_others_of_the_company_look(unsigned, browser_of):
    user_admin = make_membership(Role.USER_ADMIN, organization=unsigned.organization)
    browser = browser_of(user_admin)

    page = browser.open(PAGE, unsigned.pk)

    assert page.status_code == 200 and "A global admin of your company accepts it" in page.text
    assert browser.send(PAGE, unsigned.pk, data=ACCEPTED).status_code == 403


def test_nobody_accepts_for_another_company(vera, provider):
    theirs = make_customer(provider.organization)
    assert vera.send(PAGE, theirs.pk, data=ACCEPTED).status_code == 404


def test_a_relationship_that_has_ended_needs_none(vera, unsigned):
    Customer.objects.filter(pk=unsigned.pk).update(status=Customer.Status.REMOVED)
    assert vera.open(PAGE, unsigned.pk).status_code == 404
