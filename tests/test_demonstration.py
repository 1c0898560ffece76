"""The demonstration: everybody named in it can sign in and has something to do."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils.timezone import localdate

from customers.models import (
    AdminAccount,
    Customer,
    CustomerUser,
    RelationshipRequest,
    UserUploadRow,
)
from partners.models import Enrolment, Partnership, PartnershipRequest
from portal.accounts.models import Membership, User
from portal.links import reverse
from portal.notices.models import Notice
from subscriptions.demonstration.data import PASSWORD, SIGN_INS
from subscriptions.life_rounds import due, to_be_reminded
from subscriptions.models import LicenseRequest, OfferPrice, Order, OrderRequest, Subscription

pytestmark = pytest.mark.django_db


@override_settings(DEBUG=True)
def load():
    call_command("import_catalog", verbosity=0)
    call_command("load_demonstration", verbosity=0)


@pytest.fixture(scope="module")
def loaded(once):
    return once(load)


@pytest.fixture
def demonstration(db, loaded, settings):
    settings.DEBUG = True


def test_everybody_can_sign_in_and_sees_a_home(demonstration, client):
    for name, _words in SIGN_INS:
        response = client.post("/accounts/login/", {"login": name, "password": PASSWORD})
        assert response.status_code == 302, name
        place = User.objects.get(username=name).memberships.first()
        if place:
            home = reverse("subscriptions:home", organization=place.organization)
            assert client.get(home).status_code == 200
        else:
            assert client.get("/admin/").status_code == 200
        client.logout()


def test_it_is_worth_looking_at(demonstration):
    assert Customer.objects.count() >= 300
    assert Subscription.objects.count() >= 300
    assert PartnershipRequest.objects.count() == 5
    assert RelationshipRequest.objects.open().count() == 2
    kessler = Partnership.objects.filter(reseller__slug="kessler")
    assert {partnership.provider.slug for partnership in kessler} == {"nordwind", "suedstern"}
    assert Partnership.objects.get(status="removed").reseller.slug == "isar"
    assert not Partnership.objects.get(
        reseller__slug="brightwater"
    ).reseller.partner.agreement_signed


def test_some_subscriptions_are_at_a_turn_of_their_life(demonstration):
    statuses = list(Subscription.objects.values_list("status", flat=True))
    assert {"suspended", "expired", "cancelled"} <= set(statuses)
    assert statuses.count("active") >= 300
    assert not due().exists()  # nothing changes behind the back of whoever has just loaded it
    assert {row.due_on for row in to_be_reminded()} >= {localdate() + timedelta(days=5)}


def test_two_companies_are_on_their_way(demonstration, client):
    """One for the operator to review, one for its applicant to go on with."""
    half, waiting = Enrolment.objects.order_by("status")
    assert (half.status, waiting.status) == ("draft", "submitted")
    assert waiting.request.recipient == "info@weser-it.example"
    for enrolment in (half, waiting):
        login = {"login": enrolment.email, "password": PASSWORD}
        assert client.post("/accounts/login/", login).status_code == 302
        assert enrolment.name in client.get("/enroll/").text
        client.logout()


def test_albrecht_has_two_providers_and_asks_for_licenses(demonstration):
    albrecht = Customer.objects.filter(organization__slug="albrecht")
    assert {customer.provider.slug for customer in albrecht} == {"nordwind", "suedstern"}
    asked = LicenseRequest.objects.filter(organization__slug="albrecht")
    assert {a.status for a in asked} == {"open", "approved", "declined"}
    assert LicenseRequest.objects.open().filter(reseller__slug="kessler").count() >= 3


def test_customers_have_a_story(demonstration, client):
    """Changed by two people, waiting for an agreement, and gone."""
    albrecht = Customer.objects.get(provider__slug="nordwind", organization__slug="albrecht")
    assert albrecht.version == 3 and albrecht.agreement_by
    assert Customer.objects.filter(status="removed").count() == 1
    login = {"login": "admin@albrecht.onportal.example", "password": PASSWORD}
    client.post("/accounts/login/", login)
    page = client.get(reverse("customers:own_agreement", organization=albrecht.organization))
    assert "Not accepted yet" in page.text or "Noch nicht akzeptiert" in page.text
    assert Order.objects.get(status="waiting").customer.organization == albrecht.organization


def test_a_customer_has_users_with_licenses_and_a_file_to_save(demonstration):
    people = CustomerUser.objects.filter(organization__slug="albrecht")
    assert people.active().count() > 20
    assert people.deactivated().count() == 2
    assert people.active().filter(licenses=None).exists()
    assert people.filter(licenses__isnull=False).exists()
    rows = UserUploadRow.objects.filter(upload__status="checked")
    assert {row.reason for row in rows} == {"", "no_name", "exists", "other_domain"}
    admins = Membership.objects.filter(organization__kind="customer")
    assert not admins.filter(user__customer_user=None).exists()


def test_orders_do_not_all_go_smoothly(demonstration):
    assert Order.objects.get(status="failed").lines.get(status="failed").tries
    assert Order.objects.stuck().count() == 1
    asked = OrderRequest.objects.open().get()
    assert (asked.provider.slug, asked.asked_for.slug) == ("nordwind", "kessler")
    assert Notice.objects.filter(kind="order_asked", organization=asked.provider).exists()


def test_every_order_has_lines(demonstration):
    assert Order.objects.exists()
    assert not Order.objects.filter(lines=None).exists()


def test_every_price_is_marked_as_invented(demonstration):
    assert OfferPrice.objects.exists()
    assert not OfferPrice.objects.filter(is_demonstration=False).exists()


def test_only_albrecht_has_a_known_password(demonstration):
    usable = [
        account.account_name
        for account in AdminAccount.objects.select_related("user")
        if account.user.has_usable_password()
    ]
    assert usable == ["admin@albrecht.onportal.example"]


def test_it_is_loaded_once(demonstration):
    with pytest.raises(CommandError, match="not empty"):
        call_command("load_demonstration")


def test_it_needs_debug(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG"):
        call_command("load_demonstration")
