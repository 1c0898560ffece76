"""The catalogue: what the files say gets in, and what is wrong with the rest is said."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from subscriptions.catalog_files import OFFER_COLUMNS
from subscriptions.models import Billing, Offer, OfferPrice, Product, Term

GUID = "3b555118-da6a-4418-894f-7df1e2096870"
PRODUCTS = f"product_name,string_id,guid\nBusiness Basic,BASIC,{GUID}\n"


def offer_row(**cells):
    known = {
        "offer_name": "Business Basic",
        "product_id": "CFQ7TTC0LH18",
        "sku_id": "0001",
        "entra_sku_guid": GUID,
        "category": "Small business",
        "is_addon": "0",
        "is_trial": "0",
    } | cells
    assert set(known) <= set(OFFER_COLUMNS)
    return ",".join(known.get(column, "") for column in OFFER_COLUMNS)


def offers_file(*rows):
    return "\n".join([",".join(OFFER_COLUMNS), *rows, ""])


@pytest.fixture
def run(tmp_path, db):
    """``run(products, offers)``: import these texts; gives (exit code, what was said)."""

    def import_texts(products=PRODUCTS, offers=None, **options):
        texts = {"products.csv": products, "offers.csv": offers or offers_file(offer_row())}
        for name, text in texts.items():
            if text is not None:
                data = text if isinstance(text, bytes) else text.encode()
                (tmp_path / name).write_bytes(data)
        out, err = StringIO(), StringIO()
        files = {"products": tmp_path / "products.csv", "rules": [tmp_path / "offers.csv"]}
        try:
            call_command("import_catalog", stdout=out, stderr=err, **files, **options)
        except CommandError as error:
            return 1, f"{out.getvalue()}{err.getvalue()}{error}"
        return 0, out.getvalue()

    return import_texts


def test_the_real_catalogue_is_without_fault(db):
    out = StringIO()

    call_command("import_catalog", stdout=out)

    assert Product.objects.count() == 573
    assert out.getvalue().startswith("573 products, ")
    assert Offer.objects.filter(name="Microsoft 365 Business Premium").count() == 2
    assert Offer.objects.count() > 150
    assert not OfferPrice.objects.filter(is_demonstration=False).exists()
    assert not OfferPrice.objects.filter(unit_price__lt=0).exists()


def test_importing_twice_changes_nothing(db):
    call_command("import_catalog", verbosity=0)
    before = set(OfferPrice.objects.values_list("pk", "offer", "currency", "unit_price"))

    call_command("import_catalog", verbosity=0)

    assert set(OfferPrice.objects.values_list("pk", "offer", "currency", "unit_price")) == before


def test_what_the_documentation_says_becomes_limits(db):
    call_command("import_catalog", verbosity=0)

    premium = Offer.objects.filter(name="Microsoft 365 Business Premium").first()
    assert (premium.min_quantity, premium.max_quantity, premium.limit_per_customer) == (1, 300, 2)
    trial = Offer.objects.get(name="Microsoft 365 Business Premium Trial")
    assert (trial.min_quantity, trial.max_quantity, trial.limit_per_customer) == (25, 25, 1)
    assert (trial.term, trial.billing) == (Term.TRIAL, Billing.NONE)
    assert trial.is_trial and not trial.is_add_on
    e3 = Offer.objects.filter(name="Microsoft 365 E3").first()
    assert e3.max_quantity == 10_000_000
    pool = Offer.objects.get(name="Dynamics 365 Business Central External Accountant")
    assert (pool.max_quantity, pool.limit_per_customer) == (3, 1)
    assert pool.billing == Billing.NONE
    basic = Offer.objects.filter(name="Microsoft 365 Business Basic")
    assert set(basic.values_list("term", "billing")) == {
        ("P1M", "monthly"),
        ("P1Y", "monthly"),
        ("P1Y", "annual"),
    }


def test_relatives_are_known_offers(db):
    """By id or by name; what the source only describes is left out."""
    call_command("import_catalog", verbosity=0)

    basic = Offer.objects.filter(name="Microsoft 365 Business Basic").first()
    standard = Offer.objects.filter(name="Microsoft 365 Business Standard").first()
    assert standard.sku_id in basic.conversions
    school = Offer.objects.get(name="Microsoft 365 A1")
    device = Offer.objects.get(name="Office 365 A1 for faculty (for Device)")
    assert (school.prerequisites, device.prerequisites) == ([], [school.sku_id])
    known = set(Offer.objects.values_list("sku_id", flat=True))
    for offer in Offer.objects.all():
        assert {*offer.conversions, *offer.prerequisites} <= known
    trial = Offer.objects.get(name="Microsoft 365 Business Premium Trial")
    premium = Offer.objects.filter(name="Microsoft 365 Business Premium").first()
    assert trial.conversions == [premium.sku_id]


def test_prices_are_invented_the_same_way_every_time_and_say_so(run):
    run(currencies=["EUR", "JPY"])

    prices = {(p.offer.billing, p.currency): p for p in OfferPrice.objects.select_related("offer")}
    assert all(price.is_demonstration for price in prices.values())
    monthly, annual = prices["monthly", "EUR"].unit_price, prices["annual", "EUR"].unit_price
    assert annual == monthly * 12 > 0
    assert prices["monthly", "JPY"].unit_price % 1 == 0


def test_a_real_price_is_never_overwritten(run):
    run()
    OfferPrice.objects.filter(currency="EUR").update(
        unit_price=Decimal("48.00"), is_demonstration=False
    )

    run()

    assert set(OfferPrice.objects.filter(currency="EUR").values_list("unit_price", flat=True)) == {
        Decimal("48.00")
    }


def test_an_offer_taken_off_the_market_stays_off(run):
    run()
    Offer.objects.update(is_available=False)

    run()

    assert not Offer.objects.filter(is_available=True).exists()


def test_a_changed_name_is_taken_over(run):
    run()

    run(offers=offers_file(offer_row(offer_name="Business Basic Plus")))

    assert set(Offer.objects.values_list("name", "name_key")) == {
        ("Business Basic Plus", "business basic plus")
    }


@pytest.mark.parametrize(
    "cells,reason",
    [
        ({"entra_sku_guid": "no-guid"}, "entra_sku_guid no-guid is no GUID"),
        ({"entra_sku_guid": GUID.replace("3b", "4b")}, "is no product of the catalogue"),
        ({"term": "P2W"}, "term P2W is unknown"),
        ({"billing_plans": "Weekly"}, "billing_plans Weekly is unknown"),
        ({"term": "P1M", "billing_plans": "Annual"}, "no billing plan of Annual fits the term P1M"),
        ({"min_qty": "5", "max_qty": "3"}, "min_qty 5 is more than max_qty 3"),
        ({"min_qty": "-1"}, "min_qty -1 is no number of licenses"),
        ({"max_qty": "1e9"}, "max_qty 1e9 is no number of licenses"),
        ({"max_qty": "٣"}, "max_qty ٣ is no number of licenses"),
        ({"min_qty": "0"}, "min_qty is less than 1"),
        ({"max_qty": "9999999999"}, "max_qty 9999999999 is no number of licenses"),
        ({"category": "Hobby"}, "category Hobby is unknown"),
        ({"is_addon": "yes"}, "is_addon is neither 0 nor 1"),
        ({"limit_scope": "Galaxy"}, "limit_scope Galaxy is unknown"),
        ({"offer_name": ""}, "offer_name is empty"),
        ({"offer_name": "x" * 191}, "offer_name is longer than 190 characters"),
        ({"offer_name": "Busi\u202eness"}, "offer_name holds invisible characters"),
    ],
)
def test_a_bad_row_is_reported_and_the_others_get_in(run, cells, reason):
    good = offer_row(offer_name="Good", sku_id="0002")

    code, said = run(offers=offers_file(good, offer_row(**cells)))

    assert code == 1
    assert "offers.csv line 3: " in said and reason in said
    assert set(Offer.objects.values_list("name", flat=True)) == {"Good"}


@pytest.mark.parametrize(
    "row,reason",
    [
        (f"Twice,TWICE,{GUID}", f"{GUID} is there twice"),
        ("No guid,NONE,", "guid is empty"),
        ("Bad guid,BAD,12345", "guid 12345 is no GUID"),
        (",EMPTY,4b555118-da6a-4418-894f-7df1e2096870", "product_name is empty"),
        ("Short,ROW", "the number of cells is not the number of columns"),
        (f"Long,ROW,{GUID},more", "the number of cells is not the number of columns"),
        ("Nul\x00l,NUL,4b555118-da6a-4418-894f-7df1e2096870", "holds invisible characters"),
    ],
)
def test_a_bad_product_is_reported(run, row, reason):
    code, said = run(products=f"{PRODUCTS}{row}\n")

    assert code == 1
    assert "products.csv line 3: " in said and reason in said
    assert Product.objects.count() == 1


def test_a_doubled_offer_is_reported(run):
    code, said = run(offers=offers_file(offer_row(), offer_row(offer_name="Again")))

    assert code == 1
    assert "offers.csv line 3: CFQ7TTC0LH18/0001 is there twice" in said
    assert set(Offer.objects.values_list("name", flat=True)) == {"Business Basic"}


def test_a_missing_column_is_named(run):
    code, said = run(products="product_name,guid\nBasic,1\n")

    assert code == 1
    assert "products.csv line 1: missing column string_id" in said


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b""])
def test_files_that_are_no_tables_are_refused(run, content):
    code, _said = run(products=content)

    assert code == 1
    assert not Product.objects.exists()


def test_a_file_that_is_not_there_is_one_sentence(tmp_path, db):
    with pytest.raises(CommandError, match="A file could not be read"):
        call_command("import_catalog", products=tmp_path / "nothing.csv")


def test_currencies_without_prices_are_refused(run):
    code, said = run(currencies=["EUR", "XXX"])

    assert (code, said) == (1, "No demonstration prices in XXX.")
    assert not Offer.objects.exists()
