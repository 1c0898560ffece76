"""The regular round: what has run out expires, who wanted reminders gets them, litter goes away."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils.timezone import now

from partners import rounds, services
from partners.models import PartnerProfile, PartnershipRequest
from portal.audit.models import AuditEntry
from portal.outbox.models import OutboxMessage
from portal.scope import NOBODY, acting
from tests.factories import make_partnership, make_request

ADDRESS = "partner@kessler-it.example"
DAY = timedelta(days=1)


@pytest.fixture
def eager(provider):
    """A provider that wants reminders to go out by themselves."""
    PartnerProfile.objects.filter(organization=provider.organization).update(
        remind_automatically=True
    )
    return provider


@pytest.fixture
def make_round(work):
    """Beat's call, in the scope it has there: none. Returns all mails so far."""

    def go():
        with acting(NOBODY):
            rounds.look_after_requests()
        return work()

    return go


def asked(provider, days_ago, life=30, **fields):
    """A request that was sent some days ago."""
    sent_at = now() - days_ago * DAY
    fields = {"recipient": ADDRESS, "sent_at": sent_at} | fields
    return make_request(provider.organization, expires_at=sent_at + life * DAY, **fields)


def pass_by(days):
    """Let everything be that many days older."""
    for request in PartnershipRequest.objects.all():
        for name in ("sent_at", "expires_at", "reminded_at", "created_at"):
            moment = getattr(request, name)
            setattr(request, name, moment and moment - days * DAY)
        request.save()


def test_what_has_run_out_expires_and_its_owner_is_told(provider, make_round, monkeypatch):
    told = []
    monkeypatch.setattr("partners.services.telling.request_expired", told.append)
    late, open_one = asked(provider, 31), asked(provider, 1)

    make_round()
    make_round()

    statuses = dict(PartnershipRequest.objects.values_list("pk", "status"))
    assert statuses == {late.pk: "expired", open_one.pk: "sent"}
    assert told == [late]
    entry = AuditEntry.objects.get(action="partnershiprequest.expired")
    assert entry.actor is None and entry.organization == provider.organization


def test_one_that_fails_does_not_keep_the_others_from_their_end(provider, make_round, monkeypatch):
    first, second = asked(provider, 40), asked(provider, 31)

    def fail(request):
        if request == first:
            raise ZeroDivisionError

    monkeypatch.setattr("partners.services.telling.request_expired", fail)
    make_round()

    statuses = dict(PartnershipRequest.objects.values_list("pk", "status"))
    assert statuses == {first.pk: "sent", second.pk: "expired"}


def test_reminders_go_out_half_way_and_three_days_before_the_end(eager, make_round):
    request = asked(eager, 0)
    days = []
    for day in range(30):
        before = len(make_round())
        make_round()
        pass_by(1)
        if len(make_round()) > before:
            days.append(day + 1)

    assert days == [15, 27]
    request.refresh_from_db()
    assert request.reminders == 2


def test_nobody_is_reminded_whose_provider_does_not_want_it(provider, make_round):
    asked(provider, 16)

    assert make_round() == []


@pytest.mark.parametrize(
    "fields",
    [
        {"recipient": ""},
        {"status": "withdrawn"},
        {"status": "declined"},
        {"reminded_at": now() - DAY},
        {"reminded_at": now() - 2 * DAY, "days_ago": 15},
    ],
)
def test_who_is_not_reminded(eager, make_round, fields):
    asked(eager, fields.pop("days_ago", 16), **fields)

    assert make_round() == []


def test_a_moment_within_three_days_of_a_reminder_by_hand_is_passed_over(eager, make_round):
    request = asked(eager, 14)
    services.remind_recipient(request, actor=eager)
    assert len(make_round()) == 1
    for _ in range(6):
        pass_by(1)
        assert len(make_round()) == 1


def test_after_a_long_silence_one_reminder_makes_up_for_two(eager, make_round):
    asked(eager, 28)

    assert len(make_round()) == 1
    pass_by(1)
    assert len(make_round()) == 1


def test_a_day_without_a_worker_is_made_up_for(eager, make_round):
    asked(eager, 16)

    assert len(make_round()) == 1


def test_a_short_life_is_not_filled_with_reminders(eager, make_round):
    asked(eager, 0, life=5)
    for _ in range(5):
        pass_by(1)
        make_round()

    assert OutboxMessage.objects.count() <= 1


def test_at_most_two_by_itself_however_often_it_is_extended(eager, make_round):
    request = asked(eager, 15)
    make_round()
    for _ in range(3):
        pass_by(12)
        make_round()
        request.refresh_from_db()
        services.extend_request(request, actor=eager, by_mail=False)
        pass_by(15)
        make_round()

    by_itself = AuditEntry.objects.filter(action="partnershiprequest.reminded", actor=None)
    assert by_itself.count() == 2


