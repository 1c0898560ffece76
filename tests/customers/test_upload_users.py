"""Files of users: judged first, created in the background, passwords handed out once."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from threading import Barrier, Thread
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils.timezone import now

from customers import services, user_files
from customers.models import CustomerUser, DelegatedAdmin, UserUpload, UserUploadRow
from customers.services import uploads
from customers.user_rounds import purge_users
from portal.accounts.models import Membership, User
from portal.accounts.roles import Kind, Role
from portal.audit.models import AuditEntry
from portal.lifecycle import InvalidTransition
from portal.outbox import worker
from portal.outbox.models import OutboxMessage
from portal.scope import OPERATOR, acting
from tests.conftest import Browser
from tests.customers.conftest import do_background_work
from tests.factories import (
    make_customer,
    make_grant,
    make_membership,
    make_partner,
    make_person,
    make_upload,
)

HEADER = "First name,Last name,Display name,Email,Status update"


@pytest.fixture
def customer(provider):
    customer = make_customer(provider.organization, domain="vogel.onportal.example")
    make_grant(customer)
    return customer


@pytest.fixture
def staff(provider):
    return Browser(provider)


def file_of(*rows, header=HEADER, encoding="utf-8", separator=","):
    text = "\r\n".join([header, *rows]).replace(",", separator)
    return text.encode(encoding)


def upload(browser, customer, content, **fields):
    file = SimpleUploadedFile("users.csv", content)
    return browser.send("customers:upload_create", customer.pk, data={"file": file, **fields})


def rows():
    """(status, reason) of each row of the only file, by line."""
    return {row.line: (row.status, row.reason) for row in UserUploadRow.objects.all()}


def refusal(response):
    assert response.status_code == 422
    assert not UserUpload.objects.exists()
    return " ".join(response.context["form"].errors["file"])


GOOD = ("Ben,Bauer,Ben Bauer,ben.bauer@vogel.onportal.example,", "Cora,Müller,Cora Müller,cora,")


# ---- Reading


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_what_spreadsheets_write_is_understood(customer, staff, encoding, separator):
    response = upload(staff, customer, file_of(*GOOD, encoding=encoding, separator=separator))

    assert response.status_code == 302, response.text
    assert rows() == {2: ("ready", ""), 3: ("ready", "")}
    assert UserUploadRow.objects.get(line=3).display_name == "Cora Müller"
    page = staff.get(response["Location"]).text
    assert ("read as Windows-1252" in page) == (encoding == "cp1252")


@pytest.mark.parametrize(
    "content,words",
    [
        (b"", "file is empty"),
        (b"\r\n", "must name the columns: First name, Last name, Display name, Email"),
        (file_of(*GOOD, header="Name,Display name,Email,a,b"), "Unknown column “name”"),
        (file_of("a,b", header="Name,Mail"), "must name the columns"),
        (file_of(*GOOD, header="Email,Display name,Email,x,y"), "Unknown column"),
        (file_of("a,b,c", header="Email,Display name,Email"), "is there twice"),
        (file_of(), "no row below"),
        (b"PK\x03\x04rest", "Excel workbook"),
        (b"\x81\x8d\x8f" * 50, "can't be read"),
        (b"Display name,Email\r\na\x00b,c", "NUL"),
        (file_of('Ben,"Bauer,x,y,'), "Line 2 can't be read"),
    ],
)
def test_a_file_nobody_can_follow_is_refused_with_a_reason(customer, staff, content, words):
    assert words in refusal(upload(staff, customer, content))


def test_an_empty_upload_is_refused(customer, staff):
    response = staff.send("customers:upload_create", customer.pk, data={})
    assert "Choose a file." in refusal(response)


class Watched(BytesIO):
    """A file that knows how far it was read after its encoding was found out."""

    furthest = 0

    def seek(self, *args):
        self.furthest = 0
        return super().seek(*args)

    def read(self, *args):
        content = super().read(*args)
        self.furthest = max(self.furthest, self.tell())
        return content

    read1 = read


def test_a_hundred_thousand_rows_are_refused_without_being_kept(customer, staff):
    content = file_of(*(f"A,B,C,person{n}," for n in range(100_000)))

    assert "more than 10000 rows" in refusal(upload(staff, customer, content))

    stream = Watched(content)
    file = SimpleUploadedFile("users.csv", b"")
    file.file, file.size = stream, len(content)
    with pytest.raises(Exception, match="more than"):
        user_files.read(file)
    assert 0 < stream.furthest < len(content) / 5


def test_ten_thousand_rows_are_not_too_many(customer, staff):
    content = file_of(*(f"A,B,C,person{n}," for n in range(10_000)))
    assert upload(staff, customer, content).status_code == 302
    assert UserUploadRow.objects.filter(status="ready").count() == 10_000


# ---- Judging


@pytest.mark.parametrize(
    "row,reason",
    [
        ("Ben,Bauer,Ben,ben,,more", "cells"),
        ("Ben,Bauer,,ben,", "no_name"),
        ("Ben,Bauer,Ben,,", "no_account"),
        ("=1+1,Bauer,Ben,ben,", "formula"),
        ("Ben,+49,Ben,ben,", "formula"),
        ("Ben,Bauer,@SUM(A1),ben,", "formula"),
        ("Ben,Bauer,B\u202een,ben,", "invisible"),
        ("Ben,Bauer,B\x07en,ben,", "invisible"),
        (f"{'x' * 51},Bauer,Ben,ben,", "long"),
        ("Ben,Bauer,Ben,bén,", "bad_account"),
        ("Ben,Bauer,Ben,b en,", "bad_account"),
        (f"Ben,Bauer,Ben,{'x' * 65},", "long_account"),
        ("Ben,Bauer,Ben,ben@elsewhere.example,", "other_domain"),
        ("Ben,Bauer,Ben,ben,delete", "status"),
        ("Ben,Bauer,Ben,FIRST,", "twice"),
        ("Ben,Bauer,Ben,There@vogel.onportal.example,", "exists"),
        ("Ben,Bauer,Ben,gone,", "deleted"),
    ],
)
def test_a_row_that_cannot_become_a_user_says_why(customer, staff, provider, row, reason):
    make_person(customer.organization, account="there@vogel.onportal.example")
    gone = make_person(customer.organization, account="gone@vogel.onportal.example")
    services.deactivate_user(gone, actor=provider)

    response = upload(staff, customer, file_of("A,B,C,first,", row))

    assert rows() == {2: ("ready", ""), 3: ("refused", reason)}
    page = staff.get(response["Location"]).text
    assert "1 row is left out, with the reason." in page


def test_checking_creates_nobody_and_the_same_press_checks_once(customer, staff):
    press = {"submission": str(uuid4())}
    first = upload(staff, customer, file_of(*GOOD), **press)
    second = upload(staff, customer, file_of(*GOOD), **press)

    assert first["Location"] == second["Location"]
    assert UserUpload.objects.count() == 1
    assert not CustomerUser.objects.exists()


# ---- Creating


@pytest.fixture
def checked(customer, provider):
    """A file of two users, uploaded by the provider's global admin."""
    return make_upload(
        customer.organization,
        provider.organization,
        created_by=provider.user,
        accounts=("ben", "cora"),
    )


