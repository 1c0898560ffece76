from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.utils.timezone import now

ROLES = [
    ("global_admin", "Global admin"),
    ("user_admin", "User admin"),
    ("admin_agent", "Admin agent"),
    ("sales_agent", "Sales agent"),
]

# An organization that had an active global admin keeps one, whoever writes and however many at
# once: whoever takes the right away locks the organization before looking who is left.
KEEP_A_GLOBAL_ADMIN = """
    create function keep_a_global_admin(organization bigint) returns void language plpgsql as $$
    begin
        perform from accounts_organization where id = organization for no key update;
        if found and not exists (
            select from accounts_membership m join accounts_user u on u.id = m.user_id
            where m.organization_id = organization and 'global_admin' = any(m.roles)
                and m.deactivated_at is null and u.is_active
        ) then
            raise exception 'Organization % would keep no global admin', organization
                using errcode = 'check_violation', constraint = 'organization_keeps_a_global_admin';
        end if;
    end $$;

    create function membership_keeps_a_global_admin() returns trigger language plpgsql as $$
    begin
        if 'global_admin' = any(old.roles) and old.deactivated_at is null
            and not exists (select from accounts_user where id = old.user_id and not is_active)
        then
            perform keep_a_global_admin(old.organization_id);
        end if;
        return null;
    end $$;

    create function user_keeps_global_admins() returns trigger language plpgsql as $$
    begin
        perform keep_a_global_admin(organization_id) from accounts_membership
            where user_id = old.id and 'global_admin' = any(roles) and deactivated_at is null
            order by organization_id;
        return null;
    end $$;

    create constraint trigger membership_keeps_a_global_admin
        after update or delete on accounts_membership deferrable initially immediate
        for each row execute function membership_keeps_a_global_admin();
    create constraint trigger user_keeps_global_admins
        after update on accounts_user deferrable initially immediate
        for each row when (old.is_active and not new.is_active)
        execute function user_keeps_global_admins();
"""
UNDO = """
    drop trigger user_keeps_global_admins on accounts_user;
    drop trigger membership_keeps_a_global_admin on accounts_membership;
    drop function user_keeps_global_admins();
    drop function membership_keeps_a_global_admin();
    drop function keep_a_global_admin(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            "membership",
            "created_at",
            models.DateTimeField(default=now, editable=False, verbose_name="added"),
        ),
        migrations.AddField(
            "membership",
            "deactivated_at",
            models.DateTimeField(blank=True, null=True, verbose_name="deactivated"),
        ),
        migrations.AddField(
            "user",
            "session_epoch",
            models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AlterField(
            "membership",
            "roles",
            ArrayField(
                models.CharField(max_length=20, choices=ROLES),
                verbose_name="roles",
                default=list,
                blank=True,
            ),
        ),
        migrations.RunSQL(KEEP_A_GLOBAL_ADMIN, UNDO),
    ]
