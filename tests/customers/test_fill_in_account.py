"""*New customer*: every rule of the account form, and what it keeps."""

import json
from datetime import timedelta

import pytest
from django.utils.timezone import localdate, now
from django.utils.translation import override

from customers.forms import CustomerAccountForm
from partners.models import Partnership
from portal.accounts.roles import Kind, Role
from portal.lifecycle import transition
from portal.references import encode
from tests.customers.conftest import typed
from tests.factories import make_customer, make_membership, make_partner, make_partnership


def form_of(provider, **changes):
    return CustomerAccountForm(typed(**changes), membership=provider)


def errors_of(provider, **changes):
    return form_of(provider, **changes).errors


def test_good_data_pass(provider):
    form = form_of(provider)

    assert form.is_valid(), form.errors
    assert form.warnings == []
    assert form.cleaned_data["reseller"] is None


REQUIRED = """
    reseller country company_name domain address_line_1 city postal_code qualification first_name
    last_name email language agreement agreement_date
"""


TEXTS = {"company_name", "domain", "address_line_1", "city", "postal_code"}


@pytest.mark.parametrize("field", REQUIRED.split())
def test_required_fields_say_what_to_enter(provider, field):
    errors = errors_of(provider, **{field: " " if field in TEXTS else ""})

    assert list(errors) == [field]
    assert errors[field][0].startswith(("Enter", "Select"))


@pytest.mark.parametrize(
    ("field", "length"),
    {
        "company_name": 200,
        "domain": 27,
        "address_line_1": 200,
        "address_line_2": 200,
        "city": 100,
        "state": 100,
        "postal_code": 20,
        "registration_number": 40,
        "first_name": 50,
        "last_name": 50,
        "phone": 30,
        "agreement_first_name": 50,
    }.items(),
)
def test_what_is_too_long_is_refused(provider, field, length):
    assert field in errors_of(provider, **{field: "a" * (length + 1)})


@pytest.mark.parametrize("field", ["company_name", "city", "first_name", "state", "phone"])
@pytest.mark.parametrize("hidden", ["\x00", "\x07", "\u202e", "\u200b"])
def test_invisible_characters_are_refused(provider, field, hidden):
    assert field in errors_of(provider, **{field: f"Vo{hidden}gel"})


@pytest.mark.parametrize(
    "name", ["X", "!!!", "---", "\t", "GmbH", "llc", "Inc.", "GmbH & Co. KG", "S.A.", "L L C"]
)
def test_what_is_no_company_name_is_refused(provider, name):
    assert list(errors_of(provider, company_name=name)) == ["company_name"]


@pytest.mark.parametrize("name", ["Co-op", "3M", "SAP SE", "Ag Vogel", "株式会社", "AB Volvo"])
def test_short_and_foreign_names_are_fine(provider, name):
    assert "company_name" not in errors_of(provider, company_name=name)


@pytest.mark.parametrize("name", ["vogel.com", "aaaa", "V O G E L"])
def test_a_suspicious_name_warns_but_does_not_stop(provider, name):
    form = form_of(provider, company_name=name)

    assert form.is_valid(), form.errors
    assert len(form.warnings) == 1


def test_a_customer_of_the_same_name_is_pointed_out(provider, outsider):
    make_customer(provider.organization, company_name="Vögel Optik GmbH")
    make_customer(outsider.organization, company_name="Adler Optik GmbH")

    [twin] = form_of_valid(provider, "Voegel Optik GmbH").twins
    assert twin.customer.company_name == "Vögel Optik GmbH"
    assert form_of_valid(provider, "Adler Optik GmbH").twins == []


def form_of_valid(provider, name):
    form = form_of(provider, company_name=name)
    assert form.is_valid(), form.errors
    return form


@pytest.mark.parametrize("domain", ["vogel-optik", "vögel", "vogel optik", "a" * 28, "a.b", "x_y"])
def test_a_domain_name_is_letters_and_digits(provider, domain):
    assert list(errors_of(provider, domain=domain)) == ["domain"]


@pytest.mark.parametrize("domain", ["VogelOptik", " vogeloptik ", "vogeloptik.onportal.example"])
def test_a_domain_name_is_tidied_up(provider, domain):
    form = form_of(provider, domain=domain)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["domain"] == "vogeloptik"


def test_a_taken_domain_name_is_refused_with_free_ones(provider, outsider):
    make_customer(outsider.organization, domain="vogeloptik.onportal.example")
    make_customer(outsider.organization, domain="vogeloptikde.onportal.example")

    [message] = errors_of(provider, domain="vogeloptik")["domain"]

    assert message == (
        "vogeloptik.onportal.example is taken. Try vogeloptikhamburg, vogeloptik2, vogeloptik3."
    )


