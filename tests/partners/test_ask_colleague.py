"""Who may not answer finds out who may, and has something to send them."""

from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.roles import Role
from tests.factories import make_membership, make_request, make_user


@pytest.fixture
def invited(provider):
    return make_request(provider.organization)


@pytest.fixture
def url(invited):
    return reverse("invitation_ask", args=[invited.token])


def test_a_colleague_sees_the_names_of_the_global_admins(url, reseller, browser_of):
    maren = make_user("maren@kessler.example", first_name="Maren", last_name="Roth")
    make_membership(organization=reseller.organization, user=maren)
    gone = make_user("gone@kessler.example", first_name="Gone", is_active=False)
    make_membership(organization=reseller.organization, user=gone)
    agent = make_membership(Role.ADMIN_AGENT, organization=reseller.organization)

    page = browser_of(agent).get(url)
    print(page.text[page.text.index("<main") :])

    assert "Maren Roth" in page.text and "maren@kessler.example" in page.text
    [[company, people]] = page.context["companies"]
    assert (company, people) == (reseller.organization, [reseller.user, maren])


def test_the_message_is_ready_to_be_sent(url, invited, reseller, browser_of):
    colleague = make_membership(organization=reseller.organization).user
    page = browser_of(reseller).get(url)

    written, mailto = page.context["letter"]
    link = reverse("invitation", args=[invited.token])
    assert link in written.body
    assert mailto.url.startswith(f"mailto:{colleague.email}?subject=")
    assert link in unquote(mailto.url)
    assert mailto.url.replace("&", "&amp;") in page.text
    assert 'data-copy="#message"' in page.text


def test_without_a_company_one_is_told_how_to_find_out(url, browser_of, outsider):
    for browser in (Client(), browser_of(outsider)):
        page = browser.get(url).text
        assert "How to find out who that is" in page
        assert 'href="mailto:?subject=' in page


def test_nobody_learns_names_of_a_company_they_do_not_belong_to(
    url, stranger, reseller, browser_of
):
    assert reseller.user.email not in browser_of(stranger).get(url).text


def test_closed_and_unknown_links(url, invited):
    invited.status = "withdrawn"
    invited.save()

    assert Client().get(url).status_code == 410
    assert Client().get("/invitations/7Q2FK/ask/").status_code == 404


def test_the_page_is_kept_nowhere(url):
    response = Client().get(url)

    assert response["Cache-Control"] == "no-store"
    assert Client().post(url).status_code == 405
