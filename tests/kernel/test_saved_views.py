"""Saved views: kept, shared, begun with, changed, forgotten; on every list that has them."""

import pytest
from django.http import QueryDict

from portal.accounts.roles import Kind
from portal.queries import canonical, read, same, tidy
from portal.savedviews.lists import LISTS
from portal.savedviews.models import SavedView, StartView
from portal.savedviews.services import MOST
from tests.factories import make_customer, make_membership, make_saved_view

SAVE, EDIT = "savedviews:view_create", "savedviews:view_edit"
LIST = "customers:customer_list"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def browser(provider, browser_of):
    return browser_of(provider)


@pytest.fixture
def colleague(provider, browser_of):
    return browser_of(make_membership(organization=provider.organization))


@pytest.fixture
def berg(provider):
    """A customer, so that the list has a row."""
    return make_customer(provider.organization, company_name="Berg", country="DE")


def typed(**changes):
    return {"list": "customers", "query": "q=berg&country=DE", "name": "Berg"} | changes


def test_a_query_in_one_spelling():
    query = QueryDict("q=b&after=C-1&saved=V-1&country=&reseller=2&reseller=1&reseller=2")

    assert tidy(query) == "q=b&reseller=1&reseller=2"
    assert tidy(query, order=["reseller"]) == "reseller=1&reseller=2&q=b"
    assert same(query, QueryDict("reseller=1&q=b&reseller=2&open=x"))
    assert not same(query, QueryDict("q=b"))


def test_what_is_too_long_is_read_as_nothing():
    assert tidy(read("q=" + "a" * 3000)) == ""
    assert tidy(read("&".join(f"a{n}=1" for n in range(1500)))) == ""


def test_the_canonical_query_of_a_canonical_query_is_itself():
    rules = {"order": ("b", "a", "open"), "several": ("a", "open")}
    rules["is_default"] = lambda name, value: value == "0"
    text = canonical(QueryDict("a=2&a=1&b=x&b=y&c=1&open=9&open=3&a=0"), **rules)

    assert text == "b=y&a=1&a=2&open=9&open=3"
    assert canonical(QueryDict(text), **rules) == text


def test_saving_leads_back_to_the_list_with_the_view_open(browser, berg, provider):
    page = browser.open(LIST, q="berg", country="DE")
    save = page.context["request"].saved_views.save_url
    assert "Berg" not in page.text.partition('class="tabs"')[2].partition("</nav>")[0]
    form = browser.get(save).context["form"]
    assert (form["list"].value(), form["query"].value()) == ("customers", "country=DE&q=berg")

    response = browser.send(SAVE, data=typed())

    view = SavedView.objects.get()
    assert (view.owner, view.organization) == (provider.user, provider.organization)
    assert response["Location"] == (
        browser.url(LIST) + f"?country=DE&q=berg&saved={view.reference}"
    )
    page = browser.get(response["Location"], follow=True)
    assert page.status_code == 200
    saved = page.context["request"].saved_views
    assert saved.current["name"] == "Berg" and not saved.is_changed
    assert 'aria-current="page"><span aria-hidden="true">★ </span>Berg</a>' in page.text
    assert "Save as view…" not in page.text and "Edit view" in page.text


def test_private_ones_are_private_and_shared_ones_say_whose(browser, colleague, berg):
    browser.send(SAVE, data=typed())
    browser.send(SAVE, data=typed(name="Ours", is_shared="on"))

    text = colleague.open(LIST).text

    assert "Ours" in text and "Ada Wong" in text
    assert "★ </span>Berg" not in text
    private = SavedView.objects.get(name="Berg")
    assert colleague.open(EDIT, private.pk).status_code == 404


def test_a_shared_view_is_changed_by_its_owner_alone(browser, colleague):
    browser.send(SAVE, data=typed(name="Ours", is_shared="on"))
    view = SavedView.objects.get()

    for action in ("view_update", "view_delete"):
        assert colleague.send(f"savedviews:{action}", view.pk, data={}).status_code == 404
    colleague.send(EDIT, view.pk, data={"name": "Mine now", "is_start": "on"})

    view.refresh_from_db()
    assert (view.name, view.is_shared, view.query) == ("Ours", True, "country=DE&q=berg")
    assert StartView.objects.get().user == colleague.membership.user


def test_other_organizations_see_nothing(browser, outsider, browser_of):
    browser.send(SAVE, data=typed(is_shared="on"))
    view = SavedView.objects.get()
    theirs = browser_of(outsider)

    assert "★" not in theirs.open(LIST).text
    assert theirs.open(EDIT, view.pk).status_code == 404


def test_the_same_person_elsewhere_has_other_views(browser, outsider, browser_of, provider):
    browser.send(SAVE, data=typed())
    there = make_membership(organization=outsider.organization, user=provider.user)

    assert "★" not in browser_of(there).open(LIST).text


