"""Who works at the companies and at the portal."""

from playwright.sync_api import expect

from portal.accounts.models import Organization
from portal.accounts.roles import Kind
from portal.scope import OPERATOR, acting
from tests.browser.person import PASSWORD
from tests.factories import make_membership, make_partner, make_user

ANNA, PROVIDER = "anna@nordwind.test", "Nordwind Distribution"


def employ(login, company, language, *roles, kind=Kind.RESELLER, **names):
    """Somebody at ``company``, which is made if there is none; gives the login."""
    with acting(OPERATOR):
        found = Organization.objects.filter(name=company).first()
        slug = company.partition(" ")[0].lower()
        user = make_user(login, PASSWORD, language=language, **({"first_name": "Anna"} | names))
        make_membership(
            *roles, organization=found or make_partner(kind, name=company, slug=slug), user=user
        )
    return login


def approve(olga, company):
    """The operator's part of an enrolment, in Django admin."""
    with acting(OPERATOR):
        operator = make_user("olga@portal.test", PASSWORD, is_staff=True, is_superuser=True)
        operator.language = "en"
        operator.save()
    olga.signs_in(operator.username)
    olga.page.goto("/admin/")
    olga.page.locator("a[href$='/partners/enrolment/']").first.click()
    olga.follows(company)
    olga.page.locator("a[href*='/approve/']").click()
    olga.page.locator(".submit-row [type=submit]").click()
    expect(olga.page.locator(".messagelist .success")).to_contain_text(company)
