"""Operators see the portal as somebody else: for a reason, for 30 minutes, on record, looking."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission as ModelPermission
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from partners.models import ProfileChange
from portal import batches
from portal.accounts.models import User
from portal.accounts.roles import NEVER_AS_SOMEBODY_ELSE, Kind, Permission, Role
from portal.audit.models import AuditEntry
from portal.impersonation.models import ViewAs
from portal.links import reverse as page_of
from tests.factories import (
    make_customer,
    make_membership,
    make_message,
    make_offer,
    make_partner,
    make_partnership,
    make_subscription,
    make_user,
)
from tests.subscriptions.conftest import do_background_work

REASON = "Ticket 812 <b>"
ADD = "subscriptions:subscription_add"


class Desk(Client):
    """An operator's browser, in which the password was typed just now."""

    def __init__(self, operator, **kwargs):
        super().__init__(**kwargs)
        self.page = ""  # as whom the pages were drawn that forms are sent from
        self.post("/accounts/login/", {"login": operator.username, "password": "demo"})

    def view_as(self, person, **data):
        url = reverse("admin:impersonation_viewas_start", args=[person.pk])
        self.page = person.pk
        return self.post(url, {"reason": REASON} | data)

    def open(self, place, name, *args):
        return self.get(page_of(name, *args, organization=place.organization))

    def send(self, place, name, *args, data=None):
        named = {"seen_as": self.page} if self.page else {}
        return self.post(
            page_of(name, *args, organization=place.organization), named | (data or {})
        )


@pytest.fixture
def operator(db):
    return make_user("operator@portal.test", is_staff=True, is_superuser=True, last_name="Hopper")


@pytest.fixture
def desk(operator):
    return Desk(operator)


@pytest.fixture
def anna(provider):
    User.objects.filter(pk=provider.user_id).update(first_name="Anna", last_name="Brandt")
    provider.user.refresh_from_db()
    make_membership(organization=provider.organization)  # the organization keeps a global admin
    return provider


def test_the_reason_first(desk, anna):
    url = reverse("admin:impersonation_viewas_start", args=[anna.user_id])

    page = desk.get(url).text

    assert "Anna Brandt" in page and anna.organization.name in page
    assert not ViewAs.objects.exists()
    assert f'href="{url}"' in desk.get(f"/admin/accounts/user/{anna.user_id}/change/").text


def test_what_the_person_sees(desk, anna):
    assert desk.view_as(anna.user)["Location"] == "/"

    page = desk.open(anna, "subscriptions:home")

    assert page.status_code == 200
    assert "You see this as Anna Brandt (reason: Ticket 812 &lt;b&gt;)." in page.text
    assert page.text.count("bar--viewing") == 1
    assert desk.get("/").status_code == 302


def test_admin_and_settings_stay_the_operators_own(desk, anna, operator):
    desk.view_as(anna.user)

    assert desk.get("/admin/").status_code == 200
    me = desk.get("/accounts/me/")
    assert me.context["user"] == operator
    desk.post("/preferences/language/", {"language": "de"})

    assert User.objects.get(pk=anna.user_id).language == "en"
    assert User.objects.get(pk=operator.pk).language == "de"


def test_looking_only(desk, anna):
    desk.view_as(anna.user)

    refused = desk.send(anna, "partners:profile_change", data={"text": "Our new address"})

    assert refused.status_code == 403 and "only look" in refused.text
    assert not ProfileChange.objects.exists()


@pytest.mark.parametrize("method", ["put", "patch", "delete", "post"])
def test_no_method_gets_around_it(desk, anna, method):
    desk.view_as(anna.user)

    url = page_of("audit:entry_list", organization=anna.organization)
    assert getattr(desk, method)(url).status_code == 403


def test_changes_when_they_were_allowed_carry_both_names(desk, anna, operator):
    desk.view_as(anna.user, may_write="on")
    customer = make_customer(anna.organization)

    changed = desk.send(anna, "customers:customer_tags", customer.pk, data={"tags": "VIP"})

    assert changed.status_code == 302
    entry = AuditEntry.objects.get(action="customertag.added")
    assert (entry.actor_id, entry.operator_id) == (anna.user_id, operator.pk)