def save(browser, customer, found, **data):
    url = ("customers:upload_save", customer.pk, found.pk)
    return browser.send(*url, data={"country": "AT"} | data)


def test_saving_creates_them_in_the_background_once(customer, staff, checked):
    for _twice in range(2):
        assert save(staff, customer, checked).status_code == 302
    assert "0 of 2 users" in staff.open("customers:upload_detail", customer.pk, checked.pk).text
    assert not CustomerUser.objects.exists()

    do_background_work()
    save(staff, customer, checked)
    do_background_work()

    people = CustomerUser.objects.order_by("pk")
    assert [(p.display_name, p.account_name, p.country) for p in people] == [
        ("Person 2", "ben@vogel.onportal.example", "AT"),
        ("Person 3", "cora@vogel.onportal.example", "AT"),
    ]
    assert not any(person.user.has_usable_password() for person in people)
    assert (
        "2 users were created"
        in staff.open("customers:upload_detail", customer.pk, checked.pk).text
    )
    added = AuditEntry.objects.filter(action="customeruser.added")
    assert added.count() == 4  # two users, told to the customer and to who did it
    result = staff.open("customers:upload_result", customer.pk, checked.pk).text
    assert "ben,Created" in result.replace("\r\n", " ")


def test_a_location_is_needed(customer, staff, checked):
    assert save(staff, customer, checked, country="").status_code == 422
    assert save(staff, customer, checked, country="XX").status_code == 422
    checked.refresh_from_db()
    assert checked.status == "checked"


