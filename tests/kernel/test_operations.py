"""The front page of Django admin: what waits, in the numbers of the lists behind it."""

from datetime import timedelta

import pytest
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Permission as ModelPermission
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from portal.accounts.models import User
from portal.operators import QUEUES, ReadOnly
from portal.outbox.models import Heartbeat, OutboxMessage
from portal.references import encode
from tests.factories import (
    make_broken_chain,
    make_customer,
    make_enrolment,
    make_message,
    make_organization,
    make_profile_change,
    make_user,
)

Status = OutboxMessage.Status


def desk_of(user):
    """The browser of somebody who has just typed their password, as some pages demand."""
    browser = Client()
    browser.post("/accounts/login/", {"login": user.username, "password": "demo"})
    return browser


@pytest.fixture
def operator(db):
    return make_user("operator@portal.test", is_staff=True, is_superuser=True)


@pytest.fixture
def desk(operator):
    return desk_of(operator)


@pytest.fixture
def waiting(provider, reseller):
    """One and more of everything that waits, and of what doesn't."""
    ours, long_ago = provider.organization, now() - timedelta(hours=1)
    make_enrolment(status="submitted", name="New Ltd")
    make_enrolment()
    make_profile_change(ours)
    for number in range(3):
        make_message(ours, recipient=f"a{number}@b.example")
    make_message(None)
    make_message(ours, status=Status.UNCERTAIN)
    make_message(ours, status=Status.RUNNING, lease_until=long_ago)
    make_message(ours, status=Status.QUEUED, available_at=long_ago)
    make_message(ours, status=Status.DONE)
    make_broken_chain(ours)
    make_broken_chain(ours, mended_at=now())
    reseller.organization.suspended_at = now()
    reseller.organization.save()


def test_each_number_is_that_of_its_list(desk, waiting):
    page = desk.get("/admin/")
    numbers = {}
    for queue in QUEUES:
        listing = desk.get(f"{reverse(queue.list)}?{queue.query}").context["cl"]
        numbers[queue.list, queue.query] = queue.rows().count()
        assert listing.result_count == numbers[queue.list, queue.query], queue.query
        assert str(queue.words) in page.text
    assert sorted(numbers.values()) == [1, 1, 1, 1, 1, 1, 1, 1, 3]


def test_an_operator_sees_the_queues_of_their_own_lists(waiting):
    clerk = make_user(is_staff=True)
    clerk.user_permissions.set(ModelPermission.objects.filter(codename="view_enrolment"))

    page = desk_of(clerk).get("/admin/").text

    assert "Enrolments in review" in page and "Failed emails" not in page


def test_the_worker_is_heard_of(desk):
    assert "Never heard of" in desk.get("/admin/").text
    Heartbeat.strike()
    assert "Heard of just now" in desk.get("/admin/").text
    Heartbeat.objects.update(at=now() - timedelta(minutes=5))
    assert "Not heard of for this long" in desk.get("/admin/").text


@pytest.mark.parametrize(
    "model,word,found",
    [
        ("accounts_user", "ADA.L", 1),
        ("accounts_user", "lovelace", 1),
        ("accounts_user", "velace", 0),
        ("accounts_user", "ada.l lovelace", 1),
        ("accounts_user", "ada.l nobody", 0),
        ("accounts_organization", "zeppelin", 1),
        ("accounts_organization", "%", 0),
        ("customers_customer", "zeppe", 1),
        ("outbox_outboxmessage", "ada.l@b", 1),
        ("outbox_outboxmessage", "a%l", 0),
    ],
)
def test_what_searches_find(desk, provider, model, word, found):
    make_user("ada.l@b.example", last_name="Lovelace")
    make_organization(name="Zeppelin Cloud")
    make_customer(provider.organization, company_name="Zeppelin Optik")
    make_message(None, recipient="ada.l@b.example")
    listing = desk.get(reverse(f"admin:{model}_changelist"), {"q": word}).context["cl"]

    names = [row for row in listing.result_list if "Optik" not in str(row) or "customers" in model]
    assert len(names) == found


