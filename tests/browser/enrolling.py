"""The parts of an enrolment, as Maren Kessler fills them in."""

from tests.browser.person import PASSWORD, code_for

MAREN, KESSLER, MPN_ID = "maren@kessler.test", "Kessler IT-Systemhaus", "4847383"


def name_yourself(maren, email=MAREN):
    maren.types(first_name="Maren", last_name="Kessler", email=email, password=PASSWORD)
    maren.presses("save")


def prove_the_address(maren, mailbox):
    maren.types(code=code_for(MAREN, mailbox))
    maren.presses("confirm")
    maren.sees("address confirmed")


def describe_the_company(maren):
    maren.follows("company")
    maren.chooses("country", "germany")
    maren.types(name=KESSLER, address="Jungfernstieg 1", postal_code="20354", city="Hamburg")
    maren.presses("save")


def finish(maren):
    """What comes after the company, until *In review*."""
    maren.follows("identifiers")
    maren.types(mpn_id=MPN_ID)
    maren.presses("save")
    maren.follows("agreement")
    maren.presses("accept and continue")
    maren.follows("review and submit")
    maren.sees(KESSLER, MPN_ID)
    maren.presses("submit")
    maren.sees("in review")
