"""A request to a customer is reminded of, extended, and runs out by itself."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from customers import rounds, services, wording
from customers.models import RelationshipRequest
from partners.models import PartnerProfile
from portal.audit.models import AuditEntry
from portal.lifecycle import InvalidTransition
from portal.scope import NOBODY, acting
from tests.customers.conftest import do_background_work
from tests.factories import make_relationship_request

ADDRESS = "office@vogel.example"
DAY = timedelta(days=1)
REMIND, EXTEND = "customers:relationship_remind", "customers:relationship_extend"
DETAIL = "customers:relationship_detail"


@pytest.fixture(params=["provider", "reseller"])
def asker(request):
    """Either side may ask."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def asked(asker, partnership):
    request = make_relationship_request(
        partnership, asked_by=asker.organization, created_by=asker.user, recipient=ADDRESS
    )
    request.subject, request.body = wording.standard_letter(request)
    request.save()
    return request


@pytest.fixture
def press(asker, asked, browser_of):
    def send(name, by=None, **data):
        browser = browser_of(by or asker)
        response = browser.post(browser.url(name, asked.pk), data, follow=True)
        asked.refresh_from_db()
        return response

    return send


def make_round():
    with acting(NOBODY):
        rounds.look_after_relationships()


def recorded(action):
    return AuditEntry.objects.filter(action=f"relationshiprequest.{action}").count()


class TestTheRound:
    def test_what_has_run_out_expires(self, asked, partnership):
        open_one = make_relationship_request(partnership)
        RelationshipRequest.objects.filter(pk=asked.pk).update(expires_at=now() - DAY)

        make_round()
        make_round()

        statuses = dict(RelationshipRequest.objects.values_list("pk", "status"))
        assert statuses == {asked.pk: "expired", open_one.pk: "sent"}
        entries = AuditEntry.objects.filter(action="relationshiprequest.expired")
        told = {entry.organization_id for entry in entries if entry.actor is None}
        assert told == {partnership.provider_id, partnership.reseller_id}

    @pytest.mark.parametrize("recipient", [ADDRESS, ""])
    def test_whoever_asked_is_told_once(self, asked, asker, browser_of, mailoutbox, recipient):
        past = {"expires_at": now() - DAY, "recipient": recipient}
        RelationshipRequest.objects.filter(pk=asked.pk).update(**past)

        make_round()
        make_round()
        do_background_work()

        [mail] = mailoutbox
        assert mail.to == [asker.user.email]
        assert "was not answered" in mail.subject and asked.reference in mail.body
        assert (ADDRESS in mail.body) == bool(recipient)
        home = browser_of(asker).open("subscriptions:home").text
        assert f"The relationship request to {recipient or asked.reference} was not" in home

    def test_not_what_was_extended_a_moment_ago(self, asked):
        with pytest.raises(InvalidTransition):
            services.expire_relationship(asked)

    def test_it_reminds_nobody(self, asked, mailoutbox):
        RelationshipRequest.objects.update(sent_at=now() - 27 * DAY, expires_at=now() + 3 * DAY)
        PartnerProfile.objects.update(remind_automatically=True)

        make_round()
        do_background_work()

        assert mailoutbox == []


class TestReminding:
    def test_the_same_link_once_more(self, asked, asker, press, mailoutbox):
        page = press(REMIND)

        assert f"A reminder is on its way to {ADDRESS}." in page.text
        do_background_work()
        [mail] = mailoutbox
        assert mail.to == [ADDRESS] and mail.reply_to == [asker.user.email]
        assert mail.subject.startswith(f"Reminder: {asker.organization} asks for a reseller")
        assert wording.relationship_url(asked) in mail.body
        assert recorded("reminded") == len(asked.tenants)

    def test_in_german(self, asked, press, mailoutbox):
        RelationshipRequest.objects.update(language="de")
        press(REMIND)
        do_background_work()

        assert mailoutbox[0].subject.startswith("Erinnerung: ")
        assert "„Ablehnen“" in mailoutbox[0].body

    def test_once_in_three_days(self, asked, press):
        press(REMIND)
        assert "The next reminder is possible from" in press(REMIND).text
        assert asked.reminders == 1
        assert ">Send reminder<" not in press(REMIND).text

        RelationshipRequest.objects.update(reminded_at=now() - 3 * DAY)
        press(REMIND)
        assert asked.reminders == 2

    def test_where_nobody_is_named(self, asked, press):
        RelationshipRequest.objects.update(recipient="")

        assert "names no address" in press(REMIND).text
        assert asked.reminders == 0

    @pytest.mark.parametrize("state", [{"status": "withdrawn"}, {"expires_at": now() - DAY}])
    def test_not_when_it_is_over(self, asked, press, state):
        RelationshipRequest.objects.update(**state)

        assert press(REMIND).status_code == 409
        assert asked.reminders == 0

    def test_not_by_the_partner(self, asked, asker, press, provider, reseller):
        partner = reseller if asker == provider else provider
        for name in (REMIND, EXTEND):
            assert press(name, by=partner).status_code == 404
        assert asked.reminders == 0


class TestExtending:
    def seen(self, asked):
        return asked.sent_at.isoformat()

    def test_a_new_link_for_the_usual_time(self, asked, press, mailoutbox):
        PartnerProfile.objects.update(invitation_days=14)
        old, day = asked.token, wording.last_day(asked)
        RelationshipRequest.objects.update(reminded_at=now())

        page = press(EXTEND, seen=self.seen(asked), by_mail="on")

        assert "The link works until" in page.text
        assert asked.token != old
        assert timedelta(days=13) < asked.expires_at - now() <= timedelta(days=14)
        do_background_work()
        [mail] = mailoutbox
        assert wording.relationship_url(asked) in mail.body
        assert wording.last_day(asked) in mail.body and day not in mail.body
        assert recorded("extended") == len(asked.tenants)

    def test_without_a_mail(self, asked, press, mailoutbox):
        press(EXTEND, seen=self.seen(asked))
        do_background_work()

        assert mailoutbox == [] and recorded("extended")

    def test_twice_from_one_page_is_once(self, asked, press):
        seen = self.seen(asked)
        press(EXTEND, seen=seen)
        token = asked.token

        assert "The link has been renewed already." in press(EXTEND, seen=seen).text
        assert asked.token == token

    @pytest.mark.parametrize("seen", ["", "x", "\x00", "2026-01-01T00:00"])
    def test_nonsense(self, asked, press, seen):
        token = asked.token

        assert press(EXTEND, seen=seen).status_code == 422
        assert asked.token == token

    @pytest.mark.parametrize(
        "limit,words",
        [
            ("REQUESTS_PER_DAY", "has sent 1 emails of this kind within 24 hours"),
            ("REQUESTS_PER_RECIPIENT_AND_DAY", "This address gets no further email"),
        ],
    )
    def test_it_keeps_to_the_limits(self, asked, press, settings, mailoutbox, limit, words):
        setattr(settings, limit, 1)
        press(EXTEND, seen=self.seen(asked), by_mail="on")
        token = asked.token

        for page in (press(EXTEND, seen=self.seen(asked), by_mail="on"), press(REMIND)):
            assert words in page.text
        do_background_work()
        assert (asked.token, asked.reminders, len(mailoutbox)) == (token, 0, 1)

    def test_the_page_offers_it_while_it_is_open(self, asked, asker, browser_of):
        browser = browser_of(asker)
        assert "Extend by 30 days" in browser.open(DETAIL, asked.pk).text

        RelationshipRequest.objects.update(expires_at=now() - DAY)
        assert "Extend by" not in browser.open(DETAIL, asked.pk).text
