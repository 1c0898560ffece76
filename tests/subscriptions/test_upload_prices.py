"""*Import prices* in Django admin: what is shown is what is done."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from portal.scope import GUEST, NOBODY, SYSTEM
from subscriptions import importing
from subscriptions.models import Offer, OfferPrice, PriceUpload
from subscriptions.price_lists.formats import LEGACY_PRICE_COLUMNS, PRICE_COLUMNS
from tests.factories import make_membership, make_user
from tests.subscriptions.test_import_prices import LEGACY, new, take, text_of

UPLOAD = "/admin/subscriptions/offerprice/import/"


def operator_client(**fields):
    client = Client()
    user = make_user(is_staff=True, **fields)
    client.force_login(user, backend="portal.accounts.backends.AccountBackend")
    return client


@pytest.fixture
def operator(db):
    return operator_client(is_superuser=True)


def send(client, content, **fields):
    data = content if isinstance(content, bytes) else content.encode()
    file = SimpleUploadedFile("prices.csv", data)
    return client.post(UPLOAD, {"file": file, **fields})


def shown(client, *rows, **fields):
    """Upload these rows; gives (address of the page that shows the changes, the page)."""
    response = send(client, text_of(PRICE_COLUMNS, *rows), **fields)
    assert response.status_code == 302, response.text
    return response["Location"], client.get(response["Location"])


def seen(page):
    return re.search(r'name="seen" value="(\w+)"', page.text)[1]


def test_the_lists_lead_there(operator):
    for model in ("offer", "offerprice"):
        page = operator.get(reverse(f"admin:subscriptions_{model}_changelist"))
        assert f'href="{UPLOAD}"' in page.text
    assert "Import prices" in operator.get(UPLOAD).text


def test_a_file_is_shown_before_anything_happens(operator):
    take(PRICE_COLUMNS, new(), new(SkuId="0002"))

    rows = [new(UnitPrice="50"), new(SkuId="0003"), new(SkuId="0004", Market="XX")]
    _address, page = shown(operator, *rows, is_full="on")

    text = " ".join(page.text.split())
    for words in ("Added", "Changed", "Withdrawn", "Refused"):
        assert f"{words}: <strong>1</strong>" in text
    assert "48.00, 2026-01-01–" in text and "50.00, 2026-01-01–" in text
    assert "Market “XX” is no two-letter code of a country" in text
    assert OfferPrice.objects.count() == 2


def test_import_does_what_was_shown(operator):
    address, page = shown(operator, new(), new(SkuId="0002"))

    response = operator.post(address, {"seen": seen(page)}, follow=True)

    said = [str(message) for message in response.context["messages"]]
    assert said == ["prices.csv: 2 added, 0 changed, 0 withdrawn, 0 refused, 0 unchanged"]
    assert OfferPrice.objects.count() == 2
    upload = PriceUpload.objects.get()
    assert upload.imported_at and upload.counts["added"] == 2
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (upload.imported_by, str(upload.pk))


def test_import_twice_imports_once(operator):
    address, page = shown(operator, new())
    operator.post(address, {"seen": seen(page)})
    OfferPrice.objects.all().delete()

    for response in (
        operator.post(address, {"seen": seen(page)}, follow=True),
        operator.get(address, follow=True),
    ):
        assert "has been imported already" in response.text
    assert not OfferPrice.objects.exists()


def test_a_catalogue_that_changed_since_is_shown_anew(operator):
    address, page = shown(operator, new())
    take(PRICE_COLUMNS, new(UnitPrice="50"))

    response = operator.post(address, {"seen": seen(page)})

    assert response.status_code == 409
    assert "Nothing was done: prices have changed meanwhile" in response.text
    assert OfferPrice.objects.get().unit_price == 50
    assert operator.post(address, {"seen": seen(response)}).status_code == 302
    assert OfferPrice.objects.get().unit_price == 48


@pytest.mark.parametrize("words", ["", "x", "\x00", "9" * 5000])
def test_a_made_up_state_imports_nothing(operator, words):
    address, _page = shown(operator, new())

    assert operator.post(address, {"seen": words}).status_code == 409
    assert not OfferPrice.objects.exists()


def test_long_lists_are_cut_and_counted(operator, monkeypatch):
    monkeypatch.setattr(importing, "MOST_SHOWN", 2)

    _address, page = shown(operator, *(new(SkuId=f"000{n}") for n in range(1, 6)))

    assert "Added: 5 · the first 2 are shown" in page.text
    assert page.text.count("CFQ7TTC0LH18/") == 2


def test_a_legacy_list_asks_for_its_currency(operator):
    text = text_of(LEGACY_PRICE_COLUMNS, LEGACY)

    refused = send(operator, text)
    assert refused.status_code == 422
    assert "A legacy price list does not say its currency: select it." in refused.text
    page = operator.get(send(operator, text, currency="CHF")["Location"])

    assert "CHF" in page.text and "78.00, 2026-01-01–" in page.text


@pytest.mark.parametrize(
    "content,words",
    [
        (b"", "The file is empty."),
        (b"a,b\n1,2\n", "This is no price list and no offer matrix"),
        (b"PK\x03\x04", "This is an Excel workbook"),
        (b"\xff\xfe\x00", "can&#x27;t be read"),
        (b"\x00" * 600, "can&#x27;t be read|no price list|NUL"),
    ],
)
def test_what_is_no_price_file_is_refused_beside_it(operator, content, words):
    response = send(operator, content)

    assert response.status_code == 422
    assert re.search(words, response.text)
    assert not PriceUpload.objects.exists()


def test_no_file_and_too_large_a_file_are_refused(operator, monkeypatch):
    assert "Choose a file." in operator.post(UPLOAD, {}).text
    monkeypatch.setattr(importing, "LARGEST", 100)

    response = send(operator, text_of(PRICE_COLUMNS, new()))

    assert response.status_code == 422
    assert "The file is larger than 32 MB" in response.text


def test_a_file_too_large_for_memory_is_read(operator):
    rows = (new(SkuTitle="x" * 180, SkuDescription="y" * 4000) for _ in range(800))
    response = send(operator, text_of(PRICE_COLUMNS, *rows))

    page = operator.get(response["Location"])

    assert "Refused: <strong>799</strong>" in page.text


def test_what_was_left_is_discarded(operator):
    first, page = shown(operator, new())
    shown(operator, new(UnitPrice="50"))

    assert operator.get(first).status_code == 404
    assert operator.post(first, {"seen": seen(page)}).status_code == 404
    assert PriceUpload.objects.count() == 1


def test_only_operators_with_the_right_may(browser_of, db):
    upload = PriceUpload(file_name="x.csv", created_by=make_user())
    upload.content = b"x"
    upload.save()
    addresses = [UPLOAD, f"{UPLOAD}{upload.pk}/"]
    staff, powerless = browser_of(make_membership()), operator_client()
    for address in addresses:
        for client in (staff, powerless, Client()):
            assert client.get(address).status_code in {302, 403, 404}
            assert client.post(address).status_code in {302, 403, 404}
        assert powerless.get(address).status_code == 403
    assert not Offer.objects.exists()


@pytest.mark.parametrize("pk", ["0", "9" * 30])
def test_an_upload_that_is_not_there_is_not_found(operator, pk):
    assert operator.get(f"{UPLOAD}{pk}/").status_code == 404


@pytest.mark.parametrize("role", [actor.role for actor in (GUEST, SYSTEM, NOBODY)])
def test_nobody_else_reads_uploads(db, role):
    table = PriceUpload._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("select has_table_privilege(%s, %s, 'select')", [role, table])
        assert not cursor.fetchone()[0]
