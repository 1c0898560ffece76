"""What the portal sends leads nowhere but to the portal and to the company that asks."""

import pytest
from django import forms
from django.core import mail

from partners import services, wording
from portal.accounts.models import Organization
from portal.forms import PlainForm, no_links
from portal.outbox.worker import work_once
from portal.own_addresses import foreign_addresses
from portal.text import has_link
from tests.factories import make_partner

ADDRESS = "partner@kessler-it.example"
FOREIGN = [
    "https://evil.example/login",
    "evil.example",
    "www.evil.example",
    "help@evil.example",
    "https://www.nordwind.example@evil.example/",
    "https://evil.example\\@www.nordwind.example/",
    "https://evil.example#@nordwind.example",
    "https://nordwind.example.evil.example/",
    "https://evilnordwind.example/",
    "https://nordwind.example/,https://evil.example/",
    "http://192.0.2.1/",
    "info@gmx.de",
    "javascript:alert(1)//nordwind.example",
]
OWN = [
    "https://www.nordwind.example/partner/info.html?x=1",
    "shop.nordwind.example",
    "anna@nordwind.example",
    "(nordwind.example).",
    "https://portal.example/enroll/",
]


@pytest.fixture(autouse=True)
def company(provider, settings):
    settings.PUBLIC_URL = "https://portal.example"
    profile = provider.organization.partner
    profile.website, profile.email = "https://www.nordwind.example/", "info@nordwind.example"
    profile.save()
    return provider.organization


@pytest.mark.parametrize("address", FOREIGN)
def test_addresses_of_others_are_found_whatever_they_look_like(company, address):
    assert foreign_addresses(f"Hello, see {address} today", company)


@pytest.mark.parametrize("address", OWN)
def test_ones_own_addresses_are_fine(company, address):
    assert foreign_addresses(f"Hello, see {address} today", company) == []


def test_a_mailbox_at_a_web_mail_service_does_not_open_the_whole_service(company):
    company.partner.email = "nordwind@gmx.de"

    assert foreign_addresses("nordwind@gmx.de", company) == []
    assert foreign_addresses("other@gmx.de gmx.de", company) == ["other@gmx.de", "gmx.de"]


@pytest.mark.parametrize("address", FOREIGN[:4])
def test_sending_is_refused_at_the_text_and_names_the_address(save, draft, company, work, address):
    text = f"Hello\r\n\r\n{address}\r\n\r\n{wording.invitation_url(draft)}"

    response = save("send", recipient=ADDRESS, text=text)

    assert response.status_code == 422
    assert address.rpartition("/login")[0] or address in str(
        response.context["form"].errors["text"]
    )
    assert "text" in response.context["form"].errors
    assert draft.status == "draft"
    assert work() == []


def test_the_subject_is_looked_at_too(save, draft, company):
    response = save("send", recipient=ADDRESS, subject="Look at evil.example")

    assert list(response.context["form"].errors) == ["subject"]


def test_by_hand_people_send_what_they_like(save, draft, company):
    text = f"https://evil.example\r\n{wording.invitation_url(draft)}"

    assert save("done", text=text).status_code == 302
    assert draft.status == "sent"


def test_the_standard_text_may_be_sent(save, draft, company, work):
    for language in ("de", "en"):
        save(language=language, text=wording.with_link(draft))
    save("send", recipient=ADDRESS)

    assert len(work()) == 1


@pytest.mark.parametrize("note", ["Look: evil.example", "https://evil.example", "a@evil.example"])
@pytest.mark.parametrize("action", ["update", "done", "send"])
def test_notes_carry_no_links(save, draft, note, action):
    response = save(action, recipient=ADDRESS, note=note)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["note"]
    draft.refresh_from_db()
    assert (draft.note, draft.status) == ("", "draft")


def test_forms_that_take_names_can_refuse_them():
    class Company(PlainForm):
        name = forms.CharField(validators=[no_links])

    assert Company({"name": "Win at evil.example"}).errors
    assert not Company({"name": "Müller & Co. KG"}).errors


def test_a_name_that_is_an_address_becomes_no_link_in_any_mail(
    browser_of, provider, draft, reseller
):
    """The names were in the portal before anybody looked at them."""
    Organization.objects.filter(pk=provider.organization_id).update(name="evil.example Ltd")
    Organization.objects.filter(pk=reseller.organization_id).update(name="www.trap.example")
    provider.user.first_name, provider.user.last_name = "https://bad.example", ""
    provider.user.save()
    draft.refresh_from_db()
    draft = services.rewrite_draft(draft)
    services.save_draft(
        draft, language="en", recipient=ADDRESS, subject=draft.subject, text=draft.body
    )
    services.send_request(draft, actor=provider)
    while work_once():
        pass
    services.remind_recipient(draft, actor=provider)
    while work_once():
        pass
    services.accept_request(
        draft, actor=reseller, location=reseller.organization.mpn_accounts.get()
    )
    while work_once():
        pass

    assert mail.outbox
    for sent in mail.outbox:
        words = f"{sent.subject} {sent.from_email.partition('<')[0]} {sent.body}"
        for name in ("evil.example", "www.trap", "bad.example"):
            assert name not in words, sent.subject
        for letter, _kind in sent.alternatives:
            assert "evil.example" not in letter


def test_a_company_called_like_a_domain_can_still_ask(browser_of, company):
    assert not has_link(wording.unlinked("booking.com GmbH"))
    other = make_partner("provider", name="booking.com GmbH")
    assert foreign_addresses(wording.unlinked(str(other)), other) == []
