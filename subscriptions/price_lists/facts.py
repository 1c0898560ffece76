"""The rows of an offer matrix beside the offers of the catalogue."""

from collections import defaultdict

from django.utils.translation import gettext as _

from subscriptions.models import Offer, Product
from subscriptions.price_lists.cells import sku
from subscriptions.price_lists.outcome import Kind

Category = Offer.Category
FIELDS = (
    *("product_id", "min_quantity", "max_quantity", "limit_per_customer", "category"),
    *("is_add_on", "prerequisites", "conversions", "countries"),
)
MOST_SMALL = 300  # licenses of what is for small business (domain.md 4.6)


def plan_facts(plan, rows):
    """Note in ``plan`` what the MatrixRows change in every offer of their sku_id."""
    offers, products = _offers(), dict(Product.objects.values_list("guid", "pk"))
    by_name = {of_sku[0].name.casefold(): sku_id for sku_id, of_sku in offers.items()}
    seen = {}
    for row in rows:
        if problem := _problem(row, offers, by_name, seen):
            plan.add(Kind.REFUSED, row.line, _name(row, offers), reason=problem)
            continue
        seen[row.sku_id] = row.line
        for offer in offers[row.sku_id]:
            _compare(plan, row, offer, _facts(row, offer, products, by_name))


def _offers():
    found = defaultdict(list)
    for offer in Offer.objects.order_by("pk"):
        found[offer.sku_id].append(offer)
    return dict(found)


def _name(row, offers):
    return offers[row.sku_id][0].name if row.sku_id in offers else row.sku_id


def _problem(row, offers, by_name, seen):
    if row.sku_id in seen:
        return _("Line %(line)s is about the same offer") % {"line": seen[row.sku_id]}
    if row.sku_id not in offers:
        return _("Nothing of this product and SKU is sold: import its price list first")
    unknown = [words for words in row.prerequisites if not _resolved(words, by_name)]
    if unknown:
        # Left out, it would let anybody buy the offer.
        return _("It needs “%(name)s”, which is no known offer") % {"name": unknown[0][:80]}
    return ""


def _resolved(words, by_name):
    """The sku_id of an offer by its id, known or not, or by the name of a known one."""
    return sku(words) or by_name.get(words.casefold(), "")


def _facts(row, offer, products, by_name):
    category = offer.category
    if category == Category.ENTERPRISE and MOST_SMALL >= row.high > 1:
        category = Category.SMALL_BUSINESS
    relatives = (
        sorted({found for words in several if (found := _resolved(words, by_name))})
        for several in (row.prerequisites, row.conversions)
    )
    return dict(
        zip(
            FIELDS,
            (
                *(products.get(row.guid, offer.product_id), row.low, row.high, row.limit, category),
                # What needs something else to be bought is an add-on.
                *(offer.is_add_on or bool(row.prerequisites), *relatives, row.countries),
            ),
            strict=True,
        )
    )


def _compare(plan, row, offer, facts):
    before = {name: getattr(offer, name) for name in FIELDS}
    before |= {name: sorted(before[name]) for name in ("prerequisites", "conversions", "countries")}
    changed = [name for name in FIELDS if before[name] != facts[name]]
    if not changed:
        plan.unchanged += 1
        return
    for name in changed:
        setattr(offer, name, facts[name])
    plan.facts.append(offer)
    plan.add(
        Kind.CHANGED,
        row.line,
        offer.name,
        about=f"{offer.sku_id} · {offer.term} · {offer.billing}",
        before=_written(before, changed),
        after=_written(facts, changed),
    )


def _written(facts, changed):
    return ", ".join(f"{name}={_plain(facts[name])}" for name in changed)


def _plain(value):
    return ";".join(value) if isinstance(value, list) else str(value)
