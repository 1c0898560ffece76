"""Row-level security for one tenant table, as a migration operation.

Each policy is one bare equality per database role: that keeps ordered index scans (an OR or a
sub-select in a policy costs ten to a thousand times as much). The columns it compares are
repeated on every tenant table for the same reason, and tied together by composite foreign keys,
because a plain foreign key is checked without row-level security.
"""

from django.db import migrations

from portal.scope import OWNER

ORGANIZATION = "nullif(current_setting('twotier.organization', true), '')::bigint"
INVITATION = "nullif(current_setting('twotier.invitation', true), '')"
COLUMNS = {"provider": "provider_id", "reseller": "reseller_id", "customer": "organization_id"}


def protect(table, *, insert_any=False, guest=None, system="", **rights):
    """Wall off ``table``; ``rights`` is what each kind may do: ``provider="select, insert"``.

    ``provider``, ``reseller`` and ``customer`` are matched on their usual column; give a pair
    ``(rights, column)`` for another one. ``guest`` is the column that holds an invitation's hash,
    readable by whoever holds that invitation. ``system`` are the worker's own rights.
    ``insert_any`` lets every actor add rows about others (the audit log).
    """
    return migrations.RunSQL(
        "\n".join(_statements(table, insert_any, guest, system, rights)),
        f"drop policy if exists owner on {table};\n"
        + "\n".join(_undo(table, guest, system, rights)),
    )


def tie(table, column, target, *columns, cascade=False):
    """A composite foreign key: the row behind ``column`` must agree on ``columns`` as well.

    With ``cascade``, ``columns`` follow when they change there.
    """
    names = ", ".join(columns)
    name = f"{table}_{column}_{columns[0]}_agrees"
    key = f"{target}_id_{'_'.join(columns)}"
    on_update = " on update cascade" if cascade else ""
    return migrations.RunSQL(
        f"create unique index if not exists {key} on {target} (id, {names});"
        f"alter table {table} add constraint {name} foreign key ({column}, {names}) "
        f"references {target} (id, {names}){on_update};",
        f"alter table {table} drop constraint {name};",
    )


def _statements(table, insert_any, guest, system, rights):
    yield f"alter table {table} enable row level security;"
    yield f"alter table {table} force row level security;"
    yield f"create policy owner on {table} to {OWNER} using (true) with check (true);"
    yield f"create policy operator on {table} to twotier_operator using (true) with check (true);"
    yield f"grant select, insert, update, delete on {table} to twotier_operator;"
    if system:
        yield f"create policy system on {table} to twotier_system using (true) with check (true);"
        yield f"grant {system} on {table} to twotier_system;"
    for kind, given in rights.items():
        verbs, column = given if isinstance(given, tuple) else (given, COLUMNS[kind])
        on = f"on {table} to twotier_{kind}"
        yield f"create policy {kind} {on} using ({column} = {ORGANIZATION});"
        yield f"grant {verbs} {on};"
        if insert_any:
            adds = on.replace(" to ", " for insert to ")
            yield f"create policy {kind}_adds {adds} with check (true);"
    if guest:
        for role in ("guest", "provider", "reseller", "customer"):
            on = f"on {table} to twotier_{role}"
            yield f"create policy invited_{role} {on} using ({guest} = {INVITATION});"
        yield f"grant select on {table} to twotier_guest;"


def _undo(table, guest, system, rights):
    for name in ("operator", *(["system"] if system else []), *rights):
        yield f"drop policy if exists {name} on {table};"
        yield f"drop policy if exists {name}_adds on {table};"
    for role in ("guest", "provider", "reseller", "customer") if guest else ():
        yield f"drop policy if exists invited_{role} on {table};"
    yield f"alter table {table} no force row level security;"
    yield f"alter table {table} disable row level security;"
