"""What was written stays: nothing changes it, and if somebody could, it would show."""

import random
from importlib import import_module
from threading import Barrier, Thread

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import ProgrammingError, connection, transaction

from portal.accounts.models import Organization
from portal.accounts.roles import Kind
from portal.audit import chain
from portal.audit.models import AuditEntry, AuditLink
from portal.audit.services import record, record_all
from portal.audit.tasks import verify
from portal.scope import OPERATOR, OWNER, ROLES, Actor, acting
from tests.factories import make_membership, make_organization

RESELLER = import_module("portal.audit.migrations.0008_reseller")
BEFORE, TEXT, seal_with = RESELLER.BEFORE, RESELLER.TEXT, RESELLER.seal_with

pytestmark = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)

STATEMENTS = [
    "update audit_auditentry set action = 'x'",
    "delete from audit_auditentry",
    "truncate audit_auditentry, audit_auditlink",
    "truncate accounts_organization cascade",
    "update audit_auditlink set number = number + 100",
    "update audit_auditlink set hash = ''",
    "delete from audit_auditlink",
    "truncate audit_auditlink",
]


@pytest.fixture
def places():
    with acting(OPERATOR):
        return [make_organization(Kind.PROVIDER) for _ in range(4)]


@pytest.fixture
def entries(places):
    """Three entries of the first organization, one of the second."""
    with acting(OPERATOR):
        for number in range(3):
            record("customer.added", actor=None, target=places[0], note=f"№ {number}")
        record("customer.added", actor=None, target=places[1])
        seal()
        return list(AuditEntry.objects.filter(organization=places[0]).order_by("link__number"))


def seal():
    """Do what otherwise waits for the commit."""
    connection.check_constraints()


def as_owner(sql, *params, without=""):
    """Run ``sql`` as the owner of the tables, with the triggers of a table switched off."""
    with acting(Actor(OWNER)), connection.cursor() as cursor:
        if without:
            cursor.execute(f"alter table {without} disable trigger user")
        cursor.execute(sql, params)
        if without:
            seal()
            cursor.execute(f"alter table {without} enable trigger user")


def findings():
    with acting(OPERATOR):
        return [(broken.organization, broken.number, broken.wrong) for broken in chain.breaks()]


def numbers_of(place):
    with acting(OPERATOR):
        links = AuditLink.objects.filter(organization=place).order_by("id")
        return list(links.values_list("number", flat=True))


@pytest.mark.parametrize("statement", STATEMENTS)
def test_nobody_rewrites_it_not_even_its_owner(entries, statement):
    refused = pytest.raises(ProgrammingError, match="never change")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"set local role {OWNER}")
        cursor.execute(statement)
    assert findings() == []


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("table", ["audit_auditentry", "audit_auditlink"])
def test_no_role_of_the_application_may_even_try(entries, role, table):
    with connection.cursor() as cursor:
        for verb in ("update", "delete", "truncate"):
            cursor.execute("select has_table_privilege(%s, %s, %s)", [role, table, verb])
            assert cursor.fetchone() == (False,), verb
        cursor.execute("select has_table_privilege(%s, 'audit_auditlink', 'insert')", [role])
        assert cursor.fetchone() == (False,)


def test_each_organization_counts_its_own_entries(places, entries):
    assert numbers_of(places[0]) == [1, 2, 3]
    assert numbers_of(places[1]) == [1]
    assert findings() == []


def test_what_is_rolled_back_leaves_no_gap(places):
    with transaction.atomic():
        record("customer.added", actor=None, target=places[0])
        transaction.set_rollback(True)
    record_all("customer.added", actor=None, targets=[])
    with transaction.atomic():
        record("customer.added", actor=None, target=places[0])
    record_all("customer.added", actor=None, targets=places * 2)
    seal()

    assert numbers_of(places[0]) == [1, 2, 3]
    assert numbers_of(places[3]) == [1, 2]
    assert findings() == []


def test_what_a_savepoint_takes_back_leaves_no_gap(places):
    """The first entry asks for the sealing: it must not take it back with it."""
    for fails in (True, False, True):
        with transaction.atomic():
            record("customer.added", actor=None, target=places[0])
            transaction.set_rollback(fails)
        record("customer.added", actor=None, target=places[0])
    seal()

    assert numbers_of(places[0]) == [1, 2, 3, 4]
    assert findings() == []


