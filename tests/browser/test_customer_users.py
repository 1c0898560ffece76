"""A customer's users, as the provider's staff look after them.

Once in English with JavaScript, once in German without.
"""

import csv
import re
from io import StringIO

import pytest
from playwright.sync_api import expect

from portal.scope import OPERATOR, acting
from subscriptions.models import Offer
from tests.browser.person import PASSWORD, mails_to, text_of
from tests.browser.staff import ANNA
from tests.factories import make_customer, make_grant, make_subscription

CUSTOMER, DOMAIN = "Vogel Optik", "vogel.onportal.example"
BEN = f"ben.bauer@{DOMAIN}"
OFFER = "Microsoft 365 Business Basic"
FILE = """First name,Last name,Display name,Email,Status update
Lena,Sommer,Lena Sommer,lena.sommer,
Igor,Petrov,Igor Petrov,igor.petrov@elsewhere.example,
,,Empfang,empfang,
"""


@pytest.fixture
def anna(nordwind, signed_in):
    """Anna in front of the users of a customer that has licenses, but nobody to give them to."""
    with acting(OPERATOR):
        customer = make_customer(nordwind, company_name=CUSTOMER, domain=DOMAIN, status="active")
        make_grant(customer)
        make_subscription(customer, Offer.objects.filter(name=OFFER).first())
    anna = signed_in(ANNA)
    anna.follows("Customers")
    anna.follows(CUSTOMER)
    anna.follows("Users and licenses")
    anna.reads(CUSTOMER)
    anna.sees("No users yet")
    return anna


def test_a_user_from_the_first_password_to_the_second_life(anna, somebody):
    add_ben(anna)
    temporary = read_the_password_once(anna)
    ben = somebody()
    ben.signs_in(BEN, temporary)
    ben.reads("Choose a new password")
    delete_ben(anna)
    restore_ben(anna)


def test_a_user_chooses_the_password_under_a_link_sent_twice(anna, somebody, portal):
    anna.follows("Add user")
    anna.types(first_name="Nora", last_name="Neu", display_name="Nora Neu", account="nora.neu")
    anna.types(email="nora@wrong.test")
    anna.presses("Add user")
    anna.sees("is added", "Invited users")
    anna.inspects("Invited users")
    mistyped = link_in(mails_to("nora@wrong.test", portal))
    anna.follows("Nora Neu")
    anna.follows("Send again")
    anna.types(email="nora@right.test")
    anna.presses("Send again")
    anna.sees("The link is on its way to nora@right.test.")

    nora = somebody()
    nora.page.goto(link_in(mails_to("nora@right.test", portal)))
    nora.reads("Choose your password")
    nora.inspects("Choose your password")
    nora.types(password=PASSWORD)
    nora.presses("Save and sign in")
    nora.sees("Welcome. From now on you sign in as")

    late = somebody()
    late.page.goto(mistyped)
    late.reads("This invitation was withdrawn")
    anna.page.reload()
    anna.sees("Nobody is invited at the moment")


def link_in(mails):
    return re.search(r"http\S+/first-password/\S+", text_of(mails[0]))[0]


def add_ben(anna):
    anna.follows("Add user")
    anna.reads("Add user")
    anna.presses("Add user")
    anna.sees("There is a problem")
    anna.types(first_name="Ben", last_name="Bauer", display_name="Ben Bauer", account="ben.bauer")
    anna.page.locator("[name=licenses]").check()
    anna.marks("Temporary password (it is shown to you once, on the next page)")
    anna.presses("Add user")
    anna.sees("is added")


def read_the_password_once(anna):
    """Neither a reload nor going back shows it again.

    Without a script a form was sent to show it: the browser itself refuses to go back there.
    """
    if not anna.javascript:
        anna.presses("Show temporary password")
    shown = anna.page.locator("#temporary-password")
    expect(shown).to_be_visible()
    anna.inspects("Temporary password")
    temporary = shown.input_value()
    anna.page.reload()
    has_forgotten(anna, temporary)
    anna.follows("done")
    expect(anna.row("Ben Bauer")).to_contain_text(OFFER)
    if anna.javascript:
        anna.page.go_back()
        has_forgotten(anna, temporary)
        anna.follows("done")
    return temporary


def has_forgotten(anna, password):
    anna.sees("The password can't be shown again.")
    assert password not in anna.page.content()


def delete_ben(anna):
    anna.follows("Ben Bauer")
    anna.reads("Ben Bauer")
    anna.follows("Delete user")
    anna.sees("The user is signed out everywhere")
    anna.presses("Delete user")
    anna.sees("1 license is free again.", "No users yet")


def restore_ben(anna):
    anna.follows("Deleted users")
    anna.inspects("Deleted users")
    anna.presses("Restore", within=anna.row(BEN))
    anna.reads("Ben Bauer")
    anna.sees("Licenses do not come back by themselves", "No licenses")


def test_a_file_with_one_wrong_row(anna):
    choose_the_file(anna)
    anna.reads("users.csv")
    anna.sees("2 users", "1 row is left out", "Nobody has been created yet.")
    for email, verdict in {
        "lena.sommer": "Ready",
        "igor.petrov": "The email is not in the domain of this company.",
        "empfang": "Ready",
    }.items():
        expect(anna.row(email)).to_contain_text(anna.word(verdict))
    anna.presses("Save")
    anna.sees("The users are there")
    anna.sees("2 users were created.")
    anna.inspects("The users are there")
    accounts = download_the_passwords_once(anna)
    assert accounts == [f"lena.sommer@{DOMAIN}", f"empfang@{DOMAIN}"]


def choose_the_file(anna):
    anna.follows("Upload users")
    anna.reads("Upload users")
    file = {"name": "users.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    anna.page.locator("[name=file]").set_input_files(file)
    anna.presses("Validate")


def download_the_passwords_once(anna):
    """Gives the accounts whose passwords are in the file."""
    with anna.downloads() as file:
        anna.presses("Download temporary password information")
    _names, *rows = csv.reader(StringIO(file[0]))
    assert all(password for _name, _account, password in rows)
    anna.page.reload()
    anna.sees("The temporary passwords were downloaded on")
    button = anna.word("Download temporary password information")
    expect(anna.page.get_by_role("button", name=button)).to_have_count(0)
    return [account for _name, account, _password in rows]
