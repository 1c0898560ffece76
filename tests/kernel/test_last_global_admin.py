"""An organization keeps a global admin: by every road, and however many at once."""

from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from portal.accounts.models import Membership, User
from portal.accounts.roles import Role
from portal.accounts.services import LastGlobalAdmin, keep_a_global_admin
from portal.audit.models import AuditEntry
from portal.scope import OPERATOR, acting
from tests.conftest import Browser, confirm
from tests.factories import make_membership, make_partner, make_person, make_user

LONG = "a long way to Tipperary"
WORDS = "Make somebody else global admin first."


def demote(place):
    Membership.objects.filter(pk=place.pk).update(roles=[Role.USER_ADMIN])


def deactivate(place):
    Membership.objects.filter(pk=place.pk).update(deactivated_at=now())


def move(place):
    Membership.objects.filter(pk=place.pk).update(organization=make_partner())


def delete(place):
    Membership.objects.filter(pk=place.pk).delete()


def close_account(place):
    User.objects.filter(pk=place.user_id).update(is_active=False)


def delete_account(place):
    User.objects.get(pk=place.user_id).delete()


WAYS = [demote, deactivate, move, delete, close_account, delete_account]


@pytest.mark.parametrize("way", WAYS)
def test_the_database_keeps_the_last_one(provider, way):
    with pytest.raises(IntegrityError, match="no global admin"), transaction.atomic():
        way(provider)
    assert Membership.objects.filter(pk=provider.pk).global_admins().exists()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("other", ["another", "deactivated", "closed", "lower", "elsewhere"])
def test_only_another_active_one_here_counts(provider, way, other):
    roles = [Role.USER_ADMIN] if other == "lower" else [Role.GLOBAL_ADMIN]
    home = make_partner() if other == "elsewhere" else provider.organization
    second = make_membership(*roles, organization=home)
    if other == "deactivated":
        deactivate(second)
    elif other == "closed":
        close_account(second)

    if other == "another":
        way(provider)
        with pytest.raises(IntegrityError), transaction.atomic():
            way(second)
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            way(provider)


@pytest.mark.parametrize("way", WAYS)
def test_others_come_and_go(provider, way):
    way(make_membership(Role.USER_ADMIN, organization=provider.organization))
    second = make_membership(organization=provider.organization)
    close_account(second)
    way(second)  # was none any more


def test_the_service_names_who_would_be_missed(provider):
    with pytest.raises(LastGlobalAdmin) as last:
        keep_a_global_admin(provider)
    assert str(provider.user) in last.value.reason
    keep_a_global_admin(make_membership(Role.USER_ADMIN, organization=provider.organization))
    keep_a_global_admin(make_membership(organization=provider.organization))


# ---- Django admin


