"""Partners approve or decline what a customer asks for."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate, now

from customers.models import DelegatedAdmin
from portal.accounts.roles import Role
from portal.audit.models import AuditEntry
from portal.notices.emails import notice_mail
from portal.notices.models import Notice
from portal.notices.services import choose_topics
from portal.outbox.models import OutboxMessage
from subscriptions.models import LicenseRequest, Subscription
from subscriptions.rounds import look_after_license_requests
from tests.factories import make_license_request, make_membership, make_subscription
from tests.subscriptions.asking import APPROVE, DECLINE, DETAIL, LIST, approve

RENEWAL = localdate() + timedelta(days=60)


@pytest.fixture
def subscription(customer, offer):
    return make_subscription(customer, offer)


@pytest.fixture
def asked(subscription, buyer):
    """25 licenses instead of 10."""
    return make_license_request(subscription, asked_by=buyer.user)


@pytest.fixture
def promised(customer, offer, buyer):
    """4 licenses instead of 10, from the renewal on."""
    started = localdate() - timedelta(days=100)
    subscription = make_subscription(customer, offer, ends_on=RENEWAL, started_on=started)
    return make_license_request(subscription, quantity=4, due_on=RENEWAL, asked_by=buyer.user)


def state_of(asked):
    asked.refresh_from_db()
    asked.subscription.refresh_from_db()
    return asked.status, asked.subscription.quantity


def test_approving_changes_the_licenses(staff, provider, asked):
    response = approve(staff, asked)

    assert response["Location"] == staff.url(DETAIL, asked.pk)
    assert state_of(asked) == ("approved", 25)
    assert asked.decided_by == provider.user and asked.applied_at
    changed = AuditEntry.objects.about(asked.subscription).filter(action="subscription.changed")
    assert changed.filter(organization=provider.organization).count() == 1


def test_the_reseller_approves_where_it_may_change_licenses(browser_of, reseller, asked):
    browser = browser_of(reseller)
    assert "Approve" in browser.open(DETAIL, asked.pk).text

    approve(browser, asked)

    assert state_of(asked) == ("approved", 25)
    assert asked.decided_for == reseller.organization


def _switch_off(provider, customer):
    provider.organization.partner.resellers_manage_subscriptions = False
    provider.organization.partner.save()


def _revoke(provider, customer):
    rights = DelegatedAdmin.objects.filter(customer=customer)
    rights.update(status=DelegatedAdmin.Status.REVOKED, revoked_at=now())


@pytest.mark.parametrize("forbid", [_switch_off, _revoke])
def test_the_reseller_reads_why_it_can_not(browser_of, provider, reseller, customer, asked, forbid):
    forbid(provider, customer)
    browser = browser_of(reseller)

    page = browser.open(DETAIL, asked.pk)
    approve(browser, asked)
    browser.send(DECLINE, asked.pk, data={"reason": "No"})

    assert page.context["why_not"] and "/approve/" not in page.text
    assert state_of(asked) == ("open", 10)


def test_the_costs_are_for_the_provider_alone(staff, vera, browser_of, reseller, asked):
    provider_sees = staff.open(DETAIL, asked.pk).text
    assert "€206.00" in provider_sees and "€515.00" in provider_sees and "+€309.00" in provider_sees
    for browser in (vera, browser_of(reseller)):
        text = browser.open(DETAIL, asked.pk).text
        assert "€" not in text and "Unit price" not in text


@pytest.mark.parametrize(
    "change,words",
    [
        ({"status": "suspended", "suspended_at": now()}, "suspended"),
        ({"status": "expired"}, "only while the subscription is active"),
    ],
)
def test_what_the_state_forbids_changes_nothing(staff, asked, change, words):
    Subscription.objects.filter(pk=asked.subscription_id).update(**change)

    response = approve(staff, asked)

    assert response.status_code == 422 and words in response.text
    assert state_of(asked) == ("open", 10)
    assert not Notice.objects.filter(kind="licenses_approved").exists()


def test_what_the_limits_forbid_changes_nothing(staff, asked):
    asked.subscription.offer.max_quantity = 20
    asked.subscription.offer.save()

    response = approve(staff, asked)

    assert response.status_code == 422 and "at most 20 licenses" in response.text
    assert state_of(asked) == ("open", 10)


def test_a_change_meanwhile_is_shown_first(staff, asked):
    Subscription.objects.filter(pk=asked.subscription_id).update(version=5, quantity=12)

    response = approve(staff, asked, version=1)

    assert response.status_code == 422 and "Licenses now" in response.text
    assert state_of(asked) == ("open", 12)
    assert approve(staff, asked).status_code == 302
    assert state_of(asked) == ("approved", 25)


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 5000, "²"])
def test_a_meddled_version_is_an_old_one(staff, asked, version):
    assert approve(staff, asked, version=version).status_code == 422
    assert state_of(asked) == ("open", 10)


def test_declining_needs_a_reason_that_the_customer_reads(staff, vera, asked):
    assert staff.send(DECLINE, asked.pk, data={"reason": " "}).status_code == 422

    staff.send(DECLINE, asked.pk, data={"reason": "Please pay <b>the</b> last invoice."})

    assert state_of(asked) == ("declined", 10)
    assert "Please pay &lt;b&gt;the&lt;/b&gt; last invoice." in vera.open(DETAIL, asked.pk).text


def test_whoever_comes_second_is_told(staff, browser_of, reseller, asked):
    approve(staff, asked)
    browser = browser_of(reseller)

    for response in (
        approve(browser, asked),
        browser.send(DECLINE, asked.pk, data={"reason": "No"}),
    ):
        assert response["Location"] == browser.url(DETAIL, asked.pk)
    assert "answered or has ended already" in browser.open(DETAIL, asked.pk).text
    assert state_of(asked) == ("approved", 25)


def test_after_its_time_there_is_no_answer(staff, asked):
    LicenseRequest.objects.update(expires_at=now())

    approve(staff, asked)

    assert state_of(asked) == ("open", 10)  # until the round comes by
    assert "Expired" in staff.open(DETAIL, asked.pk).text
    look_after_license_requests()
    assert state_of(asked) == ("expired", 10)


def test_a_user_admin_looks_and_does_not_decide(browser_of, provider, asked):
    browser = browser_of(make_membership(Role.USER_ADMIN, organization=provider.organization))

    page = browser.open(DETAIL, asked.pk)

    assert page.status_code == 200 and "/approve/" not in page.text
    assert browser.send(APPROVE, asked.pk).status_code == 403


def test_the_answer_is_told_to_those_who_may_ask(staff, buyer, customer, asked, reseller):
    mute = make_membership(Role.USER_ADMIN, organization=customer.organization)
    choose_topics(mute.user, [])

    approve(staff, asked)

    notice = Notice.objects.get(kind="licenses_approved")
    assert notice.organization == customer.organization
    mails = OutboxMessage.objects.filter(organization=customer.organization)
    assert [mail.kwargs["user_id"] for mail in mails] == [buyer.user_id]
    other = Notice.objects.get(kind="licenses_approved_by_partner")
    assert other.organization == reseller.organization


def test_home_counts_what_the_list_shows(staff, vera, asked, browser_of, reseller):
    for browser in (staff, browser_of(reseller), vera):
        [line] = [
            line
            for line in browser.open("subscriptions:home").context["attention"]
            if "license request" in line["text"]
        ]
        listed = browser.get(line["url"]).context["page"]
        assert line["text"].startswith(f"{listed.count} ") and listed.count == 1


def test_the_customers_pages_lead_to_it(staff, customer, asked):
    for page in (
        staff.open("subscriptions:customer_subscriptions", customer.pk),
        staff.open("subscriptions:subscription_detail", asked.subscription_id),
    ):
        assert "license-requests/" in page.text
    url = staff.url(LIST, status="open", q=customer.reference)
    assert [row.pk for row in staff.get(url).context["page"].rows] == [asked.pk]
    assert staff.get(staff.url(LIST, q="nobody")).context["page"].count == 0


def test_fewer_wait_for_the_renewal(staff, vera, promised):
    approve(staff, promised)

    assert state_of(promised) == ("approved", 10)
    page = vera.open("subscriptions:subscription_detail", promised.subscription_id)
    assert "From the renewal on" in page.text
    look_after_license_requests()
    assert state_of(promised) == ("approved", 10)


def _its_day_has_come(promised):
    LicenseRequest.objects.filter(pk=promised.pk).update(due_on=localdate())


def test_on_its_day_they_are_fewer(staff, promised):
    approve(staff, promised)
    _its_day_has_come(promised)

    look_after_license_requests()
    look_after_license_requests()

    assert state_of(promised) == ("approved", 4)
    assert promised.applied_at
    changes = AuditEntry.objects.about(promised.subscription)
    assert changes.filter(organization=promised.provider, actor=None).count() == 1


def test_not_while_the_subscription_is_suspended(staff, promised):
    approve(staff, promised)
    _its_day_has_come(promised)
    rows = Subscription.objects.filter(pk=promised.subscription_id)
    rows.update(status="suspended", suspended_at=now())

    look_after_license_requests()
    assert state_of(promised) == ("approved", 10)

    rows.update(status="active", suspended_at=None)
    look_after_license_requests()
    assert state_of(promised) == ("approved", 4)


def test_a_later_approval_takes_its_place(staff, promised):
    approve(staff, promised)
    more = make_license_request(promised.subscription, quantity=30)

    approve(staff, more)
    _its_day_has_come(promised)
    look_after_license_requests()

    assert state_of(more) == ("approved", 30)
    assert state_of(promised) == ("expired", 30)


def test_a_renewal_that_is_off_can_not_be_promised(staff, promised):
    Subscription.objects.filter(pk=promised.subscription_id).update(auto_renew=False)

    response = approve(staff, promised)

    assert response.status_code == 422 and "no longer renews" in response.text
    assert state_of(promised) == ("open", 10)


@pytest.mark.parametrize(
    "language,words",
    [("en", "You have 1 license now."), ("de", "Sie haben jetzt 1 Lizenz.")],
)
def test_the_letter_says_what_is_so_now(staff, buyer, subscription, language, words):
    approve(staff, make_license_request(subscription, quantity=1))
    buyer.user.language = language

    mail = notice_mail(Notice.objects.get(kind="licenses_approved"), buyer.user)

    assert words in mail.body and "None" not in mail.body
