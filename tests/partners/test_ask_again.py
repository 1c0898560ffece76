"""*Request again*: after every end, as often as it takes."""

from uuid import uuid4

import pytest
from django.utils.timezone import now

from partners import services
from partners.models import PartnershipRequest
from portal.lifecycle import InvalidTransition
from tests.factories import make_partnership, make_request

ADDRESS = "partner@kessler-it.example"
ENDS = [
    {"status": "declined"},
    {"status": "withdrawn"},
    {"status": "expired"},
    {"status": "sent", "expires_at": now()},
    {"status": "draft", "expires_at": now()},
]


@pytest.fixture
def ask(provider, browser_of):
    def again(request, submission=None):
        data = {"submission": str(submission or uuid4())}
        return browser_of(provider).send("partners:request_again", request.pk, data=data)

    return again


def latest():
    return PartnershipRequest.objects.order_by("-pk").first()


@pytest.mark.parametrize("end", ENDS)
def test_a_new_draft_to_the_same_recipient(provider, ask, end):
    ended = make_request(
        provider.organization, recipient=ADDRESS, language="de", note="Bis bald", **end
    )

    response = ask(ended)

    draft = latest()
    assert response["Location"].endswith(f"/{draft.reference}/draft/")
    assert draft.previous == ended
    assert (draft.recipient, draft.language, draft.note) == (ADDRESS, "de", "Bis bald")
    assert "Bis bald" in draft.body and "Guten Tag" in draft.body
    assert draft.nonce != ended.nonce


def test_after_a_partnership_that_was_removed(provider, reseller, ask):
    answered = {"reseller": reseller.organization, "answered_at": now(), "status": "accepted"}
    accepted = make_request(provider.organization, recipient=ADDRESS, **answered)
    partnership = make_partnership(provider.organization, reseller.organization, request=accepted)
    assert ask(accepted).status_code == 409

    services.remove_partnership(partnership, actor=provider, statement_version="1")

    assert ask(accepted).status_code == 302
    assert latest().previous == accepted


def test_not_while_it_is_open(provider, ask):
    request = make_request(provider.organization, recipient=ADDRESS)

    with pytest.raises(InvalidTransition):
        services.ask_again(request, actor=provider, submission=uuid4())
    assert ask(request).status_code == 409
    assert PartnershipRequest.objects.count() == 1


def test_pressed_twice_makes_one_draft(provider, ask):
    ended, submission = make_request(provider.organization, status="declined"), uuid4()

    assert ask(ended, submission)["Location"] == ask(ended, submission)["Location"]
    assert PartnershipRequest.objects.count() == 2


def test_again_and_again_shows_the_chain(provider, ask, browser_of):
    browser = browser_of(provider)
    first = make_request(provider.organization, recipient=ADDRESS, status="declined")
    ask(first)
    second = latest()
    services.withdraw_request(second, actor=provider)
    ask(second)
    third = latest()

    page = browser.open("partners:request_detail", second.pk).text
    assert first.reference in page and third.reference in page
    assert second.reference in browser.open("partners:request_draft", third.pk).text
    assert second.reference in browser.open("partners:request_detail", first.pk).text


def test_a_request_of_others_cannot_be_asked_again(outsider, provider, browser_of):
    ended = make_request(provider.organization, status="declined")

    response = browser_of(outsider).send("partners:request_again", ended.pk)

    assert response.status_code == 404
    assert PartnershipRequest.objects.count() == 1


def test_the_request_and_the_end_of_what_it_began_lead_to_each_other(
    provider, reseller, browser_of
):
    answered = {"reseller": reseller.organization, "answered_at": now(), "status": "accepted"}
    accepted = make_request(provider.organization, recipient=ADDRESS, **answered)
    partnership = make_partnership(provider.organization, reseller.organization, request=accepted)
    browser = browser_of(provider)
    request_page = browser.url("partners:request_detail", accepted.pk)
    active_page = browser.url("partners:reseller_detail", partnership.reseller_id)
    ended_page = browser.url("subscriptions:reseller_ended", partnership.reseller_id)
    assert f'href="{active_page}"' in browser.get(request_page).text

    services.remove_partnership(partnership, actor=provider, statement_version="1")

    assert f'href="{ended_page}"' in browser.get(request_page).text
    assert f'href="{request_page}"' in browser.get(ended_page).text
    for page in (request_page, ended_page, active_page):
        assert ">Request again<" in browser.get(page).text


def test_asked_again_from_the_page_of_the_end_the_recipient_is_known(
    provider, reseller, partnership, browser_of
):
    services.remove_partnership(partnership, actor=provider, statement_version="1")
    browser = browser_of(provider)

    page = browser.open("subscriptions:reseller_ended", partnership.reseller_id).text

    assert f'name="reseller" value="{partnership.reference}"' in page