def test_discarding_forgets_whom_it_named(customer, staff, checked):
    url = ("customers:upload_discard", customer.pk, checked.pk)
    assert staff.send(*url).status_code == staff.send(*url).status_code == 302

    assert not UserUploadRow.objects.exists()
    assert save(staff, customer, checked).status_code == 409


def test_whose_verdict_no_longer_holds_is_left_out(customer, staff, checked):
    make_person(customer.organization, account="ben@vogel.onportal.example")
    save(staff, customer, checked)
    do_background_work()

    assert rows() == {2: ("failed", "exists"), 3: ("created", "")}
    assert CustomerUser.objects.count() == 2


@pytest.mark.parametrize("lose", ["grant", "role"])
def test_who_may_no_longer_create_users_creates_none(customer, staff, checked, lose):
    save(staff, customer, checked)
    if lose == "grant":
        DelegatedAdmin.objects.update(status="revoked", revoked_at=now())
    else:
        make_membership(organization=staff.membership.organization)  # who stays
        Membership.objects.filter(pk=staff.membership.pk).update(roles=["sales_agent"])
    do_background_work()

    assert set(rows().values()) == {("failed", "not_allowed")}
    assert not CustomerUser.objects.exists()


def test_a_worker_killed_in_the_middle_leaves_nothing_half_written(
    customer, staff, provider, monkeypatch
):
    monkeypatch.setattr(uploads, "PORTION", 3)
    many = make_upload(
        customer.organization,
        provider.organization,
        created_by=provider.user,
        accounts=[f"person{n}" for n in range(8)],
    )
    save(staff, customer, many)
    assert OutboxMessage.objects.count() == 3
    worker.work_once()
    assert CustomerUser.objects.count() == 3

    def killed(*args, **kwargs):
        raise SystemExit  # like a kill: nothing after it runs

    with monkeypatch.context() as patched, pytest.raises(SystemExit):
        patched.setattr(uploads, "transition_all", killed)
        worker.work_once()
    assert CustomerUser.objects.count() == 3
    OutboxMessage.objects.filter(status="running").update(lease_until=now() - timedelta(seconds=1))

    do_background_work()

    assert CustomerUser.objects.count() == 8
    assert User.objects.filter(customer_user__isnull=False).count() == 8
    many.refresh_from_db()
    assert many.status == "completed"


def test_files_are_seen_by_the_company_that_uploaded_them_alone(customer, staff, checked, outsider):
    other = make_customer(outsider.organization, organization=customer.organization)
    make_grant(other)
    theirs = Browser(outsider)
    own = Browser(make_membership(organization=customer.organization))

    assert staff.open("customers:upload_detail", customer.pk, checked.pk).status_code == 200
    assert theirs.open("customers:upload_detail", other.pk, checked.pk).status_code == 404
    assert own.open("customers:own_upload_detail", checked.pk).status_code == 404
    another = make_customer(customer.provider)
    make_grant(another)
    assert staff.open("customers:upload_detail", another.pk, checked.pk).status_code == 404


def test_a_customers_own_admin_uploads_too(customer):
    own = Browser(make_membership(Role.USER_ADMIN, organization=customer.organization))
    file = SimpleUploadedFile("users.csv", file_of(*GOOD))
    page = own.send("customers:own_upload_create", data={"file": file})["Location"]

    assert own.post(f"{page}save/", {"country": "DE"}).status_code == 302
    do_background_work()

    assert CustomerUser.objects.count() == 2
    assert own.post(f"{page}passwords/").status_code == 200


# ---- Passwords


@pytest.fixture
def created(customer, staff, checked):
    save(staff, customer, checked)
    do_background_work()
    return checked


def passwords_url(customer, found):
    return "customers:upload_passwords", customer.pk, found.pk


