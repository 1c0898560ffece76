"""What can be ordered, and what it costs. The names and ids are the vendor's data, not ours."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.text import sort_key

MONEY = {"max_digits": 12, "decimal_places": 2}


class Term(models.TextChoices):
    """How long a commitment lasts, as ISO 8601 says it."""

    MONTH = "P1M", _("1 month")
    YEAR = "P1Y", _("1 year")
    THREE_YEARS = "P3Y", _("3 years")
    SIX_YEARS = "P72M", _("6 years")
    TRIAL = "P30D", _("30 days")


class Billing(models.TextChoices):
    MONTHLY = "monthly", _("Monthly")
    ANNUAL = "annual", _("Annual")
    ONE_TIME = "one_time", _("Once")
    NONE = "none", _("Free of charge")


class Product(models.Model):
    """A product of the vendor's catalogue."""

    guid = models.UUIDField(unique=True)
    string_id = models.CharField(max_length=150)
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class ExclusivePlan(models.Model):
    """A service plan in a product that can't be combined with other plans of its group.

    A user can't have two products of which each brings only other plans of one group
    (``data/catalog_conflicts.csv``).
    """

    product = models.ForeignKey(Product, models.CASCADE, related_name="exclusive_plans")
    group = models.CharField(max_length=60)
    plan_id = models.UUIDField()
    name = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "plan_id"], name="exclusiveplan_once_per_product"
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.group})"


class OfferQuerySet(models.QuerySet):
    def priced_in(self, currency):
        """With the ``price`` of a license in ``currency``, or None, and ``is_demonstration``."""
        return self.annotate(
            priced=models.FilteredRelation("prices", condition=Q(prices__currency=currency)),
            price=F("priced__unit_price"),
            is_demonstration=F("priced__is_demonstration"),
        )


class Offer(models.Model):
    """A product as it is sold: how many licenses, for how long, billed how often."""

    class Category(models.TextChoices):
        ENTERPRISE = "enterprise", _("Enterprise")
        SMALL_BUSINESS = "small_business", _("Small business")
        EDUCATION = "education", _("Education")
        GOVERNMENT = "government", _("Government")
        ADD_ON = "add_on", _("Add-on")
        TRIAL = "trial", _("Trial")

    # Empty where the vendor sells something that its list of products leaves out.
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="offers"
    )
    name = models.CharField(_("subscription"), max_length=200)
    name_key = models.CharField(max_length=200, db_collation="C", editable=False)
    # The same for every term and billing plan of one thing: the limit per customer counts it.
    sku_id = models.CharField(max_length=60)
    publisher = models.CharField(_("publisher"), max_length=100)
    category = models.CharField(_("category"), max_length=20, choices=Category)
    term = models.CharField(_("term"), max_length=5, choices=Term)
    billing = models.CharField(_("billing type"), max_length=10, choices=Billing)
    min_quantity = models.PositiveIntegerField(default=1)
    max_quantity = models.PositiveIntegerField()
    # How many subscriptions of it one customer may have: at a time, or ever if it is a trial.
    limit_per_customer = models.PositiveSmallIntegerField(null=True, blank=True)
    is_add_on = models.BooleanField(default=False)
    is_trial = models.BooleanField(default=False)
    # The sku_ids of which a customer needs one before this; empty: an add-on needs any base.
    prerequisites = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    # The sku_ids a subscription of this can be upgraded to; of a trial, what it becomes when paid.
    conversions = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    # Two-letter codes of the countries it is sold in; empty: wherever it has a price.
    countries = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    is_available = models.BooleanField(default=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["name_key", "pk"]
        indexes = [models.Index(fields=["name_key", "id"], name="offer_list")]
        constraints = [
            models.UniqueConstraint(
                fields=["sku_id", "term", "billing"], name="offer_once_per_term_and_billing"
            ),
            models.CheckConstraint(
                condition=Q(min_quantity__gte=1, max_quantity__gte=F("min_quantity")),
                name="offer_quantities_in_order",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.name_key = sort_key(self.name)
        super().save(*args, **kwargs)


class OfferPrice(models.Model):
    """What one license costs per billing period, in one currency, excluding tax."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="prices")
    currency = models.CharField(max_length=3)
    unit_price = models.DecimalField(**MONEY)
    is_demonstration = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "currency"], name="price_once_per_currency"),
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="price_not_negative"),
        ]

    def __str__(self):
        return f"{self.unit_price} {self.currency}"
