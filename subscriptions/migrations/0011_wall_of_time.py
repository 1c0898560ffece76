from django.db import migrations

TABLE = "subscriptions_subscription"

# An add-on is never active where its base is not. Whoever activates one holds its base, so that
# nobody ends that at the same moment; whoever ends a base has ended its add-ons before.
GUARD = f"""
create function subscriptions_add_on_needs_base() returns trigger language plpgsql as $$
begin
    if new.status = 'active' and new.base_id is not null then
        perform from {TABLE} where id = new.base_id and status = 'active' for share;
        if not found then
            raise exception 'an add-on is active only while its base is'
                using errcode = 'check_violation';
        end if;
    elsif new.status <> 'active' and exists (
        select from {TABLE} where base_id = new.id and status = 'active'
    ) then
        raise exception 'a base ends after its add-ons' using errcode = 'check_violation';
    end if;
    return null;
end $$;
create trigger add_on_needs_base after insert or update of status, base_id on {TABLE}
    for each row execute function subscriptions_add_on_needs_base();
"""
NO_GUARD = f"""
drop trigger add_on_needs_base on {TABLE};
drop function subscriptions_add_on_needs_base();
"""


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0010_time_does_its_part")]

    operations = [
        migrations.RunSQL(GUARD, NO_GUARD),
        # The regular round looks for what is due, and acts as each provider.
        migrations.RunSQL(
            f"create policy system on {TABLE} to twotier_system using (true) with check (true);"
            f"grant select on {TABLE} to twotier_system;",
            f"revoke select on {TABLE} from twotier_system; drop policy system on {TABLE};",
        ),
    ]
