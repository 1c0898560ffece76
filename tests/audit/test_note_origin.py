"""Each entry says whom it affects and which request it came from."""

import pytest
from django.apps import apps

from portal.audit.actions import ACTIONS
from portal.audit.models import AuditEntry
from portal.audit.origin import OriginMiddleware, coming_from, current
from portal.audit.services import record, record_all
from portal.impersonation.models import ViewAs
from tests.access import make_world
from tests.factories import (
    make_enrolment,
    make_message,
    make_relationship_request,
    make_upload,
    make_user,
)


@pytest.fixture
def world(db):
    return make_world()


def about_customer(world):
    """One of everything that belongs to the customer and is ever recorded."""
    world.relationship_request.organization = world.organization  # it has answered
    return [
        world.customer,
        world.organization,
        world.customer.admin_account,
        world.subscription,
        world.order,
        world.order.lines.get(),
        world.license_request,
        world.order_request,
        world.person,
        world.account_invitation,
        world.subscription.assignments.get(),
        world.upload,
        world.upload.rows.get(),
        world.grant,
        world.renewal,
        world.tenant_owner,
        world.tag,
        world.relationship_request,
    ]


def about_nobody(world):
    """One of everything else that is ever recorded."""
    return [
        world.provider,
        world.provider.partner,
        world.provider.mpn_accounts.get(),
        world.partnership,
        world.request,
        make_relationship_request(provider=world.provider),
        world.message,
        world.draft,
        world.letter_template,
        world.batch,
        world.batch.rows.get(),
        world.profile_change,
        make_enrolment(company=world.provider),
        world.move_batch,
        world.change_batch,
        world.calendar_feed,
        world.saved_view,
        world.colleague,
        world.invitation,
        ViewAs(pk=1, operator=make_user(is_staff=True), person=world.colleague.user),
    ]


def test_the_affected_customer_is_the_one_the_target_belongs_to(world):
    for target in about_customer(world):
        record("customer.added", actor=None, target=target)
        affected = set(AuditEntry.objects.about(target).values_list("customer", flat=True))
        assert affected == {world.customer.organization_id}, target._meta.label

    for target in about_nobody(world):
        record("customer.added", actor=None, target=target)
        affected = set(AuditEntry.objects.about(target).values_list("customer", flat=True))
        assert affected == {None}, target._meta.label


def test_no_model_that_is_recorded_is_forgotten(world):
    """Actions begin with what they are done to: ``order.placed``."""
    targets = [*about_customer(world), *about_nobody(world)]
    known = {target._meta.model_name for target in targets}
    has_tenants = {
        model._meta.model_name for model in apps.get_models() if hasattr(model, "tenants")
    }

    recorded = {action.partition(".")[0] for action in ACTIONS}
    assert has_tenants & recorded <= known


def test_everything_that_a_request_does_carries_its_origin(provider, browser_of):
    message = make_message(provider.organization)
    browser = browser_of(provider)
    response = browser.send("outbox:message_retry", message.pk, REMOTE_ADDR="203.0.113.7")

    entry = AuditEntry.objects.get(action="outboxmessage.retried")
    assert entry.ip == "203.0.113.7"
    assert entry.request_reference == response.headers["X-Request-ID"]
    assert current() == (None, "", None)


def test_entries_hold_address_request_and_operator(provider, outsider):
    with coming_from(ip="2001:db8::7", reference="7K3Q-X2M9", operator_id=outsider.user_id):
        record("customer.added", actor=provider, target=provider.organization)
    record("customer.removed", actor=provider, target=provider.organization)

    noted = AuditEntry.objects.get(action="customer.added")
    assert (noted.ip, noted.request_reference) == ("2001:db8::7", "7K3Q-X2M9")
    assert (noted.actor, noted.operator) == (provider.user, outsider.user)
    plain = AuditEntry.objects.get(action="customer.removed")
    assert (plain.ip, plain.request_reference, plain.operator) == (None, "", None)


def test_the_origin_is_added_to_what_is_known_and_returns():
    with coming_from(ip="203.0.113.7"):
        with coming_from(operator_id=5):
            assert (current().ip, current().operator_id) == ("203.0.113.7", 5)
        assert current().operator_id is None


@pytest.mark.parametrize(
    ("proxies", "forwarded", "known"),
    [
        (0, "198.51.100.1", "127.0.0.1"),
        (1, "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (1, "203.0.113.7:4711", "203.0.113.7"),
        (1, "::ffff:203.0.113.7", "203.0.113.7"),
        (1, "fe80::1%eth0", "fe80::1"),
        (1, "unknown", None),
        (1, "'; drop table", None),
        (2, "203.0.113.7", None),
    ],
)
def test_the_address_is_the_clients_as_far_as_the_proxy_is_trusted(
    settings, rf, proxies, forwarded, known
):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    seen = []
    request = rf.get("/", HTTP_X_FORWARDED_FOR=forwarded)
    OriginMiddleware(lambda r: seen.append(current().ip) or _Answer())(request)
    assert seen == [known]


class _Answer:
    def __init__(self):
        self.headers = {}


def test_the_rows_of_a_file_know_their_customer_without_asking_for_each(
    world, django_assert_num_queries
):
    upload = make_upload(world.customer.organization, world.provider, accounts=("a", "b", "c"))
    rows = list(upload.rows.select_related("upload"))
    with django_assert_num_queries(1):
        record_all("useruploadrow.created", actor=None, targets=rows)
    assert AuditEntry.objects.first().customer == world.organization
