"""*Activity* of a customer: what happened to it and to what belongs to it, day by day."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate, now

from customers.services import change_customer, hand_over, reset_admin_password
from portal.audit.models import AuditEntry
from portal.audit.services import record
from portal.lifecycle import transition
from subscriptions.models import Subscription
from subscriptions.services import change_subscription, place_order
from tests.factories import (
    make_admin_renewal,
    make_customer,
    make_grant,
    make_license_request,
    make_membership,
    make_offer,
    make_order,
    make_partner,
    make_partnership,
    make_person,
    make_relationship_request,
    make_subscription,
    make_tenant_owner,
    make_upload,
)

PAGE, EXPORT = "subscriptions:customer_activity", "subscriptions:customer_activity_export"


def words_on(browser, customer, **query):
    return browser.open(PAGE, customer.pk, **query).text


def written(customer, action="customer.added", days_ago=0, **details):
    """An entry of an earlier day: the table itself refuses to be changed."""
    for organization in (customer.provider, customer.reseller):
        entry = AuditEntry(
            organization=organization,
            action=action,
            target_type="customers.customer",
            target_id=str(customer.pk),
            details=details,
        )
        field = AuditEntry._meta.get_field("at")
        field.auto_now_add, entry.at = False, now() - timedelta(days=days_ago)
        try:
            entry.save()
        finally:
            field.auto_now_add = True


def test_everything_that_belongs_to_the_customer_is_there(
    staff, provider, reseller, customer, partnership, offer
):
    change_customer(customer, actor=provider, version=1, city="Kiel")
    ordered = {"quantities": {offer.pk: 3}, "reseller_of_record": None}
    submission = "8a4e7a9e-6f1e-4a3b-9a55-8d2b6f6f2f11"
    order = place_order(customer, actor=provider, submission=submission, **ordered)
    line = order.lines.get()
    record("orderline.fulfilled", actor=None, target=line)
    subscription = make_subscription(customer)
    change_subscription(subscription, actor=provider, version=1, quantity=12)
    account = customer.admin_account
    account.user = make_membership(organization=customer.organization).user
    account.save()
    account = transition(account, "provisioned", actor=None)
    reset_admin_password(account, actor=provider)
    record("delegatedadmin.granted", actor=provider, target=customer.delegated_admins.get())
    asked = make_relationship_request(partnership, organization=customer.organization)
    record("relationshiprequest.accepted", actor=provider, target=asked)
    # Somebody else's.
    other = make_customer(provider.organization, reseller.organization)
    record("customer.agreed", actor=provider, target=other)
    record("subscription.expired", actor=provider, target=make_subscription(other))

    text = words_on(staff, customer).partition("<tbody>")[2]

    for words in (
        "changed a customer&#x27;s account",
        "City: Hamburg → Kiel",
        "placed an order",
        "provisioned an order line",
        "changed a subscription",
        "licenses 10 → licenses 12",
        "reset the admin password",
        "granted delegated admin privileges",
        "accepted a request for a reseller relationship",
    ):
        assert words in text.replace("&#39;", "&#x27;"), words
    assert "confirmed that the customer accepted" not in text
    assert "let a subscription expire" not in text


def test_rights_files_of_users_and_requests_for_licenses_are_there(staff, provider, customer):
    asked = make_admin_renewal(make_grant(customer))
    targets = {
        "adminrenewal.asked": asked,
        "tenantowner.granted": make_tenant_owner(customer),
        "userupload.checked": make_upload(customer.organization, provider.organization),
        "licenserequest.asked": make_license_request(make_subscription(customer)),
    }
    other = make_customer(provider.organization)
    record(
        "licenserequest.expired", actor=None, target=make_license_request(make_subscription(other))
    )
    for action, target in targets.items():
        record(action, actor=provider, target=target)

    rows = staff.open(PAGE, customer.pk).context["page"].rows

    assert sorted(entry.action for entry in rows) == sorted(targets)


def test_users_are_there_for_whoever_may_administer_them(staff, provider, customer):
    make_grant(customer)
    other = make_customer(provider.organization)
    make_grant(other)
    theirs, person = make_person(other.organization), make_person(customer.organization)
    for target in (theirs, person):
        record("customeruser.added", actor=None, target=target, also=[provider.organization_id])

    (entry,) = staff.open(PAGE, customer.pk).context["page"].rows
    assert entry.target_id == str(person.pk)
    customer.delegated_admins.all().delete()
    assert staff.open(PAGE, customer.pk).context["page"].rows == []


def test_days_are_headings_and_the_newest_comes_first(staff, customer):
    for days in (2, 0, 1, 0):
        written(customer, days_ago=days)

    response = staff.open(PAGE, customer.pk)

    days = [row.new_day for row in response.context["page"].rows]
    today = localdate()
    assert days == [today, None, today - timedelta(days=1), today - timedelta(days=2)]
    assert response.text.count('class="day"') == 3


def test_filters_are_those_of_the_log(staff, customer):
    written(customer, days_ago=5)
    written(customer, action="customer.agreed")

    since = str(localdate() - timedelta(days=1))
    assert staff.open(PAGE, customer.pk, since=since).context["page"].count == 1
    agreed = staff.open(PAGE, customer.pk, action="customer.agreed")
    assert agreed.context["page"].count == 1
    nothing = words_on(staff, customer, action="customer.removed")
    assert "Nothing matches these filters" in nothing


def test_an_empty_one_says_so(staff, customer):
    assert "Nothing has happened yet" in words_on(staff, customer)


def test_the_reseller_reads_its_own_copy_alone(provider, reseller, customer, browser_of):
    record("customer.agreed", actor=provider, target=customer)
    successor = make_membership(organization=make_partner(name="Alster Cloud"))
    make_partnership(provider.organization, successor.organization)
    hand_over([customer], successor.organization, actor=provider)

    text = words_on(browser_of(successor), customer)

    assert "handed a customer over" in text.partition("<tbody>")[2]
    # What happened before is not its business, and the former reseller's page is gone.
    assert "confirmed that the customer accepted" not in text.partition("<tbody>")[2]
    assert browser_of(reseller).open(PAGE, customer.pk).status_code == 404


def test_the_tab_is_on_every_page_of_the_customer(staff, customer):
    url = f'href="{staff.url(PAGE, customer.pk)}"'

    for page in ("customers:customer_account", "subscriptions:customer_subscriptions", PAGE):
        assert url in staff.open(page, customer.pk).text
    assert f'{url} aria-current="page"' in words_on(staff, customer)


def test_export(staff, customer, provider):
    change_customer(customer, actor=provider, version=1, city="=Kiel")
    written(customer, days_ago=3)

    response = staff.open(EXPORT, customer.pk, format="comma")

    header, *rows = response.text.splitlines()
    assert header == "Date-Time,Action,Changes,Concerning,Partner user"
    assert len(rows) == 2
    assert "changed a customer's account" in rows[0] and "City: Hamburg → =Kiel" in rows[0]
    assert customer.reference in rows[0] and "Ada Wong (Nordwind Distribution)" in rows[0]
    assert response["Content-Disposition"].startswith('attachment; filename="')
    since = str(localdate())
    filtered = staff.open(EXPORT, customer.pk, since=since, format="excel").text
    assert len(filtered.splitlines()) == 2 and filtered.startswith("\ufeff")


def test_the_menu_exports_what_the_filters_show(staff, customer):
    written(customer)

    text = words_on(staff, customer, action="customer.added", after="x")

    assert "action=customer.added&amp;format=comma" in text
    assert "format=excel" in text and "after=x&amp;format" not in text


@pytest.mark.parametrize("kind", ["provider", "reseller"])
def test_it_costs_the_same_with_many_rows(customer, provider, reseller, browser_of, kind):
    browser = browser_of(provider if kind == "provider" else reseller)

    def cost():
        browser.open(PAGE, customer.pk)
        with CaptureQueriesContext(connection) as captured:
            assert browser.open(PAGE, customer.pk).status_code == 200
        return len(captured)

    written(customer)
    few = cost()
    for _number in range(15):
        target = make_subscription(customer, status=Subscription.Status.ACTIVE)
        record("subscription.changed", actor=provider, target=target, before="1", after="2")
        record("order.placed", actor=provider, target=make_order(customer))

    assert cost() == few


def test_ten_thousand_entries_are_a_page_like_any_other(staff, customer, provider):
    rows = [
        AuditEntry(
            organization=provider.organization,
            action="subscription.changed",
            target_type="subscriptions.subscription",
            target_id=str(pk),
            actor=provider.user,
            acting_for=provider.organization,
            details={"before": "licenses 1", "after": "licenses 2"},
        )
        for pk in [make_subscription(customer, make_offer()).pk] * 10_500
    ]
    AuditEntry.objects.bulk_create(rows, batch_size=2000)

    page = staff.open(PAGE, customer.pk).context["page"]

    assert page.capped and len(page.rows) == 25 and page.next_url
    assert len(staff.open(EXPORT, customer.pk).text.splitlines()) == 10_001
