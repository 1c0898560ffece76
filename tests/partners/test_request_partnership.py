from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

import pytest
from django.test import override_settings
from django.utils.timezone import now

from partners import services, wording
from partners.models import PartnershipRequest
from portal.accounts.roles import Role
from portal.audit.models import AuditEntry
from portal.lifecycle import InvalidTransition
from tests.factories import make_membership, make_partner, make_partnership, make_request, make_user


def link_of(request):
    return wording.invitation_url(request)


def test_the_button_makes_a_draft_and_opens_it(provider, browser_of):
    response = browser_of(provider).send(
        "partners:request_create", data={"submission": str(uuid4())}
    )

    draft = PartnershipRequest.objects.get()
    assert response.status_code == 302
    assert response["Location"].endswith(f"/indirect-resellers/requests/{draft.reference}/draft/")
    assert (draft.provider, draft.created_by) == (provider.organization, provider.user)
    assert draft.status == "draft"
    assert AuditEntry.objects.get().action == "partnershiprequest.drafted"


def test_looking_at_the_button_makes_nothing(provider, browser_of):
    response = browser_of(provider).open("partners:request_create")

    assert response.status_code == 200
    assert not PartnershipRequest.objects.exists()


def test_pressed_twice_makes_one_draft(provider, browser_of):
    browser, submission = browser_of(provider), {"submission": str(uuid4())}

    first, second = (browser.send("partners:request_create", data=submission) for _ in "12")

    assert first["Location"] == second["Location"]
    assert PartnershipRequest.objects.count() == 1


def test_an_old_page_makes_a_new_draft_once_the_first_was_sent(provider, browser_of):
    browser, submission = browser_of(provider), {"submission": str(uuid4())}
    browser.send("partners:request_create", data=submission)
    services.mark_request_sent(PartnershipRequest.objects.get(), actor=provider)

    browser.send("partners:request_create", data=submission)

    assert PartnershipRequest.objects.count() == 2


def test_a_tampered_button_makes_nothing(provider, browser_of):
    response = browser_of(provider).send(
        "partners:request_create", data={"submission": "'; drop table"}
    )

    assert response.status_code == 422
    assert not PartnershipRequest.objects.exists()


@pytest.mark.parametrize(
    "language,words", [("en", "would like to work with you"), ("de", "Vertriebspartner")]
)
def test_the_draft_is_in_the_language_of_the_person(provider, browser_of, language, words):
    provider.user.language = language
    provider.user.save()
    browser = browser_of(provider)
    browser.cookies["django_language"] = language

    response = browser.send("partners:request_create")

    draft = PartnershipRequest.objects.get()
    assert draft.language == language
    assert words in draft.body
    assert link_of(draft) in browser.get(response["Location"]).text


def test_the_draft_says_who_asks_until_when_and_how_to_answer(draft, provider):
    text = wording.with_link(draft)

    assert provider.organization.name in draft.subject
    assert f"{draft.expires_at:%Y}" in text
    assert text.count(link_of(draft)) == 1
    assert "/enroll/" in text
    assert text.splitlines().count(link_of(draft)) == 1


def test_the_link_is_not_in_the_database(draft):
    assert draft.token not in draft.body
    assert wording.LINK_MARK in draft.body


def test_company_names_are_not_escaped(browser_of):
    asking = make_membership(organization=make_partner("provider", name="Müller & Söhne's"))

    browser_of(asking).send("partners:request_create")

    assert "Müller & Söhne's" in PartnershipRequest.objects.get().body


def test_what_was_typed_is_kept(save, draft):
    text = f"Hello Mr Kessler,\r\n\r\n{link_of(draft)}\r\n\r\nAnna"

    response = save(recipient="m@kessler.example", subject="Shall we?", text=text)

    assert response.status_code == 302
    assert draft.recipient == "m@kessler.example"
    assert draft.subject == "Shall we?"
    assert draft.body == f"Hello Mr Kessler,\n\n{wording.LINK_MARK}\n\nAnna"


def test_an_untouched_text_follows_the_language(save, draft):
    save(language="de")

    assert draft.language == "de"
    assert "Guten Tag" in draft.body
    assert draft.subject.startswith("Partnerschaftsanfrage von")


def test_an_edited_text_is_kept_when_the_language_changes(save, draft):
    save(language="de", text=f"My own words. {link_of(draft)}")

    assert draft.language == "de"
    assert "My own words." in draft.body


def test_the_standard_text_comes_back_when_asked_for(save, draft):
    save(text=f"My own words. {link_of(draft)}")

    save("rewrite", language="de", text=f"My own words. {link_of(draft)}")

    assert draft.body.startswith("Guten Tag")


