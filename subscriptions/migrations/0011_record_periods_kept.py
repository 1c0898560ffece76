from django.db import migrations

from portal.tenancy import protect, tie

TABLE = "subscriptions_recordperiod"

# Each period that has ended ends where another one of the same subscription begins. As no two end
# at the same moment, all of them are one chain up to the open one: no gap and no overlap.
CHAIN = f"""
    alter table {TABLE} add constraint recordperiod_goes_on
        foreign key (subscription_id, until) references {TABLE} (subscription_id, since)
        deferrable initially deferred;
"""
NO_CHAIN = f"alter table {TABLE} drop constraint recordperiod_goes_on;"

# In the name of the table's owner: whoever may change a subscription has no way to its history.
# A change at the moment of the one before takes its place; it never lasted.
KEEP = f"""
    create function subscription_keeps_record() returns trigger
    language plpgsql security definer set search_path from current as $$
    declare
        last {TABLE};
        counted integer := case when new.status = 'active' then new.quantity else 0 end;
        moment timestamptz := clock_timestamp();
    begin
        if new.started_on is null then
            return null;
        end if;
        select * into last from {TABLE} where subscription_id = new.id and until is null;
        if tg_op = 'INSERT' then
            moment := new.started_on::timestamp at time zone 'UTC';
        elsif new.changed_at is distinct from old.changed_at then
            moment := new.changed_at;
        end if;
        if last.id is not null then
            moment := greatest(moment, last.since);
            if (last.location_id, last.licenses)
                is not distinct from (new.reseller_of_record_id, counted) then
                return null;
            elsif moment = last.since then
                update {TABLE} set location_id = new.reseller_of_record_id, licenses = counted
                where id = last.id;
                return null;
            end if;
            update {TABLE} set until = moment where id = last.id;
        end if;
        insert into {TABLE} (provider_id, subscription_id, location_id, licenses, since)
        values (new.provider_id, new.id, new.reseller_of_record_id, counted, moment);
        return null;
    end $$;
    create trigger keeps_record_of_new after insert on subscriptions_subscription
        for each row execute function subscription_keeps_record();
    create trigger keeps_record
        after update of reseller_of_record_id, quantity, status, started_on
        on subscriptions_subscription
        for each row when (
            (old.reseller_of_record_id, old.quantity, old.status, old.started_on)
            is distinct from (new.reseller_of_record_id, new.quantity, new.status, new.started_on)
        ) execute function subscription_keeps_record();
"""
FORGET = """
    drop trigger keeps_record on subscriptions_subscription;
    drop trigger keeps_record_of_new on subscriptions_subscription;
    drop function subscription_keeps_record();
"""

# What is there already counts as it is now, from its first day on; what is over, up to its end.
FILL = f"""
    insert into {TABLE} (provider_id, subscription_id, location_id, licenses, since, until)
    select provider_id, id, reseller_of_record_id, part.licenses, part.since, part.until
    from (
        select *, started_on::timestamp at time zone 'UTC' as beginning,
            coalesce(suspended_at, changed_at) as ending
        from subscriptions_subscription where started_on is not null
    ) as known
    cross join lateral (
        select quantity, beginning, case when status <> 'active' then ending end
        where status = 'active' or ending > beginning
        union all
        select 0, greatest(beginning, ending), null where status <> 'active'
    ) as part (licenses, since, until);
"""


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0010_record_periods")]

    # Whom a provider names is its own business: the history names other resellers.
    operations = [
        protect(TABLE, provider="select"),
        tie(TABLE, "subscription_id", "subscriptions_subscription", "provider_id"),
        migrations.RunSQL(CHAIN, NO_CHAIN),
        migrations.RunSQL(KEEP, FORGET),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
