"""Price lists and offer matrices: recognised, compared, taken over, and refused row by row."""

from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from subscriptions.models import Billing, Offer, OfferPrice, Product, Term
from subscriptions.models.catalog import price_day
from subscriptions.price_lists import import_file, read
from subscriptions.price_lists.formats import (
    LEGACY_MATRIX_COLUMNS,
    LEGACY_PRICE_COLUMNS,
    MATRIX_COLUMNS,
    PRICE_COLUMNS,
)
from subscriptions.price_lists.prices import per_period
from tests.factories import make_offer, make_subscription

FILES = Path(__file__).parent / "price_files"
BASIC = "3b555118-da6a-4418-894f-7df1e2096870"
NEW = {
    "ProductTitle": "Artificial Basic",
    "ProductId": "CFQ7TTC0LH18",
    "SkuId": "0001",
    "SkuTitle": "Artificial Basic",
    "TermDuration": "P1Y",
    "BillingPlan": "Annual",
    "Market": "DE",
    "Currency": "EUR",
    "UnitPrice": "48.00",
    "EffectiveStartDate": "2026-01-01",
}
MATRIX = {"ProductId": "CFQ7TTC0LH18", "SkuId": "0001", "MinLicenses": "1", "MaxLicenses": "300"}
LEGACY = {
    "A/C/D/U": "ADD",
    "Valid From Date": "1/1/2026",
    "Offer Display Name": "Artificial Plan",
    "Offer ID": "91fd106f-4b2c-4938-95ac-f54f74e9a239",
    "List Price": "6.50",
}


def text_of(columns, *rows):
    lines = (",".join(f'"{row.get(name, "")}"' for name in columns) for row in rows)
    return "\n".join([",".join(columns), *lines, ""])


def take(columns, *rows, **options):
    """Import these rows; gives the Plan."""
    return take_text(text_of(columns, *rows), **options)


def take_text(text, currency="EUR", **options):
    data = text if isinstance(text, bytes) else text.encode()
    return import_file(read(BytesIO(data), currency=currency), **options)


def new(**changes):
    return NEW | changes


def take_file(name, **options):
    return take_text((FILES / name).read_bytes(), **options)


def reasons(plan):
    return [change.reason for change in plan.of("refused")]


def counts(plan):
    return tuple(plan.counts.values())  # added, changed, withdrawn, refused, unchanged


def prices():
    """(term, billing, market, from licenses) -> [(price, first day, last day)] of all prices."""
    found = {}
    for price in OfferPrice.objects.select_related("offer").order_by("valid_from"):
        key = (price.offer.term, price.offer.billing, price.market, price.min_quantity)
        days = (str(price.valid_from), price.valid_until and str(price.valid_until))
        found.setdefault(key, []).append((str(price.unit_price), *days))
    return found


def everything():
    return (
        list(OfferPrice.objects.order_by("pk").values_list()),
        list(Offer.objects.order_by("pk").values_list()),
    )


def test_the_columns_are_those_of_the_real_files():
    """The sample files are artificial, their first rows are not (domain.md 5)."""
    columns = {
        "new_commerce_prices.csv": PRICE_COLUMNS,
        "new_commerce_offers.csv": MATRIX_COLUMNS,
        "legacy_prices.csv": LEGACY_PRICE_COLUMNS,
        "legacy_offers.csv": LEGACY_MATRIX_COLUMNS,
    }
    for name, expected in columns.items():
        first = (FILES / name).read_text().splitlines()[0]
        assert first.replace('"', "") == ",".join(expected)


def test_a_price_list_makes_offers_and_prices(db):
    plan = take_file("new_commerce_prices.csv")

    assert plan.format_name == "new-commerce price list"
    assert counts(plan) == (6, 0, 0, 0, 0)
    assert prices() == {
        ("P1M", "monthly", "DE", 1): [
            ("5.00", "2026-01-01", "2026-01-31"),
            ("5.50", "2026-02-01", None),
        ],
        ("P1Y", "monthly", "DE", 1): [("4.17", "2026-01-01", None)],
        ("P1Y", "annual", "DE", 1): [("50.00", "2026-01-01", None)],
        ("P1Y", "annual", "DE", 100): [("45.00", "2026-01-01", None)],
        ("P3Y", "one_time", "CH", 1): [("140.00", "2026-01-01", None)],
    }
    tier = OfferPrice.objects.get(min_quantity=100)
    assert (tier.max_quantity, tier.erp_price) == (None, Decimal("60.00"))
    offer = Offer.objects.get(term=Term.MONTH)
    assert (offer.name, offer.publisher) == ("Artificial Basic", "Artificial Corporation")
    assert offer.sku_id == "CFQ7TTC0LH18/0001"


