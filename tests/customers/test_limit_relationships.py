"""So many mails of relationship requests a day, for one company and to one address."""

from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection

from customers import limits, services
from customers.models import RelationshipRequest
from portal.accounts.roles import Kind
from portal.mail_limits import LimitReached
from portal.outbox.models import OutboxMessage
from portal.scope import OPERATOR, acting
from tests.factories import make_membership, make_partner

ADDRESS = "vera@vogel.example"


def draft_of(actor, recipient=ADDRESS):
    draft = services.draft_relationship(
        actor=actor, submission=uuid4(), language="en", provider=actor.organization
    )
    draft.recipient = recipient
    draft.save(update_fields=["recipient"])
    return draft


def make_providers(number):
    return [make_membership(organization=make_partner(Kind.PROVIDER)) for _ in range(number)]


def sent():
    return RelationshipRequest.objects.filter(status="sent").count()


def test_one_address_gets_so_many_whoever_writes(db, settings):
    """Five providers that know nothing of each other."""
    for actor in make_providers(5):
        with acting(actor.actor):
            draft = draft_of(actor, ADDRESS.upper() if sent() else ADDRESS)
            if reason := limits.refusal(actor, ADDRESS):
                with pytest.raises(LimitReached):
                    services.send_relationship(draft, actor=actor)
                assert "from the portal for now" in reason
            else:
                services.send_relationship(draft, actor=actor)

    assert sent() == OutboxMessage.objects.count() == settings.REQUESTS_PER_RECIPIENT_AND_DAY


def test_the_service_keeps_to_the_companys_limit(provider, settings):
    settings.REQUESTS_PER_DAY = 1
    services.send_relationship(draft_of(provider), actor=provider)

    with pytest.raises(LimitReached):
        services.send_relationship(draft_of(provider, "other@vogel.example"), actor=provider)

    assert sent() == 1


def test_by_hand_people_write_to_whom_they_like(provider, settings):
    settings.REQUESTS_PER_RECIPIENT_AND_DAY = 0

    services.mark_relationship_sent(draft_of(provider), actor=provider)

    assert sent() == 1


def send_at_once(presses):
    """Send each (draft, actor) at the same moment; refusals are what the limits are for."""
    barrier = Barrier(len(presses))

    def press(draft, actor):
        try:
            barrier.wait()
            with acting(actor.actor):
                services.send_relationship(draft, actor=actor)
        except LimitReached:
            pass
        finally:
            connection.close()

    threads = [Thread(target=press, args=each) for each in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("companies", [1, 8])
def test_at_the_same_moment_too(settings, companies):
    """Eight mails to one address, from one company and from eight."""
    with acting(OPERATOR):
        actors = make_providers(companies) * (8 // companies)
        presses = [(draft_of(actor), actor) for actor in actors]

    send_at_once(presses)

    with acting(OPERATOR):
        assert sent() == OutboxMessage.objects.count() == settings.REQUESTS_PER_RECIPIENT_AND_DAY
