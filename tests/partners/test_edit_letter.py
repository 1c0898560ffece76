"""*Email texts*: a provider's own text of the request, checked, previewed, tested, taken back."""

from uuid import uuid4

import pytest

from partners import services, wording
from partners.models import LetterTemplate, PartnerProfile
from portal.accounts.roles import Role
from portal.audit.models import AuditEntry
from portal.outbox.models import OutboxMessage
from tests.factories import make_letter_template, make_membership

BODY = (
    "Dear partner,\n\n{note}\n\n{provider} asks you until {expires}:\n{link}\n\n{sender}\n{phone}"
)
HTMX = {"HX-Request": "true", "HX-Target": "letter-preview"}


@pytest.fixture
def press(provider, browser_of):
    """Press a button of the editor: ``press("save", body=…)``."""

    def send(action="save", headers=None, who=provider, **changes):
        fields = {"language": "en", "seen": "", "subject": "From {provider}", "body": BODY}
        return browser_of(who).send(
            "partners:letter_edit", data=fields | {"action": action} | changes, headers=headers
        )

    return send


def test_the_editor_starts_with_the_standard_text(provider, browser_of):
    page = browser_of(provider).open("partners:letter_edit", language="de").text

    assert "{provider} möchte mit Ihnen" in page
    assert page.count("{expires}") >= 2


def test_new_requests_start_with_the_own_text(press, provider, work):
    assert press().status_code == 302

    draft = services.draft_request(
        actor=provider, submission=uuid4(), language="en", note="See you soon."
    )
    assert draft.subject == "From Nordwind Distribution"
    assert wording.with_link(draft).startswith("Dear partner,\n\nSee you soon.\n\nNordwind")
    assert wording.last_day(draft) in wording.with_link(draft)
    assert wording.invitation_url(draft) in wording.with_link(draft)
    german = services.draft_request(actor=provider, submission=uuid4(), language="de")
    assert german.body.startswith("Guten Tag")
    entry = AuditEntry.objects.get(action="lettertemplate.changed")
    assert entry.details == {"language": "en"}


def test_other_providers_keep_theirs(press, outsider):
    press()

    draft = services.draft_request(actor=outsider, submission=uuid4(), language="en")

    assert draft.body.startswith("Hello,")


WRONG = [
    ("body", "Hello {provider}", "{link}"),
    ("body", "Hello {link}", "{provider}"),
    ("body", "{provider} {link} {passwort}", "{passwort}"),
    ("body", "{provider} {link} {", "“{”"),
    ("body", "{provider} {link} {provider.slug}", "{provider.slug}"),
    ("body", "{provider} {link} {{ settings.SECRET_KEY }}", "“{ settings"),
    ("subject", "Hello {link}", "{link}"),
    ("subject", "Hello {nobody}", "{nobody}"),
    ("subject", "Look at evil.example", "evil.example"),
    ("body", "{provider} {link} https://evil.example", "evil.example"),
    ("subject", "", ""),
    ("body", "", ""),
    ("subject", "x" * 201, ""),
    ("body", "{provider} {link}" + "x" * 4000, ""),
]


@pytest.mark.parametrize("field,text,named", WRONG)
def test_what_would_not_do_is_refused_at_the_field(press, field, text, named):
    response = press(**{field: text})

    assert response.status_code == 422
    form = response.context["form"]
    assert list(form.errors) == [field]
    assert named in str(form.errors[field]).replace("&#x27;", "'")
    assert not LetterTemplate.objects.exists()


def test_braces_in_names_stay_names(press, provider):
    provider.organization.name = "{link} {sender}"
    provider.organization.save()
    press()

    draft = services.draft_request(actor=provider, submission=uuid4(), language="en")

    assert draft.subject == "From {link} {sender}"
    assert draft.body.count(wording.LINK_MARK) == 1


@pytest.mark.parametrize("headers", [None, HTMX])
def test_the_preview_shows_it_filled_in_and_writes_nothing(press, headers):
    response = press("preview", headers=headers, body=f"{BODY}\n\nMore here:\n{{enroll}}")

    assert response.status_code == 200
    assert "Nordwind Distribution asks you until" in response.text
    assert "XXXXX-XXXXX" in response.text
    assert ("<html" in response.text) == (headers is None)
    assert not LetterTemplate.objects.exists()


def test_the_preview_tells_what_is_wrong(press):
    response = press("preview", headers=HTMX, body="Hello {link}")

    assert "Put {provider} into the text" in response.text


