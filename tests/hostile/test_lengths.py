"""Everything filled to the brim: names whose folded form is longer, the longest addresses."""

import pytest

from customers.models import Customer
from partners import services, wording
from partners.models import Enrolment, PartnerProfile, Partnership
from portal.accounts.models import Organization
from portal.outbox.models import OutboxMessage
from portal.outbox.worker import work_once
from portal.text import SORT_KEY_LENGTH, sort_key
from subscriptions.models import Subscription
from tests.hostile.forms import acceptance, account, enrolling_company, letter, picked
from tests.partners.enrolling import Applicant

LONGEST = "ß" * 200  # folds to 400 letters
LIGATURE = "\ufdfa" * 200  # one character that folds to eighteen
ADDRESS = f"{'a' * 60}@{'.'.join(['b' * 60] * 3)}.example"  # 251 characters
PHONE = "+49 (0) 30 - 1234 - 5678 - 901"  # 30 characters, and a number
FULL = {
    "address_line_1": "ß" * 200,
    "address_line_2": "ß" * 200,
    "city": "ß" * 100,
    "registration_number": "ß" * 40,
    "domain": "d" * 27,
    "first_name": "ß" * 50,
    "last_name": "ß" * 50,
    "email": ADDRESS,
    "phone": PHONE,
    "agreement_first_name": "ß" * 50,
    "agreement_last_name": "ß" * 50,
    "agreement_email": ADDRESS,
    "agreement_phone": PHONE,
    "qualification": "education",
    "education_segment": "school",
    "education_website": f"https://a.example/{'x' * 182}",
}


@pytest.mark.parametrize("name", [LONGEST, LIGATURE])
def test_a_customer_filled_to_the_brim(scene, name):
    browser = scene.browser("staff")
    create = scene.url("subscriptions:draft_create", "staff")
    page = browser.post(create, account(scene) | FULL | {"company_name": name})
    assert page.status_code == 302
    page = browser.post(page["Location"], picked(scene) | {"next": "review"})
    seen = browser.get(page["Location"]).context["review"].fingerprint
    page = browser.post(page["Location"], {"seen": seen})

    assert page.status_code == 302, page.context["errors"]
    assert browser.get(page["Location"]).status_code == 200
    while work_once():
        pass
    added = Customer.objects.get(company_name=name)
    assert added.name_key == sort_key(name)
    assert added.subscriptions.get().status == Subscription.Status.ACTIVE
    found = browser.get(scene.url("customers:customer_list", "staff", q=name[:90]))
    assert added.reference in found.text


@pytest.mark.parametrize("name", [LONGEST, LIGATURE])
def test_a_company_filled_to_the_brim(scene, name):
    person = {
        "first_name": "ß" * 50,
        "last_name": "ß" * 50,
        "email": f"{'a' * 60}@{'b' * 60}.{'c' * 20}.example",
        "phone": PHONE,
        "password": "long " * 25 + "yes",
    }
    address = {"name": name, "address": "ß" * 200, "city": "ß" * 100}
    address["website"] = f"https://a.example/{'x' * 182}"
    applicant = Applicant(scene.browser(""))
    begun = applicant.begins(**person)
    assert begun.status_code == 302, begun.context["form"].errors
    applicant.types_code()
    applicant.send("enroll_company", enrolling_company(scene), **address)
    applicant.send("enroll_identifiers", mpn_id="5550 1234")
    applicant.send("enroll_agreement", version=wording.AGREEMENT_VERSION)
    assert applicant.submits().status_code == 302
    enrolled = services.approve_enrolment(Enrolment.objects.get(name=name), operator=scene.operator)
    assert applicant.open().status_code == 200
    while work_once():
        pass
    browser = applicant.browser
    invitation = scene.url("invitation", about=["token"])
    accepted = browser.post(invitation, acceptance(scene) | {"location": "55501234"})

    assert accepted.status_code == 302
    company = enrolled.company
    assert PartnerProfile.objects.get(organization=company).name_key == sort_key(name)
    assert Partnership.objects.get(reseller=company).reseller_name_key == sort_key(name)
    assert OutboxMessage.objects.filter(subject__contains=name[:20]).exists()
    resellers = scene.url("partners:reseller_list", "staff")
    assert name in scene.browser("staff").get(resellers).text


@pytest.mark.parametrize("answer", ["invitation", "invitation_decline"])
def test_answers_of_a_company_with_a_long_name(scene, answer):
    Organization.objects.filter(pk=scene.candidate.organization_id).update(name=LONGEST)
    data = acceptance(scene)
    if answer == "invitation_decline":
        data = {"company": scene.candidate.organization.slug, "reason": "ß" * 500}

    response = scene.browser("candidate").post(scene.url(answer, about=["token"]), data)

    assert response.status_code == 302
    assert OutboxMessage.objects.filter(subject__contains="ßßß").exists()


def test_a_request_to_the_longest_address(scene, mailoutbox):
    assert len(ADDRESS) > 200
    url = scene.url("partners:request_draft", "staff", ["request_draft"])
    fields = letter("send", recipient=ADDRESS)(scene) | {"subject": "ß" * 200}

    assert scene.browser("staff").post(url, fields).status_code == 302
    while work_once():
        pass

    assert [mail.to for mail in mailoutbox] == [[ADDRESS]]
    page = scene.browser("staff").get(scene.url("outbox:message_list", "staff"))
    assert page.status_code == 200


@pytest.mark.parametrize("name", ["", "Müller", LONGEST, LIGATURE, "\U0001d400" * 200])
def test_sort_keys_fit_their_columns(name):
    assert len(sort_key(name)) <= SORT_KEY_LENGTH
