from django.db import migrations

from portal.tenancy import protect

APPEND_ONLY = """
    create function audit_entries_never_change() returns trigger language plpgsql as $$
    begin
        raise exception 'Audit entries never change' using errcode = 'insufficient_privilege';
    end $$;
    create trigger audit_append_only before update or delete on audit_auditentry
        for each row execute function audit_entries_never_change();
"""
UNDO = """
    drop trigger audit_append_only on audit_auditentry;
    drop function audit_entries_never_change();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("accounts", "0001_initial")]

    operations = [
        protect(
            "audit_auditentry",
            provider=("select, insert", "organization_id"),
            reseller=("select, insert", "organization_id"),
            customer=("select, insert", "organization_id"),
            system="select, insert",
            insert_any=True,
        ),
        migrations.RunSQL(APPEND_ONLY, UNDO),
    ]
