import django.db.models.deletion
from django.db import migrations, models

from portal.tenancy import protect


class Migration(migrations.Migration):
    """What became of verifying the record: operators' alone."""

    dependencies = [
        ("accounts", "0006_operators_look"),
        ("audit", "0005_operators_look"),
    ]

    operations = [
        migrations.CreateModel(
            name="Verification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("began_at", models.DateTimeField(db_index=True, verbose_name="verified")),
                ("broken", models.PositiveIntegerField(verbose_name="broken activity logs")),
            ],
            options={
                "verbose_name": "verification",
                "verbose_name_plural": "verifications",
                "ordering": ["-began_at"],
            },
        ),
        migrations.CreateModel(
            name="BrokenChain",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "wrong",
                    models.CharField(
                        choices=[
                            ("changed", "An entry was changed"),
                            ("missing", "An entry is missing"),
                            ("link", "The seal of an entry was changed"),
                            ("unsealed", "An entry was never sealed"),
                        ],
                        max_length=10,
                        verbose_name="finding",
                    ),
                ),
                ("number", models.BigIntegerField(null=True, verbose_name="number in the log")),
                ("entry", models.UUIDField(null=True, verbose_name="entry")),
                ("entry_at", models.DateTimeField(null=True, verbose_name="written")),
                ("found_at", models.DateTimeField(verbose_name="found")),
                ("verified_at", models.DateTimeField(verbose_name="last verified")),
                ("last_good_at", models.DateTimeField(null=True, verbose_name="last in order")),
                ("mended_at", models.DateTimeField(null=True, verbose_name="in order again")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "broken activity log",
                "verbose_name_plural": "broken activity logs",
                "ordering": ["-found_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("mended_at", None)),
                        fields=("organization", "number", "entry", "wrong"),
                        name="brokenchain_once_until_mended",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        protect("audit_verification"),
        protect("audit_brokenchain"),
    ]
