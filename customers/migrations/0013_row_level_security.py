from django.db import migrations

from portal.tenancy import ORGANIZATION, protect, tie

# Which organizations a partner may administer. Asked once per statement, not once per row, and
# answered by the index below: unlike a plain equality it keeps list pages as quick as they are
# (docs/figures.md) although users name no partner.
ADMINISTERED = f"""
    organization_id in (
        select granted.organization_id from customers_delegatedadmin granted
        where granted.partner_id = {ORGANIZATION} and granted.status = 'granted'
            and granted.ends_at > now()
    )
"""
PARTNERS = ("provider", "reseller")
OPEN_TO_PARTNERS = "\n".join(
    f"""
    create policy {kind} on customers_customeruser to twotier_{kind} using ({ADMINISTERED});
    grant select, insert, update on customers_customeruser to twotier_{kind};
    """
    for kind in PARTNERS
)
CLOSED = "\n".join(f"drop policy if exists {kind} on customers_customeruser;" for kind in PARTNERS)
WHOSE_FILES = {
    kind: ("select, insert, update, delete", "acting_for_id")
    for kind in ("provider", "reseller", "customer")
}


def add_users_there_are(apps, schema_editor):
    """Every member of a customer organization is one of its users."""
    Membership = apps.get_model("accounts", "Membership")
    CustomerUser = apps.get_model("customers", "CustomerUser")
    members = Membership.objects.filter(organization__kind="customer").order_by("pk")
    known = set()
    for member in members.select_related("user", "organization").iterator():
        if member.user_id not in known:
            known.add(member.user_id)
            CustomerUser.objects.create(**_as_user(member))


def _as_user(member):
    from portal.text import sort_key

    user = member.user
    name = f"{user.first_name} {user.last_name}".strip() or user.username
    return {
        "organization_id": member.organization_id,
        "user_id": user.pk,
        "membership_id": member.pk,
        "display_name": name[:101],
        "name_key": sort_key(name[:101]),
        "country": member.organization.country,
        "created_at": user.date_joined,
    }


class Migration(migrations.Migration):
    dependencies = [("customers", "0012_users")]

    operations = [
        migrations.RunSQL(
            "create index delegatedadmin_administered on customers_delegatedadmin "
            "(partner_id, organization_id) where status = 'granted'",
            "drop index delegatedadmin_administered",
        ),
        protect(
            "customers_customeruser", customer="select, insert, update", system="select, update"
        ),
        migrations.RunSQL(OPEN_TO_PARTNERS, CLOSED),
        protect("customers_userupload", system="select", **WHOSE_FILES),
        protect("customers_useruploadrow", system="select", **WHOSE_FILES),
        tie("customers_useruploadrow", "upload_id", "customers_userupload", "acting_for_id"),
        migrations.RunPython(add_users_there_are, migrations.RunPython.noop),
    ]
