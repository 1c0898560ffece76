"""*Export indirect resellers*: what is on the screen, as a file that does no harm."""

import csv
import re
import time
from html import unescape
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from partners.models import MpnAccount, PartnerProfile, Partnership
from portal.accounts.models import Organization
from portal.accounts.roles import Kind, Role
from portal.references import encode
from tests.factories import make_customer, make_membership, make_partner, make_partnership

HEADER = [
    "Indirect reseller",
    "MPN ID",
    "Partner ID",
    "Location",
    "State",
    "Agreement",
    "Customers",
    "Partner since",
]


@pytest.fixture
def export(provider, partnership, browser_of):
    """Downloads the file; query parameters as keyword arguments."""
    browser = browser_of(provider)
    return lambda **query: browser.open("partners:reseller_export", **query)


def read(response, delimiter=","):
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline=""), delimiter=delimiter))


def column(response, name="Indirect reseller"):
    header, *rows = read(response)
    return [row[header.index(name)] for row in rows]


def test_a_row_says_what_the_list_says(export, partnership):
    make_customer(partnership.provider, partnership.reseller)
    started = partnership.started_at

    header, row = read(export())

    assert header == HEADER
    assert row[:7] == [
        "Kessler IT-Systemhaus",
        partnership.location.mpn_id,
        partnership.reference,
        "DE",
        "Active",
        "Signed",
        "1",
    ]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", row[7])
    assert row[7].startswith(f"{started.astimezone():%Y-%m}")


def test_the_three_scopes(export, provider, partnership):
    others = [
        make_partnership(provider.organization, make_partner(name=name, country=country))
        for name, country in (("Alpina", "AT"), ("Fjord", "DK"))
    ]

    assert column(export(scope="all", location="AT")) == [
        "Alpina",
        "Fjord",
        "Kessler IT-Systemhaus",
    ]
    assert column(export(scope="matching", location="AT")) == ["Alpina"]
    chosen = [others[1].reference, partnership.reference]
    assert column(export(scope="selected", id=chosen)) == ["Fjord", "Kessler IT-Systemhaus"]


def test_the_menu_names_each_scope_with_its_count(provider, partnership, browser_of):
    for name in ("Alpina", "Alpha"):
        make_partnership(provider.organization, make_partner(name=name))
    browser = browser_of(provider)

    text = browser.open("partners:reseller_list", q="alp", sort="-mpn_id").text

    assert "Export indirect resellers" in text
    assert "Matching filters (2)" in text
    assert "All (3)" in text
    assert 'Selected<span class="js-only"> (<span data-selected>0</span>)' in text
    for label in ("CSV (UTF-8, comma)", "CSV for Excel in German (semicolon, BOM)"):
        assert label in text
    links = re.findall(r'href="([^"]*/export/\?[^"]*)"', text)
    counts = [len(read(browser.get(unescape(link)))) - 1 for link in links]
    assert counts == [2, 3, 2, 3]
    assert all("sort=-mpn_id" in link and "q=alp" in link for link in links)


def test_selecting_works_without_a_script(provider, partnership, browser_of):
    """The boxes belong to a plain form that keeps filters and order."""
    text = browser_of(provider).open("partners:reseller_list", location="DE").text

    form = re.search(r'<form[^>]*id="selection"[^>]*>(.*?)</form>', text, re.DOTALL)
    assert 'action="/o/' in form[0] and "method" not in form[0].partition(">")[0]
    assert '<input type="hidden" name="scope" value="selected">' in form[1]
    assert '<input type="hidden" name="location" value="DE">' in form[1]
    box = f'<input type="checkbox" name="id" value="{partnership.reference}" form="selection"'
    assert box in text


def test_the_order_is_the_one_on_the_screen(export, provider, browser_of):
    for number in range(30):
        make_partnership(provider.organization, make_partner(name=f"Same {number % 3}"))
    browser = browser_of(provider)

    for sort in ("reseller", "-reseller", "-mpn_id", "location"):
        first = browser.open("partners:reseller_list", sort=sort)
        shown = [row.reference for row in first.context["page"].rows]
        assert column(export(sort=sort), "Partner ID")[: len(shown)] == shown


def test_a_selection_holds_only_what_is_visible(export, outsider, partnership, stranger):
    foreign = make_partnership(outsider.organization, make_partner(name="Theirs"))
    ids = [
        partnership.reference,
        foreign.reference,
        encode("R", stranger.organization_id),
        "R-000000",
        "C-7K3QX2",
        "x\x00",
        "",
    ]

    assert column(export(scope="selected", id=ids)) == ["Kessler IT-Systemhaus"]


