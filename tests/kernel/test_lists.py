import django_tables2 as tables
import pytest
from django.test import RequestFactory

from partners.models import PartnerProfile
from portal import lists
from portal.lists import Page
from tests.factories import make_partner

pytestmark = pytest.mark.django_db


class ProfileTable(tables.Table):
    name = tables.Column(order_by="name_key")
    city = tables.Column(order_by="city")
    plain = tables.Column(orderable=False)

    class Meta:
        order_by = "name"


@pytest.fixture
def profiles():
    for name in ["beta", "Älpha", "delta", "Gamma", "alpha", "gamma", "epsilon"]:
        make_partner(name=name)


def page_at(query="", size=3):
    request = RequestFactory().get(f"/{query}")
    return Page(request, ProfileTable, PartnerProfile.objects.all(), series="R", size=size)


def names(page):
    return [row.organization.name for row in page.rows]


def walk(page, link):
    seen = [names(page)]
    while url := getattr(page, link):
        page = page_at(url)
        seen.append(names(page))
    return seen, page


def test_walking_forwards_meets_every_row_once(profiles):
    seen, _ = walk(page_at(), "next_url")

    everything = [name for rows in seen for name in rows]
    assert [name.casefold() for name in everything] == [
        "älpha", "alpha", "beta", "delta", "epsilon", "gamma", "gamma",
    ]  # fmt: skip
    assert [len(rows) for rows in seen] == [3, 3, 1]


def test_walking_back_shows_the_same_pages(profiles):
    forwards, last = walk(page_at(), "next_url")
    backwards, first = walk(last, "previous_url")

    assert first.is_first
    assert [n for rows in reversed(backwards) for n in rows] == [
        n for rows in forwards for n in rows
    ]


def test_sorting_descends_and_names_the_opposite(profiles):
    page = page_at("?sort=-name")

    assert names(page)[0].casefold() == "gamma"
    assert page.sort_urls["name"] == "?sort=name"
    assert "plain" not in page.sort_urls


def test_equal_keys_never_overlap(profiles):
    """All in Hamburg: the id decides."""
    seen, _ = walk(page_at("?sort=city"), "next_url")
    everything = [name for rows in seen for name in rows]

    assert len(everything) == len(set(everything)) == 7


@pytest.mark.parametrize(
    "query",
    [
        "?after=nonsense",
        "?after=R-000000",
        "?sort=password",
        "?sort=plain",
        "?before=",
        "?sort=--x",
    ],
)
def test_a_link_that_means_nothing_shows_the_start(profiles, query):
    assert names(page_at(query)) == names(page_at())


def test_filters_stay_in_the_links(profiles):
    assert page_at("?q=x&sort=name").next_url.startswith("?q=x&sort=name&after=R-")


def test_counting_stops_at_the_limit(profiles, monkeypatch):
    monkeypatch.setattr(lists, "COUNT_LIMIT", 5)
    page = page_at()

    assert (page.count, page.capped) == (5, True)


def test_a_page_costs_one_query(profiles, django_assert_num_queries):
    with django_assert_num_queries(1):
        page = page_at()
    with django_assert_num_queries(1):
        page_at(page.next_url)


def test_a_page_behind_a_row_that_is_gone_starts_anew(profiles):
    page = page_at(page_at().next_url)
    PartnerProfile.objects.filter(pk=page.anchor).delete()

    assert names(page_at(page._url(after=page.query["after"])))[0].casefold() in {"alpha", "älpha"}


def test_an_empty_list_has_an_empty_first_page(db):
    page = page_at()

    assert (page.rows, page.count, page.is_first, page.is_last) == ([], 0, True, True)
    assert page.next_url is page.previous_url is page.first_url is None
