"""Putting the catalogue into the database. Doing it again changes only what the files changed."""

from django.db import transaction

from portal.text import sort_key
from subscriptions.catalog_files import read_offers, read_products
from subscriptions.demonstration.prices import SINCE, price_of, sold_in
from subscriptions.models import Offer, OfferPrice, Product

PUBLISHER = "Microsoft"


@transaction.atomic
def import_catalog(products_file, offer_files, currencies):
    """Import the good rows of the files.

    ``currencies`` are the codes that get demonstration prices; a price that is not marked as one
    stays as it is. Returns (how many products, offers and prices there are now, refused rows).
    """
    products, refused = read_products(products_file)
    _store_products(products)
    guids = {product.guid: product.pk for product in Product.objects.all()}
    rows = []
    for file in offer_files:
        found, bad = read_offers(file, guids)
        rows += _with_trials(found)
        refused += bad
    offers = _store_offers(rows, guids)
    _store_prices(offers, currencies)
    counts = (Product.objects.count(), Offer.objects.count(), OfferPrice.objects.count())
    return counts, refused


def _with_trials(rows):
    """Offers, and a trial of each that the file's rule for trials fits."""
    rule = next((row for row in rows if row.is_rule and row.is_trial), None)
    offers = [row for row in rows if not row.is_rule]
    if rule is None:
        return offers
    tried = [row for row in offers if _can_be_tried(row)]
    trials = [
        rule._replace(
            name=f"{row.name} Trial",
            guid=row.guid,
            sku_id=f"{row.sku_id}/trial",
            conversions=(row.sku_id,),
            prerequisites=(),
        )
        for row in tried
    ]
    return offers + trials


def _can_be_tried(row):
    kinds = {Offer.Category.ENTERPRISE, Offer.Category.SMALL_BUSINESS}
    return row.category in kinds and not (row.is_add_on or row.is_free or row.is_trial)


def _store_products(rows):
    Product.objects.bulk_create(
        [Product(guid=row.guid, string_id=row.string_id, name=row.name) for row in rows],
        update_conflicts=True,
        unique_fields=["guid"],
        update_fields=["string_id", "name"],
    )


def _store_offers(rows, guids):
    known = _ids_by_word(rows)
    offers = {
        (row.sku_id, *plan): _offer(row, *plan, guids.get(row.guid), known)
        for row in rows
        for plan in row.plans
    }
    return Offer.objects.bulk_create(
        offers.values(),
        update_conflicts=True,
        unique_fields=["sku_id", "term", "billing"],
        update_fields=[
            *("product", "name", "name_key", "publisher", "category", "is_add_on", "is_trial"),
            *("min_quantity", "max_quantity", "limit_per_customer"),
            *("prerequisites", "conversions"),
        ],
    )


def _ids_by_word(rows):
    """The sku_id of every offer by its id and by its name, in small letters."""
    by_name = {row.name.casefold(): row.sku_id for row in rows}
    return by_name | {row.sku_id.casefold(): row.sku_id for row in rows}


def _known(words, known):
    """The sku_ids of those that are offers; a source also says "education customer"."""
    found = (known.get(word.casefold()) for word in words)
    return sorted({sku_id for sku_id in found if sku_id})


def _offer(row, term, billing, product_id, known):
    return Offer(
        product_id=product_id,
        name=row.name,
        name_key=sort_key(row.name),
        sku_id=row.sku_id,
        publisher=PUBLISHER,
        category=row.category,
        term=term,
        billing=billing,
        min_quantity=row.min_quantity,
        max_quantity=row.max_quantity,
        limit_per_customer=row.limit,
        is_add_on=row.is_add_on,
        is_trial=row.is_trial,
        prerequisites=_known(row.prerequisites, known),
        conversions=_known(row.conversions, known),
    )


def _store_prices(offers, currencies):
    real = set(
        OfferPrice.objects.filter(is_demonstration=False).values_list("offer_id", "currency")
    )
    prices = [
        _price(offer, currency)
        for offer in offers
        for currency in sold_in(offer.category, currencies)
        if (offer.pk, currency) not in real
    ]
    OfferPrice.objects.bulk_create(
        prices,
        update_conflicts=True,
        unique_fields=["offer", "currency", "market", "min_quantity", "valid_from"],
        update_fields=["unit_price", "is_demonstration"],
    )


def _price(offer, currency):
    price = price_of(offer.sku_id, offer.category, offer.term, offer.billing, currency)
    return OfferPrice(
        offer=offer,
        currency=currency,
        unit_price=price,
        valid_from=SINCE,
        is_demonstration=True,
    )
