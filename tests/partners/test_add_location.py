"""*Identifiers*: the MPN IDs of a company; locations are added and never removed."""

import pytest
from django.urls import reverse
from django.utils.timezone import now

from partners.models import MpnAccount
from portal.accounts.roles import Kind, Role
from portal.audit.models import AuditEntry
from tests.factories import (
    make_membership,
    make_mpn,
    make_partner,
    make_partnership,
    make_request,
)

LIST = "partners:identifier_list"
ADD = "partners:identifier_add"
GOOD = {"mpn_id": "0055502", "city": "Kiel"}


def test_the_list_tells_types_places_and_use(reseller, partnership, browser_of):
    make_mpn(reseller.organization, mpn_id="4847000", type=MpnAccount.Type.GLOBAL)
    make_mpn(reseller.organization, mpn_id="4847384")
    other = make_partner(Kind.PROVIDER, name="Südstern Cloud")
    ended = {"status": "removed", "removed_at": now(), "statement_version": "1"}
    make_partnership(other, reseller.organization, **ended)

    page = browser_of(reseller).open(LIST)

    for text in ("4847000", "Global account", "Partner Location Account", "Hamburg", "Germany"):
        assert text in page.text
    used = {account.mpn_id: account.used_with for account in page.context["accounts"]}
    assert used[partnership.location.mpn_id] == ["Nordwind Distribution"]
    assert used["4847384"] == used["4847000"] == []


def test_nothing_of_others(reseller, stranger, browser_of):
    theirs = stranger.organization.mpn_accounts.get().mpn_id
    assert theirs not in browser_of(reseller).open(LIST).text


def test_without_a_location_it_says_what_that_means(reseller, browser_of):
    reseller.organization.mpn_accounts.update(type=MpnAccount.Type.GLOBAL)

    assert "There is no Partner Location Account yet." in browser_of(reseller).open(LIST).text


@pytest.mark.parametrize("typed", ["0055502", " 0055 502 "])
def test_adding(reseller, browser_of, typed):
    browser = browser_of(reseller)

    response = browser.send(ADD, data=GOOD | {"mpn_id": typed})

    added = MpnAccount.objects.get(mpn_id="0055502")
    assert response["Location"] == browser.url(LIST)
    assert (added.organization, added.type) == (reseller.organization, "location")
    assert (added.city, added.country) == ("Kiel", reseller.organization.country)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.details) == ("mpnaccount.added", {"mpn_id": "0055502"})
    assert "0055502" in browser.open(LIST).text


def test_pressed_twice_adds_once(reseller, browser_of):
    browser = browser_of(reseller)

    for _ in range(2):
        assert browser.send(ADD, data=GOOD).status_code == 302

    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    "number", ["", "1234", "123456789", "12a45", "٣٣٣٣٣", "1 2 3", "'; --", "55\x00502"]
)
def test_what_is_no_mpn_id_is_refused(reseller, browser_of, number):
    response = browser_of(reseller).send(ADD, data=GOOD | {"mpn_id": number})

    assert response.status_code == 422 and "mpn_id" in response.context["form"].errors
    assert reseller.organization.mpn_accounts.count() == 1


def test_a_number_is_one_companys(reseller, stranger, browser_of):
    theirs = stranger.organization.mpn_accounts.get().mpn_id

    response = browser_of(reseller).send(ADD, data=GOOD | {"mpn_id": theirs})

    assert response.status_code == 422
    assert "Another company has registered this MPN ID." in response.text
    assert stranger.organization.name not in response.text


def test_the_global_account_is_no_location(reseller, browser_of):
    make_mpn(reseller.organization, mpn_id="4847000", type=MpnAccount.Type.GLOBAL)

    response = browser_of(reseller).send(ADD, data=GOOD | {"mpn_id": "4847000"})

    assert response.status_code == 422 and "your global account" in response.text


def test_others_read_only(reseller, browser_of):
    agent = browser_of(make_membership(Role.ADMIN_AGENT, organization=reseller.organization))

    assert "Add location MPN ID" not in agent.open(LIST).text
    assert agent.send(ADD, data=GOOD).status_code == 403


def test_a_new_location_can_answer_an_invitation(reseller, browser_of, provider):
    browser = browser_of(reseller)
    browser.send(ADD, data=GOOD)
    url = reverse("invitation", args=[make_request(provider.organization).token])

    response = browser.post(url, {"location": "0055502", "authorized": "on"})

    assert response.status_code == 302


@pytest.mark.parametrize(("back", "to"), [("/invitations/x/", "/invitations/x/"), ("//evil", None)])
def test_who_came_from_an_invitation_goes_back_there(reseller, browser_of, back, to):
    browser = browser_of(reseller)
    page = browser.open(ADD, next=back)
    assert (f'href="{back}"' in page.text) == bool(to)

    response = browser.send(ADD, data=GOOD | {"next": back})

    assert response["Location"] == (to or browser.url(LIST))