def test_its_reminder_is_in_the_name_of_whoever_asked_and_on_record_as_the_systems(
    eager, make_round
):
    asked(eager, 16, created_by=eager.user)

    [mail] = make_round()

    assert mail.reply_to == [eager.user.email]
    assert AuditEntry.objects.get(action="partnershiprequest.reminded").actor is None


def test_it_keeps_to_the_limits_and_comes_back(eager, make_round, settings):
    settings.REQUESTS_PER_DAY = 0
    request = asked(eager, 16)
    assert make_round() == []

    settings.REQUESTS_PER_DAY = 10
    assert len(make_round()) == 1
    request.refresh_from_db()
    assert request.reminders == 1


@pytest.fixture
def old_draft(provider):
    """Drafted a week ago and left like that."""
    draft = services.draft_request(actor=provider, submission=uuid4(), language="en")
    PartnershipRequest.objects.update(created_at=now() - 7 * DAY)
    return draft


def test_a_draft_that_nobody_used_goes_away_after_a_week(old_draft, make_round):
    PartnershipRequest.objects.update(created_at=now() - 6 * DAY)
    make_round()
    assert PartnershipRequest.objects.get().status == "draft"

    PartnershipRequest.objects.update(created_at=now() - 7 * DAY)
    make_round()
    make_round()

    assert PartnershipRequest.objects.get().status == "withdrawn"
    assert AuditEntry.objects.get(action="partnershiprequest.withdrawn").actor is None


@pytest.mark.parametrize(
    "sign",
    [
        {"recipient": ADDRESS},
        {"opened_at": now()},
        {"subject": "My own words"},
        {"body": "My own words ⟦link⟧"},
    ],
)
def test_a_draft_that_shows_a_sign_of_use_stays(old_draft, make_round, sign):
    PartnershipRequest.objects.update(**sign)

    make_round()

    assert PartnershipRequest.objects.get().status == "draft"


@pytest.mark.parametrize("known_by", ["another request", "member", "contact"])
def test_who_became_a_partner_by_another_link_is_not_reminded(
    eager, reseller, outsider, make_round, browser_of, known_by
):
    partnership = make_partnership(eager.organization, reseller.organization)
    request = asked(eager, 16, recipient=ADDRESS.upper())
    if known_by == "another request":
        answered = {"status": "accepted", "reseller": reseller.organization, "answered_at": now()}
        partnership.request = asked(eager, 20, **answered)
        partnership.save()
    elif known_by == "member":
        reseller.user.email = ADDRESS
        reseller.user.save()
    else:
        PartnerProfile.objects.filter(organization=reseller.organization).update(email=ADDRESS)
    page = browser_of(eager).open("partners:request_detail", request.pk).text

    assert make_round() == []
    request.refresh_from_db()
    assert request.status == "sent"
    assert "You are partners already" in page and reseller.organization.name in page

    services.remove_partnership(partnership, actor=eager, statement_version="1")
    assert len(make_round()) == 1
    page = browser_of(eager).open("partners:request_detail", request.pk).text
    assert "You are partners already" not in page


def test_another_providers_partner_is_reminded(eager, outsider, reseller, make_round):
    make_partnership(outsider.organization, reseller.organization)
    reseller.user.email = ADDRESS
    reseller.user.save()
    asked(eager, 16)

    assert len(make_round()) == 1


@pytest.mark.parametrize("used", ["sent", "edited"])
def test_a_draft_that_is_used_while_the_round_comes_by_stays(
    provider, old_draft, make_round, monkeypatch, used
):
    """Between the round's look at all drafts and its turn to this one."""
    withdraw = rounds._withdraw_unused

    def use_it_first(found):
        if used == "sent":
            services.mark_request_sent(found, actor=provider)
        else:
            PartnershipRequest.objects.update(recipient=ADDRESS)
        withdraw(found)

    monkeypatch.setattr(rounds, "_withdraw_unused", use_it_first)
    make_round()

    status = {"sent": "sent", "edited": "draft"}[used]
    assert PartnershipRequest.objects.get().status == status


def test_a_draft_whose_link_has_run_out_goes_away(old_draft, make_round):
    PartnershipRequest.objects.update(recipient=ADDRESS, expires_at=now())

    make_round()

    assert PartnershipRequest.objects.get().status == "withdrawn"


def test_two_providers_requests_are_each_looked_after(eager, outsider, make_round):
    asked(eager, 31)
    asked(outsider, 31)

    make_round()

    owners = AuditEntry.objects.filter(action="partnershiprequest.expired")
    assert set(owners.values_list("organization", flat=True)) == {
        eager.organization_id,
        outsider.organization_id,
    }