def test_a_legacy_list_is_per_month(db):
    plan = take_file("legacy_prices.csv", currency="USD")

    assert counts(plan) == (7, 0, 0, 0, 0)
    plan_prices = OfferPrice.objects.filter(offer__name="Artificial Plan")
    assert set(plan_prices.values_list("offer__billing", "unit_price", "currency", "market")) == {
        (Billing.MONTHLY, Decimal("6.50"), "USD", ""),
        (Billing.ANNUAL, Decimal("78.00"), "USD", ""),
    }
    assert Offer.objects.filter(name="Artificial Archive", is_add_on=True).count() == 2
    school = Offer.objects.filter(name="Artificial Plan for schools").first()
    assert school.category == Offer.Category.EDUCATION
    trial = Offer.objects.get(name="Artificial Plan Trial")
    assert (trial.term, trial.billing, trial.is_trial) == (Term.TRIAL, Billing.NONE, True)


def test_a_legacy_list_needs_its_currency(db):
    with pytest.raises(ValidationError, match="does not say its currency"):
        take_file("legacy_prices.csv", currency="")


def test_a_price_sheet_is_a_price_list_with_more_columns(db):
    plan = take_file("price_sheet.csv")

    assert counts(plan) == (1, 0, 0, 1, 0)
    assert reasons(plan) == ["It is billed by usage: only licenses are sold here"]


@pytest.mark.parametrize(
    "term,billing,whole,part",
    [
        (Term.MONTH, Billing.MONTHLY, "5", "5.00"),
        (Term.YEAR, Billing.MONTHLY, "48", "4.00"),
        (Term.YEAR, Billing.MONTHLY, "50", "4.17"),
        (Term.YEAR, Billing.MONTHLY, "0.06", "0.01"),
        (Term.YEAR, Billing.ANNUAL, "48.004", "48.00"),
        (Term.THREE_YEARS, Billing.ANNUAL, "100", "33.33"),
        (Term.THREE_YEARS, Billing.MONTHLY, "144", "4.00"),
        (Term.THREE_YEARS, Billing.ONE_TIME, "100", "100.00"),
        (Term.MONTH, Billing.NONE, "0", "0.00"),
    ],
)
def test_a_price_for_the_term_is_divided_by_its_bills(term, billing, whole, part):
    assert str(per_period(Decimal(whole), term, billing)) == part


def test_an_offer_matrix_tells_limits_relatives_and_countries(db):
    product = Product.objects.create(guid=BASIC, string_id="B", name="Basic")
    take_file("new_commerce_prices.csv")

    plan = take_file("new_commerce_offers.csv")

    assert counts(plan) == (0, 4, 0, 0, 0)
    for offer in Offer.objects.all():
        assert (offer.min_quantity, offer.max_quantity, offer.limit_per_customer) == (1, 300, 2)
        assert offer.product == product
        assert offer.category == Offer.Category.SMALL_BUSINESS
        assert offer.conversions == ["CFQ7TTC0LDPB/0001", "CFQ7TTC0LF8Q/0001"]
        assert offer.countries == ["AT", "CH", "DE"]
        assert not offer.is_add_on
    assert counts(take_file("new_commerce_offers.csv")) == (0, 0, 0, 0, 4)


def test_a_legacy_matrix_names_its_relatives(db):
    take_file("legacy_prices.csv")

    assert counts(take_file("legacy_offers.csv")) == (0, 4, 0, 0, 0)

    archive = Offer.objects.filter(name="Artificial Archive").first()
    assert archive.prerequisites == ["91fd106f-4b2c-4938-95ac-f54f74e9a239"]
    assert (archive.limit_per_customer, archive.countries) == (1, [])
    plan = Offer.objects.filter(name="Artificial Plan").first()
    assert plan.conversions == ["778a4dce-0014-4d53-8647-314ef2b091d2"]
    assert plan.countries == ["AT", "DE"]


