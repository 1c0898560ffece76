"""The database roles behind ``portal.scope``: made once per server, granted once per database.

The login of DATABASE_URL needs CREATEROLE for this, or somebody who has it runs
``manage.py migrate`` once.
"""

from django.db import connection

from portal.scope import APP, OWNER, ROLES

CREATE = """
    do $$ begin
        if not exists (select from pg_roles where rolname = '{role}') then
            create role {role} nologin;
        end if;
    exception when duplicate_object or unique_violation then null;  -- somebody was faster
    end $$
"""

# Tables without row-level security hold nothing of one tenant alone (users, sessions, catalogue).
GRANT_TABLES = f"""
    do $$ declare t text; begin
        for t in select c.oid::regclass from pg_class c join pg_namespace n on n.oid = relnamespace
                 where nspname = 'public' and relkind = 'r' and not relrowsecurity loop
            execute format('grant select, insert, update, delete on %s to {APP}', t);
        end loop;
    end $$;
    grant usage on all sequences in schema public to {APP};
"""


def create_roles():
    """Create what is missing, as the login of DATABASE_URL; harmless to repeat."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(7206)")  # two set-ups at the same time
        for role in (OWNER, APP, *ROLES):
            cursor.execute(CREATE.format(role=role))
        for role in ROLES:
            _grant(cursor, APP, role, inherit=True)
        cursor.execute("select session_user")
        login = cursor.fetchone()[0]
        for role in (OWNER, APP, *ROLES):
            _grant(cursor, role, login, inherit=False)
        cursor.execute(f"grant usage, create on schema public to {OWNER}")
        cursor.execute(f"grant usage on schema public to {APP}")
        cursor.execute("select pg_advisory_unlock(7206)")


def grant_tables():
    """Let the application use every table that is not walled off."""
    with connection.cursor() as cursor:
        cursor.execute(GRANT_TABLES)


def _grant(cursor, role, member, *, inherit):
    if _granted(cursor, role, member, inherit=inherit):
        return
    # PostgreSQL 16 gives a role's maker the administration of it, but not its use.
    modern = connection.pg_version >= 160000
    options = f" with inherit {str(inherit).lower()}, set true" if modern else ""
    name = connection.ops.quote_name(member)
    cursor.execute(f"grant {role} to {name}{options}")


def _granted(cursor, role, member, *, inherit):
    kind = "usage" if inherit else ("set" if connection.pg_version >= 160000 else "member")
    cursor.execute("select pg_has_role(%s, %s, %s)", [member, role, kind])
    return cursor.fetchone()[0]
