"""How somebody comes to work for a provider: by a mailed link, or with a password read out.

Once in English with JavaScript, once in German without.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.person import PASSWORD, mails_to, text_of
from tests.browser.staff import ANNA

IDA = "ida@nordwind.test"


@pytest.fixture
def anna(nordwind, signed_in):
    """Anna in front of *Add user*."""
    anna = signed_in(ANNA)
    anna.page.goto(f"/o/{nordwind.slug}/settings/users/add/")
    anna.reads("add user")
    return anna


def test_somebody_invited_chooses_a_password_and_is_in(anna, somebody, portal):
    anna.presses("add user")
    anna.sees("a problem")
    anna.types(first_name="Ida", last_name="Ivens", email=IDA)
    anna.page.locator("[value=sales_agent]").check()
    anna.presses("add user")
    anna.sees("invitation on its way", "Ida Ivens")
    anna.reads("invited people")

    [mail] = mails_to(IDA, portal)
    link = re.search(r"http\S+/join/\S+", text_of(mail))[0]
    ida = somebody()
    ida.page.goto(link)
    ida.reads("work for")
    expect(ida.page.locator("[name=account]")).to_have_value(IDA)
    ida.types(password=PASSWORD)
    ida.presses("accept")
    expect(ida.page).to_have_url(re.compile("/o/nordwind/$"))
    ida.sees("Ida Ivens" if ida.javascript else "home")

    late = somebody()
    late.page.goto(link)
    late.reads("ended")


def test_credentials_are_read_once_and_changed_at_the_first_sign_in(anna, somebody):
    anna.types(first_name="Ben", last_name="Roth")
    anna.page.locator("[value=user_admin]").check()
    anna.marks("create credentials")
    anna.types(account="ben.roth")
    anna.presses("add user")
    if not anna.javascript:
        anna.presses("show temporary password")
    expect(anna.page.locator("#temporary-password")).to_be_visible()
    temporary = anna.page.locator("#temporary-password").input_value()
    account = anna.page.locator("#account-name").input_value()
    assert account == "ben.roth@nordwind"
    anna.page.reload()
    expect(anna.page.locator("#temporary-password")).to_have_count(0)

    ben = somebody()
    ben.signs_in(account, temporary)
    ben.reads("first password")
    ben.types(new_password1=PASSWORD, new_password2=PASSWORD)
    ben.presses("set password")
    expect(ben.page).to_have_url(re.compile("/o/nordwind/$"))
