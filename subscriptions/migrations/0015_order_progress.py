from django.db import migrations, models
from django.utils.timezone import now


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0014_price_validity")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="moved_at",
            field=models.DateTimeField(default=now, editable=False),
        ),
        migrations.AddField(
            model_name="orderline",
            name="tries",
            field=models.JSONField(default=list, editable=False),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("status", "placed")),
                fields=["moved_at"],
                name="order_running",
            ),
        ),
        # The regular round finds orders that are stuck; what it does, it does as their provider.
        migrations.RunSQL(
            "create policy system on subscriptions_order to twotier_system using (true);"
            "grant select on subscriptions_order to twotier_system;",
            "revoke select on subscriptions_order from twotier_system;"
            "drop policy system on subscriptions_order;",
        ),
    ]
