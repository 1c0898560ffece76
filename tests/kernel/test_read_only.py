import pytest
from django.db import InternalError, connection
from django.test import Client

from customers.models import Customer
from portal.scope import OPERATOR, acting
from tests.conftest import Browser
from tests.factories import make_customer, make_membership

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def customer():
    with acting(OPERATOR):
        membership = make_membership()
        return membership, make_customer(membership.organization)


def test_a_reading_scope_refuses_to_write(customer):
    membership, _ = customer
    refused = pytest.raises(InternalError, match="read-only transaction")
    with refused, acting(membership.actor, read_only=True):
        Customer.objects.update(city="Kiel")


def test_the_scope_ends_with_its_transaction(customer):
    membership, _ = customer
    with acting(membership.actor):
        pass
    with connection.cursor() as cursor:
        cursor.execute("select current_user, current_setting('twotier.organization', true)")
        assert cursor.fetchone() in {("twotier_app", ""), ("twotier_app", None)}


def test_a_get_cannot_write_even_if_a_view_tries(customer, monkeypatch):
    membership, _ = customer
    from portal.audit import views

    def careless(request):
        Customer.objects.update(city="Kiel")

    browser = Browser(membership)
    monkeypatch.setattr(views, "LogFilter", lambda query, **options: careless(query))
    with pytest.raises(InternalError, match="read-only transaction"):
        browser.open("audit:entry_list")


def test_a_failing_post_leaves_nothing_behind(customer, monkeypatch):
    membership, _ = customer
    from portal.outbox import views

    def careless(message, *, actor):
        Customer.objects.update(city="Kiel")
        raise ZeroDivisionError

    with acting(OPERATOR):
        from tests.factories import make_message

        message = make_message(membership.organization)
    monkeypatch.setattr(views.services, "retry", careless)
    browser = Browser(membership, raise_request_exception=False)

    assert browser.send("outbox:message_retry", message.pk).status_code == 500
    with acting(OPERATOR):
        assert Customer.objects.get().city == "Hamburg"


def test_signed_out_pages_have_no_scope(customer):
    assert Client().get("/healthz").status_code == 200