def test_a_reference_finds_its_row(desk, provider):
    customer = make_customer(provider.organization)
    make_customer(provider.organization)
    url = reverse("admin:customers_customer_changelist")

    listing = desk.get(url, {"q": encode("C", customer.pk).lower()}).context["cl"]

    assert list(listing.result_list) == [customer]


def test_lists_count_no_further_than_the_limit(desk, monkeypatch, provider):
    monkeypatch.setattr("portal.lists.COUNT_LIMIT", 2)
    for _number in range(4):
        make_message(provider.organization)

    assert (
        desk.get(reverse("admin:outbox_outboxmessage_changelist")).context["cl"].result_count == 2
    )
    assert "2+" in desk.get("/admin/").text


def test_no_form_offers_a_box_of_rows(desk, provider):
    """A select of a million people would be the whole page."""
    request = desk.get("/admin/").wsgi_request
    boxes = []
    for model, options in admin.site._registry.items():
        if isinstance(options, ReadOnly) or not model.__module__.startswith(
            ("portal", "partners", "customers", "subscriptions")
        ):
            continue
        fixed = options.get_readonly_fields(request, model())
        for field in model._meta.fields:
            if isinstance(field, models.ForeignKey) and field.editable and field.name not in fixed:
                widget = options.formfield_for_dbfield(field, request).widget
                inner = getattr(widget, "widget", widget)
                if type(inner) is forms.Select and options.has_change_permission(request):
                    boxes.append(f"{model.__name__}.{field.name}")
    assert boxes == []


def posted(browser, person, **changes):
    """Saves the person's page with these fields changed; the answer."""
    url = reverse("admin:accounts_user_change", args=[person.pk])
    form = browser.get(url).context["adminform"].form
    held = {
        name: form[name].value() for name in form.fields if form[name].value() not in (None, False)
    }
    held |= {f"memberships-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL")}
    data = {name: value for name, value in (held | changes).items() if value is not None}
    return browser.post(url, data)


def clerk_with(*codenames):
    clerk = make_user("clerk@portal.test", is_staff=True)
    clerk.user_permissions.set(ModelPermission.objects.filter(codename__in=codenames))
    return clerk


def test_operators_do_not_raise_others(db):
    browser, person = desk_of(clerk_with("view_user", "change_user")), make_user()

    assert posted(browser, person, is_staff="on", is_superuser="on").status_code == 302

    person.refresh_from_db()
    assert (person.is_staff, person.is_superuser) == (False, False)


@pytest.mark.parametrize("page", ["change", "password_change", "delete"])
def test_operators_touch_no_operator_not_even_themselves(db, page):
    clerk = clerk_with("view_user", "change_user", "delete_user")
    browser = desk_of(clerk)
    boss = make_user("boss@portal.test", is_staff=True, is_superuser=True)

    for person in (clerk, boss):
        names = {"password_change": "auth_user_password_change"}
        url = reverse(f"admin:{names.get(page, f'accounts_user_{page}')}", args=[person.pk])
        assert browser.post(url, {"is_superuser": "on", "post": "yes"}).status_code == 403
    assert User.objects.filter(pk=boss.pk, is_superuser=True).exists()


def test_superusers_make_operators(desk):
    person = make_user()

    assert posted(desk, person, is_staff="on").status_code == 302

    person.refresh_from_db()
    assert person.is_staff


@pytest.mark.parametrize("field", ["is_superuser", "is_active", "is_staff"])
def test_the_last_superuser_stays_one(desk, operator, field):
    refused = posted(desk, operator, **{field: None})

    assert refused.status_code == 200 and "the last superuser" in refused.text
    assert desk.post(reverse("admin:accounts_user_delete", args=[operator.pk])).status_code == 403

    make_user(is_staff=True, is_superuser=True)
    assert posted(desk, operator, **{field: None}).status_code == 302


def test_the_last_superuser_is_not_deleted_with_others(desk, operator):
    person = make_user()
    data = {
        "action": "delete_selected",
        "_selected_action": [operator.pk, person.pk],
        "post": "yes",
    }

    desk.post(reverse("admin:accounts_user_changelist"), data)

    assert User.objects.filter(pk=operator.pk).exists()
