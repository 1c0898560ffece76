from django.db import migrations


class Migration(migrations.Migration):
    """What the tables are called, translated."""

    dependencies = [
        ("customers", "0015_row_level_security"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="adminaccount",
            options={"verbose_name": "admin account", "verbose_name_plural": "admin accounts"},
        ),
        migrations.AlterModelOptions(
            name="adminrenewal",
            options={
                "ordering": ["-asked_at", "-pk"],
                "verbose_name": "admin renewal",
                "verbose_name_plural": "admin renewals",
            },
        ),
        migrations.AlterModelOptions(
            name="customer",
            options={
                "ordering": ["name_key", "pk"],
                "verbose_name": "customer",
                "verbose_name_plural": "customers",
            },
        ),
        migrations.AlterModelOptions(
            name="customertag",
            options={
                "ordering": ["key"],
                "verbose_name": "customer tag",
                "verbose_name_plural": "customer tags",
            },
        ),
        migrations.AlterModelOptions(
            name="customeruser",
            options={
                "ordering": ["name_key", "pk"],
                "verbose_name": "customer user",
                "verbose_name_plural": "customer users",
            },
        ),
        migrations.AlterModelOptions(
            name="delegatedadmin",
            options={"verbose_name": "delegated admin", "verbose_name_plural": "delegated admins"},
        ),
        migrations.AlterModelOptions(
            name="movebatch",
            options={
                "ordering": ["-created_at", "-pk"],
                "verbose_name": "move batch",
                "verbose_name_plural": "move batches",
            },
        ),
        migrations.AlterModelOptions(
            name="movebatchrow",
            options={
                "ordering": ["batch", "line"],
                "verbose_name": "move batch row",
                "verbose_name_plural": "move batch rows",
            },
        ),
        migrations.AlterModelOptions(
            name="relationshiprequest",
            options={
                "ordering": ["-created_at", "-pk"],
                "verbose_name": "relationship request",
                "verbose_name_plural": "relationship requests",
            },
        ),
        migrations.AlterModelOptions(
            name="tenantowner",
            options={"verbose_name": "tenant owner", "verbose_name_plural": "tenant owners"},
        ),
        migrations.AlterModelOptions(
            name="userupload",
            options={
                "ordering": ["-created_at", "-pk"],
                "verbose_name": "user upload",
                "verbose_name_plural": "user uploads",
            },
        ),
        migrations.AlterModelOptions(
            name="useruploadrow",
            options={
                "ordering": ["upload", "line"],
                "verbose_name": "user upload row",
                "verbose_name_plural": "user upload rows",
            },
        ),
    ]