def test_beginning_and_end_are_in_both_logs(desk, anna, operator):
    other = make_membership(organization=make_partner(Kind.RESELLER), user=anna.user)
    desk.view_as(anna.user)

    ended = desk.post(reverse("view_as_end"))

    assert ended["Location"] == f"/admin/accounts/user/{anna.user_id}/change/"
    view = ViewAs.objects.get()
    assert (view.operator, view.person, view.reason) == (operator, anna.user, REASON)
    assert view.ended_at
    entries = AuditEntry.objects.filter(action__startswith="viewas.")
    homes = {anna.organization_id, other.organization_id}
    assert {(e.organization_id, e.action) for e in entries} == {
        (home, action) for home in homes for action in ("viewas.started", "viewas.ended")
    }
    assert {(e.actor_id, e.operator_id) for e in entries} == {(None, operator.pk)}
    assert desk.open(anna, "subscriptions:home").status_code == 404
    assert "Ticket 812" in desk.get("/admin/impersonation/viewas/").text


def test_it_ends_after_thirty_minutes(desk, anna):
    desk.view_as(anna.user)
    view = ViewAs.objects.get()
    assert view.ends_at - view.started_at == pytest.approx(
        timedelta(minutes=30), abs=timedelta(seconds=1)
    )
    over = now() - timedelta(seconds=1)
    ViewAs.objects.update(ends_at=over)

    assert desk.open(anna, "subscriptions:home").status_code == 404

    assert ViewAs.objects.get().ended_at == over
    assert AuditEntry.objects.filter(action="viewas.ended").exists()


def test_it_ends_when_the_operator_signs_out(desk, anna):
    desk.view_as(anna.user)

    desk.post("/accounts/logout/")

    assert ViewAs.objects.get().ended_at
    assert desk.open(anna, "subscriptions:home").status_code == 302


@pytest.mark.parametrize("rights", [{"is_staff": False}, {"is_active": False}])
def test_it_ends_when_the_operator_is_none_any_more(desk, anna, operator, rights):
    desk.view_as(anna.user)
    User.objects.filter(pk=operator.pk).update(**rights)

    assert desk.open(anna, "subscriptions:home").status_code in {302, 404}
    assert "Anna" not in desk.open(anna, "subscriptions:home").text


@pytest.mark.parametrize("rights", [{"is_staff": True}, {"is_active": False}])
def test_it_ends_when_the_person_can_no_longer_be_looked_at(desk, anna, rights):
    desk.view_as(anna.user)
    User.objects.filter(pk=anna.user_id).update(**rights)

    assert desk.open(anna, "subscriptions:home").status_code == 404
    assert ViewAs.objects.get().ended_at


def test_another_browser_of_the_operator_sees_nothing(desk, anna, operator):
    desk.view_as(anna.user)

    assert Desk(operator).open(anna, "subscriptions:home").status_code == 404


def test_a_foreign_view_in_the_session_is_not_taken_up(desk, anna):
    desk.view_as(anna.user)
    other = Desk(make_user("other@portal.test", is_staff=True))
    session = other.session
    session["view_as"] = ViewAs.objects.get().pk
    session.save()

    assert other.open(anna, "subscriptions:home").status_code == 404


def test_one_at_a_time(desk, anna, reseller):
    desk.view_as(anna.user)
    desk.view_as(reseller.user)

    assert ViewAs.objects.get(person=anna.user).ended_at
    assert desk.open(anna, "subscriptions:home").status_code == 404
    assert desk.open(reseller, "subscriptions:home").status_code == 200


@pytest.mark.parametrize(
    "fields",
    [{"is_staff": True}, {"is_superuser": True}, {"is_active": False}, {"is_demonstration": True}],
)
def test_whom_nobody_sees_as(desk, anna, fields):
    User.objects.filter(pk=anna.user_id).update(**fields)

    assert desk.view_as(anna.user)["Location"].startswith("/admin/accounts/user/")
    assert not ViewAs.objects.exists()


def test_people_of_the_demonstration_where_they_may_sign_in(desk, anna, settings):
    settings.DEBUG = True
    User.objects.filter(pk=anna.user_id).update(is_demonstration=True)

    desk.view_as(anna.user)

    assert ViewAs.objects.exists()


def test_who_belongs_nowhere(desk, db):
    assert desk.view_as(make_user()).status_code == 302
    assert not ViewAs.objects.exists()


@pytest.mark.parametrize("reason", ["", "short", "x" * 201, "with\x00null", "hidden \u202e words"])
def test_without_a_reason_nothing_begins(desk, anna, reason):
    page = desk.view_as(anna.user, reason=reason)

    assert page.status_code == 200 and page.context["form"].errors
    assert not ViewAs.objects.exists()


