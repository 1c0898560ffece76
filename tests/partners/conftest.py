from uuid import uuid4

import pytest

from partners import services, wording
from portal.links import reverse
from portal.outbox.worker import work_once


@pytest.fixture
def draft(provider):
    """A fresh draft of ``provider``'s, in English."""
    return services.draft_request(actor=provider, submission=uuid4(), language="en")


@pytest.fixture
def typed(draft):
    """What the editor's form would send, unless a test says otherwise."""

    def fields(action="update", **changes):
        unchanged = {
            "recipient": draft.recipient,
            "language": draft.language,
            "subject": draft.subject,
            "text": wording.with_link(draft).replace("\n", "\r\n"),
        }
        return unchanged | {"action": action} | changes

    return fields


@pytest.fixture
def save(draft, provider, browser_of, typed):
    """Press a button of the editor: ``save("send", recipient=…)``."""
    browser = browser_of(provider)

    def press(action="update", headers=None, **changes):
        url = browser.url("partners:request_draft", draft.pk)
        response = browser.post(url, typed(action, **changes), headers=headers)
        draft.refresh_from_db()
        return response

    return press


@pytest.fixture
def work(mailoutbox):
    """Does all due background work and returns the mails."""

    def run():
        while work_once():
            pass
        return mailoutbox

    return run


@pytest.fixture
def list_url():
    return lambda membership, **query: reverse(
        "partners:reseller_list", organization=membership.organization, **query
    )
