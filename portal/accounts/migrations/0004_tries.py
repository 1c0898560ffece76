from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_suspension"),
    ]

    operations = [
        migrations.CreateModel(
            name="Tries",
            fields=[
                (
                    "key",
                    models.CharField(
                        max_length=64,
                        primary_key=True,
                        serialize=False,
                        verbose_name="limit and fingerprint",
                    ),
                ),
                ("count", models.PositiveIntegerField(verbose_name="tries")),
                ("ends_at", models.DateTimeField(db_index=True, verbose_name="forgotten at")),
            ],
            options={
                "verbose_name": "sign-in tries",
                "verbose_name_plural": "sign-in tries",
                "ordering": ["-ends_at"],
            },
        ),
    ]
