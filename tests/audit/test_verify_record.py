"""A broken record waits for operators until it is in order again; the finding stays on record."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from portal.accounts.roles import Kind
from portal.audit.models import AuditEntry, BrokenChain, Verification
from portal.audit.services import record
from portal.audit.tasks import verify
from portal.outbox.models import OutboxMessage
from portal.outbox.worker import work_once
from portal.scope import SYSTEM, acting
from tests.audit.test_keep_chain import as_owner, seal
from tests.factories import make_broken_chain, make_organization, make_user

pytestmark = pytest.mark.django_db
LIST = "admin:audit_brokenchain_changelist"


@pytest.fixture
def places():
    return [make_organization(Kind.PROVIDER, name=name) for name in ("Nordwind", "Südstern")]


@pytest.fixture
def entries(places):
    """Three entries of the first organization, one of the second."""
    for place in [places[0], places[0], places[0], places[1]]:
        record("customer.added", actor=None, target=place)
    seal()
    return list(AuditEntry.objects.filter(organization=places[0]).order_by("link__number"))


def desk_of(*names, **fields):
    user = make_user(is_staff=True, **fields)
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client = Client()
    client.force_login(user, backend="portal.accounts.backends.AccountBackend")
    return client


@pytest.fixture
def desk():
    return desk_of(is_superuser=True)


def rewrite(entry, action="customer.removed"):
    sql = "update audit_auditentry set action = %s where id = %s"
    as_owner(sql, action, entry.pk, without="audit_auditentry")


def page_of(found):
    return reverse("admin:audit_brokenchain_change", args=[found.pk])


def verify_again(desk, found):
    """Press *Verify again*, and have the worker do it."""
    answer = desk.post(reverse("admin:audit_brokenchain_verify", args=[found.pk]))
    assert answer.status_code == 302
    with acting(SYSTEM):
        assert work_once()
    found.refresh_from_db()


def test_what_the_round_finds_waits_on_the_front_page(desk, places, entries):
    verify()
    assert not BrokenChain.objects.exists()
    good = Verification.objects.get()
    rewrite(entries[1])

    verify()

    found = BrokenChain.objects.get()
    assert (found.organization, found.number, found.wrong) == (places[0], 2, "changed")
    assert (found.entry, found.entry_at) == (entries[1].pk, entries[1].at)
    assert found.last_good_at == good.began_at < found.found_at == found.verified_at
    assert Verification.objects.first().broken == 1
    front = desk.get("/admin/").text
    assert "Broken activity logs" in front and "Look into it" in front
    listing = desk.get(reverse(LIST), {"mended_at__isempty": "1"})
    assert list(listing.context["cl"].result_list) == [found]


def test_its_page_says_what_was_found_and_what_to_do(desk, entries):
    verify()
    rewrite(entries[1])
    verify()

    page = desk.get(page_of(BrokenChain.objects.get())).text

    assert "The activity log of Nordwind is not what was written." in page
    assert "An entry was changed (number 2)" in page and "was still in order" in page
    assert reverse("admin:audit_auditentry_change", args=[entries[1].pk]) in page
    assert "What to do" in page and "Verify again" in page


def test_in_german(desk, entries):
    rewrite(entries[1])
    verify()
    desk.cookies["django_language"] = "de"

    assert "Beschädigte Aktivitätsprotokolle" in desk.get("/admin/").text
    page = desk.get(page_of(BrokenChain.objects.get())).text
    assert "Das Aktivitätsprotokoll von Nordwind ist nicht, was geschrieben wurde." in page
    assert "Ein Eintrag wurde geändert (Nummer 2)" in page and "Erneut prüfen" in page


def test_once_mended_the_queue_is_empty_and_the_finding_kept(desk, entries):
    rewrite(entries[1])
    verify()
    found = BrokenChain.objects.get()
    verify_again(desk, found)
    assert found.mended_at is None

    rewrite(entries[1], "customer.added")
    verify_again(desk, found)

    assert found.mended_at and BrokenChain.objects.get() == found
    assert LogEntry.objects.filter(change_message="Verify again").count() == 2
    assert "Look into it" not in desk.get("/admin/").text
    page = desk.get(page_of(found)).text
    assert "found in order again" in page and "Verify again" not in page


def test_the_nightly_round_and_the_command_settle_it_too(entries):
    for settle in (verify, lambda: call_command("verify_audit")):
        rewrite(entries[1])
        verify()
        rewrite(entries[1], "customer.added")
        settle()
        assert not BrokenChain.objects.unsettled().exists()
    assert BrokenChain.objects.count() == 2


def test_the_command_keeps_what_it_finds(entries):
    rewrite(entries[1])
    with pytest.raises(CommandError):
        call_command("verify_audit")

    assert BrokenChain.objects.get().number == 2


def test_the_same_finding_is_on_record_once_and_an_earlier_one_beside_it(entries):
    verify()
    rewrite(entries[2])
    for _night in range(3):
        verify()
    found = BrokenChain.objects.get()
    assert found.found_at < found.verified_at == Verification.objects.first().began_at

    rewrite(entries[0])
    verify()

    numbers = BrokenChain.objects.unsettled().order_by("number")
    assert list(numbers.values_list("number", "last_good_at")) == [
        (1, found.last_good_at),
        (3, found.last_good_at),
    ]
    rewrite(entries[2], "customer.added")
    verify()
    assert (
        BrokenChain.objects.unsettled().count() == 2
    )  # of what follows the first nothing is known


def test_what_is_gone_and_what_was_put_in(desk, places, entries):
    as_owner(
        "delete from audit_auditentry where id = %s", entries[0].pk, without="audit_auditentry"
    )
    verify()
    found = BrokenChain.objects.get()
    assert (found.wrong, found.number) == ("missing", 1)
    assert "Show the entry" not in desk.get(page_of(found)).text

    sql = "update audit_auditlink set entry_id = gen_random_uuid() where entry_id = %s"
    as_owner(sql, entries[1].pk, without="audit_auditlink")
    verify()
    assert BrokenChain.objects.count() == 1  # the first of each organization, and still the same


def test_another_organization_is_left_alone(desk, places, entries):
    rewrite(entries[1])
    rewrite(AuditEntry.objects.get(organization=places[1]))
    verify()
    one, other = (BrokenChain.objects.get(organization=place) for place in places)
    rewrite(entries[1], "customer.added")

    verify_again(desk, one)

    other.refresh_from_db()
    assert one.mended_at and not other.mended_at


def test_pressing_twice_verifies_once(desk, places):
    url = reverse("admin:audit_brokenchain_verify", args=[make_broken_chain(places[0]).pk])
    for _press in range(2):
        desk.post(url)

    assert OutboxMessage.objects.get().task == "portal.audit.tasks.verify_one"
    assert desk.get(url).status_code == 405


def test_the_right_to_look_is_not_that_to_have_it_verified(places):
    found = make_broken_chain(places[0])
    desk = desk_of("view_brokenchain")
    url = reverse("admin:audit_brokenchain_verify", args=[found.pk])

    assert "Verify again" not in desk.get(page_of(found)).text
    assert desk.post(url).status_code == 403
    assert desk_of("view_organization").get(page_of(found)).status_code == 403
    assert not OutboxMessage.objects.exists()


def test_when_it_was_last_verified(desk):
    assert "Not yet" in desk.get("/admin/").text
    verify()
    page = desk.get("/admin/").text
    assert "Activity logs last verified" in page and "Not verified last night" not in page

    Verification.objects.update(began_at=now() - timedelta(hours=30))
    assert "Not verified last night" in desk.get("/admin/").text


def test_the_front_page_does_not_read_the_record(desk, entries):
    rewrite(entries[1])
    verify()
    with CaptureQueriesContext(connection) as queries:
        desk.get("/admin/")
    assert not [query for query in queries if "audit_auditentry" in query["sql"]]
    assert not [query for query in queries if "audit_auditlink" in query["sql"]]
