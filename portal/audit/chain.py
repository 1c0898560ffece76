"""Is the record still what was written? Each organization's entries are a chain of SHA-256 hashes.

The database makes the links (migrations 0004, 0008); here they are worked out from the entries.
Whoever may switch its triggers off could make the whole chain anew: that, and a tail cut off,
shows only beside heads that were kept elsewhere.
"""

from typing import NamedTuple

from django.db import connection

AT_ONCE = 2000  # rows in memory

# As in migration 0008, but not by the database's own functions: they could be changed, too.
TEXT = """
    (jsonb_build_array(
        e.id, (extract(epoch from e.at) * 1000000)::bigint, e.organization_id, e.actor_id,
        e.acting_for_id, e.customer_id, e.action, e.target_type, e.target_id, e.details,
        e.ip, e.request_reference, e.operator_id
    ) || case when e.reseller_id is null then '[]'::jsonb
        else jsonb_build_array(jsonb_build_object('reseller', e.reseller_id)) end)::text
"""

# All organizations, or one.
_ONE = "(%(one)s::bigint is null or {}.organization_id = %(one)s)"

# What is wrong with a link is told from its neighbours: where the next one still fits to it, the
# entry has changed, otherwise the link has.
BROKEN = f"""
    with links as (
        select l.organization_id, l.number, l.entry_id, e.at, e.id is null as gone,
               l.number - coalesce(lag(l.number) over chain, 0) as step,
               l.hash is not distinct from sha256(
                   coalesce(lag(l.hash) over chain, '')
                   || convert_to(l.number || ' ' || {TEXT}, 'UTF8')
               ) as fits
        from audit_auditlink l left join audit_auditentry e on e.id = l.entry_id
        where {_ONE.format("l")}
        window chain as (partition by l.organization_id order by l.number)
    ), judged as (
        select *, lead(fits) over (partition by organization_id order by number) as next_fits
        from links
    )
    select distinct on (organization_id) organization_id, number, entry_id, at,
           case when number is null then 'unsealed'
                when gone or step <> 1 then 'missing'
                when next_fits is false then 'link'
                else 'changed' end
    from judged where number is null or gone or step <> 1 or not fits
    order by organization_id, number
"""
UNSEALED = f"""
    select e.organization_id, null::bigint, e.id, e.at, 'unsealed'
    from audit_auditentry e left join audit_auditlink l on l.entry_id = e.id
    where l.id is null and {_ONE.format("e")}
    order by e.organization_id, e.at
"""
HEADS = """
    select distinct on (organization_id) organization_id, number, encode(hash, 'hex')
    from audit_auditlink where number is not null order by organization_id, number desc
"""
AT_NUMBER = """
    select encode(hash, 'hex') from audit_auditlink where organization_id = %s and number = %s
"""

WRONG = {
    "changed": "the entry has been changed",
    "missing": "an entry is missing here",
    "link": "the link has been changed",
    "unsealed": "the entry was never sealed",
    "cut": "the chain has been cut off before this head",
    "other": "the chain is not the one this head is of",
}


class Head(NamedTuple):
    """The last link of an organization's chain; a line of text is what is kept elsewhere."""

    organization: int
    number: int
    hash: str

    def __str__(self):
        return f"{self.organization} {self.number} {self.hash}"


class Break(NamedTuple):
    """The first place where a chain is not what it was, and a key of WRONG."""

    organization: int
    number: int | None
    entry: str | None
    at: object
    wrong: str

    def __str__(self):
        where = f"organization {self.organization}, number {self.number or '–'}"
        what = f"entry {self.entry} of {self.at:%Y-%m-%d %H:%M:%S %Z}" if self.at else "no entry"
        return f"{where}, {what}: {WRONG[self.wrong]}"


def breaks(organization=None):
    """The first Break of each organization's chain, and every entry that is in none.

    ``organization`` is the id of the only one to look at.
    """
    for sql in (BROKEN, UNSEALED):
        yield from (Break(*row) for row in _rows(sql, {"one": organization}))


def heads():
    """The Head of each organization, in the order of their ids."""
    return (Head(*row) for row in _rows(HEADS))


def breaks_against(lines):
    """A Break for each Head, written down earlier as a line, that the chain does not contain.

    Raises ValueError for a line that is none.
    """
    for line in filter(None, map(str.split, lines)):
        organization, number, expected = line
        head = Head(int(organization), int(number), expected)
        found = next(_rows(AT_NUMBER, head[:2]), None)
        if found != (head.hash,):
            yield Break(*head[:2], None, None, "other" if found else "cut")


def _rows(sql, params=()):
    """What the statement finds, fetched in portions."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while portion := cursor.fetchmany(AT_ONCE):
            yield from portion
