import pytest

from partners import wording
from partners.models import Partnership
from portal.accounts.roles import Role
from portal.audit.models import AuditEntry
from portal.outbox.models import OutboxMessage
from subscriptions.ending import Plan
from tests.factories import make_customer, make_membership, make_partnership, make_subscription

CONFIRMED = {"confirmed": "on", "version": wording.REMOVAL_VERSION}


@pytest.fixture
def remove(provider, partnership, browser_of):
    def post(by=None, **changes):
        seen = {"plan": Plan(partnership).fingerprint}
        sent = (CONFIRMED | seen | changes).items()
        data = {name: value for name, value in sent if value is not None}
        browser = browser_of(by or provider)
        return browser.send("subscriptions:partnership_remove", partnership.reseller_id, data=data)

    return post


def test_the_consequences_come_first(provider, partnership, browser_of):
    customers = [make_customer(partnership.provider, partnership.reseller) for _ in range(3)]
    make_customer(partnership.provider)
    make_subscription(customers[0], reseller_of_record=partnership.location)

    text = (
        browser_of(provider).open("subscriptions:partnership_remove", partnership.reseller_id).text
    )

    assert "Remove partnership with Kessler IT-Systemhaus?" in text
    assert "<strong>3 customers stay</strong>" in text
    assert "3 grants" in text
    assert "1 subscription keeps" in text
    assert "No notice is sent" in text
    assert "in good faith, for a legitimate business purpose" in text
    assert "Yes, remove partnership" in text
    assert "No, keep it" in text
    partnership.refresh_from_db()
    assert partnership.status == "active"


def test_removing(remove, partnership, provider, list_url):
    response = remove()

    partnership.refresh_from_db()
    assert response.status_code == 302
    assert response["Location"] == list_url(provider)
    assert partnership.status == "removed"
    assert partnership.removed_at is not None
    assert partnership.statement_version == wording.REMOVAL_VERSION


def test_what_stays_stays(remove, partnership, provider, browser_of):
    customer = make_customer(partnership.provider, partnership.reseller)
    subscription = make_subscription(
        customer,
        reseller_of_record=partnership.location,
        support_contact=partnership.reseller,
    )

    remove()

    for row in (customer, subscription):
        row.refresh_from_db()
    assert customer.reseller == partnership.reseller
    assert customer.delegated_admins.get().status == "granted"
    assert subscription.reseller_of_record == partnership.location
    assert subscription.support_contact == partnership.reseller


def test_nothing_is_sent_to_the_reseller_or_to_customers(
    remove, work, partnership, provider, reseller
):
    make_customer(partnership.provider, partnership.reseller, email="vera@vogel.example")

    remove()

    others = OutboxMessage.objects.exclude(organization=provider.organization)
    assert not others.exists()
    written = {address for mail in work() for address in mail.recipients()}
    assert not written & {reseller.user.email, "vera@vogel.example"}


def test_the_reseller_leaves_the_list(remove, provider, reseller, browser_of):
    remove()

    page = browser_of(provider)
    assert "Kessler" not in page.open("partners:reseller_list").context["page"].rows
    assert page.open("partners:reseller_list").context["page"].count == 0
    assert browser_of(reseller).open("partners:provider_list").context["page"].count == 0


def test_both_sides_have_the_statement_on_record(remove, provider, reseller):
    remove()

    for membership in (provider, reseller):
        entry = AuditEntry.objects.visible_to(membership).get()
        assert entry.action == "partnership.removed"
        assert entry.actor == provider.user
        assert entry.details["statement"] == wording.REMOVAL_VERSION
        assert entry.details["customers"] == 0


@pytest.mark.parametrize(
    "changes,field",
    [
        ({"confirmed": None}, "confirmed"),
        ({"version": None}, "version"),
        ({"version": "1999-01"}, "version"),
        ({"version": "\x00"}, "version"),
    ],
)
def test_without_the_statement_nothing_happens(remove, partnership, changes, field):
    response = remove(**changes)

    partnership.refresh_from_db()
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert partnership.status == "active"


def test_not_ticked_says_what_to_do(remove):
    assert "Confirm the statement to remove the partnership." in remove(confirmed=None).text


def test_pressed_twice_has_one_result(remove, provider, partnership):
    remove()
    response = remove()

    assert response.status_code == 302
    assert AuditEntry.objects.visible_to(provider).count() == 1


def test_user_admins_may_not(remove, provider, partnership):
    colleague = make_membership(Role.USER_ADMIN, organization=provider.organization)

    assert remove(by=colleague).status_code == 403
    partnership.refresh_from_db()
    assert partnership.status == "active"


def test_other_providers_find_nothing(remove, outsider, partnership):
    assert remove(by=outsider).status_code == 404
    partnership.refresh_from_db()
    assert partnership.status == "active"


def test_a_partnership_can_start_again(remove, partnership):
    remove()

    make_partnership(partnership.provider, partnership.reseller)

    assert remove().status_code == 302
    assert not Partnership.objects.active().exists()


def test_the_version_shown_is_the_version_sent(provider, partnership, browser_of):
    text = (
        browser_of(provider).open("subscriptions:partnership_remove", partnership.reseller_id).text
    )

    assert f'value="{wording.REMOVAL_VERSION}"' in text


def test_in_german(provider, partnership, browser_of):
    browser = browser_of(provider)
    browser.cookies["django_language"] = "de"

    text = browser.open("subscriptions:partnership_remove", partnership.reseller_id).text

    assert "in gutem Glauben" in text