def test_passwords_are_downloaded_once_and_work(customer, staff, created):
    response = staff.send(*passwords_url(customer, created))
    text = b"".join(response.streaming_content).decode()

    assert response["Cache-Control"] == "no-store"
    lines = list(csv.reader(StringIO(text)))
    assert lines[0] == ["Display name", "Account name", "Temporary password"]
    assert len(lines) == 3
    for _name, account, password in lines[1:]:
        user = User.objects.get(username=account)
        assert user.password.startswith("temporary_pbkdf2_sha256$")
        assert user.must_change_password and user.temporary_password_until > now()
        browser = Client()
        assert browser.post("/accounts/login/", {"login": account, "password": password}).url
        assert browser.get("/").url == "/accounts/first-password/"
        user.refresh_from_db()
        assert not user.password.startswith("temporary")  # upgraded at the first sign-in
    again = staff.send(*passwords_url(customer, created))
    assert again.status_code == 409
    page = staff.open("customers:upload_detail", customer.pk, created.pk).text
    assert "can't be shown again" in page.replace("&#x27;", "'")
    assert lines[1][2] not in str(list(AuditEntry.objects.values_list("details", flat=True)))


def test_a_wrong_password_takes_as_long_as_elsewhere(customer, staff, created, monkeypatch):
    b"".join(staff.send(*passwords_url(customer, created)).streaming_content)
    slow = []
    monkeypatch.setattr("portal.accounts.hashers.make_password", slow.append)

    assert not CustomerUser.objects.first().user.check_password("wrong")

    assert slow == ["wrong"]


def test_a_colleague_cannot_have_them(customer, created):
    colleague = Browser(make_membership(organization=customer.provider))

    assert colleague.send(*passwords_url(customer, created)).status_code == 409
    page = colleague.open("customers:upload_detail", customer.pk, created.pk).text
    assert "can download the temporary passwords" in page


def test_whose_password_was_reset_meanwhile_keeps_it(customer, staff, created):
    person = CustomerUser.objects.order_by("pk").first()
    colleague = make_membership(organization=customer.provider)
    services.reset_user_password(person, actor=colleague)
    password = services.reveal_user_password(person, actor=colleague).password

    text = b"".join(staff.send(*passwords_url(customer, created)).streaming_content).decode()

    assert "ben@" not in text and "cora@" in text
    person.user.refresh_from_db()
    assert person.user.check_password(password)


def test_a_user_who_became_global_admin_is_out_of_a_user_admins_reach(customer):
    lower = make_membership(Role.USER_ADMIN, organization=customer.provider)
    found = make_upload(
        customer.organization, customer.provider, created_by=lower.user, accounts=("ben", "cora")
    )
    save(Browser(lower), customer, found)
    do_background_work()
    promoted = CustomerUser.objects.get(user__username__startswith="ben@")
    Membership.objects.filter(pk=promoted.membership_id).update(roles=["global_admin"])

    handouts = services.reveal_upload_passwords(found, actor=lower)

    assert [handout.account for handout in handouts] == ["cora@vogel.onportal.example"]


# ---- Gone


def test_rows_go_before_the_people_they_name(customer, provider, created):
    person = CustomerUser.objects.order_by("pk").first()
    services.deactivate_user(person, actor=provider)

    with time_machine.travel(now() + timedelta(days=31)):
        purge_users()

    assert not UserUploadRow.objects.exists()
    person.refresh_from_db()
    assert person.status == "purged"


# ---- Races


@pytest.mark.parametrize("what", ["start", "passwords"])
def test_thirty_at_once_do_it_once(transactional_db, what):
    with acting(OPERATOR):
        staff = make_membership(organization=make_partner(Kind.PROVIDER))
        customer = make_customer(staff.organization)
        make_grant(customer)
        found = make_upload(
            customer.organization, staff.organization, created_by=staff.user, accounts=("a1", "b1")
        )
    if what == "passwords":
        with acting(staff.actor):
            services.start_upload(found, actor=staff, country="DE")
        do_background_work()
    barrier, done = Barrier(30), []

    def act():
        try:
            barrier.wait()
            with acting(staff.actor):
                if what == "start":
                    services.start_upload(found, actor=staff, country="DE")
                else:
                    done.append(services.reveal_upload_passwords(found, actor=staff))
        except InvalidTransition:
            done.append(None)
        finally:
            connection.close()

    threads = [Thread(target=act) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    do_background_work()

    with acting(OPERATOR):
        assert CustomerUser.objects.filter(organization=customer.organization).count() == 2
    if what == "passwords":
        assert len([handouts for handouts in done if handouts]) == 1 and len(done) == 30
