from django.db import migrations


class Migration(migrations.Migration):
    """What the tables are called, translated."""

    dependencies = [
        ("partners", "0005_renew_automatically"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="enrolment",
            options={
                "ordering": ["-created_at", "-pk"],
                "verbose_name": "enrolment",
                "verbose_name_plural": "enrolments",
            },
        ),
        migrations.AlterModelOptions(
            name="lettertemplate",
            options={
                "ordering": ["provider", "language"],
                "verbose_name": "text template",
                "verbose_name_plural": "text templates",
            },
        ),
        migrations.AlterModelOptions(
            name="mpnaccount",
            options={
                "ordering": ["mpn_id"],
                "verbose_name": "MPN ID",
                "verbose_name_plural": "MPN IDs",
            },
        ),
        migrations.AlterModelOptions(
            name="partnerprofile",
            options={"verbose_name": "partner profile", "verbose_name_plural": "partner profiles"},
        ),
        migrations.AlterModelOptions(
            name="partnership",
            options={
                "ordering": ["reseller_name_key", "pk"],
                "verbose_name": "partnership",
                "verbose_name_plural": "partnerships",
            },
        ),
        migrations.AlterModelOptions(
            name="partnershiprequest",
            options={
                "ordering": ["-created_at", "-pk"],
                "verbose_name": "partnership request",
                "verbose_name_plural": "partnership requests",
            },
        ),
        migrations.AlterModelOptions(
            name="profilechange",
            options={
                "ordering": ["-asked_at", "-pk"],
                "verbose_name": "profile change",
                "verbose_name_plural": "profile changes",
            },
        ),
        migrations.AlterModelOptions(
            name="requestbatch",
            options={
                "ordering": ["-created_at", "-pk"],
                "verbose_name": "request batch",
                "verbose_name_plural": "request batches",
            },
        ),
        migrations.AlterModelOptions(
            name="requestbatchrow",
            options={
                "ordering": ["batch", "line"],
                "verbose_name": "request batch row",
                "verbose_name_plural": "request batch rows",
            },
        ),
    ]