def test_what_needs_something_else_is_an_add_on(db):
    take(PRICE_COLUMNS, new())
    take(MATRIX_COLUMNS, MATRIX | {"ProductSkuPreRequisites": "CFQ7TTC0LDPB:0001"})

    offer = Offer.objects.get()
    assert (offer.is_add_on, offer.prerequisites) == (True, ["CFQ7TTC0LDPB/0001"])


@pytest.mark.parametrize("name", [path.name for path in sorted(FILES.iterdir())])
def test_importing_twice_changes_nothing(db, name):
    take_file("legacy_prices.csv")
    take_file("new_commerce_prices.csv")
    take_file(name)
    before = everything()

    plan = take_file(name)

    assert counts(plan)[:3] == (0, 0, 0)
    assert plan.is_empty
    assert everything() == before


def test_a_dry_run_says_the_same_and_writes_nothing(db):
    take(PRICE_COLUMNS, new(), new(SkuId="0002"))
    rows = [new(UnitPrice="50"), new(SkuId="0003"), new(SkuId="0004", Market="XX")]
    before = everything()

    dry = take(PRICE_COLUMNS, *rows, dry_run=True, is_full=True)
    assert everything() == before
    wet = take(PRICE_COLUMNS, *rows, is_full=True)

    assert counts(dry) == (1, 1, 1, 1, 0)
    assert dry.changes == wet.changes
    assert dry.fingerprint == wet.fingerprint
    assert everything() != before


def test_a_new_price_ends_the_one_before(db):
    take(PRICE_COLUMNS, new())

    plan = take(PRICE_COLUMNS, new(UnitPrice="50.00", EffectiveStartDate="2026-06-01"))

    assert counts(plan) == (0, 1, 0, 0, 0)
    [change] = plan.changes
    assert (change.before, change.after) == ("48.00, 2026-01-01–", "50.00, 2026-06-01–")
    assert prices()["P1Y", "annual", "DE", 1] == [
        ("48.00", "2026-01-01", "2026-05-31"),
        ("50.00", "2026-06-01", None),
    ]
    assert take(PRICE_COLUMNS, new()).is_empty  # the older list again


def test_a_corrected_price_replaces_the_same(db):
    take(PRICE_COLUMNS, new())

    assert counts(take(PRICE_COLUMNS, new(UnitPrice="49"))) == (0, 1, 0, 0, 0)

    assert OfferPrice.objects.get().unit_price == Decimal("49.00")


def test_an_end_withdraws(db):
    take(PRICE_COLUMNS, new())

    plan = take(PRICE_COLUMNS, new(EffectiveEndDate="2026-12-31T23:59:59Z"))

    assert counts(plan) == (0, 0, 1, 0, 0)
    assert OfferPrice.objects.get().valid_until == date(2026, 12, 31)


@pytest.mark.parametrize("mark", ["DEL", "DEPR"])
def test_a_deleted_row_withdraws_as_of_today(db, mark):
    take(LEGACY_PRICE_COLUMNS, LEGACY)

    plan = take(LEGACY_PRICE_COLUMNS, LEGACY | {"A/C/D/U": mark})

    assert counts(plan) == (0, 0, 2, 0, 0)
    assert {change.line for change in plan.changes} == {2}
    today = price_day()
    assert not Offer.objects.priced_in("EUR", day=today).filter(price__isnull=False).exists()
    assert counts(take(LEGACY_PRICE_COLUMNS, LEGACY | {"A/C/D/U": mark})) == (0, 0, 0, 0, 2)


def test_only_a_full_list_withdraws_what_it_does_not_name(db):
    take(PRICE_COLUMNS, new(), new(SkuId="0002"), new(SkuId="0002", Market="AT"))

    assert take(PRICE_COLUMNS, new()).is_empty
    plan = take(PRICE_COLUMNS, new(), is_full=True)

    assert counts(plan) == (0, 0, 1, 0, 1)
    assert OfferPrice.objects.get(offer__sku_id="CFQ7TTC0LH18/0002", market="DE").valid_until
    assert OfferPrice.objects.get(market="AT").valid_until is None  # another country's list