def test_the_password_was_typed_just_now(operator, anna):
    browser = Client()
    browser.force_login(operator, backend="portal.accounts.backends.AccountBackend")

    asked = browser.post(
        reverse("admin:impersonation_viewas_start", args=[anna.user_id]), {"reason": REASON}
    )

    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert not ViewAs.objects.exists()


def test_not_without_the_right(anna):
    looker = make_user("looker@portal.test", is_staff=True)
    looker.user_permissions.set(ModelPermission.objects.filter(codename="view_user"))
    desk = Desk(looker)

    assert desk.view_as(anna.user).status_code == 403
    assert "View as" not in desk.get(f"/admin/accounts/user/{anna.user_id}/change/").text


def test_members_cannot(provider, anna):
    assert Desk(provider.user).view_as(anna.user).status_code == 302
    assert not ViewAs.objects.exists()


def test_a_second_factor_of_the_operator_is_asked_for(desk, anna, settings):
    settings.REQUIRE_MFA = True

    assert "2fa" in desk.view_as(anna.user)["Location"]
    assert not ViewAs.objects.exists()


def test_the_person_does_not_notice(desk, anna):
    """Neither a sign-in, nor a session, nor a cookie of theirs comes from being looked at."""
    before = User.objects.filter(pk=anna.user_id).values().get()
    desk.view_as(anna.user, may_write="on")
    for name in ("subscriptions:home", "customers:customer_list", "audit:entry_list"):
        assert desk.open(anna, name).status_code == 200

    assert User.objects.filter(pk=anna.user_id).values().get() == before
    sessions = [session.get_decoded() for session in Session.objects.all()]
    assert str(anna.user_id) not in {data.get("_auth_user_id") for data in sessions}
    assert not anna.user.usersession_set.exists()
    assert str(anna.user_id) not in str(desk.cookies.get("person", ""))


def test_what_it_never_may(desk, anna):
    assert Permission.MANAGE_STAFF in NEVER_AS_SOMEBODY_ELSE
    desk.view_as(anna.user, may_write="on")

    can = desk.open(anna, "subscriptions:home").context["can"]

    assert can["view_customers"] and not can.keys() & set(map(str, NEVER_AS_SOMEBODY_ELSE))


def test_ending_is_a_button(desk):
    assert desk.get(reverse("view_as_end")).status_code in {302, 405}
    assert desk.post(reverse("view_as_end"))["Location"] == "/"


def test_in_german(desk, anna):
    desk.cookies["django_language"] = "de"
    desk.view_as(anna.user)

    assert (
        "Sie sehen dies als Anna Brandt (Grund: Ticket 812"
        in desk.open(anna, "subscriptions:home").text
    )


def test_what_is_sent_too_late_is_not_done_in_the_operators_own_name(desk, anna, operator):
    """Somebody who runs the portal may also work in the organization they looked at."""
    make_membership(Role.GLOBAL_ADMIN, organization=anna.organization, user=operator)
    customer = make_customer(anna.organization)
    desk.view_as(anna.user)
    ViewAs.objects.update(ends_at=now())

    late = desk.send(anna, "customers:customer_tags", customer.pk, data={"tags": "VIP"})

    assert late.status_code == 403 and "You see your own pages again" in late.text
    assert not customer.tags.exists()
    desk.page = ""
    done = desk.send(anna, "customers:customer_tags", customer.pk, data={"tags": "VIP"})
    assert done.status_code == 302 and customer.tags.exists()


def test_what_was_typed_comes_back_after_the_operator_confirmed(desk, anna, operator):
    customer = make_customer(anna.organization)
    desk.view_as(anna.user, may_write="on")
    reason = {"reason": "other", "text": "They moved to another provider"}
    with time_machine.travel(now() + timedelta(minutes=20), tick=True):
        asked = desk.send(anna, "subscriptions:customer_remove", customer.pk, data=reason)
        assert asked["Location"].startswith("/accounts/reauthenticate/")
        desk.get(asked["Location"])
        desk.post(asked["Location"], {"password": "demo"})

        page = desk.open(anna, "subscriptions:customer_remove", customer.pk)

    assert "We kept what you typed" in page.text


