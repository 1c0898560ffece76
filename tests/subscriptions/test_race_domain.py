"""One domain name, thirty drafts, thirty Submits at the same moment: one customer."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from customers.models import Customer
from portal.accounts.models import Organization
from portal.accounts.roles import Kind
from portal.scope import OPERATOR, acting
from subscriptions.models import Order
from tests.conftest import Browser
from tests.factories import make_membership, make_offer, make_partner
from tests.subscriptions.conftest import REVIEW, begin, choose, seen

DRAFTS = 30


@pytest.fixture
def rivals(transactional_db):
    """Thirty browsers of one provider, each with a draft of its own for the same domain name."""
    with acting(OPERATOR):
        provider, offer = make_partner(Kind.PROVIDER), make_offer()
        browsers = [Browser(make_membership(organization=provider)) for _number in range(DRAFTS)]
    found = []
    for browser in browsers:
        with acting(OPERATOR):
            draft = begin(browser)
        choose(browser, draft, offer, 5)
        found.append((browser, draft, seen(browser.open(REVIEW, draft.pk))))
    return found


def test_the_first_gets_the_name_and_the_others_are_told_free_ones(rivals):
    barrier, answers = Barrier(DRAFTS), []

    def press(browser, draft, known):
        try:
            barrier.wait()
            answers.append(browser.send(REVIEW, draft.pk, data={"seen": known}))
        finally:
            connection.close()

    threads = [Thread(target=press, args=rival) for rival in rivals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [302, *[422] * (DRAFTS - 1)]
    refused = [answer for answer in answers if answer.status_code == 422]
    assert all("vogeloptik.onportal.example is taken. Try " in answer.text for answer in refused)
    with acting(OPERATOR):
        assert Customer.objects.count() == Order.objects.count() == 1
        assert Organization.objects.filter(kind=Kind.CUSTOMER).count() == 1