def test_suggestions_are_never_too_long(provider, outsider):
    make_customer(outsider.organization, domain=f"{'a' * 27}.onportal.example")

    [message] = errors_of(provider, domain="a" * 27, city="Bad Königshofen")["domain"]

    suggested = message.rpartition("Try ")[2].rstrip(".").split(", ")
    assert [len(prefix) for prefix in suggested] == [27, 27, 27]


@pytest.mark.parametrize(
    ("country", "good", "bad"),
    [
        ("DE", "20354", "2035"),
        ("AT", "1010", "10100"),
        ("PT", "1000-001", "1000-1"),
        ("PT", "1000", "100"),
        ("NL", "1012 ab", "10 12 AB"),
        ("PL", "00-001", "00001"),
        ("IE", "D02 X285", None),
    ],
)
def test_postal_codes_are_checked_by_country(provider, country, good, bad):
    more = {"country": country, "registration_number": "5260001246", "phone": "+48 22 5550 120"}

    assert "postal_code" not in errors_of(provider, postal_code=good, **more)
    if bad:
        assert "such as" in errors_of(provider, postal_code=bad, **more)["postal_code"][0]


@pytest.fixture
def american(db):
    organization = make_partner(Kind.PROVIDER, country="US")
    return make_membership(organization=organization)


def test_states_are_demanded_where_addresses_name_them(american):
    there = {"country": "US", "city": "Redmond", "postal_code": "98052"}

    assert "Select “State/Province”" in errors_of(american, **there)["state"][0]
    assert "not known there" in errors_of(american, state="Bavaria", **there)["state"][0]
    for state in ("WA", "wa", "Washington"):
        form = form_of(american, state=state, **there)
        assert form.is_valid(), form.errors
        assert form.cleaned_data["state"] == "WA"


def test_a_list_of_states_replaces_the_text_field(american):
    form = CustomerAccountForm(membership=american)

    assert '<option value="WA">Washington</option>' in str(form["state"])
    changed = CustomerAccountForm(membership=american, initial={"country": "PR"})
    assert "<option" not in str(changed["state"])


def test_other_countries_take_a_state_as_text_or_none(provider):
    assert form_of(provider, state="").is_valid()
    assert form_of(provider, state="Hamburg").is_valid()


def test_registration_id_and_phone_are_demanded_by_some_countries(provider):
    there = {"country": "PL", "postal_code": "00-001"}

    errors = errors_of(provider, **there)

    assert sorted(errors) == ["phone", "registration_number"]
    assert "TIN" in errors["registration_number"][0]
    number = {"registration_number": "5260001246", "phone": "+48 22 5550 120"}
    assert form_of(provider, **there, **number).is_valid()


def test_only_countries_of_the_sales_region(provider):
    form = form_of(provider, country="US")

    assert list(form.errors) == ["country"]
    codes = [code for code, _name in form.fields["country"].choices]
    assert "AT" in codes and "US" not in codes
    assert CustomerAccountForm(membership=provider)["country"].value() == "DE"


@pytest.mark.parametrize("email", ["ada@microsoft.com", "x@vogel.onportal.example", "nobody", "@"])
def test_addresses_that_are_not_the_customers_are_refused(provider, email):
    assert list(errors_of(provider, email=email)) == ["email"]


@pytest.mark.parametrize("email", ["sales@nordwind.example", "Sales@NORDWIND.example"])
def test_the_providers_own_domain_is_refused(provider, email):
    provider.organization.partner.email = "info@nordwind.example"
    provider.organization.partner.save()

    assert "your own domain" in errors_of(provider, email=email)["email"][0]


def test_the_providers_website_is_its_own_domain_too(provider):
    provider.organization.partner.website = "https://www.nordwind.example/"
    provider.organization.partner.save()

    assert list(errors_of(provider, email="a@nordwind.example")) == ["email"]


def test_education_needs_a_segment_and_an_address_of_the_institution(provider):
    errors = errors_of(provider, qualification="education", email="head@gmail.com")

    assert sorted(errors) == ["education_segment", "email"]
    form = form_of(
        provider,
        qualification="education",
        education_segment="school",
        education_website="www.schule.example",
    )
    assert form.is_valid(), form.errors
    assert form.cleaned_data["education_website"] == "https://www.schule.example"


def test_education_answers_are_dropped_without_the_qualification(provider):
    form = form_of(provider, education_segment="school", education_website="https://s.example")

    assert form.is_valid(), form.errors
    assert form.cleaned_data["education_segment"] == form.cleaned_data["education_website"] == ""


@pytest.mark.parametrize("phone", ["12", "call me", "+49 40 5550x", "٠١٢٣٤٥٦"])
def test_phone_numbers_are_numbers(provider, phone):
    assert list(errors_of(provider, phone=phone)) == ["phone"]


