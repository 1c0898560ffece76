"""The wizard's memory: drafts begin, are resumed, stay apart and leave nothing behind."""

from uuid import uuid4

import pytest

from customers.models import Customer
from portal.accounts.models import Organization
from portal.accounts.roles import Role
from subscriptions.models import Order, OrderDraft
from tests.factories import make_membership, make_partner, make_partnership
from tests.subscriptions.conftest import (
    REVIEW,
    SUBSCRIPTIONS,
    begin,
    choose,
    licenses,
    submit,
    typed,
)

CREATE, ACCOUNT = "subscriptions:draft_create", "subscriptions:draft_account"
CANCEL = "subscriptions:draft_cancel"


def test_the_reseller_of_the_row_is_selected_already(staff, partnership):
    page = staff.open(CREATE, reseller=partnership.reference)

    assert page.status_code == 200
    assert "<h1" in page.text and "New customer" in page.text
    assert f'value="{partnership.reference}" selected' in page.text
    assert "Next: Subscriptions" in page.text


def test_an_unknown_reseller_in_the_address_is_ignored(staff):
    for reseller in ("R-000000", "nonsense", "' or 1=1", "\x00", "R-" + "9" * 500):
        assert staff.open(CREATE, reseller=reseller).status_code == 200


def test_looking_creates_nothing(staff):
    staff.open(CREATE)

    assert not OrderDraft.objects.exists()


def test_a_valid_account_begins_a_draft(staff, provider, partnership):
    response = staff.send(CREATE, data=typed(reseller=partnership.reference))

    draft = OrderDraft.objects.get()
    assert response.status_code == 302
    assert response["Location"].endswith(f"/customers/new/{draft.reference}/subscriptions/")
    assert draft.account["company_name"] == "Vogel Optik GmbH"
    assert draft.reseller == partnership.reseller
    assert draft.created_by == provider.user


def test_mistakes_keep_what_was_typed_and_begin_nothing(staff):
    response = staff.send(CREATE, data=typed(email="no mail", city="Lübeck"))

    assert response.status_code == 422
    assert "Lübeck" in response.text and "no mail" in response.text
    assert not OrderDraft.objects.exists()


def test_the_same_form_pressed_twice_begins_one_draft(staff):
    data = typed(submission=str(uuid4()))

    first, second = staff.send(CREATE, data=data), staff.send(CREATE, data=data)

    assert first["Location"] == second["Location"]
    assert OrderDraft.objects.count() == 1


def test_back_to_the_first_form_changes_the_same_draft(staff):
    data = typed(submission=str(uuid4()))
    staff.send(CREATE, data=data)

    staff.send(CREATE, data=data | {"company_name": "Vogel Brillen GmbH"})

    assert OrderDraft.objects.get().account["company_name"] == "Vogel Brillen GmbH"


def test_a_broken_form_identity_does_no_harm(staff):
    for submission in ("", "x", "0" * 5000, "\x00"):
        assert staff.send(CREATE, data=typed(submission=submission)).status_code == 302


def test_nothing_but_the_draft_exists_before_submit(staff, draft, offer):
    choose(staff, draft, offer, 25)
    staff.open(REVIEW, draft.pk)

    assert not Customer.objects.exists()
    assert not Order.objects.exists()
    assert not Organization.objects.filter(domain="vogeloptik.onportal.example").exists()


def test_a_draft_can_be_resumed_later_in_another_browser(provider, browser_of, reviewed, offer):
    colleague = make_membership(Role.SALES_AGENT, organization=provider.organization)
    browser = browser_of(colleague)

    assert "Vogel Optik GmbH" in browser.open("subscriptions:order_list").text
    browser.send("subscriptions:draft_take_over", reviewed.pk)
    assert "Vogel Optik GmbH" in browser.open(ACCOUNT, reviewed.pk).text
    assert 'value="25"' in browser.open(SUBSCRIPTIONS, reviewed.pk).text
    assert submit(browser, reviewed).status_code == 302


def test_two_tabs_are_two_drafts(staff, offer):
    one, two = begin(staff), begin(staff, company_name="Brandt Logistik GmbH", domain="brandt")

    choose(staff, one, offer, 5)
    choose(staff, two, offer, 7)

    first, second = staff.open(REVIEW, one.pk).text, staff.open(REVIEW, two.pk).text
    assert "Vogel Optik" in first and "Brandt Logistik" not in first
    assert "Brandt Logistik" in second and "Vogel Optik" not in second


def test_changing_the_account_returns_to_review(staff, reviewed):
    page = staff.open(REVIEW, reviewed.pk).text
    url = staff.url(ACCOUNT, reviewed.pk, next="review")
    assert url in page

    response = staff.post(url, typed(company_name="Vogel Brillen GmbH"))

    assert response["Location"] == staff.url(REVIEW, reviewed.pk)
    assert "Vogel Brillen GmbH" in staff.open(REVIEW, reviewed.pk).text