@pytest.mark.parametrize("ids", [[], ["R-000000"], ["nonsense"], ["foreign"]])
def test_nothing_selected_is_said_and_the_list_stays(export, outsider, ids, provider, browser_of):
    foreign = make_partnership(outsider.organization, make_partner()).reference
    ids = [foreign if pk == "foreign" else pk for pk in ids]

    response = export(scope="selected", id=ids, location="DE", sort="-mpn_id")

    assert response.status_code == 302
    assert response["Location"].endswith("/indirect-resellers/?location=DE&sort=-mpn_id")
    assert "text/csv" not in response["Content-Type"]
    browser = browser_of(provider)
    browser.cookies = response.cookies | browser.cookies
    assert "Select at least one reseller" in browser.get(response["Location"]).text


def test_nothing_selected_leads_back_from_the_longest_address(export):
    response = export(scope="selected", q="x" * 2100)

    assert response.status_code == 302
    assert response["Location"].endswith("/indirect-resellers/")


def test_formulas_are_words(export, provider):
    make_partnership(provider.organization, make_partner(name='=HYPERLINK("http://x")'))

    assert '\'=HYPERLINK("http://x")' in column(export())


def test_excel_in_german_gets_its_own_dialect(export):
    response = export(format="excel")

    assert response.content.startswith(b"\xef\xbb\xbf")
    assert read(response, ";")[0] == HEADER


def test_the_header_speaks_the_readers_language(provider, partnership, browser_of):
    browser = browser_of(provider)
    browser.cookies["django_language"] = "de"

    response = browser.open("partners:reseller_export")

    assert read(response, ";")[0][1:4] == ["MPN-ID", "Partner-ID", "Standort"]


def test_the_name_tells_tenant_filter_and_time(export, provider):
    slug = provider.organization.slug

    def name(**query):
        return re.search('filename="(.*?)"', export(**query)["Content-Disposition"])[1]

    time = r"_\d{4}-\d\d-\d\d_\d{4}\.csv"
    assert re.fullmatch(rf"{slug}_resellers_DE{time}", name(location="DE"))
    assert re.fullmatch(rf"{slug}_resellers_kess_DE_signed{time}", name(**QUERY))
    assert re.fullmatch(rf"{slug}_resellers_all{time}", name(scope="all", location="DE"))
    assert re.fullmatch(rf"{slug}_resellers{time}", name(q="\r\nX: y\x00"))


QUERY = {"q": "kess", "location": "DE", "agreement": "signed"}


def test_no_cache_keeps_it(export):
    response = export()

    assert response["Cache-Control"] == "no-store"
    assert response["Content-Disposition"].startswith("attachment;")


def test_everybody_who_sees_the_list_may_take_it_away(provider, partnership, browser_of):
    colleague = make_membership(Role.USER_ADMIN, organization=provider.organization)

    response = browser_of(colleague).open("partners:reseller_export")

    assert column(response) == ["Kessler IT-Systemhaus"]


def add_partners(provider, number):
    """Many at once."""
    new = [
        Organization(kind=Kind.RESELLER, name=f"Partner {n:05}", slug=f"bulk-{n}", country="DE")
        for n in range(number)
    ]
    companies = Organization.objects.bulk_create(new)
    signed = {"agreement_version": "2026-01", "agreement_signed_at": now()}
    PartnerProfile.objects.bulk_create(
        PartnerProfile(organization=company, name_key=company.name, **signed)
        for company in companies
    )
    accounts = MpnAccount.objects.bulk_create(
        MpnAccount(organization=company, mpn_id=str(60_000_000 + n), country="DE")
        for n, company in enumerate(companies)
    )
    Partnership.objects.bulk_create(
        Partnership(
            provider=provider,
            reseller=company,
            reseller_name_key=company.name.lower(),
            location=account,
        )
        for company, account in zip(companies, accounts, strict=True)
    )


def test_ten_thousand_rows_come_in_pieces_and_soon(export, provider):
    def measured():
        with CaptureQueriesContext(connection) as captured:
            response = export()
        return response, [query["sql"] for query in captured]

    _small, few = measured()
    add_partners(provider.organization, 10_000)
    with connection.cursor() as cursor:  # what autovacuum does in real life
        cursor.execute("set local role twotier_owner; analyze; set local role twotier_operator")
    started = time.monotonic()
    response, many = measured()

    assert time.monotonic() - started < 30  # it takes two or three on a busy machine
    assert len(read(response)) == 10_002
    assert len(many) == len(few)
    assert any(sql.startswith("DECLARE") for sql in many)
