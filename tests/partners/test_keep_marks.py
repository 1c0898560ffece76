"""The stored text has marks for the link and its last day, so that both can change."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.utils.timezone import now

from partners import services, wording
from partners.models import PartnerProfile


def test_neither_the_link_nor_its_day_is_stored(draft):
    assert draft.token not in draft.body
    assert wording.last_day(draft) not in draft.body
    assert wording.last_day(draft) in wording.with_link(draft)


def test_what_was_typed_around_them_is_kept(save, draft):
    text = f"Until {wording.last_day(draft)}:\n{wording.invitation_url(draft)}\nAnna"

    save(text=text.replace("\n", "\r\n"))

    assert wording.with_link(draft) == text
    draft.expires_at += timedelta(days=30)
    assert wording.last_day(draft) in wording.with_link(draft)


@pytest.mark.parametrize("language,words", [("en", "1 March 2027"), ("de", "1. März 2027")])
def test_the_day_is_the_senders_day_in_the_language_of_the_text(provider, language, words):
    provider.user.time_zone = "Europe/Berlin"
    draft = services.draft_request(actor=provider, submission=uuid4(), language=language)
    draft.expires_at = datetime(2027, 2, 28, 23, 30, tzinfo=ZoneInfo("UTC"))

    assert wording.last_day(draft) == words


@pytest.mark.parametrize("days", [1, 30, 90])
def test_a_link_lives_as_long_as_the_provider_chose(provider, days):
    PartnerProfile.objects.filter(organization=provider.organization).update(invitation_days=days)

    draft = services.draft_request(actor=provider, submission=uuid4(), language="en")

    assert abs(draft.expires_at - now() - timedelta(days=days)) < timedelta(minutes=1)


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_standard_text_has_one_button_and_one_more_link(provider, language):
    from portal.letters import paragraphs

    draft = services.draft_request(actor=provider, submission=uuid4(), language=language)

    kinds = [part.kind for part in paragraphs(wording.with_link(draft))]
    assert kinds.count("button") == kinds.count("link") == 1
    assert "⟦" not in wording.with_link(draft) and "{" not in wording.with_link(draft)


def test_a_provider_with_the_longest_name_can_ask(browser_of, provider):
    provider.organization.name = "ß" * 200
    provider.organization.save()

    assert browser_of(provider).send("partners:request_create").status_code == 302
