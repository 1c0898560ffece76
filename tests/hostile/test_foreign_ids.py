"""Ids of somebody else's rows, wherever one can put them besides the address."""

import pytest

from customers.setup_info import SESSION_KEY
from partners.models import MpnAccount
from portal.references import encode
from subscriptions.models import OrderLine
from tests.hostile.canaries import heard
from tests.hostile.forms import acceptance, account, change, picked, relationship
from tests.hostile.state import changed, everything

SERIES = {"customer": "C", "subscription": "S", "order": "O", "draft": "D", "request": "P"}
SERIES |= {"relationship_request": "Q"}


@pytest.fixture
def refuse(scene):
    """Post as ``who``; nothing is written and nothing told. Returns the answer."""

    def press(name, data, who="staff", about=(), status=422):
        browser, before = scene.browser(who), everything()
        response = browser.post(scene.url(name, who, about), data)
        assert response.status_code == status
        assert changed(before) == []
        assert heard(without(response.text, data)) == []
        return response

    return press


def without(text, data):
    """An answer without what it repeats of the question."""
    for value in data.values():
        text = text.replace(str(value), "") if len(str(value)) > 4 else text
    return text


def references(foreign):
    yield from (encode("R", pk) for pk in (foreign.reseller.pk, foreign.provider.pk))
    for name, letter in SERIES.items():
        yield encode(letter, getattr(foreign, name).pk)


LISTS = {
    "staff": [
        "customers:customer_list",
        "customers:relationship_list",
        "customers:relationship_create",
        "customers:grant_list",
        "subscriptions:subscription_list",
        "subscriptions:order_list",
        "partners:reseller_list",
        "subscriptions:draft_create",
        "audit:entry_list",
        "outbox:message_list",
    ],
    "reseller_staff": [
        "customers:customer_list",
        "customers:relationship_list",
        "customers:relationship_create",
        "customers:grant_list",
        "subscriptions:subscription_list",
        "partners:provider_list",
    ],
    "customer_staff": [
        "subscriptions:subscription_list",
        "customers:partner_list",
        "customers:owner_list",
    ],
}


@pytest.mark.parametrize("who", LISTS)
@pytest.mark.parametrize("name", ["new", "open", "reseller", "provider", "q", "after", "before"])
def test_in_query_strings_of_lists(scene, foreign, who, name):
    browser = scene.browser(who)
    for page in LISTS[who]:
        for reference in references(foreign):
            response = browser.get(scene.url(page, who, **{name: reference}), follow=True)
            assert response.status_code == 200
            assert heard(response.text.replace(reference, "")) == []


@pytest.mark.parametrize("who", LISTS)
def test_names_of_others_find_nothing(scene, foreign, who):
    """Searching for their names, domains and MPN IDs; the words themselves are repeated."""
    browser, word = scene.browser(who), foreign.customer.company_name
    for page in LISTS[who]:
        response = browser.get(scene.url(page, who, q=word))
        assert response.status_code == 200
        assert encode("C", foreign.customer.pk) not in response.text
        assert foreign.customer.domain not in response.text.replace(word, "")


def test_orders_of_others_mark_nothing(scene, foreign):
    url = scene.url("subscriptions:customer_subscriptions", "staff", ["customer"])
    response = scene.browser("staff").get(url, {"new": encode("O", foreign.order.pk)})
    assert response.status_code == 200
    assert heard(response.text) == []


def test_a_reseller_of_another_provider_in_the_wizard(scene, foreign, refuse):
    for partner in (foreign.reseller, foreign.provider, scene.unsigned.organization):
        data = account(scene) | {"reseller": encode("R", partner.pk)}
        for about in ([], ["draft"]):
            name = "draft_account" if about else "draft_create"
            response = refuse(f"subscriptions:{name}", data, about=about)
            assert "reseller" in response.context["form"].errors


def test_a_stored_draft_that_names_another_providers_reseller(scene, foreign, refuse):
    """As if the row had been tampered with: Submit checks it once more."""
    scene.draft.account |= {"reseller": encode("R", foreign.reseller.pk)}
    scene.draft.save()
    page = scene.browser("staff").get(scene.url("subscriptions:draft_review", "staff", ["draft"]))
    assert heard(page.text) == []

    seen = page.context["review"].fingerprint
    refuse("subscriptions:draft_review", {"seen": seen}, about=["draft"])


@pytest.mark.parametrize("field", ["reseller_of_record", "support_contact"])
def test_partners_of_others_on_a_subscription(scene, foreign, refuse, field):
    mpn_id = foreign.reseller.mpn_accounts.get().mpn_id
    chosen = {
        "reseller_of_record": mpn_id,
        "support_contact": encode("R", foreign.reseller.pk),
    }
    data = change(scene) | {field: chosen[field]}

    response = refuse("subscriptions:subscription_detail", data, about=["subscription"])

    assert field in response.context["form"].errors


