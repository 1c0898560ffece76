"""What went wrong with a delivery reads as everything else does: in the reader's language."""

import pytest

from portal.outbox.worker import LOST_IN_THE_POST
from tests.factories import make_message


@pytest.mark.parametrize("language", ["en", "de"])
def test_our_own_words_are_translated(provider, browser_of, language):
    make_message(provider.organization, last_error=LOST_IN_THE_POST)
    browser = browser_of(provider)
    browser.cookies["django_language"] = language

    page = browser.open("outbox:message_list").text

    assert (LOST_IN_THE_POST in page) == (language == "en")


def test_a_servers_words_stay_and_no_words_are_none(provider, browser_of):
    make_message(provider.organization, last_error="[Errno 111] Connection refused")
    make_message(provider.organization, last_error="")
    browser = browser_of(provider)
    browser.cookies["django_language"] = "de"

    page = browser.open("outbox:message_list").text

    assert "[Errno 111] Connection refused" in page
    assert "Project-Id-Version" not in page