def test_what_stays_closed_is_not_called_a_missing_role(desk, anna):
    desk.view_as(anna.user, may_write="on")

    page = desk.open(anna, "staff:member_add")

    assert page.status_code == 403
    assert "You see this as Anna Brandt. Staff, passwords and links stay closed" in page.text
    assert "It takes the right" not in page.text and "Ask a colleague" not in page.text


def test_what_is_promised_meanwhile_is_done_in_both_names(desk, anna, operator, reseller):
    """Each step of the worker's promises the next one: the order's line, then its add-on."""
    make_partnership(anna.organization, reseller.organization)
    customer = make_customer(anna.organization, reseller.organization, created_by=anna.user)
    base, add_on = make_offer(), make_offer("Audio Conferencing", category="add_on", is_add_on=True)
    desk.view_as(anna.user, may_write="on")
    form = {"submission": str(uuid4()), "reseller": "none", "next": "submit"}
    licenses = {f"licenses-{offer.pk}": "5" for offer in (base, add_on)}
    assert desk.send(anna, ADD, customer.pk, data=form | licenses).status_code == 302
    desk.post(reverse("view_as_end"))

    do_background_work()

    actions = ("order.placed", "orderline.fulfilled", "subscription.active", "order.completed")
    done = AuditEntry.objects.filter(organization=anna.organization, action__in=actions)
    assert done.filter(action="orderline.fulfilled").count() == 2
    assert set(done.values_list("action", flat=True)) == set(actions)
    assert set(done.values_list("operator", flat=True)) == {operator.pk}


def test_many_rows_in_the_background_carry_both_names(desk, anna, operator, reseller, monkeypatch):
    monkeypatch.setattr(batches, "AT_ONCE", 1)
    customer = make_customer(anna.organization, created_by=anna.user)
    helper = reseller.organization
    subscriptions = [make_subscription(customer, support_contact=helper) for _number in range(2)]
    desk.view_as(anna.user, may_write="on")
    page = page_of("subscriptions:subscriptions_change", organization=anna.organization)
    chosen = {"selected": [each.reference for each in subscriptions], "contact": "provider"}
    form = desk.get(page, chosen).context["button"]
    data = {name: form[name].value() for name in form.fields} | {"seen_as": desk.page}
    assert desk.post(page, data).status_code == 302

    do_background_work()

    changes = AuditEntry.objects.filter(action="subscription.changed")
    assert set(changes.values_list("actor", "operator")) == {(anna.user_id, operator.pk)}
    assert AuditEntry.objects.get(action="changebatch.completed").operator == operator


TAGS, NAMED = "customers:customer_tags", 'name="seen_as" value="{}"'
KEPT = "What you typed is kept for an hour"


@pytest.fixture
def own_place(anna, operator):
    """The operator also works where Anna does."""
    return make_membership(Role.GLOBAL_ADMIN, organization=anna.organization, user=operator)


def send_from(desk, place, customer, seen_as=None, **extra):
    """Press *Add* on the page of the customer's tags that was drawn as the user ``seen_as``."""
    url = page_of(TAGS, customer.pk, organization=place.organization)
    named = {"seen_as": seen_as.pk} if seen_as else {}
    return desk.post(url, {"tags": "VIP"} | named, headers={"Referer": f"http://testserver{url}"})


@pytest.mark.parametrize("may_write", ["", "on"])
def test_ones_own_form_in_another_tab_is_not_sent_as_the_person(desk, anna, own_place, may_write):
    customer = make_customer(anna.organization)
    desk.view_as(anna.user, may_write=may_write)

    refused = send_from(desk, own_place, customer)

    assert refused.status_code == 403 and not customer.tags.exists()
    assert "You see the portal as Anna Brandt by now" in refused.text and KEPT in refused.text
    assert 'value="VIP"' not in desk.open(anna, TAGS, customer.pk).text
    desk.post(reverse("view_as_end"))
    assert 'value="VIP"' in desk.open(anna, TAGS, customer.pk).text
    assert send_from(desk, own_place, customer).status_code == 302 and customer.tags.exists()


def test_a_form_of_an_organization_the_person_does_not_know_is_refused_as_plainly(
    desk, anna, operator, outsider
):
    own = make_membership(Role.GLOBAL_ADMIN, organization=outsider.organization, user=operator)
    customer = make_customer(own.organization)
    desk.view_as(anna.user, may_write="on")

    refused = send_from(desk, own, customer)

    assert refused.status_code == 403 and KEPT in refused.text
    desk.post(reverse("view_as_end"))
    assert 'value="VIP"' in desk.open(own, TAGS, customer.pk).text


