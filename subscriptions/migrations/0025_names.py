from django.db import migrations


class Migration(migrations.Migration):
    """What the tables are called, translated."""

    dependencies = [
        ("subscriptions", "0024_order_requests_row_level_security"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="calendarfeed",
            options={
                "ordering": ["-made_at", "-pk"],
                "verbose_name": "calendar feed",
                "verbose_name_plural": "calendar feeds",
            },
        ),
        migrations.AlterModelOptions(
            name="changebatch",
            options={
                "ordering": ["-created_at", "-pk"],
                "verbose_name": "change batch",
                "verbose_name_plural": "change batches",
            },
        ),
        migrations.AlterModelOptions(
            name="changebatchrow",
            options={
                "ordering": ["batch", "line"],
                "verbose_name": "change batch row",
                "verbose_name_plural": "change batch rows",
            },
        ),
        migrations.AlterModelOptions(
            name="customermove",
            options={
                "ordering": ["partnership", "customer"],
                "verbose_name": "customer move",
                "verbose_name_plural": "customer moves",
            },
        ),
        migrations.AlterModelOptions(
            name="exclusiveplan",
            options={"verbose_name": "exclusive plan", "verbose_name_plural": "exclusive plans"},
        ),
        migrations.AlterModelOptions(
            name="licenseassignment",
            options={
                "ordering": ["assigned_at", "pk"],
                "verbose_name": "license assignment",
                "verbose_name_plural": "license assignments",
            },
        ),
        migrations.AlterModelOptions(
            name="licenserequest",
            options={
                "ordering": ["-asked_at", "-pk"],
                "verbose_name": "license request",
                "verbose_name_plural": "license requests",
            },
        ),
        migrations.AlterModelOptions(
            name="offer",
            options={
                "ordering": ["name_key", "pk"],
                "verbose_name": "offer",
                "verbose_name_plural": "offers",
            },
        ),
        migrations.AlterModelOptions(
            name="offerprice",
            options={
                "ordering": [
                    "offer__name_key",
                    "currency",
                    "market",
                    "min_quantity",
                    "valid_from",
                    "pk",
                ],
                "verbose_name": "offer price",
                "verbose_name_plural": "offer prices",
            },
        ),
        migrations.AlterModelOptions(
            name="order",
            options={
                "ordering": ["-placed_at", "-pk"],
                "verbose_name": "order",
                "verbose_name_plural": "orders",
            },
        ),
        migrations.AlterModelOptions(
            name="orderdraft",
            options={
                "ordering": ["-updated_at"],
                "verbose_name": "order draft",
                "verbose_name_plural": "order drafts",
            },
        ),
        migrations.AlterModelOptions(
            name="orderline",
            options={
                "ordering": ["pk"],
                "verbose_name": "order line",
                "verbose_name_plural": "order lines",
            },
        ),
        migrations.AlterModelOptions(
            name="orderrequest",
            options={
                "ordering": ["-asked_at", "-pk"],
                "verbose_name": "order request",
                "verbose_name_plural": "order requests",
            },
        ),
        migrations.AlterModelOptions(
            name="priceupload",
            options={
                "ordering": ["-created_at", "-pk"],
                "verbose_name": "price upload",
                "verbose_name_plural": "price uploads",
            },
        ),
        migrations.AlterModelOptions(
            name="product",
            options={
                "ordering": ["name"],
                "verbose_name": "product",
                "verbose_name_plural": "products",
            },
        ),
        migrations.AlterModelOptions(
            name="recordperiod",
            options={
                "ordering": ["since", "pk"],
                "verbose_name": "record period",
                "verbose_name_plural": "record periods",
            },
        ),
        migrations.AlterModelOptions(
            name="subscription",
            options={
                "ordering": ["-created_at", "-pk"],
                "verbose_name": "subscription",
                "verbose_name_plural": "subscriptions",
            },
        ),
    ]
