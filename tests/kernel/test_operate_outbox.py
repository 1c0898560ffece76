"""Operators try again, in Django admin, what failed and belongs to no organization."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from portal.outbox.models import OutboxMessage
from portal.outbox.worker import work_once
from tests.factories import make_message, make_user
from tests.kernel import tasks

Status = OutboxMessage.Status
LIST = "admin:outbox_outboxmessage_changelist"


@pytest.fixture
def try_again(db):
    """Presses the button for these messages, as an operator with these rights."""

    def press(*chosen, **rights):
        user = make_user(is_staff=True, **(rights or {"is_superuser": True}))
        view = Permission.objects.filter(codename="view_outboxmessage")
        user.user_permissions.set(view)
        browser = Client()
        browser.force_login(user, backend="portal.accounts.backends.AccountBackend")
        data = {"action": "try_again", "_selected_action": [message.pk for message in chosen]}
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

    assert "Left as they are: 1." in try_again(message).text
    assert message.status == status


def test_what_an_organization_looks_after_itself(try_again, provider):
    theirs, nobodys = make_message(provider.organization), make_message(None)

    page = try_again(theirs, nobodys).text

    assert "Tried again: 1." in page and "Left as they are: 1." in page
    assert (theirs.status, nobodys.status) == (Status.FAILED, Status.QUEUED)


def test_not_by_operators_who_may_only_look(try_again):
    message = make_message(None)

    page = try_again(message, is_superuser=False)

    assert message.status == Status.FAILED
    assert page.status_code == 200 and "Try again" not in page.text
