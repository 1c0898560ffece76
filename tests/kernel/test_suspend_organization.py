"""A suspended organization is read, not written; what others do goes on."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission as ModelPermission
from django.test import Client
from django.urls import reverse

from customers.models import RelationshipRequest
from partners.models import Partnership
from portal.accounts import suspension
from portal.accounts.models import Organization
from portal.accounts.roles import GRANTS, Kind, Role
from portal.audit.models import AuditEntry
from portal.outbox.worker import work_once
from tests.access import make_world
from tests.conftest import Browser, confirm
from tests.factories import make_membership, make_message, make_partner, make_request, make_user
from tests.kernel import tasks
from tests.test_access import PAGES, ask, home_of

REASON = "Ticket 812: <b>unpaid</b> invoices"
POSTS = [name for name, page in PAGES.items() if page.method == "post"]


@pytest.fixture
def operator(db):
    return make_user("operator@portal.test", is_staff=True, is_superuser=True)


@pytest.fixture
def suspend(operator):
    def act(organization):
        assert suspension.suspend(organization, operator=operator, reason=REASON)
        organization.refresh_from_db()

    return act


@pytest.fixture
def desk(operator):
    browser = Client()
    browser.force_login(operator, backend="portal.accounts.backends.AccountBackend")
    confirm(browser, operator)
    return browser


def page_of(organization):
    return reverse("admin:accounts_organization_suspension", args=[organization.pk])


def test_there_are_posts_to_ask():
    assert len(POSTS) > 40


@pytest.mark.parametrize("kind", Kind)
def test_every_post_is_refused_and_changes_nothing(db, suspend, kind):
    world = make_world()
    organization = home_of(world, kind)
    suspend(organization)
    browser = Browser(make_membership(organization=organization))
    entries = AuditEntry.objects.count()

    answers = {name: ask(browser, name, world, organization) for name in POSTS}

    assert {name: a.status_code for name, a in answers.items() if a.status_code != 403} == {}
    assert all("Nothing was changed" in a.text for a in answers.values())
    assert AuditEntry.objects.count() == entries


@pytest.mark.parametrize("kind", Kind)
def test_pages_are_read_with_a_banner(db, suspend, kind):
    world = make_world()
    organization = home_of(world, kind)
    suspend(organization)
    browser, allowed = Browser(make_membership(organization=organization)), GRANTS[kind]
    names = ["subscriptions:subscription_list", "subscriptions:home"]

    for name in names:
        assert PAGES[name].permission in allowed[Role.GLOBAL_ADMIN]
        page = browser.open(name)
        assert page.status_code == 200
        assert page.text.count("is suspended.") == 1
        assert "&lt;b&gt;unpaid&lt;/b&gt; invoices" in page.text and "support@" in page.text


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_no_method_gets_around_it(provider, suspend, method):
    suspend(provider.organization)
    browser = Browser(provider)

    assert getattr(browser, method)(browser.url("audit:entry_list")).status_code == 403


def test_what_was_typed_is_kept(provider, suspend):
    suspend(provider.organization)
    browser = Browser(provider)
    url = browser.url("partners:profile_change")

    refused = browser.post(
        url, {"text": "Our new address"}, headers={"Referer": f"http://testserver{url}"}
    )

    assert "is kept for an hour" in refused.text and f'href="{url}"' in refused.text
    assert "Our new address" in browser.get(url).text


def test_ones_own_things_still_work(provider, suspend):
    suspend(provider.organization)
    browser = Browser(provider)

    assert browser.post("/preferences/language/", {"language": "de"}).status_code == 302
    assert browser.get("/accounts/me/").status_code == 200
    assert browser.post("/accounts/logout/").status_code == 302


def test_other_organizations_of_the_same_person_are_open(provider, suspend):
    other = make_membership(organization=make_partner(Kind.PROVIDER), user=provider.user)
    suspend(provider.organization)

    page = Browser(other).open("subscriptions:home")

    assert page.status_code == 200 and "is suspended" not in page.text


def test_what_was_promised_is_done(provider, suspend):
    message = make_message(provider.organization, status="queued", task=tasks.nothing.name)
    suspend(provider.organization)

    assert work_once()

    message.refresh_from_db()
    assert message.status == "done"


@pytest.fixture
def link(provider):
    return f"/invitations/{make_request(provider.organization).token}/"


def answer(reseller):
    location = reseller.organization.mpn_accounts.first()
    return {"company": reseller.organization.slug, "location": location.pk, "authorized": "on"}


def test_invitations_of_a_suspended_provider_rest(provider, reseller, suspend, link, operator):
    suspend(provider.organization)
    browser = Browser(reseller)

    for page in (Client().get(link), browser.get(link), browser.post(link, answer(reseller))):
        assert page.status_code == 410
        assert "nothing to do with you" in page.text and "unpaid" not in page.text
    assert browser.get(f"{link}decline/").status_code == 410
    assert not Partnership.objects.exists()

    suspension.lift(provider.organization, operator=operator)
    assert browser.get(link).status_code == 200


def test_a_suspended_reseller_answers_nothing(reseller, suspend, link):
    suspend(reseller.organization)
    browser = Browser(reseller)

    assert "It is suspended" in browser.get(link).text
    assert browser.post(link, answer(reseller)).status_code == 422
    assert browser.post(f"{link}decline/", {}).status_code == 302
    assert not Partnership.objects.exists()


def test_suspended_while_the_page_was_open(provider, reseller, suspend, link, monkeypatch):
    """The last look is the service's."""
    suspend(reseller.organization)
    monkeypatch.setattr(Organization, "is_suspended", False)

    refused = Browser(reseller).post(link, answer(reseller))

    assert refused.status_code in {409, 422}
    assert not Partnership.objects.exists()