def test_a_changed_view_is_updated_or_reset(browser, berg):
    browser.send(SAVE, data=typed())
    view = SavedView.objects.get()

    page = browser.open(LIST, q="alp", country="DE", saved=view.reference)
    assert page.context["request"].saved_views.is_changed
    for words in ("Changed", "Reset", "Update view", "Save as view…"):
        assert words in page.text
    browser.send("savedviews:view_update", view.pk, data={"query": "q=alp&per=50&after=C-1"})

    view.refresh_from_db()
    assert view.query == "per=50&q=alp"


def test_renaming(browser):
    browser.send(SAVE, data=typed())
    view = SavedView.objects.get()

    browser.send(EDIT, view.pk, data={"name": "New name"})

    view.refresh_from_db()
    assert (view.name, view.query) == ("New name", "country=DE&q=berg")


def test_deleting_takes_the_start_along(browser, berg):
    browser.send(SAVE, data=typed(is_start="on"))
    view = SavedView.objects.get()

    response = browser.send("savedviews:view_delete", view.pk)

    assert response["Location"] == browser.url(LIST)
    assert not SavedView.objects.exists() and not StartView.objects.exists()
    assert browser.open(LIST).status_code == 200


def test_a_list_begins_with_the_chosen_view(browser, colleague, berg):
    browser.send(SAVE, data=typed(is_start="on", is_shared="on"))
    view = SavedView.objects.get()

    begun = browser.open(LIST)
    assert begun["Location"].endswith(f"?country=DE&q=berg&saved={view.reference}")
    page = browser.get(begun["Location"], follow=True)
    assert page.status_code == 200
    everything = page.context["tabs"][0]["url"]
    assert everything == browser.url(LIST) + "?view=all"
    assert browser.get(everything).status_code == 200
    assert browser.get(browser.url(LIST), **HTMX).status_code == 200
    assert colleague.open(LIST).status_code == 200


def test_a_list_can_begin_with_a_long_view(browser, provider, berg):
    query = "q=" + "a" * 1798
    view = make_saved_view(provider, query=query, is_start=True)

    assert browser.open(LIST)["Location"].endswith(f"?{query}&saved={view.reference}")


def test_only_one_begins_the_list(browser):
    browser.send(SAVE, data=typed(is_start="on"))
    browser.send(SAVE, data=typed(name="Other", is_start="on"))

    assert StartView.objects.get().view.name == "Other"
    other = SavedView.objects.get(name="Other")
    browser.send(EDIT, other.pk, data={"name": "Other"})
    assert not StartView.objects.exists()


def test_what_is_no_longer_shared_begins_nobody_elses_list(browser, colleague):
    browser.send(SAVE, data=typed(is_shared="on"))
    view = SavedView.objects.get()
    colleague.send(EDIT, view.pk, data={"is_start": "on"})

    browser.send(EDIT, view.pk, data={"name": "Berg"})

    assert not StartView.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [{"name": ""}, {"name": "x" * 61}, {"list": "secrets"}, {"name": "a\u202eb"}],
)
def test_what_cannot_be_saved(browser, changes):
    assert browser.send(SAVE, data=typed(**changes)).status_code == 422
    assert not SavedView.objects.exists()


def test_one_name_once(browser, colleague):
    browser.send(SAVE, data=typed())

    again = browser.send(SAVE, data=typed())
    assert again.status_code == 422 and "of this name already" in again.text
    assert browser.send(SAVE, data=typed(list="orders")).status_code == 302
    assert colleague.send(SAVE, data=typed()).status_code == 302


def test_there_is_an_end(browser, provider):
    for _number in range(MOST):
        make_saved_view(provider)

    response = browser.send(SAVE, data=typed())
    assert response.status_code == 422 and f"You have {MOST} views" in response.text


def test_many_views_have_a_menu(browser, provider, berg):
    for number in range(9):
        make_saved_view(provider, name=f"View {number}")
    last = make_saved_view(provider, name="Zebra", query="q=berg")

    saved = browser.open(LIST).context["request"].saved_views
    assert [len(saved.tabs), len(saved.more)] == [7, 3]
    page = browser.open(LIST, q="berg", saved=last.reference)
    assert "Zebra" in [view["name"] for view in page.context["request"].saved_views.tabs]
    assert 'id="more-views"' in page.text


@pytest.mark.parametrize("name", LISTS)
def test_every_list_has_them(browser, provider, name):
    view = make_saved_view(provider, list=name, name="Ninth", query="q=nobody", is_start=True)

    begun = browser.open(LISTS[name])
    assert begun["Location"].endswith(f"?q=nobody&saved={view.reference}")
    page = browser.get(begun["Location"])
    assert "★ </span>Ninth" in page.text and "Edit view" in page.text
    assert f'name="saved" value="{view.reference}"' in page.text
    changed = browser.open(LISTS[name], q="other", saved=view.reference)
    assert "Save as view…" in changed.text


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_organization_saves_views(kind, browser_of):
    browser = browser_of(make_membership(kind=kind))

    data = typed(list="subscriptions")
    assert browser.send(SAVE, data=data).status_code == 302
    assert "★ </span>Berg" in browser.open("subscriptions:subscription_list").text
