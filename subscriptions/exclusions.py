"""Which products a user can't have together (``data/catalog_conflicts.csv``)."""

import csv
from collections import defaultdict
from uuid import UUID

from django.db import transaction

from subscriptions.models import ExclusivePlan, Product


@transaction.atomic
def import_exclusive_plans(conflicts_file, plans_file):
    """Replace what is known of plans that exclude each other; returns how many there are.

    The first file names plans by group, the second tells which product holds which plan. Products
    that are not in the catalogue are left out.
    """
    conflicts = {row["service_plan_id"]: row for row in _rows(conflicts_file)}
    products = {str(guid): pk for guid, pk in Product.objects.values_list("guid", "pk")}
    pairs = {(row["product_guid"], row["service_plan_id"]) for row in _rows(plans_file)}
    known = sorted(pair for pair in pairs if pair[0] in products and pair[1] in conflicts)
    ExclusivePlan.objects.all().delete()
    ExclusivePlan.objects.bulk_create(
        ExclusivePlan(
            product_id=products[guid],
            plan_id=UUID(plan_id),
            group=conflicts[plan_id]["exclusive_group"],
            name=conflicts[plan_id]["service_plan_name"],
        )
        for guid, plan_id in known
    )
    return len(known)


def _rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Exclusions:
    """What excludes each other among ``products`` (ids), or among all; looked up at once."""

    def __init__(self, products=None):
        self.plans = defaultdict(lambda: defaultdict(set))
        found = ExclusivePlan.objects.all()
        if products is not None:
            found = found.filter(product__in=set(products) - {None})
        for product, group, plan in found.values_list("product", "group", "plan_id"):
            self.plans[product][group].add(plan)

    def between(self, one, other):
        """Whether a user can have only one of two products (ids, or None for neither).

        They exclude each other where they bring only different plans of one group; a plan they
        share is simply there twice.
        """
        mine, theirs = self.plans.get(one, {}), self.plans.get(other, {})
        return any(mine[group].isdisjoint(theirs[group]) for group in mine.keys() & theirs.keys())
