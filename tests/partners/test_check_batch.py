"""Bulk requests: what a file is told about each of its rows before anything is sent."""

import csv
import re
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now

from partners import verdicts
from partners.models import PartnershipRequest, RequestBatch, RequestBatchRow
from portal.accounts.roles import Role
from portal.audit.models import AuditEntry
from portal.outbox.models import OutboxMessage
from tests.factories import (
    make_batch,
    make_membership,
    make_message,
    make_partnership,
    make_request,
    make_user,
)

CREATE, DETAIL = "partners:batch_create", "partners:batch_detail"


@pytest.fixture
def browser(provider, browser_of):
    return browser_of(provider)


@pytest.fixture
def check(browser):
    """Has a file (bytes) or pasted text checked; returns the answer."""

    def post(content, submission=None, name="resellers.csv"):
        data = {"submission": submission or str(uuid4())}
        if isinstance(content, bytes):
            data["file"] = SimpleUploadedFile(name, content)
        else:
            data["text"] = content
        return browser.send(CREATE, data=data)

    return post


def verdicts_of():
    """What the last batch says about each line, by its recipient."""
    rows = RequestBatchRow.objects.order_by("line")
    return [(row.recipient, str(row.status), row.reason) for row in rows]


def test_a_file_is_judged_and_nothing_is_sent(check, browser, provider):
    response = check(b"recipient;language;note\nnew@kunde.example;de;Guten Tag\n;;\nx;;\n")

    batch, (first, second) = RequestBatch.objects.get(), RequestBatchRow.objects.all()
    assert response.status_code == 302
    assert response["Location"].endswith(f"/requests/bulk/{batch.reference}/")
    assert (batch.status, batch.file_name) == ("checked", "resellers.csv")
    assert (first.line, first.status, first.language) == (2, "ready", "de")
    assert first.note == "Guten Tag"
    assert (second.line, second.status, second.reason) == (4, "refused", "bad_address")
    assert not PartnershipRequest.objects.exists() and not OutboxMessage.objects.exists()
    assert AuditEntry.objects.get().action == "requestbatch.checked"


def test_pasted_rows_are_as_good_as_a_file(check):
    check("recipient\r\nnew@kunde.example\r\n")

    assert RequestBatch.objects.get().file_name == "Pasted rows"
    assert verdicts_of() == [("new@kunde.example", "ready", "")]


def test_every_row_has_its_verdict(check, provider, reseller, partnership, outsider):
    colleague = make_membership(organization=provider.organization, user=make_user("c@gmx.de"))
    partnership.reseller.partner.email = "info@kessler.example"
    partnership.reseller.partner.save()
    reseller.user.email = "chef@kessler.example"
    reseller.user.save()
    make_request(provider.organization, recipient="Asked@kunde.example")
    make_request(provider.organization, recipient="late@kunde.example", expires_at=now())
    make_request(outsider.organization, recipient="others@kunde.example")
    make_partnership(outsider.organization, make_membership(kind="reseller").organization)
    long = "x" * 301
    rows = [
        ("new@kunde.example", "", "", ""),
        ("", "en", "Hello", "no_address"),
        ("nobody", "", "", "bad_address"),
        ("a@b", "", "", "bad_address"),
        (f"{'a' * 300}@kunde.example", "", "", "bad_address"),
        (colleague.user.email.upper(), "", "", "own_address"),
        (f"somebody@{provider.user.email.partition('@')[2]}", "", "", "own_address"),
        ("NEW@kunde.example", "", "", "twice"),
        (reseller.user.email.upper(), "", "", "partner"),
        ("INFO@kessler.example", "", "", "partner"),
        ("asked@KUNDE.example", "", "", "asked"),
        ("late@kunde.example", "", "", ""),
        ("others@kunde.example", "", "", ""),
        ("fr@kunde.example", "fr", "", "language"),
        ("deutsch@kunde.example", "Deutsch", "", ""),
        ("long@kunde.example", "", long, "long_note"),
        ("just@kunde.example", "", long[1:], ""),
        ("www@kunde.example", "", "see WWW.evil", "link"),
        ("http@kunde.example", "", "see https://evil.example", "link"),
        ("bare@kunde.example", "", "see evil.com/x", "link"),
        ("hidden@kunde.example", "", "a\u202eb", "invisible"),
        ("formula@kunde.example", "", "=1+1", ""),
        ('=HYPERLINK("x")', "", "", "bad_address"),
    ]
    file = StringIO()
    csv.writer(file).writerows([("recipient", "language", "note"), *(row[:3] for row in rows)])

    assert check(file.getvalue().encode()).status_code == 302

    assert [reason for _recipient, _status, reason in verdicts_of()] == [row[3] for row in rows]
    assert all(bool(reason) == (status == "refused") for _r, status, reason in verdicts_of())
    assert set(verdicts.WORDS) >= {row[3] for row in rows if row[3]}