def test_an_acceptance_date_cannot_be_in_the_future(provider):
    tomorrow = localdate() + timedelta(days=2)

    assert list(errors_of(provider, agreement_date=str(tomorrow))) == ["agreement_date"]
    assert list(errors_of(provider, agreement_date="yesterday")) == ["agreement_date"]


def test_the_primary_contact_signed_unless_said_otherwise(provider):
    form = form_of(provider, phone="+49 40 5550 120")

    assert form.is_valid(), form.errors
    assert form.cleaned_data["agreement_first_name"] == "Vera"
    assert form.cleaned_data["agreement_email"] == "vera@vogel-optik.example"
    assert form.cleaned_data["agreement_phone"] == "+49 40 5550120"


def test_another_signer_is_named_in_full(provider):
    assert list(errors_of(provider, agreement_first_name="Max")) == ["agreement_last_name"]
    form = form_of(provider, agreement_first_name="Max", agreement_last_name="Adler")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["agreement_email"] == ""


def test_a_customer_that_will_be_asked_has_no_date_and_no_signer(provider):
    form = form_of(provider, agreement="asked", agreement_first_name="Max")

    assert form.is_valid(), form.errors
    assert form.cleaned_data["agreement_date"] is None
    assert form.cleaned_data["agreement_first_name"] == ""


def test_only_those_who_may_attest_can_say_accepted(provider):
    user_admin = make_membership(Role.USER_ADMIN, organization=provider.organization)

    form = CustomerAccountForm(membership=user_admin)
    assert [value for value, _words in form.fields["agreement"].choices] == ["asked"]
    assert list(errors_of(user_admin)) == ["agreement"]
    assert form_of(user_admin, agreement="asked").is_valid()


def test_the_reseller_is_one_of_the_partners(provider, reseller, stranger, partnership):
    reference = encode("R", reseller.organization_id)
    form = form_of(provider, reseller=reference)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["reseller"] == reseller.organization
    for foreign in (encode("R", stranger.organization_id), "R-000000", "1", "<script>"):
        assert list(errors_of(provider, reseller=foreign)) == ["reseller"]


def test_a_removed_partner_cannot_be_chosen(provider, reseller, partnership):
    transition(
        partnership,
        Partnership.Status.REMOVED,
        actor=provider,
        removed_at=now(),
        statement_version="1",
    )

    reference = encode("R", reseller.organization_id)
    assert list(errors_of(provider, reseller=reference)) == ["reseller"]


def test_a_reseller_without_agreement_is_shown_closed_with_the_reason(provider):
    unsigned = make_partner(Kind.RESELLER, name="Brightwater Managed IT", signed=False)
    make_partnership(provider.organization, unsigned)
    reference = encode("R", unsigned.pk)

    field = str(CustomerAccountForm(membership=provider, reseller=unsigned)["reseller"])
    [message] = errors_of(provider, reseller=reference)["reseller"]

    assert f'<option value="{reference}" disabled>Brightwater Managed IT' in field
    assert "partner agreement not signed" in field
    assert "has not signed the partner agreement" in message


def test_the_reseller_of_the_address_is_selected(provider, reseller, partnership):
    reference = encode("R", reseller.organization_id)

    for given in (reseller.organization, reference, reference.lower()):
        form = CustomerAccountForm(membership=provider, reseller=given)
        assert f'<option value="{reference}" selected>Kessler' in str(form["reseller"])
    form = CustomerAccountForm(membership=provider, reseller="R-NONSENSE")
    assert "selected>Select indirect reseller" in str(form["reseller"])


def test_what_is_stored_is_plain_text_and_opens_again(provider, reseller, partnership):
    reference = encode("R", reseller.organization_id)
    form = form_of(provider, reseller=reference, company_name="  Vogel   Optik GmbH ")
    assert form.is_valid(), form.errors

    account = json.loads(json.dumps(form.stored()))
    again = CustomerAccountForm.from_stored(account, membership=provider)

    assert set(map(type, account.values())) == {str}
    assert again.is_valid(), again.errors
    assert again.cleaned_data == form.cleaned_data
    assert again.stored() == account


def test_errors_are_in_the_language_of_the_reader(provider):
    with override("de"):
        form = form_of(provider, domain="vogel optik")
        assert form.errors["domain"]


def test_the_form_costs_few_queries(provider, django_assert_max_num_queries):
    for _number in range(5):
        make_partnership(provider.organization, make_partner(Kind.RESELLER))

    with django_assert_max_num_queries(5):
        form = form_of(provider)
        assert form.is_valid(), form.errors
        str(form["reseller"])
