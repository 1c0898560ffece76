"""The portal is no mailing machine: so many mails a day for one company and to one address."""

from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection
from django.utils.timezone import now

from partners import limits, services
from partners.models import PartnershipRequest
from portal.accounts.roles import Kind
from portal.outbox.models import OutboxMessage
from portal.scope import OPERATOR, acting
from tests.factories import make_membership, make_partner

ADDRESS = "partner@kessler-it.example"


def send(actor, recipient=ADDRESS):
    draft = services.draft_request(actor=actor, submission=uuid4(), language="en")
    PartnershipRequest.objects.filter(pk=draft.pk).update(recipient=recipient)
    draft.refresh_from_db()
    return services.send_request(draft, actor=actor)


def test_a_company_may_send_so_many_a_day(provider, save, draft, settings):
    settings.REQUESTS_PER_DAY = 2
    send(provider, "a@a.example")
    assert limits.left_today(provider) == 1
    send(provider, "b@b.example")
    assert limits.left_today(provider) == 0

    response = save("send", recipient=ADDRESS)

    assert response.status_code == 422
    assert "as many as possible" in response.text
    assert draft.status == "draft"
    assert save("done", recipient=ADDRESS).status_code == 302


def test_the_service_refuses_too(provider, settings):
    settings.REQUESTS_PER_DAY = 1
    send(provider, "a@a.example")

    with pytest.raises(limits.LimitReached):
        send(provider, "b@b.example")
    assert OutboxMessage.objects.count() == 1
    assert not PartnershipRequest.objects.filter(status="sent", recipient="b@b.example").exists()


def test_one_address_gets_so_many_a_day_whoever_writes(provider, outsider, save, draft, settings):
    settings.REQUESTS_PER_RECIPIENT_AND_DAY = 1
    with acting(outsider.actor):
        send(outsider, ADDRESS.upper())

    with acting(provider.actor):
        reason = limits.refusal(provider, ADDRESS)
    response = save("send", recipient=ADDRESS)

    assert reason
    assert reason in response.text
    assert response.status_code == 422
    assert "Südstern" not in response.text
    assert limits.refusal(provider, "other@kessler-it.example") == ""


def test_reminders_and_mails_with_new_links_count(provider, settings):
    settings.REQUESTS_PER_RECIPIENT_AND_DAY = 3
    request = send(provider)
    services.remind_recipient(request, actor=provider)
    assert limits.left_today(provider) == settings.REQUESTS_PER_DAY - 2
    services.resend_request(request, actor=provider)

    with pytest.raises(limits.LimitReached):
        services.extend_request(request, actor=provider)
    services.extend_request(request, actor=provider, by_mail=False)


def test_what_is_refused_on_the_requests_page_is_told_there(provider, browser_of, settings):
    request = send(provider)
    settings.REQUESTS_PER_DAY = 1
    browser = browser_of(provider)

    browser.send("partners:request_remind", request.pk)

    page = browser.open("partners:request_detail", request.pk).text
    assert "as many as possible" in page
    assert OutboxMessage.objects.count() == 1


def test_a_day_later_it_is_forgotten(provider, settings):
    settings.REQUESTS_PER_DAY = settings.REQUESTS_PER_RECIPIENT_AND_DAY = 1
    send(provider)
    assert limits.refusal(provider, ADDRESS)

    OutboxMessage.objects.update(created_at=now() - timedelta(days=1, seconds=1))

    assert limits.refusal(provider, ADDRESS) == ""


def draft_of(actor, recipient):
    return services.draft_request(
        actor=actor, submission=uuid4(), language="en", recipient=recipient
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("companies", [1, 8])
def test_at_the_same_moment_too(settings, companies):
    """From one company to eight addresses, and from eight companies to one."""
    settings.REQUESTS_PER_DAY = settings.REQUESTS_PER_RECIPIENT_AND_DAY = 3
    with acting(OPERATOR):
        actors = [make_membership(organization=make_partner(Kind.PROVIDER)) for _ in range(8)]
        actors = actors[:companies] * (8 // companies)
        recipients = [f"{number}@a.example" if companies == 1 else ADDRESS for number in range(8)]
        presses = [(draft_of(*each), each[0]) for each in zip(actors, recipients, strict=True)]
    barrier = Barrier(len(presses))

    def press(draft, actor):
        try:
            barrier.wait()
            with acting(actor.actor):
                services.send_request(draft, actor=actor)
        except limits.LimitReached:
            pass
        finally:
            connection.close()

    threads = [Thread(target=press, args=each) for each in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with acting(OPERATOR):
        assert OutboxMessage.objects.count() == 3
        assert PartnershipRequest.objects.filter(status="sent").count() == 3