def test_a_row_with_too_many_cells_is_refused(check):
    check("recipient,note\nnew@kunde.example,Hello, Ada\n")

    assert verdicts_of() == [("new@kunde.example", "refused", "cells")]


def test_what_would_be_over_todays_limit_waits_for_tomorrow(check, provider, settings):
    settings.REQUESTS_PER_DAY = 3
    make_message(provider.organization, task="partners.tasks.send_request")
    old = make_message(provider.organization, task="partners.tasks.send_request")
    type(old).objects.filter(pk=old.pk).update(created_at=now() - timedelta(days=2))

    check("recipient\n" + "".join(f"r{n}@kunde.example\n" for n in range(4)))

    assert [reason for *_row, reason in verdicts_of()] == ["", "", "day_limit", "day_limit"]


def test_who_was_asked_often_enough_today_is_not_asked_again(check, provider, settings):
    settings.REQUESTS_PER_RECIPIENT_AND_DAY = 2
    for _ in range(2):
        asked = make_request(
            provider.organization,
            recipient="new@kunde.example",
            status="withdrawn",
            route="portal",
            sent_at=now(),
        )
        mail = {"task": "partners.tasks.send_request", "kwargs": {"request_id": asked.pk}}
        make_message(provider.organization, **mail)

    check("recipient\nNEW@kunde.example\n")

    assert verdicts_of() == [("NEW@kunde.example", "refused", "recipient_limit")]


def test_an_empty_language_is_the_readers(browser, provider):
    browser.cookies["django_language"] = "de"

    browser.send(CREATE, data={"text": "Empfänger\nnew@kunde.example"})

    assert RequestBatchRow.objects.get().language == "de"


@pytest.mark.parametrize("content", [b"recipient\nx@kunde.example\n", "recipient\nx@kunde.example"])
def test_the_same_press_makes_one_batch(check, content):
    press = str(uuid4())

    first, second = check(content, press), check(content, press)

    assert first["Location"] == second["Location"]
    assert RequestBatch.objects.count() == 1


def test_another_file_from_the_same_page_is_another_batch(check):
    press = str(uuid4())

    check(b"recipient\nx@kunde.example\n", press)
    check(b"recipient\ny@kunde.example\n", press)

    assert RequestBatch.objects.count() == 2


@pytest.mark.parametrize(
    "content,words",
    [
        ("recipient;note\nx@kunde.example;Grüße\n".encode("cp1252"), "CSV UTF-8"),
        (b"PK\x03\x04 and so on", "Excel workbook"),
        (b"recipient\nx@kunde\x00.example\n", "NUL"),
        (b"recipient\n" + b"x" * 200_000, "Line 2"),
        (b"name,city\na,b\n", "The first row must name the columns"),
        (b"recipient,recipient\na,b\n", "twice in the first row"),
        (b"recipient,city\na,b\n", "Unknown column “city”"),
        (b"recipient\n" + b"x@kunde.example\n" * 60_000, "more than 500 rows"),
        (b"x" * (3 * 1024 * 1024), "larger than 1 MB"),
        (b"", "empty"),
        ("name,city\na,b", "The first row must name the columns"),
        ("recipient\nx\x00", "Null characters"),
    ],
)
def test_what_cannot_be_read_says_so_and_leaves_nothing(check, content, words):
    response = check(content)

    assert response.status_code == 422
    assert words in response.text
    assert not RequestBatch.objects.exists()


def test_fifty_megabytes_are_refused_without_being_read(check, monkeypatch):
    monkeypatch.setattr("partners.batch_files.read", None)

    response = check(b"recipient\n" + b"x" * (50 * 1024 * 1024))

    assert response.status_code == 422
    assert "larger than 1 MB" in response.text


def test_too_much_pasted_text_is_refused_in_words(check):
    response = check("recipient\n" + "x" * (3 * 1024 * 1024))

    assert response.status_code == 413
    assert "This is too much at once" in response.text
    assert not RequestBatch.objects.exists()


