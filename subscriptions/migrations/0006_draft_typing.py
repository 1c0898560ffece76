import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("subscriptions", "0005_row_level_security"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("orderdraft", "typed", models.JSONField(default=dict)),
        migrations.AddField(
            "orderdraft", "tab", models.UUIDField(blank=True, editable=False, null=True)
        ),
        migrations.AddField(
            "orderdraft",
            "taken_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField("orderdraft", "taken_at", models.DateTimeField(blank=True, null=True)),
    ]