def test_open_in_email_is_a_mailto_address(save, draft, provider, browser_of):
    text = f"Grüße & Küsse\r\n{link_of(draft)}\r\n100 % sicher?"
    save(recipient="m@kessler.example", subject="Zusammenarbeit: wir & Sie", text=text)

    page = unescape(browser_of(provider).open("partners:request_draft", draft.pk).text)

    href = page.split('href="mailto:')[1].split('"')[0]
    parts = urlsplit(f"mailto:{href}")
    assert parts.path == "m@kessler.example"
    query = parse_qs(parts.query, keep_blank_values=True)
    assert query["subject"] == ["Zusammenarbeit: wir & Sie"]
    assert query["body"] == [text]
    assert "%0D%0A" in href
    assert "+" not in href


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_standard_text_fits_into_an_address(draft, language):
    draft.language = language
    draft.subject, draft.body = wording.standard_letter(draft)

    mailto = wording.mailto(draft)

    assert not mailto.is_short
    assert len(mailto.url) <= 1600


def test_a_text_too_long_for_an_address_is_replaced_by_a_short_one(
    save, draft, provider, browser_of
):
    save(text=f"{'Long words. ' * 300}\r\n{link_of(draft)}")

    mailto = wording.mailto(draft)
    page = browser_of(provider).open("partners:request_draft", draft.pk).text

    assert mailto.is_short
    assert len(mailto.url) <= 1600
    assert link_of(draft) in unquote(mailto.url)
    assert "opens with a short message" in page


def test_done_opens_the_request(save, draft, list_url, provider):
    response = save("done", recipient="m@kessler.example")

    assert response.status_code == 302
    assert response["Location"] == list_url(provider, view="pending")
    assert draft.status == "sent"
    assert draft.route == "by_hand"
    assert draft.sent_at is not None


def test_done_needs_no_address(save, draft):
    save("done")

    assert draft.status == "sent"


@pytest.mark.parametrize("action", ["done", "send"])
def test_refused_when_the_link_is_missing(save, draft, action, work):
    response = save(action, recipient="m@kessler.example", text="Hello, no link here.")

    assert response.status_code == 422
    assert "The link is missing from the text." in response.text
    assert "Put the link back" in response.text
    assert "Hello, no link here." in response.text
    assert draft.status == "draft"
    assert work() == []


def test_another_requests_link_does_not_count(save, draft, provider):
    other = services.draft_request(actor=provider, submission=uuid4(), language="en")

    assert save("done", text=f"Hello {link_of(other)}").status_code == 422


def test_the_link_can_be_put_back(save, draft):
    save("link", text="Hello, no link here.")

    assert draft.body.startswith("Hello, no link here.")
    assert link_of(draft) in wording.with_link(draft)


def test_a_draft_without_its_link_can_still_be_kept(save, draft):
    response = save(text="Only half written")

    assert response.status_code == 302
    assert draft.body == "Only half written"


HOSTILE = [
    {"recipient": "not an address"},
    {"recipient": "a@b.example\r\nBcc: x@y.example"},
    {"recipient": f"{'x' * 250}@kessler.example"},
    {"subject": ""},
    {"subject": "x" * 201},
    {"subject": "Hello\r\nBcc: everybody@example.test"},
    {"subject": "Hello\u202e"},
    {"text": ""},
    {"text": "x" * 5001},
    {"text": "bell \x07"},
    {"text": "nothing \x00"},
    {"text": "turned \u202e round"},
    {"language": "fr"},
    {"language": ""},
]


@pytest.mark.parametrize("action", ["update", "send", "done", "link"])
@pytest.mark.parametrize("changes", HOSTILE)
def test_bad_input_is_refused_at_the_field_and_writes_nothing(save, draft, action, changes):
    before = PartnershipRequest.objects.values().get()

    response = save(action, **({"recipient": "m@kessler.example"} | changes))

    assert response.status_code == 422
    assert next(iter(changes)) in response.context["form"].errors
    assert PartnershipRequest.objects.values().get() == before


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "'; drop table accounts_user; --"])
def test_hostile_words_are_only_words(save, draft, provider, browser_of, text):
    save(subject=text, text=f"{text} {link_of(draft)}")

    page = browser_of(provider).open("partners:request_draft", draft.pk).text

    assert draft.subject == text
    assert "<script>alert" not in page


def test_an_unknown_button_only_keeps_the_text(save, draft):
    assert save("explode", subject="Kept").status_code == 302
    assert (draft.status, draft.subject) == ("draft", "Kept")


def test_asking_a_partner_again(save, draft, partnership, reseller):
    response = save("done", recipient=reseller.user.email.upper())

    assert response.status_code == 422
    assert "Kessler IT-Systemhaus is already in your list." in response.text
    assert f"/indirect-resellers/{partnership.reference}/" in response.text
    assert draft.status == "draft"


def test_a_partner_of_others_may_be_asked(save, draft, outsider, reseller):
    make_partnership(outsider.organization, reseller.organization)
    reseller.user.email = "m@kessler.example"
    reseller.user.save()

    save("done", recipient=reseller.user.email)

    assert draft.status == "sent"


def test_asking_oneself(save, draft, provider):
    provider.user.email = "anna@nordwind.example"
    provider.user.save()
    colleague = make_user("else@where.example")
    make_membership(Role.SALES_AGENT, organization=provider.organization, user=colleague)

    for own in ("sales@nordwind.example", "else@where.example"):
        response = save("done", recipient=own)
        assert response.status_code == 422
        assert "your own company" in response.text
    assert draft.status == "draft"