def test_hostile_words_are_only_words(press):
    response = press("preview", body=f"<script>alert(1)</script> {BODY}")

    assert "<script>alert" not in response.text


def test_of_two_people_who_edit_the_second_is_told_and_keeps_what_was_typed(
    press, provider, browser_of
):
    colleague = make_membership(Role.ADMIN_AGENT, organization=provider.organization)
    press(subject="The first", who=colleague)

    response = press(subject="The second")

    assert response.status_code == 422
    assert f"{colleague.user} has changed this text in the meantime" in response.text
    assert "The second" in response.text and "The first" in response.text
    assert LetterTemplate.objects.get().subject == "The first"

    seen = response.context["form"]["seen"].value()
    assert press(subject="The second", seen=seen).status_code == 302
    assert LetterTemplate.objects.get().subject == "The second"


def test_a_colleague_who_went_back_to_the_standard_text_is_told_of_too(press, provider):
    own = make_letter_template(provider.organization)

    seen = own.changed_at.isoformat()
    services.remove_letter(actor=provider, language="en", seen=own.changed_at)
    response = press(seen=seen)

    assert response.status_code == 422
    assert "went back to the standard text" in response.text
    assert press(seen="").status_code == 302


@pytest.mark.parametrize("seen", ["yesterday", "2026-01-01T10:00", "x" * 300])
def test_a_tampered_page_saves_nothing(press, seen):
    assert press(seen=seen).status_code == 422
    assert not LetterTemplate.objects.exists()


def test_pressed_twice_saves_once(press):
    press()
    seen = LetterTemplate.objects.get().changed_at.isoformat()
    press(seen=seen)

    assert AuditEntry.objects.filter(action="lettertemplate.changed").count() == 1


def test_back_to_the_standard_text(provider, browser_of):
    own = make_letter_template(provider.organization)
    browser, fields = browser_of(provider), {"language": "en", "seen": own.changed_at.isoformat()}

    browser.send("partners:letter_remove", data={"language": "en", "seen": ""})
    assert LetterTemplate.objects.exists()

    for _ in range(2):
        assert browser.send("partners:letter_remove", data=fields).status_code == 302
    assert not LetterTemplate.objects.exists()
    assert AuditEntry.objects.filter(action="lettertemplate.removed").count() == 1


def test_a_test_goes_to_oneself(provider, browser_of, work):
    make_letter_template(provider.organization, body=BODY)
    browser, fields = browser_of(provider), {"language": "en", "submission": str(uuid4())}

    for _ in range(2):
        browser.send("partners:letter_test", data=fields)

    [mail] = work()
    assert mail.to == [provider.user.email]
    assert mail.subject == "Test: A request from Nordwind Distribution"
    assert "Nordwind Distribution asks you until" in mail.body
    assert mail.alternatives


def test_tests_count_among_the_mails_of_the_day(provider, browser_of, settings, work):
    settings.REQUESTS_PER_DAY = 0

    response = browser_of(provider).send(
        "partners:letter_test", data={"language": "en", "submission": str(uuid4())}, follow=True
    )

    assert "as many as possible" in response.text
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize("language", ["fr", "", "en\x00"])
def test_other_languages_have_no_text(press, provider, browser_of, language):
    assert press(language=language).status_code == 422
    assert browser_of(provider).open("partners:letter_edit", language=language).status_code == 200
    assert not LetterTemplate.objects.exists()


def test_how_long_links_live_and_whether_we_remind(provider, browser_of):
    browser = browser_of(provider)

    for _ in range(2):
        response = browser.send("partners:request_settings", data={"days": "60", "remind": "on"})
        assert response.status_code == 302

    profile = PartnerProfile.objects.get(organization=provider.organization)
    assert (profile.invitation_days, profile.remind_automatically) == (60, True)
    entry = AuditEntry.objects.get(action="invitations.changed")
    assert entry.details == {"before": [30, False], "after": [60, True]}


@pytest.mark.parametrize("days", ["0", "91", "-1", "", "1.5", "many"])
def test_days_that_are_none_are_refused(provider, browser_of, days):
    response = browser_of(provider).send("partners:request_settings", data={"days": days})

    assert response.status_code == 422
    assert "days" in response.context["form"].errors
    assert PartnerProfile.objects.get(organization=provider.organization).invitation_days == 30
