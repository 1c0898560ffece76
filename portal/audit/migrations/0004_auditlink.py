import django.db.models.deletion
from django.db import migrations, models

from portal.tenancy import protect

# How an entry is read out, so that nothing of it can be changed and the reading stay the same.
# A column that comes later is appended only where it is not null: the old hashes must still fit.
# portal/audit/chain.py reads it out the same way to verify.
TEXT = """
    jsonb_build_array(
        e.id, (extract(epoch from e.at) * 1000000)::bigint, e.organization_id, e.actor_id,
        e.acting_for_id, e.customer_id, e.action, e.target_type, e.target_id, e.details,
        e.ip, e.request_reference, e.operator_id
    )::text
"""

# The unsealed links from this one on are those of this transaction: those of others can't be seen
# before they are sealed. So many locks at most: thousands would not fit into shared memory.
SEAL = f"""
    create function audit_seal_links(first bigint) returns void
    language plpgsql security definer set search_path = public, pg_temp as $$
    declare
        stripe int;
        link record;
        place bigint;
        last_number bigint;
        last_hash bytea;
    begin
        for stripe in
            select distinct organization_id % 256 from audit_auditlink
            where number is null and id >= first order by 1
        loop
            perform pg_advisory_xact_lock(7207, stripe);
        end loop;

        for link in
            select l.id, l.organization_id, {TEXT} as text
            from audit_auditlink l join audit_auditentry e on e.id = l.entry_id
            where l.number is null and l.id >= first order by l.organization_id, l.id
        loop
            if link.organization_id is distinct from place then
                place := link.organization_id;
                select number, hash into last_number, last_hash from audit_auditlink
                where organization_id = place and number is not null
                order by number desc limit 1;
            end if;
            last_number := coalesce(last_number, 0) + 1;
            last_hash := sha256(
                coalesce(last_hash, '') || convert_to(last_number || ' ' || link.text, 'UTF8')
            );
            update audit_auditlink set number = last_number, hash = last_hash where id = link.id;
        end loop;
    end $$;
    revoke execute on function audit_seal_links(bigint) from public;
"""

# Sealing waits for others who seal, so it must be the last thing that a transaction does: whoever
# still had to wait for a row of theirs could wait for ever. A deferred trigger alone is not last,
# foreign keys are checked after it; one that it sets off in turn is, as long as no other deferred
# trigger writes rows. One link of each transaction goes this way for all.
TRIGGERS = """
    create function audit_link() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
    declare
        first bigint;
    begin
        with links as (
            insert into audit_auditlink (entry_id, organization_id)
            select id, organization_id from added returning id
        )
        select min(id) into first from links;
        if first is not null and coalesce(current_setting('twotier.sealing', true), '') = '' then
            perform set_config('twotier.sealing', 'asked', true);
            update audit_auditlink set hash = '' where id = first;
        end if;
        return null;
    end $$;
    create trigger audit_link after insert on audit_auditentry
        referencing new table as added for each statement execute function audit_link();

    create function audit_seal() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
    begin
        if current_setting('twotier.sealing', true) = 'asked' then
            perform set_config('twotier.sealing', 'last', true);
            update audit_auditlink set hash = '' where id = new.id;
        else
            perform set_config('twotier.sealing', '', true);
            perform audit_seal_links(new.id);
        end if;
        return null;
    end $$;
    create constraint trigger audit_seal after update on audit_auditlink
        deferrable initially deferred for each row when (new.number is null)
        execute function audit_seal();
"""

NEVER_CHANGE = """
    create trigger audit_never_emptied before truncate on audit_auditentry
        for each statement execute function audit_entries_never_change();
    create trigger audit_never_emptied before truncate on audit_auditlink
        for each statement execute function audit_entries_never_change();
    create trigger audit_never_deleted before delete on audit_auditlink
        for each row execute function audit_entries_never_change();
    create trigger audit_append_only before update on audit_auditlink
        for each row when (
            old.number is not null or new.entry_id is distinct from old.entry_id
            or new.organization_id is distinct from old.organization_id
        ) execute function audit_entries_never_change();
    revoke update, delete, truncate on audit_auditentry from twotier_operator;
    revoke insert, update, delete, truncate on audit_auditlink from twotier_operator;
"""

SEAL_WHAT_IS_THERE = """
    insert into audit_auditlink (entry_id, organization_id)
        select id, organization_id from audit_auditentry order by at, id;
    select audit_seal_links(0);
"""

UNDO = """
    drop trigger audit_link on audit_auditentry;
    drop trigger audit_never_emptied on audit_auditentry;
    drop trigger audit_seal on audit_auditlink;
    drop trigger audit_never_emptied on audit_auditlink;
    drop trigger audit_never_deleted on audit_auditlink;
    drop trigger audit_append_only on audit_auditlink;
    drop function audit_link();
    drop function audit_seal();
    drop function audit_seal_links(bigint);
    grant update, delete on audit_auditentry to twotier_operator;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_origin")]

    operations = [
        migrations.CreateModel(
            name="AuditLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.BigIntegerField(null=True)),
                ("hash", models.BinaryField(null=True)),
                (
                    "entry",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="link",
                        to="audit.auditentry",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "ordering": ["organization", "number"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("number", None)),
                        fields=["id"],
                        name="auditlink_unsealed",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "number"), name="auditlink_once_per_number"
                    )
                ],
            },
        ),
        protect(
            "audit_auditlink",
            provider=("select", "organization_id"),
            reseller=("select", "organization_id"),
            customer=("select", "organization_id"),
        ),
        migrations.RunSQL(SEAL),
        migrations.RunSQL(SEAL_WHAT_IS_THERE),
        migrations.RunSQL(TRIGGERS + NEVER_CHANGE, UNDO),
    ]