@pytest.mark.parametrize("who", ["provider", "reseller"])
def test_relationship_requests_rest_too(suspend, who, db):
    world = make_world()
    suspend(getattr(world, who))
    asked = world.relationship_request
    browser = Browser(make_membership(organization=make_partner(Kind.CUSTOMER)))

    page = browser.get(f"/relationship-requests/{asked.token}/")

    assert page.status_code == 410 and "nothing to do with you" in page.text
    assert RelationshipRequest.objects.get(pk=asked.pk).status == "sent"


def test_the_operator_sees_what_it_means_first(desk, provider):
    make_request(provider.organization)
    page = desk.get(page_of(provider.organization)).text

    assert (
        "Invitations that can&#x27;t be answered meanwhile" in page and "<strong>1</strong>" in page
    )
    assert not Organization.objects.get(pk=provider.organization_id).is_suspended


def test_the_form_is_drawn_as_django_draws_its_own(desk, provider):
    page = desk.get(page_of(provider.organization)).text

    assert "admin/css/forms" in page and '<fieldset class="module aligned">' in page
    assert 'for="id_reason"' in page and "Its people read it on every page" in page


def test_suspend_and_lift_are_on_record(desk, operator, provider):
    url = page_of(provider.organization)

    assert desk.post(url, {"step": "suspend", "reason": REASON}).status_code == 302
    suspended = Organization.objects.get(pk=provider.organization_id)
    assert (suspended.suspension_reason, suspended.suspended_by) == (REASON, operator)
    assert desk.post(url, {"step": "lift"}).status_code == 302

    assert not Organization.objects.get(pk=provider.organization_id).is_suspended
    entries = AuditEntry.objects.filter(action__startswith="organization.").order_by("at")
    actions = ["organization.suspended", "organization.reopened"]
    assert [entry.action for entry in entries] == actions
    assert {entry.details["operator"] for entry in entries} == {operator.pk}
    assert LogEntry.objects.count() == 2


@pytest.mark.parametrize("reason", ["", "short", "x" * 301, "with\x00null characters"])
def test_without_a_reason_nothing_happens(desk, provider, reason):
    page = desk.post(page_of(provider.organization), {"step": "suspend", "reason": reason})

    assert page.status_code == 200 and page.context["form"].errors
    assert not Organization.objects.get(pk=provider.organization_id).is_suspended


def test_a_second_press_does_not_lift(desk, provider, suspend):
    suspend(provider.organization)

    page = desk.post(page_of(provider.organization), {"step": "suspend", "reason": REASON})

    assert page.status_code == 200 and "Lift the suspension" in page.text
    assert Organization.objects.get(pk=provider.organization_id).is_suspended
    assert not suspension.suspend(provider.organization, operator=None, reason=REASON)


def test_operators_who_may_only_look(provider):
    looker = make_user(is_staff=True)
    looker.user_permissions.set(ModelPermission.objects.filter(codename="view_organization"))
    browser = Client()
    browser.force_login(looker, backend="portal.accounts.backends.AccountBackend")
    confirm(browser, looker)

    assert browser.get(page_of(provider.organization)).status_code == 403
    change = reverse("admin:accounts_organization_change", args=[provider.organization_id])
    assert "suspension/" not in browser.get(change).text
