"""*Update* on a customer's account: by the rules of *New customer*, on record, never silently
over what somebody else has just written."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from customers.forms.editing import BLOCKS
from customers.models import Customer
from customers.services import Stale, change_customer, remove_customer
from portal.accounts.roles import Role
from portal.audit.models import AuditEntry
from portal.lifecycle import InvalidTransition
from portal.scope import OPERATOR, acting
from tests.conftest import Browser
from tests.customers.conftest import add_customer
from tests.factories import make_membership, make_user


@pytest.fixture
def anna(provider, customer, browser_of):
    return browser_of(provider)


@pytest.fixture
def tom(provider, browser_of):
    """A colleague who edits the same customers."""
    user = make_user(first_name="Tom", last_name="Roth")
    person = make_membership(Role.SALES_AGENT, organization=provider.organization, user=user)
    return browser_of(person)


def opened(browser, customer, block):
    """What the page of a block sends back when nothing is touched."""
    form = browser.open(f"customers:{block}_edit", customer.pk).context["form"]
    sent = {"version": form.initial["version"], "conflicts": ""}
    for name in form.names:
        sent[name] = sent[f"initial-{name}"] = form.initial[name]
    return sent


def save(browser, customer, block, data):
    return browser.send(f"customers:{block}_edit", customer.pk, data=data)


def again(response, **changes):
    """The form of an answer, as a browser would send it back with ``changes``."""
    return {**response.context["form"].data.dict(), **changes}


def edited(customer):
    return Customer.objects.get(pk=customer.pk)


def test_each_block_has_its_update(anna, customer):
    text = anna.open("customers:customer_account", customer.pk).text

    for block in BLOCKS:
        assert f'href="{anna.url(f"customers:{block}_edit", customer.pk)}"' in text


def test_the_company_and_its_address(anna, customer):
    data = opened(anna, customer, "company")
    data |= {"company_name": " Vogel  Optik AG", "city": "Kiel", "postal_code": "24103"}

    response = save(anna, customer, "company", data)

    assert response["Location"] == anna.url("customers:customer_account", customer.pk)
    now = edited(customer)
    assert (now.company_name, now.city) == ("Vogel Optik AG", "Kiel")
    assert now.name_key == "vogel optik ag"
    now.organization.refresh_from_db()
    assert now.organization.name == "Vogel Optik GmbH"  # its own name is the customer's


def test_old_and_new_are_on_record_for_everybody_concerned(anna, customer):
    data = opened(anna, customer, "contact") | {"last_name": "Adler", "phone": "+49 40 5550 121"}
    save(anna, customer, "contact", data)

    entries = AuditEntry.objects.filter(action="customer.changed")
    assert {entry.organization_id for entry in entries} == set(customer.tenants)
    assert entries[0].details["changes"] == [
        ["last_name", "Vogel", "Adler"],
        ["phone", "", "+49 40 5550121"],
    ]
    text = anna.open("audit:entry_list").text
    assert "Last name: Vogel → Adler" in text and "Phone number: – → +49 40 5550121" in text


def test_language_and_qualification(anna, customer):
    save(anna, customer, "language", opened(anna, customer, "language") | {"language": "en"})
    data = opened(anna, customer, "qualification")
    data |= {"qualification": "education", "education_segment": "school"}
    save(anna, customer, "qualification", data)

    now = edited(customer)
    assert (now.language, now.qualification, now.education_segment) == ("en", "education", "school")
    text = anna.open("customers:customer_account", customer.pk).text
    assert "Primary or secondary school" in text
    assert "None → Education" in anna.open("audit:entry_list").text


def test_no_qualification_needs_no_segment(anna, customer):
    Customer.objects.filter(pk=customer.pk).update(
        qualification="education", education_segment="school"
    )
    data = opened(anna, customer, "qualification") | {"qualification": "none"}

    save(anna, customer, "qualification", data)

    assert edited(customer).education_segment == ""


@pytest.mark.parametrize(
    "block,field,value,words",
    [
        ("company", "company_name", "GmbH", ""),
        ("company", "postal_code", "20", "postal code of Germany"),
        ("company", "address_line_1", "", "Enter street and number."),
        ("contact", "email", "vera@microsoft.com", "already uses today"),
        ("contact", "phone", "call me", "Enter a phone number"),
        ("contact", "first_name", "123", "A name needs letters."),
        ("language", "language", "xx", ""),
        ("qualification", "qualification", "education", "Select the education segment."),
    ],
)
def test_the_rules_are_those_of_a_new_customer(anna, customer, block, field, value, words):
    data = opened(anna, customer, block) | {field: value}

    response = save(anna, customer, block, data)

    assert response.status_code == 422
    assert words in response.text
    assert edited(customer).version == 1


def test_education_and_free_mail_do_not_meet_from_either_side(anna, customer):
    free = opened(anna, customer, "contact") | {"email": "vera@gmail.com"}
    assert save(anna, customer, "contact", free).status_code == 302
    data = opened(anna, customer, "qualification")
    data |= {"qualification": "education", "education_segment": "school"}
    assert "not of a free mail service" in save(anna, customer, "qualification", data).text

    Customer.objects.filter(pk=customer.pk).update(
        qualification="education", education_segment="school", email="vera@schule.example"
    )
    free = opened(anna, customer, "contact") | {"email": "vera@gmail.com"}
    assert "not of a free mail service" in save(anna, customer, "contact", free).text


@pytest.mark.parametrize("name", ["domain", "country", "status", "provider_id", "version"])
def test_what_can_never_change(anna, provider, customer, name):
    data = opened(anna, customer, "company") | {name: "elsewhere", "city": "Kiel"}
    save(anna, customer, "company", data | {"version": 1})

    now = edited(customer)
    assert (now.domain, now.country) == ("vogeloptik.onportal.example", "DE")
    if name != "version":
        with pytest.raises(ValueError, match="can't be changed"):
            change_customer(customer, actor=provider, version=now.version, **{name: "x"})


def test_nothing_typed_is_nothing_done(anna, customer):
    response = save(anna, customer, "contact", opened(anna, customer, "contact"))

    assert response.status_code == 302
    assert edited(customer).version == 1
    assert not AuditEntry.objects.filter(action="customer.changed").exists()


@pytest.fixture
def overtaken(anna, tom, customer):
    """Anna has the page open; meanwhile Tom moves the customer to Kiel."""
    mine = opened(anna, customer, "company")
    theirs = opened(tom, customer, "company")
    save(tom, customer, "company", theirs | {"city": "Kiel", "postal_code": "24103"})
    return mine


def test_the_second_sees_field_by_field_what_the_other_changed(anna, customer, overtaken):
    typed = overtaken | {"city": "Bremen", "address_line_2": "Hinterhaus"}

    response = save(anna, customer, "company", typed)

    assert response.status_code == 422
    for words in ("Tom Roth", "<del>Hamburg</del>", "<ins>Kiel</ins>", "<ins>24103</ins>"):
        assert words in response.text
    assert "Use what you entered: “Bremen”" in response.text
    assert "Keep what is there now: “Kiel”" in response.text
    form = response.context["form"]
    assert form.data["address_line_2"] == "Hinterhaus"  # all typing is kept
    assert form.data["city"] == "Bremen"
    assert form.data["postal_code"] == "24103"  # not touched: up to date
    assert edited(customer).city == "Kiel"


@pytest.mark.parametrize("decision,city", [("mine", "Bremen"), ("theirs", "Kiel")])
def test_the_second_decides(anna, customer, overtaken, decision, city):
    response = save(anna, customer, "company", overtaken | {"city": "Bremen", "state": ""})

    done = save(anna, customer, "company", again(response, keep_city=decision))

    assert done.status_code == 302
    now = edited(customer)
    assert (now.city, now.postal_code) == (city, "24103")


def test_without_a_decision_nothing_is_saved(anna, customer, overtaken):
    response = save(anna, customer, "company", overtaken | {"city": "Bremen"})

    response = save(anna, customer, "company", again(response))

    assert response.status_code == 422
    assert "Decide about “City”." in response.text
    assert "Use what you entered: “Bremen”" in response.text
    assert edited(customer).city == "Kiel"


def test_what_only_the_other_changed_is_shown_before_it_is_kept(anna, customer, overtaken):
    response = save(anna, customer, "company", overtaken | {"address_line_2": "Hinterhaus"})
    assert response.status_code == 422 and "<ins>Kiel</ins>" in response.text

    assert save(anna, customer, "company", again(response)).status_code == 302

    now = edited(customer)
    assert (now.city, now.address_line_2) == ("Kiel", "Hinterhaus")


def test_a_third_change_asks_once_more(anna, tom, customer, overtaken):
    response = save(anna, customer, "company", overtaken | {"city": "Bremen"})
    save(tom, customer, "company", opened(tom, customer, "company") | {"city": "Rostock"})

    response = save(anna, customer, "company", again(response, keep_city="mine"))

    assert response.status_code == 422
    assert "Keep what is there now: “Rostock”" in response.text
    assert edited(customer).city == "Rostock"


def test_another_block_is_no_conflict(anna, tom, customer):
    mine = opened(anna, customer, "company") | {"city": "Bremen"}
    save(tom, customer, "contact", opened(tom, customer, "contact") | {"last_name": "Adler"})

    assert save(anna, customer, "company", mine).status_code == 302

    now = edited(customer)
    assert (now.city, now.last_name, now.version) == ("Bremen", "Adler", 3)


def test_a_form_that_forgot_where_it_began_overwrites_nothing(anna, customer, overtaken):
    bare = {name: value for name, value in overtaken.items() if not name.startswith("initial-")}

    response = save(anna, customer, "company", bare | {"city": "Bremen"})

    assert response.status_code == 422
    assert edited(customer).city == "Kiel"


def test_what_the_country_does_not_ask_for_is_no_conflict(anna, customer, overtaken):
    """Germany has no field for a state, so the browser sends none back."""
    sent = {name: value for name, value in overtaken.items() if not name.endswith("state")}

    response = save(anna, customer, "company", sent | {"city": "Bremen"})

    assert [field.name for field in response.context["overtaken"]] == ["postal_code", "city"]


def test_the_service_refuses_an_old_version(provider, customer):
    change_customer(customer, actor=provider, version=1, city="Kiel")

    with pytest.raises(Stale):
        change_customer(customer, actor=provider, version=1, city="Bremen")


def test_a_removed_customer_is_not_edited(anna, provider, customer):
    data = opened(anna, customer, "company") | {"city": "Bremen"}
    remove_customer(customer, actor=provider, statement_version="2026-01")

    assert save(anna, customer, "company", data).status_code == 302
    assert edited(customer).city == "Hamburg"
    with pytest.raises(InvalidTransition):
        change_customer(customer, actor=provider, version=1, city="Bremen")
    text = anna.open("customers:customer_account", customer.pk).text
    assert "Update<" not in text and "Request a reseller relationship" in text


@pytest.mark.parametrize("role,status", [("user_admin", 403), ("admin_agent", 200)])
def test_the_role_decides(provider, customer, browser_of, role, status):
    person = make_membership(role, organization=provider.organization)

    assert browser_of(person).open("customers:company_edit", customer.pk).status_code == status


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_is_saved_and_all_others_are_told(transactional_db, provider):
    with acting(OPERATOR):
        customer = add_customer(provider)
    browsers = [Browser(provider) for _ in range(6)]
    typed = [opened(browser, customer, "company") for browser in browsers]
    ready, answers = Barrier(len(browsers)), []

    def press(number):
        try:
            ready.wait(30)
            data = typed[number] | {"city": f"Kiel {number}"}
            answers.append(save(browsers[number], customer, "company", data).status_code)
        finally:
            connection.close()

    threads = [Thread(target=press, args=[number]) for number in range(len(browsers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [302] + [422] * (len(browsers) - 1)
    with acting(OPERATOR):
        assert edited(customer).version == 2
        changed = AuditEntry.objects.filter(action="customer.changed")
        assert changed.filter(organization=provider.organization).count() == 1