@committed
def test_the_commit_seals(places):
    for _ in range(2):
        with acting(OPERATOR):
            record("customer.added", actor=None, target=places[0])
            assert numbers_of(places[0])[-1] is None
    assert numbers_of(places[0]) == [1, 2]
    assert findings() == []


def test_what_is_written_after_the_sealing_is_sealed_too(places):
    for _ in range(2):
        record("customer.added", actor=None, target=places[0])
        seal()
    assert numbers_of(places[0]) == [1, 2]
    assert findings() == []


def test_a_changed_entry_is_found(places, entries):
    sql = "update audit_auditentry set details = '{}' where id = %s"
    as_owner(sql, entries[1].pk, without="audit_auditentry")
    assert findings() == [(places[0].pk, 2, "changed")]


@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 microsecond'",
        "actor_id = (select id from accounts_user limit 1)",
        "acting_for_id = organization_id",
        "customer_id = organization_id",
        "operator_id = (select id from accounts_user limit 1)",
        "action = 'customer.removed'",
        "target_type = 'x'",
        "target_id = target_id || '0'",
        "ip = '203.0.113.7'",
        "request_reference = 'x'",
    ],
)
def test_no_column_can_be_changed_unseen(places, entries, change):
    make_membership()
    sql = f"update audit_auditentry set {change} where id = %s"
    as_owner(sql, entries[2].pk, without="audit_auditentry")
    assert findings() == [(places[0].pk, 3, "changed")]


def test_a_deleted_entry_is_found(places, entries):
    as_owner(
        "delete from audit_auditentry where id = %s", entries[0].pk, without="audit_auditentry"
    )
    assert findings() == [(places[0].pk, 1, "missing")]


def test_an_entry_deleted_with_its_link_is_found(places, entries):
    as_owner(
        "delete from audit_auditentry where id = %s", entries[1].pk, without="audit_auditentry"
    )
    sql = "delete from audit_auditlink where entry_id = %s"
    as_owner(sql, entries[1].pk, without="audit_auditlink")
    assert findings() == [(places[0].pk, 3, "missing")]


def test_an_entry_put_in_is_found(places, entries):
    sql = (
        "insert into audit_auditentry (id, at, organization_id, action, target_type, target_id,"
        " details, request_reference) select gen_random_uuid(), now(), organization_id, action,"
        " target_type, target_id, details, '' from audit_auditentry where id = %s"
    )
    as_owner(sql, entries[0].pk, without="audit_auditentry")
    assert findings() == [(places[0].pk, None, "unsealed")]


def test_a_changed_link_is_found(places, entries):
    sql = "update audit_auditlink set hash = sha256('x') where entry_id = %s"
    as_owner(sql, entries[0].pk, without="audit_auditlink")
    assert findings() == [(places[0].pk, 1, "link")]


def test_a_link_led_to_another_entry_is_found(places, entries):
    sql = "update audit_auditlink set entry_id = gen_random_uuid() where entry_id = %s"
    as_owner(sql, entries[0].pk, without="audit_auditlink")
    assert findings() == [(places[0].pk, 1, "missing"), (places[0].pk, None, "unsealed")]


def test_the_command_prints_heads_and_finds_a_tail_cut_off(places, entries, tmp_path, capsys):
    call_command("verify_audit")
    printed = capsys.readouterr().out
    assert [line.split()[:2] for line in printed.splitlines()] == [
        [str(places[0].pk), "3"],
        [str(places[1].pk), "1"],
    ]
    heads = tmp_path / "heads"
    heads.write_text(printed)
    call_command("verify_audit", against=str(heads))

    as_owner(
        "delete from audit_auditentry where id = %s", entries[2].pk, without="audit_auditentry"
    )
    as_owner(
        "delete from audit_auditlink where entry_id = %s", entries[2].pk, without="audit_auditlink"
    )
    call_command("verify_audit")  # by itself the rest is in order
    with pytest.raises(CommandError, match="1 findings"):
        call_command("verify_audit", against=str(heads))
    assert "cut off" in capsys.readouterr().err

    record("customer.removed", actor=None, target=places[0])
    seal()
    with pytest.raises(CommandError):
        call_command("verify_audit", against=str(heads))
    assert "is not the one" in capsys.readouterr().err


