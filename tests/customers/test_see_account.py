"""*Account* of a customer, and *Partner relationships* as the customer sees them."""

from portal.accounts.roles import Role
from tests.customers.conftest import add_customer, do_background_work
from tests.factories import make_customer, make_membership


def test_all_that_is_known_is_on_the_page(provider, reseller, partnership, browser_of):
    customer = add_customer(
        provider, reseller.organization, phone="040 5550120", registration_number="HRB 4711"
    )
    do_background_work()

    text = browser_of(provider).open("customers:customer_account", customer.pk).text

    for words in (
        "Vogel Optik GmbH",
        customer.reference,
        "vogeloptik.onportal.example",
        "Jungfernstieg 1",
        "20354 Hamburg",
        "Germany",
        "HRB 4711",
        "vera@vogel-optik.example",
        "+49 40 5550120",
        "admin@vogeloptik.onportal.example",
        "Ready",
        "Reset admin password",
        "Kessler IT-Systemhaus",
    ):
        assert words in text, words


def test_an_agreement_not_accepted_yet_is_said_out_loud(provider, browser_of):
    customer = add_customer(provider, agreement="asked")

    text = browser_of(provider).open("customers:customer_account", customer.pk).text

    assert "has not accepted the customer agreement yet" in text


def test_an_account_without_grants_says_so(provider, browser_of):
    customer = make_customer(provider.organization)

    text = browser_of(provider).open("customers:customer_account", customer.pk).text

    assert "No partner has administrator access" in text


def test_whoever_may_not_reset_is_not_offered_it(provisioned, reseller, browser_of):
    sales = make_membership(Role.SALES_AGENT, organization=provisioned.provider)
    users = make_membership(Role.USER_ADMIN, organization=reseller.organization)

    for membership in (users, sales):
        browser = browser_of(membership)
        text = browser.open("customers:customer_account", provisioned.pk).text
        assert "Vogel Optik GmbH" in text
        assert "Reset admin password" not in text


def test_a_hostile_name_is_only_text(provider, browser_of):
    customer = add_customer(provider, company_name="<script>alert(1)</script> GmbH")

    for page in ("customers:customer_account", "customers:admin_password_reset"):
        assert "<script>alert" not in browser_of(provider).open(page, customer.pk).text


def test_a_customer_leads_to_its_subscriptions(provider, provisioned, browser_of):
    browser = browser_of(provider)

    response = browser.open("customers:customer_detail", provisioned.pk)

    assert response["Location"] == browser.url(
        "subscriptions:customer_subscriptions", provisioned.pk
    )


def test_the_customer_sees_who_may_act_for_it(provisioned, browser_of):
    admin = make_membership(organization=provisioned.organization)

    text = browser_of(admin).open("customers:partner_list").text

    assert "Nordwind Distribution" in text and "Indirect provider" in text
    assert "Kessler IT-Systemhaus" in text and "Indirect reseller" in text
    rows = text[text.index("<tbody>") : text.index("</tbody>")]
    assert rows.count('data-kind="warn"') == 2
    assert "suspend or resume subscriptions" in text


def test_what_the_provider_switched_off_is_listed_as_impossible(provisioned, browser_of):
    admin = make_membership(organization=provisioned.organization)
    provisioned.provider.partner.resellers_manage_subscriptions = False
    provisioned.provider.partner.save()

    text = browser_of(admin).open("customers:partner_list").text

    can, _heading, cannot = text.rpartition("They can't:")
    assert "suspend or resume" in cannot and "suspend or resume" not in can


def test_a_customer_without_partners_is_told_so(provisioned, browser_of):
    admin = make_membership(organization=provisioned.organization)
    other = make_membership(kind="customer")

    assert "No partner acts for you" in browser_of(other).open("customers:partner_list").text
    assert "Nordwind" in browser_of(admin).open("customers:partner_list").text