def test_changing_the_account_without_offers_goes_on_to_them(staff, draft):
    response = staff.post(staff.url(ACCOUNT, draft.pk, next="review"), typed())

    assert response["Location"] == staff.url(SUBSCRIPTIONS, draft.pk)


def test_mistakes_while_changing_keep_the_draft_as_it_was(staff, draft):
    response = staff.send(ACCOUNT, draft.pk, data=typed(company_name=""))

    assert response.status_code == 422
    draft.refresh_from_db()
    assert draft.account["company_name"] == "Vogel Optik GmbH"


@pytest.mark.parametrize("page", [SUBSCRIPTIONS, REVIEW])
def test_steps_cannot_be_skipped(staff, provider, page):
    empty = OrderDraft.objects.create(provider=provider.organization, created_by=provider.user)

    assert staff.open(page, empty.pk)["Location"] == staff.url(ACCOUNT, empty.pk)


def test_review_without_offers_leads_to_them(staff, draft):
    assert staff.open(REVIEW, draft.pk)["Location"] == staff.url(SUBSCRIPTIONS, draft.pk)


def test_cancel_asks_first(staff, draft):
    page = staff.open(CANCEL, draft.pk)

    assert "Cancel this order?" in page.text
    assert "Keep as draft and leave" in page.text
    assert OrderDraft.objects.filter(pk=draft.pk).exists()


def test_cancel_discards_everything(staff, reviewed):
    response = staff.send(CANCEL, reviewed.pk)

    assert response.status_code == 302
    assert not OrderDraft.objects.exists()
    assert not Customer.objects.exists()
    assert staff.open(REVIEW, reviewed.pk).status_code == 404
    assert staff.send(CANCEL, reviewed.pk).status_code == 404
    assert staff.send(SUBSCRIPTIONS, reviewed.pk, data={"next": "review"}).status_code == 404


def test_what_is_submitted_cannot_be_cancelled_here(staff, reviewed):
    submit(staff, reviewed)

    response = staff.send(CANCEL, reviewed.pk)

    assert "/confirmation/" in response["Location"]
    assert Order.objects.count() == 1


@pytest.mark.parametrize("page", [ACCOUNT, SUBSCRIPTIONS, REVIEW, CANCEL])
def test_what_is_submitted_leads_to_its_confirmation(staff, reviewed, page):
    order = submit(staff, reviewed)["Location"]

    assert staff.open(page, reviewed.pk)["Location"] == order
    assert staff.send(page, reviewed.pk, data=typed())["Location"] == order


@pytest.mark.parametrize("page", [ACCOUNT, SUBSCRIPTIONS, REVIEW, CANCEL])
def test_drafts_of_another_provider_are_not_there(browser_of, outsider, reviewed, page):
    browser = browser_of(outsider)

    assert browser.open(page, reviewed.pk).status_code == 404
    assert browser.send(page, reviewed.pk, data=typed()).status_code == 404
    assert OrderDraft.objects.filter(pk=reviewed.pk).exists()


def test_resellers_and_customers_have_no_wizard(browser_of, reseller, draft):
    browser = browser_of(reseller)

    assert browser.open(CREATE).status_code == 404
    assert browser.open(SUBSCRIPTIONS, draft.pk).status_code == 404


def test_a_user_admin_may_finish_the_wizard(provider, browser_of, offer):
    browser = browser_of(make_membership(Role.USER_ADMIN, organization=provider.organization))
    draft = begin(browser, agreement="asked", agreement_date="")

    choose(browser, draft, offer, 3)

    assert submit(browser, draft).status_code == 302


def test_the_wizard_speaks_german(staff, provider, reviewed):
    provider.user.language = "de"
    provider.user.save()

    for page in (ACCOUNT, SUBSCRIPTIONS, REVIEW, CANCEL):
        response = staff.get(staff.url(page, reviewed.pk), HTTP_ACCEPT_LANGUAGE="de")
        assert response.status_code == 200
        assert '<html lang="de"' in response.text


def test_a_partner_that_is_gone_is_said_at_the_field(staff, provider, draft):
    other = make_partnership(provider.organization, make_partner())
    draft.account |= {"reseller": other.reference}
    draft.save()
    other.delete()

    page = staff.open(ACCOUNT, draft.pk)

    assert page.status_code == 200
    assert "Vogel Optik GmbH" in page.text and page.context["form"].errors["reseller"]


def test_hostile_draft_addresses_are_not_found(staff):
    base = staff.url(CREATE)
    for reference in ("D-000000", "D-ZZZZZZZZZZZ", "1", "D-", "../../", "%00"):
        assert staff.get(f"{base}{reference}/").status_code == 404


def test_licenses_survive_a_change_of_mind_about_the_account(staff, draft, offer):
    staff.send(SUBSCRIPTIONS, draft.pk, data=licenses(offer, 12) | {"next": "review"})

    staff.send(ACCOUNT, draft.pk, data=typed(city="Kiel"))

    draft.refresh_from_db()
    assert draft.lines[str(offer.pk)]["quantity"] == 12
