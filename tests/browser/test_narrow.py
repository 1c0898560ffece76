"""On a narrow telephone, in German: nothing is wider than the screen, no word is cut in two."""

import re

import pytest

from portal.accounts.roles import Kind
from portal.links import reverse
from portal.scope import OPERATOR, acting
from tests.factories import (
    make_membership,
    make_message,
    make_partner,
    make_partnership,
    make_request,
    make_user,
)

PASSWORD = "correct horse battery"
TOO_WIDE = """() => [...document.querySelectorAll('h1, h2, h3, main')]
    .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent.trim().slice(0, 60))"""
# Words that stand on two lines, with or without a hyphen.
CUT = r"""() => {
  const found = [], range = document.createRange();
  for (const element of document.querySelectorAll('main :is(h1, h2, h3, td, th)'))
    for (const node of element.childNodes) if (node.nodeType === 3)
      for (const word of node.data.matchAll(/\p{L}{4,}/gu)) {
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        const lines = [...range.getClientRects()].filter(line => line.width > 0);
        if (lines.length > 1) found.push(word[0]);
      }
  return found;
}"""


@pytest.fixture
def people(portal):
    with acting(OPERATOR):
        provider = make_partner(Kind.PROVIDER, name="Nordwind Distribution", slug="nordwind")
        reseller = make_partner(name="Kessler IT-Systemhaus GmbH")
        user = make_user("anna@nordwind.test", PASSWORD)
        user.language = "de"
        user.save()
        staff = make_membership(organization=provider, user=user)
        make_partnership(provider, reseller)
        make_message(provider, last_error="[Errno 111] Connection refused")
        request = make_request(provider, created_by=staff.user)
        ended = make_partner(name="Donaudampfschifffahrtsgesellschaft Systemhaus GmbH")
        make_partnership(provider, ended)
    return provider, reseller, request, ended


def test_german_pages_at_390_pixels(visitor, people):
    provider, reseller, request, long_name = people
    page = visitor("de")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill("anna@nordwind.test")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/o/nordwind/"))
    for name, *args in (
        ("outbox:message_list",),
        ("partners:reseller_detail", reseller.pk),
        ("partners:reseller_detail", long_name.pk),
        ("subscriptions:partnership_remove", long_name.pk),
        ("partners:reseller_list",),
        ("partners:request_detail", request.pk),
        ("partners:request_withdraw", request.pk),
        ("partners:batch_create",),
        ("partners:profile_detail",),
    ):
        page.goto(reverse(name, *args, organization=provider))
        assert page.locator("html").get_attribute("lang") == "de"
        assert page.evaluate(TOO_WIDE) == [], name
        cut = [word for word in page.evaluate(CUT) if not word.startswith("Donaudampf")]
        assert cut == [], name