def test_a_form_of_the_person_seen_before_is_not_sent_as_the_next_one(desk, anna):
    ben = make_membership(organization=anna.organization)
    customer = make_customer(anna.organization)
    desk.view_as(anna.user, may_write="on")
    desk.view_as(ben.user, may_write="on")

    refused = send_from(desk, ben, customer, seen_as=anna.user)

    assert refused.status_code == 403 and not customer.tags.exists()
    assert send_from(desk, ben, customer, seen_as=ben.user).status_code == 302
    assert AuditEntry.objects.get(action="customertag.added").actor == ben.user


def test_a_form_of_the_persons_is_not_sent_in_ones_own_name(desk, anna, own_place):
    customer = make_customer(anna.organization)
    desk.view_as(anna.user, may_write="on")
    desk.post(reverse("view_as_end"))

    refused = send_from(desk, anna, customer, seen_as=anna.user)

    assert refused.status_code == 403 and not customer.tags.exists()
    assert "You see your own pages again" in refused.text and KEPT in refused.text
    assert 'value="VIP"' not in desk.open(anna, TAGS, customer.pk).text
    desk.view_as(anna.user, may_write="on")
    assert 'value="VIP"' in desk.open(anna, TAGS, customer.pk).text
    assert send_from(desk, anna, customer, seen_as=anna.user).status_code == 302


@pytest.mark.parametrize("sender", ["", "http://evil.example/"])
def test_what_another_site_sends_is_not_kept(desk, anna, own_place, sender):
    customer = make_customer(anna.organization)
    desk.view_as(anna.user)

    url = page_of(TAGS, customer.pk, organization=anna.organization)
    refused = desk.post(url, {"tags": "VIP"}, headers={"Referer": sender})

    assert refused.status_code == 403 and KEPT not in refused.text


def test_forms_of_django_admin_stay_the_operators_own(desk, anna, operator):
    """Whatever is seen in another tab: they are never sent as anybody else."""
    url = reverse("admin:accounts_organization_change", args=[anna.organization_id])
    form = desk.get(url).context["adminform"].form
    typed = {name: form[name].value() or "" for name in form.fields} | {"city": "Kiel"}
    desk.view_as(anna.user)

    assert NAMED.format(anna.user_id) not in desk.get(url).text
    assert desk.post(url, typed | {"name": "Nordwind AG"}).status_code == 302

    anna.organization.refresh_from_db()
    assert anna.organization.name == "Nordwind AG"
    assert LogEntry.objects.get(object_id=anna.organization_id).user == operator


@pytest.mark.parametrize("header,status", [({}, 403), ({"X-Seen-As": "anna"}, 200)])
def test_no_dialog_of_the_persons_opens_on_a_page_of_ones_own(desk, anna, header, status):
    desk.view_as(anna.user)
    url = page_of("customers:customer_list", organization=anna.organization)
    header = {name: str(anna.user_id) for name in header} | {"HX-Request": "true"}

    assert desk.get(url, headers=header).status_code == status
    history = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert desk.get(url, headers=history).status_code == 200
    assert desk.get(url).status_code == 200


PLACES = ("customers:customer_list", "partners:reseller_list", "outbox:message_list")


@pytest.mark.parametrize("name", [*PLACES, "subscriptions:home"])
def test_every_form_says_as_whom_its_page_was_drawn(desk, anna, own_place, name):
    make_message(anna.organization)
    own = desk.open(own_place, name).text
    token = '<input type="hidden" name="csrfmiddlewaretoken"'
    assert own.count("csrfmiddlewaretoken") == own.count(token) > 1
    assert "seen_as" not in own and "Seen-As" not in own

    desk.view_as(anna.user, may_write="on")
    page = desk.open(anna, name).text

    assert page.count("csrfmiddlewaretoken") == page.count(NAMED.format(anna.user_id))
    assert page.count("csrfmiddlewaretoken") == page.count(token) > 1
    assert f'"X-Seen-As": "{anna.user_id}"' in page


def test_no_template_writes_its_own_protection():
    """All use ``{% csrf_token %}`` or ``token_inputs``, which say as whom the page was drawn."""
    folder = settings.BASE_DIR / "templates"
    assert [
        path for path in folder.rglob("*.html") if "csrfmiddlewaretoken" in path.read_text()
    ] == []
