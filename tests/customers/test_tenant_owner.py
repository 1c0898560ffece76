"""*User settings*: the customer makes its reseller tenant owner, and takes that back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils.timezone import now

from customers import services
from customers.models import TenantOwner
from portal.accounts.roles import Role
from portal.audit.models import AuditEntry
from portal.notices.models import Notice
from portal.references import encode
from portal.scope import acting
from tests.factories import make_customer, make_membership, make_tenant_owner, make_user


@pytest.fixture
def vogel(provider, reseller, partnership):
    return make_customer(provider.organization, reseller.organization, company_name="Vogel Optik")


@pytest.fixture
def admin(vogel):
    return make_membership(organization=vogel.organization)


@pytest.fixture
def team(reseller):
    return encode("R", reseller.organization_id)


@pytest.fixture
def give(admin, browser_of, team):
    def press(who=team, by=None, **changes):
        data = {"who": who, "days": "90", "sure": "on"} | changes
        return browser_of(by or admin).send("customers:owner_give", data=data)

    return press


def test_the_whole_team_for_ninety_days(give, vogel, reseller, provider, admin, browser_of):
    page = browser_of(admin).open("customers:owner_list").text
    assert 'value="90"' in page and "Kessler IT-Systemhaus: the whole team" in page

    assert give().status_code == 302

    owner = TenantOwner.objects.get()
    assert (owner.customer, owner.partner, owner.person) == (vogel, reseller.organization, None)
    assert timedelta(days=89) < owner.ends_at - now() <= timedelta(days=90)
    assert services.is_tenant_owner(reseller, vogel)
    assert not services.is_tenant_owner(provider, vogel)
    assert Notice.objects.get().organization == reseller.organization
    seen = {entry.organization for entry in AuditEntry.objects.about(owner)}
    assert seen == {vogel.provider, vogel.reseller, vogel.organization}
    for who in (provider, reseller):
        text = browser_of(who).open("customers:customer_account", vogel.pk).text
        assert "Tenant owner" in text and "the whole team" in text


def test_one_person_there(give, vogel, reseller, team):
    agent = make_membership(
        Role.ADMIN_AGENT, organization=reseller.organization, user=make_user(first_name="Maren")
    )

    assert give(f"{team}:{agent.user_id}").status_code == 302

    assert services.is_tenant_owner(agent, vogel)
    assert not services.is_tenant_owner(reseller, vogel)


def test_it_ends_at_the_moment_of_use(vogel, reseller, admin, provider, browser_of):
    make_tenant_owner(vogel)
    found = browser_of(provider).open("customers:customer_list", owner="given")
    assert found.context["page"].count == 1

    past = now() - timedelta(days=2)
    TenantOwner.objects.update(granted_at=past, ends_at=now() - timedelta(seconds=1))

    assert not services.is_tenant_owner(reseller, vogel)
    assert "No reseller is tenant owner" in browser_of(admin).open("customers:owner_list").text
    found = browser_of(provider).open("customers:customer_list", owner="given")
    assert found.context["page"].count == 0


def test_after_the_end_it_can_be_given_again(give, vogel):
    make_tenant_owner(vogel)
    past = now() - timedelta(days=2)
    TenantOwner.objects.update(granted_at=past, ends_at=now() - timedelta(seconds=1))

    assert give().status_code == 302
    assert TenantOwner.objects.granted().count() == 1


def test_the_same_twice_is_refused(give):
    assert give().status_code == 302
    answer = give()

    assert answer.status_code == 422
    assert "who" in answer.context["form"].errors
    assert TenantOwner.objects.count() == 1


@pytest.mark.parametrize(
    "field,value",
    [("days", "0"), ("days", "731"), ("days", "x"), ("sure", ""), ("who", ""), ("who", "R-XXXXXX")],
)
def test_bad_input_is_refused_at_the_field(give, field, value):
    answer = give(**{field: value})

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not TenantOwner.objects.exists()


def test_resellers_of_others_and_their_people_are_no_choice(give, stranger, team):
    theirs = encode("R", stranger.organization_id)
    for who in (theirs, f"{theirs}:{stranger.user_id}", f"{team}:{stranger.user_id}"):
        assert give(who).status_code == 422
    assert not TenantOwner.objects.exists()


def test_revoking_works_at_once_and_once(vogel, reseller, admin, browser_of):
    owner = make_tenant_owner(vogel)
    browser = browser_of(admin)
    assert browser.open("customers:owner_revoke", owner.pk).status_code == 200
    assert services.is_tenant_owner(reseller, vogel)

    for _ in range(2):
        assert browser.send("customers:owner_revoke", owner.pk).status_code == 302

    assert not services.is_tenant_owner(reseller, vogel)
    assert Notice.objects.get().kind == "owner_revoked"


def test_colleagues_look_and_may_not_act(vogel, admin, give, browser_of):
    owner = make_tenant_owner(vogel)
    colleague = make_membership(Role.USER_ADMIN, organization=vogel.organization)
    browser = browser_of(colleague)

    page = browser.open("customers:owner_list").text
    assert str(admin.user) in page and "Revoke" not in page
    assert give(by=colleague).status_code == 403
    assert browser.send("customers:owner_revoke", owner.pk).status_code == 403


def test_a_customer_without_reseller_has_nobody_to_give_it_to(provider, browser_of):
    direct = make_customer(provider.organization)
    admin = make_membership(organization=direct.organization)

    page = browser_of(admin).open("customers:owner_list").text

    assert "there is nobody to give them to" in page and "<select" not in page


def test_the_wall_lets_only_the_customer_give(vogel, reseller, provider, outsider, admin):
    for actor in (provider.actor, reseller.actor):
        refused = pytest.raises(ProgrammingError, match="permission denied")
        with refused, acting(actor), transaction.atomic():
            make_tenant_owner(vogel)
    theirs = make_customer(outsider.organization)
    refused = pytest.raises(IntegrityError, match="agrees")
    with refused, acting(admin.actor), transaction.atomic():
        TenantOwner.objects.create(customer=theirs, partner=reseller.organization, **vogel.parties)


def test_the_wall_hides_it_from_everybody_else(vogel, outsider, stranger):
    make_tenant_owner(vogel)
    for membership in (outsider, stranger):
        with acting(membership.actor):
            assert not TenantOwner.objects.exists()