def test_a_refused_row_withdraws_nothing(db):
    take(PRICE_COLUMNS, new(), new(SkuId="0002"))

    plan = take(PRICE_COLUMNS, new(), new(SkuId="2", UnitPrice="free"), is_full=True)

    assert counts(plan) == (0, 0, 0, 1, 1)
    assert not OfferPrice.objects.filter(valid_until__isnull=False).exists()


def test_tiers_of_a_new_list_end_those_of_the_old(db):
    take(
        PRICE_COLUMNS,
        new(PricingTierRangeMax="99"),
        new(PricingTierRangeMin="100", UnitPrice="40"),
    )

    plan = take(PRICE_COLUMNS, new(EffectiveStartDate="2026-03-01"))

    assert counts(plan) == (0, 1, 1, 0, 0)
    assert prices()["P1Y", "annual", "DE", 100] == [("40.00", "2026-01-01", "2026-02-28")]


def test_demonstration_prices_end_where_real_ones_begin(db):
    offer = make_offer(sku_id="CFQ7TTC0LH18/0001", billing="annual")
    offer.prices.update(is_demonstration=True)
    other = make_offer(sku_id="CFQ7TTC0LH18/0002", billing="annual")
    other.prices.update(is_demonstration=True)

    take(PRICE_COLUMNS, new())

    assert not offer.prices.filter(is_demonstration=True).exists()
    assert other.prices.filter(is_demonstration=True).exists()


def test_a_running_subscription_keeps_its_price(db, customer):
    offer = make_offer(sku_id="CFQ7TTC0LH18/0001", billing="annual")
    subscription = make_subscription(customer, offer, unit_price=Decimal("20.60"))

    take(PRICE_COLUMNS, new(UnitPrice="99"), is_full=True)

    subscription.refresh_from_db()
    assert subscription.unit_price == Decimal("20.60")
    priced = Offer.objects.priced_in("EUR", market="DE").get(pk=offer.pk)
    assert priced.price == Decimal("99.00")


@pytest.mark.parametrize(
    "changes,reason",
    [
        ({"ProductId": "CFQ7"}, "ProductId and SkuId are not like"),
        ({"SkuId": ""}, "SkuId is empty"),
        ({"SkuTitle": "", "ProductTitle": ""}, "SkuTitle is empty"),
        ({"SkuTitle": "x" * 191}, "SkuTitle is longer than 190 characters"),
        ({"SkuTitle": "Busi\u202eness"}, "SkuTitle holds invisible characters"),
        ({"TermDuration": ""}, "software without a term is not sold here"),
        ({"TermDuration": "P2W"}, "TermDuration “P2W” is unknown"),
        ({"BillingPlan": "Weekly"}, "BillingPlan “Weekly” is unknown"),
        ({"TermDuration": "P1M"}, "A term of P1M can't be billed Annual"),
        ({"Market": "XX"}, "Market “XX” is no two-letter code of a country"),
        ({"Market": ""}, "Market “” is no two-letter code"),
        ({"Currency": "XXX"}, "Currency “XXX” is no currency"),
        ({"UnitPrice": ""}, "UnitPrice is empty"),
        ({"UnitPrice": "48,00"}, "UnitPrice “48,00” is no amount like 48.00"),
        ({"UnitPrice": "-1"}, "UnitPrice “-1” is no amount"),
        ({"UnitPrice": "1e5"}, "UnitPrice “1e5” is no amount"),
        ({"UnitPrice": "9999999999"}, "UnitPrice “9999999999” is no amount"),
        ({"UnitPrice": "٣"}, "UnitPrice “٣” is no amount"),
        ({"ERP Price": "NaN"}, "ERP Price “NaN” is no amount"),
        ({"EffectiveStartDate": ""}, "EffectiveStartDate is empty"),
        ({"EffectiveStartDate": "2026-02-30"}, "EffectiveStartDate “2026-02-30” is no day"),
        ({"EffectiveStartDate": "31.1.2026"}, "EffectiveStartDate “31.1.2026” is no day"),
        ({"EffectiveEndDate": "2025-12-31"}, "EffectiveEndDate is before EffectiveStartDate"),
        ({"PricingTierRangeMin": "5", "PricingTierRangeMax": "3"}, "PricingTierRangeMin is more"),
        ({"PricingTierRangeMax": "99999999999"}, "is no number of licenses"),
        ({}, "Line 2 says a price of the same offer, country, tier and day"),
        ({"PricingTierRangeMin": "5"}, "Line 2 says a price of the same offer"),
    ],
)
def test_a_bad_row_is_refused_with_its_reason(db, changes, reason):
    plan = take(PRICE_COLUMNS, new(), new(**changes))

    assert counts(plan) == (1, 0, 0, 1, 0)
    [refused] = plan.of("refused")
    assert refused.line == 3
    assert reason in refused.reason
    assert OfferPrice.objects.count() == 1


