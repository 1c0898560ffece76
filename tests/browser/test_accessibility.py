"""What axe finds wrong on the main pages: nothing, by day and by night."""

import re
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe

from partners import wording
from partners.services import draft_request, remove_partnership
from portal.accounts.roles import Kind
from portal.links import reverse
from portal.references import encode
from portal.scope import OPERATOR, acting
from subscriptions.models import Offer
from tests.factories import (
    make_customer,
    make_membership,
    make_order,
    make_partner,
    make_partnership,
    make_request,
    make_subscription,
    make_user,
)
from tests.partners.enrolling import complete_enrolment

PASSWORD = "correct horse battery"
# At night only the colours differ.
NIGHT = {"runOnly": ["color-contrast"]}


class Inspector:
    """Opens pages in one window and keeps what axe says against them."""

    def __init__(self, page, organization):
        self.page, self.organization = page, organization
        self.axe, self.found = Axe(), []

    def opens(self, name, *args, **query):
        self.goes(reverse(name, *args, organization=self.organization, **query))

    def goes(self, url):
        self.page.goto(url)
        self.looks()

    def looks(self):
        self._judge("light", None)
        self.page.emulate_media(color_scheme="dark")
        self._judge("dark", NIGHT)
        self.page.emulate_media(color_scheme="light")

    def _judge(self, theme, options):
        violations = self.axe.run(self.page, options=options).response["violations"]
        self.found += [
            f"{self.page.url} ({theme}): {violation['id']} {violation['nodes'][0]['html']}"
            for violation in violations
        ]

    def presses(self, name):
        self.page.locator("main").get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def world(portal):
    """A provider at work, with one of everything that the main pages show."""
    with acting(OPERATOR):
        provider = make_partner(Kind.PROVIDER, name="Nordwind Distribution", slug="nordwind")
        user = make_user("anna@nordwind.test", PASSWORD, first_name="Anna", last_name="Brandt")
        anna = make_membership(organization=provider, user=user)
        reseller = make_partner(name="Kessler IT-Systemhaus", slug="kessler")
        make_partnership(provider, reseller)
        make_partnership(provider, make_partner(name="Brightwater", signed=False))
        former = make_partner(name="Isar Cloudworks", slug="isar")
        ended = make_partnership(provider, former)
        remove_partnership(ended, actor=anna, statement_version="2026-01")
        make_customer(provider, former)
        make_request(provider, created_by=user, recipient="info@alpina.test")
        customer = make_customer(provider, reseller, company_name="Vogel Optik", status="active")
        subscription = make_subscription(customer, Offer.objects.first(), support_contact=reseller)
        order = make_order(customer)
    with acting(anna.actor):
        draft = draft_request(actor=anna, submission=uuid4(), language="en")
    return {
        "provider": provider,
        "reseller": reseller,
        "former": former,
        "customer": customer,
        "subscription": subscription,
        "order": order,
        "draft": draft,
        "invitation": wording.invitation_url(draft),
    }


@pytest.fixture
def inspector(world, visitor):
    return Inspector(visitor(reduced_motion="reduce"), world["provider"])


def test_pages_before_signing_in(inspector, world):
    for url in ("/", "/accounts/login/", "/enroll/", "/find-a-provider/", "/no-such-page/"):
        inspector.goes(url)
    inspector.goes(world["invitation"])
    inspector.goes(f"{world['invitation']}ask/")
    inspector.page.goto("/enroll/you/")
    inspector.presses("Save and continue")
    inspector.page.locator(".errors").wait_for()
    inspector.looks()
    assert inspector.found == []


def test_the_parts_of_an_enrolment(inspector, world):
    with acting(OPERATOR):
        complete_enrolment(make_user("nora@neu.test", PASSWORD), email="nora@neu.test")
    page = inspector.page
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill("nora@neu.test")
    page.locator("[name=password]").fill(PASSWORD)
    inspector.presses("Sign in")
    page.wait_for_url(re.compile("/organizations/|/o/"))
    for part in ("", "you/", "company/", "identifiers/", "agreement/", "review/"):
        inspector.goes(f"/enroll/{part}")
    inspector.presses("Submit")
    page.wait_for_url(re.compile("/enroll/$"))
    inspector.looks()
    assert inspector.found == []