def test_the_command_says_which_entry_and_when(places, entries, capsys):
    sql = "update audit_auditentry set action = 'x' where id = %s"
    as_owner(sql, entries[1].pk, without="audit_auditentry")
    with pytest.raises(CommandError):
        call_command("verify_audit")
    told = capsys.readouterr().err
    for word in (f"organization {places[0].pk}", "number 2", str(entries[1].pk), "changed"):
        assert word in told


def test_once_a_day_the_heads_and_what_is_broken_are_logged(places, entries, caplog):
    caplog.set_level("INFO")
    verify()
    heads = [record.message for record in caplog.records if record.levelname == "INFO"]
    assert f": {places[0].pk} 3 " in heads[0]
    assert not [record for record in caplog.records if record.levelname == "ERROR"]

    sql = "update audit_auditentry set action = 'x' where id = %s"
    as_owner(sql, entries[1].pk, without="audit_auditentry")
    verify()
    [error] = [record.message for record in caplog.records if record.levelname == "ERROR"]
    assert str(entries[1].pk) in error


@pytest.mark.parametrize("text", ["nonsense", "1 x y", "1 2"])
def test_a_file_that_holds_no_heads_is_refused(entries, tmp_path, text):
    (tmp_path / "heads").write_text(text)
    with pytest.raises(CommandError, match="can't be read"):
        call_command("verify_audit", against=str(tmp_path / "heads"))


@committed
def test_flush_needs_debug_outside_tests(entries, monkeypatch):
    monkeypatch.setattr("portal.accounts.management.commands.flush._is_for_tests", lambda: False)
    with pytest.raises(CommandError, match="never emptied"):
        call_command("flush", interactive=False)
    with acting(OPERATOR):
        assert AuditEntry.objects.exists()


THREADS, TURNS = 8, 25


@committed
def test_many_at_once_neither_wait_for_ever_nor_break_a_chain(places):
    """Organizations are recorded in any order, while some hold a row that all others refer to."""
    barrier, errors = Barrier(THREADS), []

    def work(seed):
        dice = random.Random(seed)
        try:
            barrier.wait()
            for _ in range(TURNS):
                _one_transaction(places, dice, locks=seed % 2)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=work, args=(seed,)) for seed in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert findings() == []
    with acting(OPERATOR):
        sealed = AuditLink.objects.exclude(number=None).count()
        assert sealed == AuditEntry.objects.count() == THREADS * TURNS * len(places)


def _one_transaction(places, dice, *, locks):
    with acting(OPERATOR):
        if locks:  # the foreign keys of all others wait for this one's end
            list(Organization.objects.filter(pk=places[0].pk).select_for_update())
        for place in dice.sample(places, k=len(places)):
            record("customer.added", actor=None, target=place)


def test_the_reseller_of_an_entry_is_part_of_the_chain(places):
    with acting(OPERATOR):
        reseller = make_organization(Kind.RESELLER)
        for each in (None, reseller.pk):
            record_all("customer.added", actor=None, targets=[places[0]], reseller_id=each)
        seal()
    assert findings() == []

    as_owner(
        "update audit_auditentry set reseller_id = null where reseller_id = %s",
        reseller.pk,
        without="audit_auditentry",
    )

    assert findings() == [(places[0].pk, 2, "changed")]


def test_chains_from_before_resellers_were_noted_still_fit(places):
    """What the function of migration 0004 has sealed, and that of 0006 goes on with."""
    before, after = (seal_with(text).replace("%", "%%") for text in (BEFORE.TEXT, TEXT))
    as_owner(before)
    with acting(OPERATOR):
        record("customer.added", actor=None, target=places[0])
        seal()
    as_owner(after)
    with acting(OPERATOR):
        record("customer.added", actor=None, target=places[0])
        seal()

    assert numbers_of(places[0]) == [1, 2]
    assert findings() == []