def test_asking_somebody_twice_offers_the_open_request(save, draft, provider):
    earlier = make_request(provider.organization, recipient="m@kessler.example", sent_at=now())

    response = save("done", recipient="M@Kessler.example")

    assert response.status_code == 422
    assert f"/indirect-resellers/requests/{earlier.reference}/" in response.text
    assert "Request again anyway" in response.text

    save("done", recipient="M@Kessler.example", ask_again="on")
    assert draft.status == "sent"


@pytest.mark.parametrize("state", [{"expires_at": now()}, {"status": "declined"}])
def test_somebody_whose_request_is_no_longer_open_may_be_asked(save, draft, provider, state):
    make_request(provider.organization, recipient="m@kessler.example", **state)

    save("done", recipient="m@kessler.example")

    assert draft.status == "sent"


def test_a_colleague_may_finish_the_draft(draft, typed, provider, browser_of):
    colleague = make_membership(Role.SALES_AGENT, organization=provider.organization)

    browser_of(colleague).send("partners:request_draft", draft.pk, data=typed("done"))

    draft.refresh_from_db()
    assert draft.status == "sent"


@pytest.mark.parametrize("action", ["update", "done", "send", "link", "rewrite"])
def test_a_stale_editor_changes_nothing(save, draft, provider, action):
    services.mark_request_sent(draft, actor=provider)
    before = PartnershipRequest.objects.values().get()

    response = save(action, subject="Too late", recipient="m@kessler.example")

    assert response.status_code == 302
    assert PartnershipRequest.objects.values().get() == before


def test_two_colleagues_at_once_do_not_overwrite_what_was_sent(draft, provider):
    services.mark_request_sent(draft, actor=provider)
    late = {"language": "en", "recipient": "", "subject": "Too late", "text": "Too late"}

    for change in (
        lambda: services.save_draft(draft, **late),
        lambda: services.rewrite_draft(draft),
        lambda: services.put_link_back(draft),
        lambda: services.send_request(draft, actor=provider),
    ):
        with pytest.raises(InvalidTransition):
            change()


def test_an_expired_draft_can_no_longer_be_sent(save, draft):
    PartnershipRequest.objects.update(expires_at=now())

    response = save("done")

    assert response.status_code == 302
    assert draft.status == "draft"


def test_with_htmx_only_what_depends_on_the_text_comes_back(save, draft):
    headers = {"HX-Request": "true", "HX-Target": "draft-tools"}

    response = save(subject="Typed so far", headers=headers)

    assert response.status_code == 200
    assert 'id="draft-tools"' in response.text
    assert "<html" not in response.text
    assert draft.subject == "Typed so far"
    assert save(subject="", headers=headers).status_code == 422
    assert save(language="de", subject=draft.subject, headers=headers)["HX-Refresh"] == "true"


def test_the_page_of_a_draft_is_the_editor(provider, draft, browser_of):
    browser = browser_of(provider)

    response = browser.open("partners:request_detail", draft.pk)

    assert response["Location"] == browser.url("partners:request_draft", draft.pk)


@pytest.mark.parametrize(
    "state",
    [{"status": "withdrawn"}, {"status": "declined"}, {"expires_at": now()}],
)
def test_a_closed_request_shows_no_link(provider, browser_of, state):
    request = make_request(provider.organization, **state)

    text = browser_of(provider).open("partners:request_detail", request.pk).text

    assert request.token not in text


def test_a_link_whose_key_was_retired_is_not_offered(provider, draft, browser_of, settings):
    settings.INVITATION_KEYS = ["another key"]

    response = browser_of(provider).get(
        browser_of(provider).url("partners:request_detail", draft.pk)
    )

    assert response.status_code == 200


def test_the_editor_is_nobodys_to_keep(provider, draft, browser_of):
    response = browser_of(provider).open("partners:request_draft", draft.pk)

    assert "no-store" in response["Cache-Control"]


def test_withdrawing_asks_first(provider, draft, browser_of):
    browser = browser_of(provider)

    page = browser.open("partners:request_withdraw", draft.pk)
    draft.refresh_from_db()
    assert page.status_code == 200
    assert draft.status == "draft"

    browser.send("partners:request_withdraw", draft.pk)
    draft.refresh_from_db()
    assert draft.status == "withdrawn"
    assert browser.send("partners:request_withdraw", draft.pk).status_code == 302


def test_requests_of_others_are_not_there(outsider, draft, browser_of):
    browser = browser_of(outsider)

    for name in ("request_detail", "request_draft", "request_withdraw"):
        assert browser.open(f"partners:{name}", draft.pk).status_code == 404
        assert browser.send(f"partners:{name}", draft.pk).status_code in {404, 405}
    draft.refresh_from_db()
    assert draft.status == "draft"


@override_settings(PUBLIC_URL="https://portal.example")
def test_the_link_has_the_public_address(draft):
    assert link_of(draft) == f"https://portal.example/invitations/{draft.token}/"
