"""In Django admin, too, whoever changes people's rights has just shown who they are."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Membership, Organization, User
from portal.accounts.roles import Kind, Role
from tests.conftest import confirm
from tests.factories import make_membership, make_partner, make_user

CONFIRM = "/accounts/reauthenticate/"
KEPT = "We kept what you typed"


@pytest.fixture
def operator(db):
    return make_user("operator@portal.test", is_staff=True, is_superuser=True)


@pytest.fixture
def desk(operator):
    """The browser of an operator whose sign-in was long ago."""
    browser = Client()
    browser.force_login(operator, backend="portal.accounts.backends.AccountBackend")
    return browser


@pytest.fixture
def place(provider):
    """A colleague's; the organization has another global admin."""
    return make_membership(Role.SALES_AGENT, organization=provider.organization)


def url_of(model, page, *args):
    return reverse(f"admin:{model}_{page}", args=args)


def person_form(place, **changes):
    """What the page of a person with one place sends."""
    user, prefix = place.user, "memberships-0-"
    form = {"username": user.username, "language": "en", "time_zone": "Europe/Berlin"}
    form |= {"first_name": user.first_name, "last_name": user.last_name, "is_active": "on"}
    form |= {"memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "1"}
    inline = {"id": place.pk, "user": user.pk, "organization": place.organization_id}
    form |= {f"{prefix}{name}": value for name, value in inline.items()}
    form |= {f"{prefix}roles": ",".join(place.roles)}
    return {name: value for name, value in (form | changes).items() if value is not None}


def confirmed_page(desk, asked):
    """Give the password where ``asked`` leads; the page one comes back to."""
    assert asked.status_code == 302 and asked["Location"].startswith(CONFIRM)
    assert "Nothing was done yet" in desk.get(asked["Location"]).text
    back = desk.post(asked["Location"], {"password": "demo"})
    return desk.get(back["Location"])


def test_looking_is_free(desk, place):
    for model, row in (("user", place.user_id), ("membership", place.pk)):
        assert desk.get(url_of(f"accounts_{model}", "changelist")).status_code == 200
        assert desk.get(url_of(f"accounts_{model}", "change", row)).status_code == 200
        assert desk.get(url_of(f"accounts_{model}", "delete", row)).status_code == 200


@pytest.mark.parametrize("power", ["is_staff", "is_superuser"])
def test_nobody_is_made_an_operator_before(desk, place, power):
    url = url_of("accounts_user", "change", place.user_id)
    form = person_form(place, first_name="Berta", **{power: "on"})

    page = confirmed_page(desk, desk.post(url, form))

    place.user.refresh_from_db()
    assert not getattr(place.user, power) and place.user.first_name != "Berta"
    shown = page.context["adminform"].form
    assert KEPT in page.text and 'value="Berta"' in page.text and shown[power].value()
    assert "argon2" in page.text or "algorithm" in page.text  # the password is still shown as set
    assert desk.post(url, form).status_code == 302
    place.user.refresh_from_db()
    assert getattr(place.user, power) and place.user.first_name == "Berta"


def test_nobody_is_closed_out_before(desk, place):
    url, form = url_of("accounts_user", "change", place.user_id), person_form(place, is_active=None)

    page = confirmed_page(desk, desk.post(url, form))

    assert User.objects.get(pk=place.user_id).is_active
    assert page.context["adminform"].form["is_active"].value() is False
    desk.post(url, form)
    assert not User.objects.get(pk=place.user_id).is_active


def test_roles_and_new_places_of_a_person_come_back(desk, place):
    company = make_partner(Kind.RESELLER, name="Alpina")
    form = person_form(place, **{"memberships-0-roles": "user_admin"})
    form |= {"memberships-TOTAL_FORMS": "2", "memberships-1-user": place.user_id}
    form |= {"memberships-1-organization": company.pk, "memberships-1-roles": "admin_agent"}
    url = url_of("accounts_user", "change", place.user_id)

    page = confirmed_page(desk, desk.post(url, form))

    [inline] = [inline.formset for inline in page.context["inline_admin_formsets"]]
    values = [(one["organization"].value(), one["roles"].value()) for one in inline.forms]
    assert values == [
        (str(place.organization_id), "user_admin"),
        (str(company.pk), "admin_agent"),
    ]
    assert "Alpina" in page.text
    place.refresh_from_db()
    assert place.roles == ["sales_agent"] and place.user.memberships.count() == 1
    assert desk.post(url, form).status_code == 302
    assert place.user.memberships.count() == 2


def test_what_was_typed_about_a_place_is_not_shown_at_another(desk, place):
    other = make_membership(organization=make_partner(), user=place.user)
    form = person_form(place, **{"memberships-0-roles": "user_admin"})
    form |= {"memberships-0-id": "999999"}
    url = url_of("accounts_user", "change", place.user_id)

    page = confirmed_page(desk, desk.post(url, form))

    [inline] = [inline.formset for inline in page.context["inline_admin_formsets"]]
    assert {one["roles"].value() for one in inline.initial_forms} == {
        *place.roles,
        *other.roles,
    }


@pytest.mark.parametrize("total", ["x", "-1", "9" * 30, "1000"])
def test_nonsense_of_rows_does_no_harm(desk, place, total):
    url = url_of("accounts_user", "change", place.user_id)
    form = person_form(place, **{"memberships-TOTAL_FORMS": total})

    assert confirmed_page(desk, desk.post(url, form)).status_code == 200


def test_a_place_is_not_changed_added_or_deleted_before(desk, place, provider):
    form = {"user": place.user_id, "organization": place.organization_id, "roles": "user_admin"}
    change = url_of("accounts_membership", "change", place.pk)

    page = confirmed_page(desk, desk.post(change, form))

    assert page.context["adminform"].form["roles"].value() == "user_admin"
    confirm(desk, User.objects.get(username="operator@portal.test"), at=0)
    newcomer = make_user()
    add = url_of("accounts_membership", "add")
    assert desk.post(add, form | {"user": newcomer.pk}).url.startswith(CONFIRM)
    delete = url_of("accounts_membership", "delete", place.pk)
    assert desk.post(delete, {"post": "yes"}).url.startswith(CONFIRM)
    place.refresh_from_db()
    assert place.roles == ["sales_agent"] and not newcomer.memberships.exists()


@pytest.mark.parametrize("model", ["accounts_user", "accounts_membership"])
def test_the_chosen_stay_ticked(desk, place, model):
    chosen, other = {
        "accounts_user": (place.user_id, make_user().pk),
        "accounts_membership": (place.pk, make_membership().pk),
    }[model]
    url = url_of(model, "changelist")
    sent = {"action": "delete_selected", "_selected_action": [chosen]}

    page = confirmed_page(desk, desk.post(url, sent)).text

    assert f'<input checked type="checkbox" name="_selected_action" value="{chosen}"' in page
    assert f'<input type="checkbox" name="_selected_action" value="{other}"' in page
    assert '<option value="delete_selected" selected>' in page
    assert "Are you sure" in desk.post(url, sent).text
    assert desk.post(url, sent | {"post": "yes"}).status_code == 302
    assert not Membership.objects.filter(pk=place.pk).exists()


def test_a_new_person_is_not_added_before(desk):
    form = {"username": "new@nord.test", "usable_password": "true"}
    form |= {"password1": "Kiel-Lübeck-9", "password2": "Kiel-Lübeck-9"}

    page = confirmed_page(desk, desk.post(url_of("accounts_user", "add"), form)).text

    assert 'value="new@nord.test"' in page and "Kiel-Lübeck-9" not in page
    assert not User.objects.filter(username="new@nord.test").exists()


def test_groups_and_second_factors(desk, place):
    group = Group.objects.create(name="Desk")
    factor = Authenticator.objects.create(user=place.user, type="totp", data={"secret": "x"})
    for url in (
        url_of("auth_group", "change", group.pk),
        url_of("auth_group", "delete", group.pk),
        url_of("mfa_authenticator", "delete", factor.pk),
    ):
        assert desk.post(url, {"post": "yes", "name": "Other"}).url.startswith(CONFIRM)
    group.refresh_from_db()
    assert group.name == "Desk" and Authenticator.objects.exists()


def test_no_organization_is_suspended_before(desk, provider):
    url = url_of("accounts_organization", "suspension", provider.organization_id)
    sent = {"step": "suspend", "reason": "Invoices of August"}

    page = confirmed_page(desk, desk.post(url, sent)).text

    assert "Invoices of August" in page and not _is_suspended(provider)
    assert desk.post(url, sent).status_code == 302 and _is_suspended(provider)


def test_nor_is_a_suspension_lifted(desk, operator, provider):
    url = url_of("accounts_organization", "suspension", provider.organization_id)
    confirm(desk, operator)
    desk.post(url, {"step": "suspend", "reason": "Invoices of August"})
    confirm(desk, operator, at=0)

    assert desk.get(url).url.startswith(CONFIRM)
    assert desk.post(url, {"step": "lift"}).url.startswith(CONFIRM)
    assert _is_suspended(provider)


def _is_suspended(provider):
    return Organization.objects.get(pk=provider.organization_id).is_suspended


def test_those_without_the_right_are_refused(place):
    clerk = make_user("clerk@portal.test", is_staff=True)
    desk = Client()
    desk.force_login(clerk, backend="portal.accounts.backends.AccountBackend")
    confirm(desk, clerk)

    url = url_of("accounts_membership", "change", place.pk)
    assert desk.post(url, {"roles": "user_admin"}).status_code == 403


def test_a_form_that_was_too_old_comes_back_too(operator, provider):
    """Also where nobody is asked who they are."""
    desk = Client(enforce_csrf_checks=True)
    desk.force_login(operator, backend="portal.accounts.backends.AccountBackend")
    url = url_of("accounts_organization", "change", provider.organization_id)
    headers = {"Origin": "http://testserver"}

    refused = desk.post(url, {"name": "Nordwind AG"}, headers=headers)

    assert refused.status_code == 403 and "We kept what you typed" in refused.text
    assert 'value="Nordwind AG"' in desk.get(url).text