def test_nothing_chosen_or_too_much_chosen(browser):
    nothing = browser.send(CREATE, data={})
    both = {"text": "recipient\na", "file": SimpleUploadedFile("a.csv", b"recipient\na")}

    assert nothing.status_code == 422 and "Choose a file, or paste the rows." in nothing.text
    answer = browser.send(CREATE, data=both)
    assert answer.status_code == 422 and "not both" in answer.text
    assert not RequestBatch.objects.exists()


@pytest.mark.parametrize(
    "name", ["x" * 300 + ".csv", "../../etc/passwd", "a\u202eb.csv", "<script>.csv", "ä ö.csv"]
)
def test_names_of_files_are_only_names(check, browser, name):
    assert check(b"recipient\nx@kunde.example\n", name=name).status_code == 302

    batch = RequestBatch.objects.get()
    assert len(batch.file_name) <= 100 and "\u202e" not in batch.file_name
    text = browser.open(DETAIL, batch.pk).text
    assert "<script>.csv" not in text


def test_the_verdicts_are_counted_and_filtered(check, browser):
    check("recipient,language\na@kunde.example,\nb@kunde.example,\nx,\ny,\nc@kunde.example,fr\n")
    batch = RequestBatch.objects.get()

    def recipients(**query):
        page = browser.open(DETAIL, batch.pk, **query).context["page"]
        assert page.count == len(page.rows)
        return [row.recipient for row in page.rows]

    text = browser.open(DETAIL, batch.pk).text
    for words in (
        "<strong>2 requests</strong> can be sent.",
        "3 rows are left out, each with the reason.",
        "Send 2 requests",
        "Discard",
        "Ready (2)",
        "Refused (3)",
        "– This is not an email address. (2)",
        "The language is neither English nor German.",
    ):
        assert words in text, words
    assert recipients(verdict="ready") == ["a@kunde.example", "b@kunde.example"]
    assert recipients(verdict="refused") == ["x", "y", "c@kunde.example"]
    assert recipients(verdict="=bad_address") == ["x", "y"]
    assert len(recipients(verdict="=nonsense")) == len(recipients(verdict="\x00")) == 5


def test_each_group_of_verdicts_is_one_link_away(check, browser):
    check("recipient,language\na@kunde.example,\nb@kunde.example,\nx,\ny,\nc@kunde.example,fr\n")
    batch = RequestBatch.objects.get()
    tabs = browser.open(DETAIL, batch.pk).context["tabs"]

    assert [(str(tab["label"]), tab["count"]) for tab in tabs] == [
        ("All", 5),
        ("Ready", 2),
        ("Refused", 3),
    ]
    for tab in tabs:
        response = browser.get(tab["url"])
        assert len(response.context["page"].rows) == tab["count"]
        current = [t["label"] for t in response.context["tabs"] if t["current"]]
        assert current == [tab["label"]]
    for nonsense in ("=bad_address", "x", "\x00"):
        assert browser.open(DETAIL, batch.pk, verdict=nonsense).status_code == 200


def test_a_file_without_a_good_row_offers_nothing_to_send(check, browser):
    check("recipient\nx\n")

    text = browser.open(DETAIL, RequestBatch.objects.get().pk).text

    assert "No row can be sent" in text
    assert "/send/" not in text


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_template_is_what_is_taken_back(check, browser, language):
    browser.cookies["django_language"] = language
    for dialect in ("comma", "excel"):
        template = browser.open("partners:batch_template", format=dialect)
        content = template.content + b"new@kunde.example\r\n"

        assert template["Content-Disposition"].startswith("attachment")
        assert check(content).status_code == 302
    assert RequestBatchRow.objects.filter(status="ready").count() == 2


def test_earlier_files_are_found_again(browser, provider, outsider):
    make_batch(provider.organization)
    foreign = make_batch(outsider.organization)

    page = browser.open(CREATE)

    assert page.text.count("resellers.csv") == 1
    assert browser.open(DETAIL, foreign.pk).status_code == 404


def test_the_form_works_without_a_script(browser):
    text = browser.open(CREATE).text

    assert '<form method="post" enctype="multipart/form-data"' in text
    assert 'type="file"' in text and "<textarea" in text
    assert "maxlength" not in re.search("<textarea[^>]*>", text)[0]


def test_sales_agents_may_too(provider, browser_of):
    colleague = make_membership(Role.SALES_AGENT, organization=provider.organization)

    assert browser_of(colleague).open(CREATE).status_code == 200