@pytest.mark.parametrize(
    "changes,reason",
    [
        ({"SkuId": "0002"}, "import its price list first"),
        ({"ProvisioningId": "no"}, "ProvisioningId “no” is no GUID"),
        ({"MinLicenses": "400"}, "MinLicenses 400 is more than MaxLicenses 300"),
        ({"MaxLicenses": "many"}, "MaxLicenses “many” is no number of licenses"),
        ({"AllowedCountries": "Germany"}, "AllowedCountries “GERMANY” is no two-letter code"),
        ({"ProductSkuPreRequisites": "a base plan"}, "It needs “a base plan”, which is no known"),
    ],
)
def test_a_bad_row_of_a_matrix_is_refused(db, changes, reason):
    take(PRICE_COLUMNS, new())

    plan = take(MATRIX_COLUMNS, MATRIX | changes)

    assert counts(plan) == (0, 0, 0, 1, 0)
    assert reason in plan.changes[0].reason


def test_a_legacy_mark_nobody_knows_is_refused(db):
    plan = take(LEGACY_PRICE_COLUMNS, LEGACY | {"A/C/D/U": "NEW"})

    assert reasons(plan) == ["A/C/D/U “NEW” is unknown"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_files_are_read_as_spreadsheets_write_them(db, encoding, separator):
    text = text_of(PRICE_COLUMNS, new(SkuTitle="Größe")).replace(",", separator)

    assert counts(take_text(text.encode(encoding))) == (1, 0, 0, 0, 0)

    assert Offer.objects.get().name == "Größe"


@pytest.mark.parametrize(
    "content,words",
    [
        (b"", "no price list and no offer matrix"),
        (b"a,b\n1,2\n", "no price list and no offer matrix"),
        (b"PK\x03\x04rest", "This is an Excel workbook"),
        (b"\xff\xfe\x00", "can't be read"),
        (text_of(PRICE_COLUMNS).encode(), "There is no row below"),
        (text_of(PRICE_COLUMNS, NEW).encode() + b'"open', "can't be read"),
    ],
)
def test_what_is_no_price_file_is_refused_in_a_sentence(db, content, words):
    with pytest.raises(ValidationError, match=words):
        take_text(content)
    assert not Offer.objects.exists()


def test_the_command_counts_and_names_what_it_refuses(db, tmp_path):
    file = tmp_path / "list.csv"
    file.write_text(text_of(PRICE_COLUMNS, new(), new(UnitPrice="x")))
    out, err = StringIO(), StringIO()

    with pytest.raises(CommandError, match="Rows refused: 1"):
        call_command("import_prices", file, "--dry-run", stdout=out, stderr=err)

    said = "list.csv (new-commerce price list): 1 added, 0 changed, 0 withdrawn, 1 refused, "
    assert f"{said}0 unchanged. Nothing was written." in out.getvalue()
    assert "list.csv line 3: UnitPrice “x” is no amount like 48.00" in err.getvalue()
    assert not Offer.objects.exists()


def test_the_command_takes_several_files(db):
    out = StringIO()
    files = [FILES / "new_commerce_prices.csv", FILES / "new_commerce_offers.csv"]

    call_command("import_prices", *files, stdout=out, verbosity=2)

    assert "added: Artificial Basic" in out.getvalue()
    assert Offer.objects.filter(max_quantity=300).count() == 4


@pytest.mark.parametrize("name", ["nothing.csv", "."])
def test_a_file_that_is_not_there_is_one_sentence(db, tmp_path, name):
    with pytest.raises(CommandError, match="A file could not be read"):
        call_command("import_prices", tmp_path / name)