def test_pages_of_a_provider(inspector, world):
    sign_in(inspector)
    inspector.looks()
    reseller, customer = world["reseller"].pk, world["customer"]
    inspector.opens("partners:reseller_list")
    inspector.opens("partners:reseller_list", view="pending")
    inspector.opens("partners:reseller_detail", reseller)
    inspector.opens("subscriptions:partnership_remove", reseller)
    inspector.opens("subscriptions:partnership_customers", reseller)
    for name in ("reseller_ended", "message_reseller", "message_customers"):
        inspector.opens(f"subscriptions:{name}", world["former"].pk)
    inspector.opens("partners:request_draft", world["draft"].pk)
    inspector.opens("customers:customer_list", open=customer.reference)
    inspector.opens("customers:customer_account", customer.pk)
    inspector.opens("subscriptions:subscription_list")
    inspector.opens("subscriptions:subscription_detail", world["subscription"].pk)
    inspector.opens("subscriptions:order_list")
    inspector.opens("subscriptions:order_detail", world["order"].pk)
    inspector.page.goto(reverse("partners:reseller_list", organization=world["provider"]))
    inspector.page.locator(".row-menu").last.click()
    inspector.page.get_by_role("link", name="Remove partnership").last.click()
    inspector.page.locator("#dialog-heading").wait_for()
    inspector.looks()
    assert inspector.found == []


def test_pages_about_what_is_sold(inspector, world):
    sign_in(inspector)
    chosen = world["subscription"].reference
    inspector.opens("subscriptions:price_list")
    inspector.opens("subscriptions:incentives")
    inspector.opens("subscriptions:subscription_calendar")
    inspector.opens("subscriptions:subscriptions_change", selected=chosen)
    inspector.opens("subscriptions:customer_subscriptions", world["customer"].pk)
    inspector.opens("subscriptions:subscription_add", world["customer"].pk)
    inspector.opens("subscriptions:order_request_list")
    assert inspector.found == []


def test_pages_of_a_company(inspector, world):
    sign_in(inspector)
    for name in ("profile_detail", "profile_change", "identifier_list", "identifier_add"):
        inspector.opens(f"partners:{name}")
    inspector.opens("partners:agreement")
    for url in ("/accounts/me/", "/accounts/me/notifications/", "/find-a-provider/nordwind/"):
        inspector.goes(url)
    inspector.page.goto(reverse("partners:identifier_add", organization=world["provider"]))
    inspector.presses("Add")
    inspector.page.locator(".errors").wait_for()
    inspector.looks()
    inspector.opens("partners:profile_detail")
    inspector.presses("Profile reviewed")
    inspector.page.locator(".note--ok").wait_for()
    inspector.looks()
    inspector.opens("subscriptions:home")
    assert inspector.found == []


def test_the_steps_of_a_new_customer(inspector, world):
    page = inspector.page
    sign_in(inspector)
    inspector.opens("subscriptions:draft_create", reseller=encode("R", world["reseller"].pk))
    inspector.presses("Next: Subscriptions")
    page.locator(".errors").wait_for()
    inspector.looks()
    fill_in(page)
    inspector.presses("Next: Subscriptions")
    page.wait_for_url(re.compile("/subscriptions/"))
    inspector.looks()
    page.reload()
    page.locator("#offers tbody input").first.fill("25")
    inspector.presses("Next: Review")
    page.wait_for_url(re.compile("/review/"))
    inspector.looks()
    inspector.presses("Submit")
    page.locator("#temporary-password").wait_for()
    page.locator("#order-progress [data-status=completed]").wait_for()
    inspector.looks()
    assert inspector.found == []


def sign_in(inspector):
    page = inspector.page
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill("anna@nordwind.test")
    page.locator("[name=password]").fill(PASSWORD)
    inspector.presses("Sign in")
    page.wait_for_url(re.compile("/o/nordwind/"))


def fill_in(page):
    fields = {
        "company_name": "Albrecht Maschinenbau",
        "domain": "albrecht",
        "address_line_1": "Mönckebergstraße 7",
        "postal_code": "20095",
        "city": "Hamburg",
        "first_name": "Mia",
        "last_name": "Albrecht",
        "email": "mia@albrecht.test",
        "agreement_date": "2021-07-01",
    }
    for name, text in fields.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=agreement][value=accepted]").check()