def test_typing_the_mpn_id_of_a_stranger_tells_a_name_at_most(scene, foreign):
    """Whoever knows the number learns whose it is, so that the partnership can be requested."""
    mpn = MpnAccount.objects.get(organization=foreign.reseller)
    data = change(scene) | {"mpn_id": mpn.mpn_id}
    url = scene.url("subscriptions:subscription_detail", "staff", ["subscription"])
    browser, before = scene.browser("staff"), everything()

    response = browser.post(url, data)

    assert response.status_code == 422 and changed(before) == []
    told = response.text.replace(mpn.mpn_id, "").replace(foreign.reseller.name, "")
    assert heard(told) == []


@pytest.mark.parametrize("page", ["staff", "reseller_staff"])
def test_a_reseller_may_not_sneak_in_fields_of_the_provider(scene, foreign, page):
    """Inputs that are not on one's own page change nothing."""
    mine = {"support_contact": encode("R", foreign.reseller.pk), "mpn_id": "x", "version": 1}
    data = change(scene) | mine | {"quantity": 10, "provider": "1", "unit_price": "0", "id": "1"}
    url = scene.url("subscriptions:subscription_detail", page, ["subscription"])

    scene.browser(page).post(url, data)

    scene.subscription.refresh_from_db()
    assert scene.subscription.support_contact is None
    assert scene.subscription.reseller_of_record is None
    assert str(scene.subscription.unit_price) == "20.60"


def test_submissions_of_others_do_nothing(scene, foreign, refuse):
    data = account(scene) | {"submission": str(foreign.draft.submission)}
    refuse("subscriptions:draft_create", data, status=409)

    ordered = picked(scene) | {"reseller": "none", "next": "submit"}
    for order in (foreign.order, scene.waiting_order):
        data = ordered | {"submission": str(order.submission)}
        refuse("subscriptions:subscription_add", data, about=["customer"], status=409)

    data = {"submission": str(foreign.request.submission)}
    refuse("partners:request_create", data, status=409)

    data = {"submission": str(foreign.relationship_request.submission), "reseller": "none"}
    refuse("customers:relationship_create", data, status=409)


def test_lines_of_other_orders(scene, foreign, refuse):
    theirs = OrderLine.objects.filter(order=foreign.order).first()
    ours = OrderLine.objects.filter(order=scene.order).first()
    for line in (theirs, ours):
        for name in ("line_retry", "line_cancel"):
            about = ["failed_order"]
            refuse(f"subscriptions:{name}", {"line": str(line.pk)}, about=about, status=404)


def test_answering_an_invitation_as_somebody_else(scene, foreign, refuse):
    theirs = foreign.reseller.mpn_accounts.get().mpn_id
    data = acceptance(scene) | {"location": theirs}
    refuse("invitation", data, who="candidate", about=["token"])

    data = {"company": foreign.reseller.slug}
    refuse("invitation_decline", data, who="candidate", about=["token"])


@pytest.mark.parametrize("who", ["staff", "reseller_staff", "customer_staff", "unsigned"])
def test_people_who_may_not_answer(scene, who):
    browser, before = scene.browser(who), everything()
    location = getattr(scene, who).organization.mpn_accounts.first()
    number = location.mpn_id if location else "1"

    response = browser.post(
        scene.url("invitation", about=["token"]), {"location": number, "authorized": "on"}
    )

    if who == "reseller_staff":  # partners already
        assert response.status_code == 422
    assert response.status_code in {200, 422}
    assert changed(before) == []


def test_answering_a_relationship_as_somebody_else(scene, foreign, refuse):
    about = ["asked_token"]
    data = relationship(scene) | {"company": foreign.organization.slug}
    refuse("relationship_request", data, who="prospect", about=about)

    data = {"company": foreign.organization.slug}
    refuse("relationship_decline", data, who="prospect", about=about)


def test_inviting_customers_in_the_name_of_others(scene, foreign, refuse):
    for who, field in (("staff", "reseller"), ("reseller_staff", "provider")):
        for company in (foreign.reseller, foreign.provider):
            data = {field: encode("R", company.pk), "delegated_admin": "on"}
            refuse("customers:relationship_create", data, who=who)


def test_a_session_that_claims_somebody_elses_customer(scene, foreign):
    browser = scene.browser("staff")
    session = browser.session
    session[SESSION_KEY] = [foreign.customer.pk, scene.customer.pk]
    session.save()
    before = everything()

    for customer in (foreign.customer, scene.customer):
        url = scene.url("customers:setup_info_reveal", "staff", ["customer"]).replace(
            scene.customer.reference, customer.reference
        )
        response = browser.post(url)
        assert response.status_code == (404 if customer == foreign.customer else 200)
    assert changed(before) == []


def test_a_link_opens_one_request_and_no_other(scene, foreign):
    """The bearer of a link sees the one request it belongs to."""
    for who in ("", "candidate"):
        page = scene.browser(who).get(scene.url("invitation", about=["token"]))
        assert page.status_code == 200
        assert heard(page.text) == []
