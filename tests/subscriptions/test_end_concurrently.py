"""Two people at once about one partnership: one result, and clear words for whoever was slower."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace

import pytest
from django.db import connection
from django.utils import timezone
from django.utils.timezone import now

from customers import services as customer_services
from customers.models import Customer, DelegatedAdmin
from partners import wording
from partners.models import Partnership
from partners.services import remove_partnership
from portal.accounts.roles import Kind
from portal.audit.models import AuditEntry
from portal.lifecycle import InvalidTransition, transition
from portal.scope import OPERATOR, acting
from subscriptions import services
from subscriptions.ending import Plan
from subscriptions.models import Subscription
from tests.conftest import Browser
from tests.customers.conftest import account_typed
from tests.factories import (
    make_customer,
    make_membership,
    make_move,
    make_offer,
    make_partner,
    make_partnership,
    make_subscription,
)

ROUNDS = 5
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*steps):
    """Runs each step in a thread of its own at the same moment; what they returned, in order.

    It is the same day for all of them as for the test: threads know nothing of its zone.
    """
    barrier, zone = Barrier(len(steps)), timezone.get_current_timezone()

    def run(step):
        try:
            barrier.wait()
            with timezone.override(zone):
                return step()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


def press(browser, name, *args, **data):
    """A step: this person presses that button; it returns the status."""
    url = browser.url(name, *args)
    return lambda: browser.post(url, data).status_code


@pytest.fixture
def world(transactional_db):
    with acting(OPERATOR):
        staff = make_membership(organization=make_partner(Kind.PROVIDER))
        provider = staff.organization
        kessler, alpina = make_partner(), make_partner()
        partnership = make_partnership(provider, kessler)
        other = make_partnership(provider, alpina)
        customers = [make_customer(provider, kessler) for _ in range(4)]
        offer = make_offer()
        subscriptions = [make_subscription(customer, offer) for customer in customers]
        for customer in customers[:3]:
            make_move(customer, partnership, alpina)
        return SimpleNamespace(
            staff=staff,
            colleague=make_membership(organization=provider),
            kessler=make_membership(organization=kessler),
            alpina=make_membership(organization=alpina),
            partnership=partnership,
            other=other,
            customers=customers,
            subscriptions=subscriptions,
            offer=offer,
        )


def confirmed(partnership):
    with acting(OPERATOR):
        plan = Plan(partnership).fingerprint
    return {
        "version": wording.REMOVAL_VERSION,
        "confirmed": "on",
        "withdraw": "on",
        "plan": plan,
    }


def removal(membership, partnership):
    page = "subscriptions:partnership_remove"
    data = confirmed(partnership)
    return press(Browser(membership), page, partnership.reseller_id, **data)


def recorded(action):
    with acting(OPERATOR):
        return AuditEntry.objects.filter(action=action).values("target_id").distinct().count()


def resellers_of(world):
    with acting(OPERATOR):
        found = Customer.objects.filter(pk__in=[each.pk for each in world.customers])
        return list(found.order_by("pk").values_list("reseller", flat=True))


def test_many_presses_of_colleagues_have_one_result(world):
    steps = [removal(who, world.partnership) for who in [world.staff, world.colleague] * 3]

    assert at_once(*steps) == [302] * 6

    with acting(OPERATOR):
        entries = AuditEntry.objects.filter(
            action="customer.handed_over", organization=world.staff.organization
        )
        assert entries.count() == 3
    assert recorded("partnership.removed") == 1
    assert resellers_of(world) == [world.alpina.organization_id] * 3 + [
        world.kessler.organization_id
    ]


def test_both_sides_at_once(world):
    data = {"version": wording.REMOVAL_VERSION, "confirmed": "on"}
    page = "partners:partnership_end"
    theirs = press(Browser(world.kessler), page, world.staff.organization_id, **data)

    assert at_once(removal(world.staff, world.partnership), theirs) == [302, 302]

    assert recorded("partnership.removed") == 1
    with acting(OPERATOR):
        ended = Partnership.objects.get(pk=world.partnership.pk)
    moved = resellers_of(world).count(world.alpina.organization_id)
    assert moved == (3 if ended.removed_for_id == world.staff.organization_id else 0)


def test_two_resellers_that_hand_over_to_each_other(world):
    """Each removal needs the other's partnership: one wins, the other is told, nothing hangs."""
    with acting(OPERATOR):
        back = make_customer(world.staff.organization, world.alpina.organization)
        make_move(back, world.other, world.kessler.organization)
    steps = [
        removal(world.staff, world.partnership),
        removal(world.colleague, world.other),
    ]

    assert sorted(at_once(*steps)) == [302, 422]

    with acting(OPERATOR):
        assert Partnership.objects.active().count() == 1
        left = Partnership.objects.active().get().reseller_id
        assert Customer.objects.filter(reseller=left).count() in {4 + 1, 1 + 3}


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_adding_a_customer_while_the_partnership_ends(world, round_):
    """Either it is added first and stays with the reseller, or it is refused."""
    reseller, colleague = world.kessler.organization, world.colleague
    with acting(colleague.actor):
        account = account_typed(colleague, reseller, domain=f"neukunde{round_}")

    def add():
        with acting(colleague.actor):
            try:
                return customer_services.add_customer(
                    actor=colleague, account=account, reseller=account["reseller"]
                )
            except InvalidTransition:
                return None

    removed, added = at_once(removal(world.staff, world.partnership), add)

    assert removed == 302
    with acting(OPERATOR):
        kept = Customer.objects.filter(reseller=world.kessler.organization).count()
    assert kept == (2 if added else 1)


