"""The frame around every page belongs to whoever asks, whatever was drawn for others before."""

import re
from dataclasses import dataclass

import pytest
from django.utils.html import escape

from portal.accounts.roles import Kind, Role
from portal.links import reverse
from tests.conftest import Browser
from tests.factories import make_membership, make_partner, make_user

PAGE = "subscriptions:subscription_list"
SECRETS = re.compile(r'(?<=value=")[A-Za-z0-9]{64}|[A-Za-z0-9]{64}(?="})')  # CSRF tokens


@dataclass
class Visitor:
    """A person at home in one organization, with a language and a theme of their own."""

    membership: object
    language: str
    theme: str

    def __post_init__(self):
        self.browser = Browser(self.membership, headers={"Accept-Language": self.language})
        self.browser.cookies["theme"] = self.theme

    @property
    def words(self):
        """What only this person's pages say."""
        user, organization = self.membership.user, self.membership.organization
        return {user.email, str(user), organization.name, f"/o/{organization.slug}/"}

    def see(self):
        """The page as this person sees it, without what changes at every visit."""
        return SECRETS.sub("", self.browser.open(PAGE).text)


def visitor(kind, role, language, theme, name):
    user = make_user(f"{name.lower()}@shell.test", first_name=name, last_name="Shell")
    home = make_partner(kind, name=f"{name} & Co", slug=f"shell-{name.lower()}")
    return Visitor(make_membership(role, organization=home, user=user), language, theme)


@pytest.fixture
def visitors(db):
    return [
        visitor(Kind.PROVIDER, Role.GLOBAL_ADMIN, "en", "light", "Anna"),
        visitor(Kind.PROVIDER, Role.USER_ADMIN, "de", "dark", "Bela"),
        visitor(Kind.PROVIDER, Role.GLOBAL_ADMIN, "de", "", "Cleo"),
        visitor(Kind.RESELLER, Role.GLOBAL_ADMIN, "en", "dark", "Dora"),
        visitor(Kind.RESELLER, Role.USER_ADMIN, "de", "light", "Emil"),
        visitor(Kind.CUSTOMER, Role.GLOBAL_ADMIN, "en", "", "Fritz"),
    ]


def test_nobody_sees_a_shell_drawn_for_somebody_else(visitors):
    first = {id(one): one.see() for one in visitors}
    for one in [*reversed(visitors), *visitors]:
        page = one.see()
        assert page == first[id(one)]
        for other in visitors:
            seen = {word for word in other.words if escape(word) in page}
            assert seen == (other.words if other is one else set())


def test_language_theme_and_menu_are_the_visitors_own(visitors):
    for one in visitors:
        page, organization = one.see(), one.membership.organization
        assert f'<html lang="{one.language}"' in page
        assert (f'data-theme="{one.theme}"' in page) == bool(one.theme)
        assert ("Abmelden" in page) == (one.language == "de")
        orders = reverse("subscriptions:order_list", organization=organization)
        assert (f'href="{orders}"' in page) == one.membership.can("place_order")


def test_tokens_are_never_shared(visitors):
    found = [set(SECRETS.findall(one.browser.open(PAGE).text)) for one in visitors]
    assert all(found)
    assert len(set.union(*found)) == sum(map(len, found))


def test_the_switcher_shows_ones_own_other_places(visitors):
    anna, bela = visitors[:2]
    elsewhere = make_partner(Kind.RESELLER, name="Anna elsewhere")
    make_membership(organization=elsewhere, user=anna.membership.user)

    assert "Anna elsewhere" in anna.see()
    assert "Anna elsewhere" not in bela.see()
