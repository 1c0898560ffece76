import pytest

from partners.models import Partnership, PartnershipRequest
from portal.audit.models import AuditEntry
from portal.lifecycle import InvalidTransition, transition, transition_all
from portal.scope import acting
from tests.factories import make_request


def test_a_move_is_saved_and_recorded_for_both_sides(partnership, provider, reseller):
    from django.utils.timezone import now

    moved = transition(
        partnership, "removed", actor=provider, removed_at=now(), statement_version="1"
    )

    assert moved.status == Partnership.Status.REMOVED
    for membership in (provider, reseller):
        with acting(membership.actor):
            entry = AuditEntry.objects.visible_to(membership).get()
        assert (entry.action, entry.actor_id) == ("partnership.removed", provider.user_id)
        assert entry.details == {"before": "active", "after": "removed"}


def test_a_move_that_is_not_allowed_changes_nothing(provider):
    request = make_request(provider.organization, status="withdrawn")
    with pytest.raises(InvalidTransition) as refused:
        transition(request, "sent", actor=provider)

    request.refresh_from_db()
    assert request.status == "withdrawn"
    assert "Withdrawn" in refused.value.reason
    assert not AuditEntry.objects.exists()


def test_coming_too_late_is_409_with_words(provider, browser_of, monkeypatch):
    from portal.outbox import views
    from tests.factories import make_message

    request = make_request(provider.organization, status="withdrawn")

    def late(message, *, actor):
        transition(request, "sent", actor=actor)

    monkeypatch.setattr(views.services, "retry", late)
    message = make_message(provider.organization)
    response = browser_of(provider).send("outbox:message_retry", message.pk)

    assert response.status_code == 409
    assert "Withdrawn" in response.text


def test_many_move_at_once_each_with_its_record(provider):
    requests = [make_request(provider.organization, status=status) for status in ("draft", "sent")]

    moved = transition_all(PartnershipRequest.objects.all(), "withdrawn", actor=provider)

    assert [request.status for request in moved] == ["withdrawn"] * 2
    for request, before in zip(requests, ("draft", "sent"), strict=True):
        request.refresh_from_db()
        entry = AuditEntry.objects.about(request).get()
        assert request.status == "withdrawn"
        assert entry.action == "partnershiprequest.withdrawn"
        assert entry.details == {"before": before, "after": "withdrawn"}


def test_when_one_of_many_cannot_move_none_does(provider):
    requests = [make_request(provider.organization, status=s) for s in ("sent", "declined")]

    with pytest.raises(InvalidTransition):
        transition_all(PartnershipRequest.objects.all(), "withdrawn", actor=provider)

    for request in requests:
        request.refresh_from_db()
    assert [request.status for request in requests] == ["sent", "declined"]
    assert not AuditEntry.objects.exists()
