"""Row-level security holds without any help from the application."""

from copy import deepcopy

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, ProgrammingError, connection, transaction

from customers.models import Customer
from partners.models import PartnershipRequest
from portal.audit.models import AuditEntry
from portal.outbox.models import OutboxMessage
from portal.scope import APP, GUEST, NOBODY, OWNER, ROLES, acting
from subscriptions.models import OrderDraft, Subscription
from tests.access import make_world
from tests.factories import make_customer, make_request

WITHOUT_A_WALL = {
    "accounts_membership",  # read before the scope is known
    "partners_partnerprofile",  # the directory of partners
    "partners_mpnaccount",
}
OPERATORS_ALONE = {"brokenchain"}  # about organizations, but not theirs
TENANT_COLUMNS = ("provider", "organization", "acting_for")


def belongs_to_a_tenant(model):
    for name in TENANT_COLUMNS:
        try:
            if model._meta.get_field(name).concrete:
                return True
        except FieldDoesNotExist:
            continue
    return False


TENANT_MODELS = [
    model
    for model in apps.get_models()
    if belongs_to_a_tenant(model) and model._meta.db_table not in WITHOUT_A_WALL
]


def rows_as(actor, model):
    """The ids ``actor`` sees without any filter; none where it may not look at all."""
    table = model._meta.db_table
    with acting(actor), connection.cursor() as cursor:
        cursor.execute("select has_table_privilege(current_user, %s, 'select')", [table])
        if not cursor.fetchone()[0]:
            return set()
        return set(model._base_manager.values_list("pk", flat=True))


@pytest.fixture(scope="module")
def worlds(once):
    return once(lambda: (make_world(), make_world()))


@pytest.fixture
def two_worlds(db, worlds):
    return deepcopy(worlds)


def test_the_walled_tables_are_the_ones_we_think():
    assert {model._meta.model_name for model in TENANT_MODELS} == {
        "auditentry",
        "auditlink",
        "brokenchain",
        "outboxmessage",
        "notice",
        "partnershiprequest",
        "partnership",
        "lettertemplate",
        "requestbatch",
        "requestbatchrow",
        "profilechange",
        "customer",
        "adminaccount",
        "delegatedadmin",
        "adminrenewal",
        "tenantowner",
        "relationshiprequest",
        "customertag",
        "movebatch",
        "movebatchrow",
        "savedview",
        "startview",
        "orderdraft",
        "order",
        "orderline",
        "subscription",
        "recordperiod",
        "changebatch",
        "changebatchrow",
        "calendarfeed",
        "licenserequest",
        "orderrequest",
        "customermove",
        "customeruser",
        "userupload",
        "useruploadrow",
        "licenseassignment",
        "userinvitation",
        "accountinvitation",
        "handout",
    }


@pytest.mark.parametrize("model", TENANT_MODELS)
def test_a_forgotten_filter_returns_nothing_of_others(two_worlds, model):
    """No filter at all: each organization sees its own rows, and the two share none."""
    ours, theirs = two_worlds
    for kind in ("provider", "reseller", "organization"):
        mine = rows_as(getattr(ours, kind).actor, model)
        others = rows_as(getattr(theirs, kind).actor, model)
        assert mine.isdisjoint(others)
    is_seen = bool(rows_as(ours.provider.actor, model))
    assert is_seen == (model._meta.model_name not in OPERATORS_ALONE)


@pytest.mark.parametrize("model", TENANT_MODELS)
def test_the_table_is_walled_off_for_its_owner_too(db, model):
    with connection.cursor() as cursor:
        cursor.execute(
            "select relrowsecurity, relforcerowsecurity from pg_class where relname = %s",
            [model._meta.db_table],
        )
        assert cursor.fetchone() == (True, True)


@pytest.mark.parametrize("model", TENANT_MODELS)
def test_a_forgotten_scope_is_loud(db, model):
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with refused, acting(NOBODY), transaction.atomic():
        list(model._base_manager.all())


def test_the_database_roles_are_weak(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "select rolname from pg_roles where rolname = any(%s)"
            " and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolcanlogin)",
            [[OWNER, APP, *ROLES]],
        )
        assert cursor.fetchall() == []


def test_an_update_without_a_filter_touches_only_ones_own(two_worlds):
    ours, theirs = two_worlds
    with acting(ours.provider.actor):
        assert Customer.objects.update(city="Kiel") == 1

    theirs.customer.refresh_from_db()
    assert theirs.customer.city != "Kiel"


def test_a_row_cannot_be_written_for_another_tenant(two_worlds):
    ours, theirs = two_worlds
    refused = pytest.raises(ProgrammingError, match="row-level security")
    with refused, acting(ours.provider.actor), transaction.atomic():
        OrderDraft.objects.create(provider=theirs.provider, created_by=ours.customer.created_by)


def test_a_row_cannot_be_moved_to_another_tenant(two_worlds):
    ours, theirs = two_worlds
    refused = pytest.raises(ProgrammingError, match="row-level security")
    with refused, acting(ours.provider.actor), transaction.atomic():
        OrderDraft.objects.update(provider=theirs.provider)


def test_a_subscription_cannot_point_at_another_tenants_customer(two_worlds):
    """A plain foreign key would accept it: it is checked without row-level security."""
    ours, theirs = two_worlds
    refused = pytest.raises(IntegrityError, match="agrees")
    with refused, acting(ours.provider.actor), transaction.atomic():
        Subscription.objects.update(customer=theirs.customer)


def test_a_reseller_cannot_add_customers(two_worlds):
    ours, _ = two_worlds
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with refused, acting(ours.reseller.actor), transaction.atomic():
        Customer.objects.update(city="Kiel")


def test_everything_of_a_customer_follows_to_its_new_reseller(two_worlds):
    ours, theirs = two_worlds
    Customer.objects.filter(pk=ours.customer.pk).update(reseller=theirs.reseller)

    ours.subscription.refresh_from_db()
    assert ours.subscription.reseller == theirs.reseller


def test_a_guest_sees_the_one_request_of_the_link_they_hold(two_worlds):
    ours, _ = two_worlds
    holder = GUEST._replace(invitation=ours.request.token_hash)

    assert rows_as(holder, PartnershipRequest) == {ours.request.pk}
    assert rows_as(GUEST, PartnershipRequest) == set()


def test_the_activity_log_cannot_be_rewritten_by_anybody(two_worlds):
    for statement in ("update audit_auditentry set action = 'x'", "delete from audit_auditentry"):
        refused = pytest.raises(ProgrammingError, match="never change")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"set local role {OWNER}")
            cursor.execute(statement)
    assert AuditEntry.objects.exists()


def test_deliveries_can_be_promised_for_the_other_side_but_not_read(provider, outsider):
    with acting(outsider.actor):
        OutboxMessage.objects.bulk_create(
            [
                OutboxMessage(
                    organization=provider.organization, task="t", key="k", subject="For them"
                )
            ]
        )
        assert not OutboxMessage.objects.exists()
    assert rows_as(provider.actor, OutboxMessage)


def test_scopes_nest_and_return(provider, outsider):
    make_customer(provider.organization)
    make_request(outsider.organization)
    with acting(provider.actor):
        with acting(outsider.actor):
            assert not Customer.objects.exists()
        assert Customer.objects.count() == 1
        with pytest.raises(ZeroDivisionError), acting(outsider.actor):
            raise ZeroDivisionError
        assert Customer.objects.count() == 1
