"""What can be ordered, and what it costs. The names and ids are the vendor's data, not ours."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from portal.text import sort_key

MONEY = {"max_digits": 12, "decimal_places": 2}


def price_day():
    """The day whose prices count: today in UTC, the same for everybody (domain.md 4.11)."""
    return now().date()


def valid_on(day, prefix=""):
    """The condition for prices that count on ``day``."""
    ends = Q(**{f"{prefix}valid_until": None}) | Q(**{f"{prefix}valid_until__gte": day})
    return Q(**{f"{prefix}valid_from__lte": day}) & ends


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
        verbose_name, verbose_name_plural = _("product"), _("products")

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
        verbose_name, verbose_name_plural = _("exclusive plan"), _("exclusive plans")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "plan_id"], name="exclusiveplan_once_per_product"
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.group})"


class OfferQuerySet(models.QuerySet):
    def priced_in(self, currency, *, market="", quantity=1, day=None):
        """With the ``price`` of a license in ``currency``, or None, and ``is_demonstration``.

        ``market`` is the buyer's country, whose own price goes before the one for every country
        of the currency; ``quantity`` is how many licenses are bought, a number or an expression,
        for the tier; ``day`` another day than today (a renewal's). Both joins find one row at
        most: the database lets no two prices overlap.
        """
        when = valid_on(day or price_day(), prefix="prices__")
        tier = Q(prices__min_quantity__lte=quantity) & (
            Q(prices__max_quantity=None) | Q(prices__max_quantity__gte=quantity)
        )
        wanted = Q(prices__currency=currency) & tier & when
        everywhere = wanted & Q(prices__market="")
        offers = self.annotate(priced=models.FilteredRelation("prices", condition=everywhere))
        if not market:
            return offers.annotate(
                price=F("priced__unit_price"), is_demonstration=F("priced__is_demonstration")
            )
        here = wanted & Q(prices__market=market)
        return offers.annotate(
            priced_here=models.FilteredRelation("prices", condition=here),
            price=Coalesce("priced_here__unit_price", "priced__unit_price"),
            is_demonstration=Coalesce("priced_here__is_demonstration", "priced__is_demonstration"),
        )


class Offer(models.Model):
    """A product as it is sold: how many licenses, for how long, billed how often."""

    class Category(models.TextChoices):
        ENTERPRISE = "enterprise", _("Enterprise")
        SMALL_BUSINESS = "small_business", _("Small business")
        EDUCATION = "education", _("Education")
        GOVERNMENT = "government", _("Government")
        NON_PROFIT = "non_profit", _("Non-profit")
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
        verbose_name, verbose_name_plural = _("offer"), _("offers")
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


class Range(Func):
    """A range with both its ends in it; without an upper end it is open."""

    template = "%(function)s(%(expressions)s, '[]')"


class OfferPrice(models.Model):
    """What one license costs per billing period, in one currency, excluding tax.

    A price counts from ``valid_from`` to ``valid_until``, both days included, as price lists write
    it; without an end it counts until another one begins. Subscriptions keep a copy: what changes
    here is paid from the renewal on (decision 26).
    """

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="prices")
    # A country's two-letter code; empty: everywhere the currency is used.
    market = models.CharField(_("country"), max_length=2, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    # The tier: how many licenses are bought at this price; without an end, any number more.
    min_quantity = models.PositiveIntegerField(_("from licenses"), default=1)
    max_quantity = models.PositiveIntegerField(_("to licenses"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"), default=price_day)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    unit_price = models.DecimalField(_("price"), **MONEY)
    # What the vendor recommends to ask of the customer, for the same period.
    erp_price = models.DecimalField(_("recommended price"), null=True, blank=True, **MONEY)
    is_demonstration = models.BooleanField(default=False)

    class Meta:
        ordering = ["offer__name_key", "currency", "market", "min_quantity", "valid_from", "pk"]
        verbose_name, verbose_name_plural = _("offer price"), _("offer prices")
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "currency", "market", "min_quantity", "valid_from"],
                name="price_begins_once",
            ),
            # Every part a range, the text as one of a type made for it: no extension is needed.
            ExclusionConstraint(
                name="prices_do_not_overlap",
                expressions=[
                    (Range(low, high, function=kind), RangeOperators.OVERLAPS)
                    for kind, low, high in (
                        ("int8range", "offer_id", "offer_id"),
                        ("textrange", "currency", "currency"),
                        ("textrange", "market", "market"),
                        ("int4range", "min_quantity", "max_quantity"),
                        ("daterange", "valid_from", "valid_until"),
                    )
                ],
                deferrable=models.Deferrable.IMMEDIATE,
                violation_error_message=_("Another price counts on one of these days already."),
            ),
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="price_not_negative"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="price_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(min_quantity__gte=1)
                & (Q(max_quantity=None) | Q(max_quantity__gte=F("min_quantity"))),
                name="price_tier_in_order",
            ),
        ]

    def __str__(self):
        return f"{self.unit_price} {self.currency}"

    def clean(self):
        """Ends before beginnings are said at their field: the database can't even compare them."""
        wrong = {}
        if self.valid_until and self.valid_from and self.valid_until < self.valid_from:
            wrong["valid_until"] = _("The last day is before the first.")
        if self.max_quantity and self.min_quantity and self.max_quantity < self.min_quantity:
            wrong["max_quantity"] = _("The tier ends before it begins.")
        if wrong:
            raise ValidationError(wrong)
