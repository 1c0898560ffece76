"""One grant, many hands: committed for real, against PostgreSQL."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from customers.models import AdminRenewal, DelegatedAdmin, TenantOwner
from portal.accounts.roles import Kind
from portal.audit.models import AuditEntry
from portal.notices.models import Notice
from portal.references import encode
from portal.scope import OPERATOR, acting
from tests.conftest import Browser
from tests.factories import (
    make_admin_renewal,
    make_customer,
    make_membership,
    make_partner,
    make_partnership,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene():
    with acting(OPERATOR):
        provider, reseller = make_partner(Kind.PROVIDER), make_partner()
        make_partnership(provider, reseller)
        customer = make_customer(provider, reseller)
        admin = make_membership(organization=customer.organization)
        staff = make_membership(organization=reseller)
        return customer, customer.delegated_admins.get(), admin, staff


def race(*presses):
    """Press each (membership, page, args, data) at the same moment; returns the sorted statuses."""
    barrier, answers = Barrier(len(presses)), []
    with acting(OPERATOR):
        browsers = [Browser(membership) for membership, *_rest in presses]

    def press(browser, name, args, data):
        try:
            barrier.wait()
            answers.append(browser.send(name, *args, data=data).status_code)
        finally:
            connection.close()

    threads = [
        Thread(target=press, args=(browser, *rest))
        for browser, (_who, *rest) in zip(browsers, presses, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def entries(action, organization):
    return AuditEntry.objects.filter(action=action, organization=organization).count()


def test_two_tabs_remove_once(scene):
    customer, grant, admin, _staff = scene

    answers = race(*[(admin, "customers:grant_remove", [grant.pk], {})] * 6)

    assert answers == [302] * 6
    with acting(OPERATOR):
        assert DelegatedAdmin.objects.get().status == "revoked"
        assert entries("delegatedadmin.revoked", customer.organization) == 1
        assert Notice.objects.count() == 1


def test_two_tabs_extend_and_decline(scene):
    customer, grant, admin, _staff = scene
    with acting(OPERATOR):
        renewal = make_admin_renewal(grant)
    press = [
        (admin, "customers:renewal_answer", [grant.pk], {"seen": renewal.pk, "answer": answer})
        for answer in ("extend", "decline", "extend", "decline")
    ]

    assert race(*press) == [302] * 4

    with acting(OPERATOR):
        status = AdminRenewal.objects.get().status
        extended = entries("delegatedadmin.extended", customer.organization)
        assert (status, extended) in {("accepted", 1), ("declined", 0)}
        assert Notice.objects.count() == 1


def test_extending_while_it_is_removed_and_asked_for(scene):
    """Whoever is first wins; nobody waits for ever."""
    customer, grant, admin, staff = scene
    with acting(OPERATOR):
        renewal = make_admin_renewal(grant)
    answer = {"seen": renewal.pk, "answer": "extend"}
    ask = {"scope": "selected", "id": grant.reference, "days": "30"}

    answers = race(
        (admin, "customers:renewal_answer", [grant.pk], answer),
        (admin, "customers:grant_remove", [grant.pk], {}),
        (staff, "customers:grant_renew", [], ask),
        (staff, "customers:grant_renew", [], ask),
    )

    assert answers == [302] * 4
    with acting(OPERATOR):
        grant.refresh_from_db()
        assert grant.status == "revoked"
        assert AdminRenewal.objects.filter(status="asked").count() <= 1


def test_two_colleagues_ask_once(scene):
    _customer, grant, _admin, staff = scene
    ask = {"scope": "selected", "id": grant.reference, "days": "30"}

    answers = race(*[(staff, "customers:grant_renew", [], ask)] * 4)

    assert answers == [302] * 4
    with acting(OPERATOR):
        assert AdminRenewal.objects.count() == 1


def test_two_tabs_give_once(scene):
    _customer, grant, admin, _staff = scene
    data = {"who": encode("R", grant.partner_id), "days": "90", "sure": "on"}

    answers = race(*[(admin, "customers:owner_give", [], data)] * 4)

    assert answers == [302, 422, 422, 422]
    with acting(OPERATOR):
        assert TenantOwner.objects.count() == 1