@pytest.fixture
def operator(db):
    user = make_user("operator@portal.test", is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(user, backend="portal.accounts.backends.AccountBackend")
    confirm(client, user)
    return client


def place_form(place, **changes):
    held = {"user": place.user_id, "organization": place.organization_id, "roles": "global_admin"}
    return {name: value for name, value in (held | changes).items() if value}


def user_form(place, *, is_active=True, **changes):
    user, prefix = place.user, "memberships-0-"
    form = {"username": user.username, "language": "en", "time_zone": "Europe/Berlin"}
    inline = {"id": place.pk, "user": user.pk, "organization": place.organization_id}
    inline |= {"roles": "global_admin"} | changes
    total = {"memberships-TOTAL_FORMS": 1, "memberships-INITIAL_FORMS": 1}
    form |= total | {prefix + name: value for name, value in inline.items()}
    return form | ({"is_active": "on"} if is_active else {})


def admin_url(model, page, *args):
    return reverse(f"admin:accounts_{model}_{page}", args=args)


@pytest.mark.parametrize("changes", [{"roles": "user_admin"}, {"deactivated_at_0": "2026-01-01"}])
def test_django_admin_says_so_at_the_place(operator, provider, changes):
    changes |= {"deactivated_at_1": "10:00"} if "deactivated_at_0" in changes else {}
    url = admin_url("membership", "change", provider.pk)

    response = operator.post(url, place_form(provider, **changes))

    assert response.status_code == 200 and WORDS in response.text
    make_membership(organization=provider.organization)
    assert operator.post(url, place_form(provider, **changes)).status_code == 302


@pytest.mark.parametrize(
    "changes", [{"is_active": False}, {"roles": "user_admin"}, {"DELETE": "on"}]
)
def test_django_admin_says_so_at_the_person(operator, provider, changes):
    url = admin_url("user", "change", provider.user_id)

    response = operator.post(url, user_form(provider, **changes))

    assert response.status_code == 200 and WORDS in response.text
    make_membership(organization=provider.organization)
    assert operator.post(url, user_form(provider, **changes)).status_code == 302


@pytest.mark.parametrize("model", ["membership", "user"])
@pytest.mark.parametrize("road", ["one", "many"])
def test_django_admin_deletes_no_last_one(operator, provider, model, road):
    pk = provider.pk if model == "membership" else provider.user_id
    if road == "one":
        url, data = admin_url(model, "delete", pk), {"post": "yes"}
    else:
        url = admin_url(model, "changelist")
        data = {"action": "delete_selected", "_selected_action": [pk], "post": "yes"}

    response = operator.post(url, data, follow=True)

    assert "An organization needs at least one global admin." in response.text
    assert Membership.objects.filter(pk=provider.pk).exists()


# ---- What operators do to people is no secret from their organization


def noted(place):
    entries = AuditEntry.objects.filter(organization=place.organization_id)
    found = entries.filter(action__startswith="membership.").order_by("at")
    return [(e.action, e.details.get("changes"), e.operator_id, e.actor_id) for e in found]


def test_places_that_operators_change_are_in_the_log(operator, provider):
    make_membership(organization=provider.organization)
    by = int(operator.session["_auth_user_id"])
    url = admin_url("membership", "change", provider.pk)

    operator.post(url, place_form(provider, roles="user_admin"))
    operator.post(url, place_form(provider, roles="user_admin"))
    changed = [["roles", "global_admin", "user_admin"]]
    assert noted(provider) == [("membership.changed", changed, by, None)]

    closed = {"deactivated_at_0": "2026-01-01", "deactivated_at_1": "10:00"}
    operator.post(url, place_form(provider, roles="user_admin", **closed))
    operator.post(admin_url("membership", "delete", provider.pk), {"post": "yes"})
    assert [entry[0] for entry in noted(provider)[1:]] == [
        "membership.deactivated",
        "membership.removed",
    ]
    assert {entry[2] for entry in noted(provider)} == {by}


def test_whoever_makes_themselves_global_admin_is_in_the_log(operator, provider):
    by = int(operator.session["_auth_user_id"])
    own = {"user": by, "organization": provider.organization_id, "roles": "global_admin"}

    assert operator.post(admin_url("membership", "add"), own).status_code == 302

    assert noted(provider) == [("membership.added", None, by, None)]


@pytest.mark.parametrize(
    "changes,action",
    [
        ({"is_active": False}, "deactivated"),
        ({"roles": "user_admin"}, "changed"),
        ({"DELETE": "on"}, "removed"),
    ],
)
def test_so_is_what_they_do_on_the_page_of_a_person(operator, provider, changes, action):
    make_membership(organization=provider.organization)

    operator.post(admin_url("user", "change", provider.user_id), user_form(provider, **changes))

    assert [entry[0] for entry in noted(provider)] == [f"membership.{action}"]


def test_so_is_a_person_they_delete(operator, provider):
    second = make_membership(organization=provider.organization)
    data = {"action": "delete_selected", "_selected_action": [second.user_id], "post": "yes"}

    operator.post(admin_url("user", "changelist"), data)

    assert [entry[0] for entry in noted(provider)] == ["membership.removed"]


def test_so_is_a_password_they_set(operator, provider):
    browser = Client()
    browser.post("/accounts/login/", {"login": "operator@portal.test", "password": "demo"})
    new = {"usable_password": "true", "password1": LONG, "password2": LONG}

    done = browser.post(f"/admin/accounts/user/{provider.user_id}/password/", new)

    assert done.status_code == 302
    assert [entry[0] for entry in noted(provider)] == ["membership.reset"]


# ---- At the same moment


def at_once(*deeds):
    """Do all deeds at the same moment, each on a connection of its own; returns their answers."""
    barrier, answers = Barrier(len(deeds)), []

    def do(deed):
        try:
            barrier.wait()
            answers.append(deed())
        except IntegrityError:
            answers.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=do, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def committed(way, place):
    def deed():
        with acting(OPERATOR):
            way(place)

    return deed


@pytest.mark.django_db(transaction=True)
def test_two_who_write_past_the_services_leave_one():
    for _round in range(10):
        with acting(OPERATOR):
            first = make_membership()
            second = make_membership(organization=first.organization)
        answers = at_once(committed(demote, first), committed(close_account, second))
        assert sorted(map(str, answers)) == ["None", "refused"]


@pytest.mark.django_db(transaction=True)
def test_an_operator_and_a_colleague_at_once_leave_one():
    with acting(OPERATOR):
        user = make_user("operator@portal.test", is_staff=True, is_superuser=True)
        operator = Client()
        operator.force_login(user, backend="portal.accounts.backends.AccountBackend")
        confirm(operator, user)
    for turn in range(10):
        with acting(OPERATOR):
            organization = make_partner("customer", domain=f"c{turn}.onportal.example")
            first, second = (make_person(organization, Role.GLOBAL_ADMIN) for _ in range(2))
            colleague = Browser(first.membership)
        url = admin_url("membership", "change", first.membership_id)
        form = place_form(first.membership, roles="user_admin")

        answers = at_once(
            lambda url=url, form=form: operator.post(url, form).status_code,
            lambda colleague=colleague, second=second: (
                colleague.send("subscriptions:own_user_delete", second.pk).status_code
            ),
        )

        with acting(OPERATOR):
            admins = Membership.objects.filter(organization=organization).global_admins()
            assert admins.count() == 1, answers
        # The operator came first, and the colleague's right or sign-in had ended; or came second.
        assert sorted(answers) in ([302, 403], [200, 302], [302, 422]), answers