def test_undo_pressed_often_happens_once(world):
    removal(world.staff, world.partnership)()
    page = "subscriptions:reseller_undo"
    steps = [
        press(Browser(who), page, world.kessler.organization_id)
        for who in [world.staff, world.colleague] * 3
    ]

    assert at_once(*steps) == [302] * 6

    assert recorded("partnership.active") == 1
    assert resellers_of(world) == [world.kessler.organization_id] * 4
    with acting(OPERATOR):
        granted = DelegatedAdmin.objects.granted().filter(customer__in=world.customers)
        assert set(granted.values_list("partner", flat=True)) == {world.kessler.organization_id}
        assert granted.count() == 4
        entries = AuditEntry.objects.filter(
            action="partnership.active", organization=world.staff.organization
        )
        assert entries.count() == 1


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_undo_and_an_act_of_the_new_reseller(world, round_):
    """Whoever is first decides: never both, the act and an undo that overlooked it."""
    removal(world.staff, world.partnership)()
    subscription = world.subscriptions[0]

    def change():
        with acting(world.alpina.actor):
            try:
                services.change_subscription(
                    Subscription.objects.get(pk=subscription.pk),
                    actor=world.alpina,
                    version=1,
                    quantity=11,
                )
                return True
            except (services.Stale, Subscription.DoesNotExist):
                return False

    undo = press(Browser(world.staff), "subscriptions:reseller_undo", world.kessler.organization_id)
    changed, status = at_once(change, undo)

    assert status == 302
    with acting(OPERATOR):
        restored = Partnership.objects.get(pk=world.partnership.pk).status == "active"
        act = AuditEntry.objects.filter(action="subscription.changed").first()
        back = AuditEntry.objects.filter(action="partnership.active").first()
    if changed and restored:  # then the subscription was changed behind the undo
        assert act.at > back.at
    assert restored == bool(back)


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_undo_and_a_new_partnership(world, round_):
    """The pair never has two active partnerships, and nobody sees an error."""
    with acting(OPERATOR):
        remove_partnership(world.partnership, actor=world.staff, statement_version="1")

    def begin_anew():
        with acting(OPERATOR):
            try:
                make_partnership(world.staff.organization, world.kessler.organization)
            except Exception as error:  # what the pages answer with 409
                return type(error).__name__

    page = "subscriptions:reseller_undo"
    undo = press(Browser(world.staff), page, world.kessler.organization_id)
    status, refused = at_once(undo, begin_anew)

    assert status in {302, 409}
    assert refused in {None, "IntegrityError"}
    with acting(OPERATOR):
        pair = Partnership.objects.active().filter(reseller=world.kessler.organization)
        assert pair.count() == 1


def test_a_customer_takes_back_rights_that_are_being_withdrawn(world):
    with acting(OPERATOR):
        right = DelegatedAdmin.objects.get(customer=world.customers[0])
        admin = make_membership(organization=world.customers[0].organization)

    def revoke():
        with acting(admin.actor):
            try:
                transition(right, DelegatedAdmin.Status.REVOKED, actor=admin, revoked_at=now())
                return True
            except InvalidTransition:
                return False

    removed, _revoked = at_once(removal(world.staff, world.partnership), revoke)

    assert removed == 302
    with acting(OPERATOR):
        entries = AuditEntry.objects.filter(
            action="delegatedadmin.revoked",
            target_id=str(right.pk),
            organization=world.staff.organization,
        )
        assert entries.count() == 1


def test_deciding_while_somebody_removes(world):
    """What is carried out is what was seen, or nothing."""
    decide = press(
        Browser(world.colleague),
        "subscriptions:partnership_customers",
        world.kessler.organization_id,
        choice="none",
        action="all",
    )

    decided, removed = at_once(decide, removal(world.staff, world.partnership))

    assert decided == 302
    assert removed in {302, 422}
    moved = resellers_of(world)
    expected = (3 if removed == 302 else 0) * [world.alpina.organization_id]
    assert moved == expected + [world.kessler.organization_id] * (4 - len(expected))
