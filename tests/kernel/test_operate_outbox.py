"""Operators try again, in Django admin, what failed or may have."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from portal.audit.models import AuditEntry
from portal.outbox.models import OutboxMessage
from portal.outbox.worker import work_once
from tests.factories import make_message, make_user
from tests.kernel import tasks

Status = OutboxMessage.Status
LIST = "admin:outbox_outboxmessage_changelist"


@pytest.fixture
def try_again(db):
    """Presses the button for these messages, as an operator with these rights."""

    def press(*chosen, sure=True, **rights):
        user = make_user(is_staff=True, **(rights or {"is_superuser": True}))
        view = Permission.objects.filter(codename="view_outboxmessage")
        user.user_permissions.set(view)
        browser = Client()
        browser.force_login(user, backend="portal.accounts.backends.AccountBackend")
        data = {"action": "try_again", "_selected_action": [message.pk for message in chosen]}
        data |= {"sure": "yes"} if sure else {}
        response = browser.post(reverse(LIST), data, follow=True)
        for message in chosen:
            message.refresh_from_db()
        return response

    return press


@pytest.mark.parametrize("status", [Status.FAILED, Status.UNCERTAIN])
def test_what_belongs_to_nobody(try_again, status):
    message = make_message(None, status=status, attempts=12, task=tasks.nothing.name)

    page = try_again(message).text

    assert "Tried again: 1." in page
    assert (message.status, message.attempts) == (Status.QUEUED, 0)
    assert LogEntry.objects.get().object_id == str(message.pk)
    assert work_once()
    message.refresh_from_db()
    assert message.status == Status.DONE


@pytest.mark.parametrize("status", [Status.QUEUED, Status.RUNNING, Status.DONE])
def test_what_needs_no_further_attempt(try_again, status):
    message = make_message(None, status=status)

    assert "Left as they are, for they need no further attempt: 1." in try_again(message).text
    assert message.status == status


def test_what_was_promised_for_an_organization_is_on_its_record(try_again, provider):
    message = make_message(provider.organization)

    assert "Tried again: 1." in try_again(message).text

    entry = AuditEntry.objects.get(action="outboxmessage.retried")
    assert message.status == Status.QUEUED
    assert (entry.organization, entry.actor) == (provider.organization, None)
    assert entry.details["operator"] == LogEntry.objects.get().user_id


def test_what_may_arrive_twice_is_confirmed_first(try_again, provider):
    doubtful = make_message(provider.organization, status=Status.UNCERTAIN, recipient="a@b.example")
    failed = make_message(None)

    page = try_again(doubtful, failed, sure=False).text

    assert "2 deliveries are tried again." in page and "a@b.example" in page
    assert (doubtful.status, failed.status) == (Status.UNCERTAIN, Status.FAILED)
    assert "Tried again: 2." in try_again(doubtful, failed).text


@pytest.mark.parametrize(
    "kind,fields",
    [
        ("mail", {"recipient": "a@b.example"}),
        ("task", {}),
        ("silent", {"status": Status.RUNNING, "lease_until": now() - timedelta(hours=1)}),
        ("late", {"status": Status.QUEUED, "available_at": now() - timedelta(hours=1)}),
    ],
)
def test_work_is_filtered_by_what_is_wrong_with_it(kind, fields, provider):
    message = make_message(provider.organization, **fields)
    make_message(None, status=Status.RUNNING, lease_until=now() + timedelta(hours=1), recipient="x")
    ours = OutboxMessage.objects.filter(organization=provider.organization)

    assert list(ours.in_trouble(kind)) == [message]
    assert kind == "mail" or OutboxMessage.objects.in_trouble(kind).count() == 1
    assert not OutboxMessage.objects.in_trouble("\x00x").exists()


def test_not_by_operators_who_may_only_look(try_again):
    message = make_message(None)

    page = try_again(message, is_superuser=False)

    assert message.status == Status.FAILED
    assert page.status_code == 200 and "Try again" not in page.text
