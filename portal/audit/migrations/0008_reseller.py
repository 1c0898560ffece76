from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

BEFORE = import_module("portal.audit.migrations.0004_auditlink")

# What came later is appended only where there is any, and by its name: the hashes of entries that
# know of no reseller are made of the same text as before.
TEXT = BEFORE.TEXT.replace(
    "    )::text",
    """    ) || case when e.reseller_id is null then '[]'::jsonb
        else jsonb_build_array(jsonb_build_object('reseller', e.reseller_id)) end)::text""",
).replace("    jsonb_build_array(", "    (jsonb_build_array(", 1)


def seal_with(text):
    """The function of migration 0004 that makes the links, reading entries out as ``text``."""
    made = BEFORE.SEAL.replace(BEFORE.TEXT, text)
    return made.replace("create function", "create or replace function")


class Migration(migrations.Migration):
    """Entries name the reseller they concern, so that a provider finds all about one of them."""

    dependencies = [("audit", "0007_names"), ("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            "auditentry",
            "reseller",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organization",
            ),
        ),
        migrations.AddIndex(
            "auditentry",
            models.Index(
                fields=["organization", "reseller", "-at", "-id"],
                name="audit_by_reseller",
                condition=Q(reseller__isnull=False),
            ),
        ),
        migrations.RunSQL(seal_with(TEXT), seal_with(BEFORE.TEXT)),
    ]
