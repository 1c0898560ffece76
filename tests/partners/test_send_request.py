import pytest

from partners import services, wording
from portal.accounts.roles import Role
from portal.audit.models import AuditEntry
from portal.outbox.models import OutboxMessage
from tests.factories import make_membership, make_user

ADDRESS = "partner@kessler-it.example"


def test_the_answer_does_not_wait_for_the_mail(save, draft, mailoutbox):
    response = save("send", recipient=ADDRESS)

    assert response.status_code == 302
    assert (draft.status, draft.route) == ("sent", "portal")
    assert mailoutbox == []
    assert OutboxMessage.objects.get().organization == draft.provider


def test_the_mail_is_what_was_drafted(save, draft, work, provider):
    save("send", recipient=ADDRESS, text=f"Grüße!\r\n\r\n{wording.invitation_url(draft)}")

    [mail] = work()

    assert mail.to == [ADDRESS]
    assert mail.subject == draft.subject
    assert mail.body == f"Grüße!\n\n{wording.invitation_url(draft)}"
    assert mail.reply_to == [provider.user.email]
    assert mail.from_email == "Nordwind Distribution via Twotier <no-reply@portal.example>"
    assert mail.extra_headers["Auto-Submitted"] == "auto-generated"
    assert mail.message()["Message-ID"]


def test_sender_names_with_umlauts_and_commas_survive(save, draft, work, provider):
    provider.organization.name = "Möller, Sohn & Co."
    provider.organization.save()

    save("send", recipient=ADDRESS)

    [mail] = work()
    header = mail.message()["From"]
    assert header.endswith("<no-reply@portal.example>")
    assert header.count("@") == 1


def test_answers_go_to_the_colleague_who_sent_it(draft, typed, work, provider, browser_of):
    colleague = make_membership(
        Role.SALES_AGENT, organization=provider.organization, user=make_user("s@nordwind.example")
    )

    browser_of(colleague).send(
        "partners:request_draft", draft.pk, data=typed("send", recipient=ADDRESS)
    )

    assert work()[0].reply_to == ["s@nordwind.example"]


def test_sending_needs_an_address(save, draft):
    response = save("send", recipient="")

    assert response.status_code == 422
    assert "recipient" in response.context["form"].errors
    assert draft.status == "draft"


def test_pressed_twice_sends_once(save, draft, work):
    save("send", recipient=ADDRESS)
    response = save("send", recipient=ADDRESS)

    assert response.status_code == 302
    assert len(work()) == 1


def test_both_steps_are_on_record(save, draft):
    save("send", recipient=ADDRESS)

    actions = [entry.action for entry in AuditEntry.objects.about(draft).order_by("at")]
    assert actions == ["partnershiprequest.drafted", "partnershiprequest.sent"]
    assert draft.token not in str(list(AuditEntry.objects.values()))


def test_the_link_is_not_in_the_outbox(save, draft):
    save("send", recipient=ADDRESS)

    assert draft.token not in str(OutboxMessage.objects.values().get())


def test_a_request_withdrawn_before_the_mail_left_sends_nothing(save, draft, work, provider):
    save("send", recipient=ADDRESS)
    services.withdraw_request(draft, actor=provider)

    assert work() == []
    assert OutboxMessage.objects.get().status == "failed"


def test_a_mail_server_that_is_away_is_seen_and_can_be_tried_again(
    save, draft, work, provider, browser_of, monkeypatch
):
    browser = browser_of(provider)
    save("send", recipient=ADDRESS)
    with monkeypatch.context() as patched:
        patched.setattr(OutboxMessage, "MAX_ATTEMPTS", 1)
        patched.setattr("django.core.mail.backends.locmem.EmailBackend.open", _away, raising=False)
        assert work() == []

    page = browser.open("partners:reseller_list", view="pending").text
    assert "nobody at home" in page
    assert "Try again" in page

    message = OutboxMessage.objects.get()
    back = browser.url("partners:reseller_list", view="pending")
    response = browser.send("outbox:message_retry", message.pk, data={"next": back})
    assert response["Location"] == back
    assert len(work()) == 1


def _away(self):
    raise ConnectionRefusedError("nobody at home")


@pytest.mark.parametrize("language,words", [("en", "Please review"), ("de", "Bitte prüfen")])
def test_the_mail_is_in_the_drafts_language(save, draft, work, language, words):
    save(language=language)
    save("send", language=language, recipient=ADDRESS)

    assert words in work()[0].body
