"""What the invitation page promises is read off the table of grants."""

import pytest
from django.test import Client
from django.urls import reverse

from partners import rights
from portal.accounts.roles import GRANTS, Kind, Permission
from tests.factories import make_request

ORDERS = "submit orders and add subscriptions for the customers you share"
CHANGES = "change licence numbers, suspend and resume where a customer delegated that to you"


@pytest.fixture
def take_away(monkeypatch):
    """No role of this kind of organization holds the permission any more."""

    def take(kind, permission):
        for role, held in GRANTS[kind].items():
            monkeypatch.setitem(GRANTS[kind], role, held - {permission})

    return take


@pytest.fixture
def page(db, provider):
    """What the signed-out page lists: four lists of sentences."""
    invited = make_request(provider.organization)

    def read():
        context = Client().get(reverse("invitation", args=[invited.token])).context
        lists = (*context["they"], *context["you"])
        return [[str(sentence) for sentence in sentences] for sentences in lists]

    return read


def test_a_sentence_moves_when_its_grant_is_taken_away(page, take_away):
    can, cannot, *_ = page()
    assert ORDERS in can and ORDERS not in cannot

    take_away(Kind.PROVIDER, Permission.PLACE_ORDER)

    can, cannot, *_ = page()
    assert ORDERS in cannot and ORDERS not in can


@pytest.mark.parametrize("right", rights.OF_THE_PROVIDER, ids=lambda right: right.permission)
def test_each_sentence_about_the_provider_depends_on_its_grant(take_away, right):
    take_away(Kind.PROVIDER, right.permission)

    assert right.sentence in rights.of_the_provider().cannot


@pytest.mark.parametrize("right", rights.OF_THE_RESELLER, ids=lambda right: right.permission)
def test_each_sentence_about_the_reseller_depends_on_its_grant(take_away, right):
    take_away(Kind.RESELLER, right.permission)

    assert right.sentence in rights.of_the_reseller(None).cannot


@pytest.mark.parametrize(
    ("kind", "sentences"),
    [(Kind.PROVIDER, rights.OF_THE_PROVIDER), (Kind.RESELLER, rights.OF_THE_RESELLER)],
)
def test_every_grant_has_a_sentence_or_a_reason_for_none(kind, sentences):
    held = frozenset().union(*GRANTS[kind].values())
    said = {right.permission for right in sentences}

    assert held - said == rights.UNSAID[kind]


def test_a_grant_that_is_given_moves_it_back(monkeypatch):
    orders = "place orders yourselves"
    assert orders in rights.of_the_reseller(None).cannot
    for role, held in GRANTS[Kind.RESELLER].items():
        monkeypatch.setitem(GRANTS[Kind.RESELLER], role, held | {Permission.PLACE_ORDER})

    assert orders in rights.of_the_reseller(None).can


def test_the_providers_own_switch_counts(page, provider):
    *_, can, cannot = page()
    assert CHANGES in can

    provider.organization.partner.resellers_manage_subscriptions = False
    provider.organization.partner.save()

    *_, can, cannot = page()
    assert CHANGES in cannot


def test_what_ends_at_the_border_of_a_company_never_moves(monkeypatch):
    for role in GRANTS[Kind.PROVIDER]:
        monkeypatch.setitem(GRANTS[Kind.PROVIDER], role, set(Permission))

    assert rights.of_the_provider().cannot == rights.NEVER
