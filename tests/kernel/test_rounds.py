"""A round looks after every row it can, and its log names nobody."""

import pytest
from django.db import OperationalError

from portal.lifecycle import InvalidTransition
from portal.rounds import do_each, waiting_for_the_database
from tests.factories import make_customer, make_person


@pytest.fixture
def customer(provider):
    return make_customer(provider.organization)


@pytest.mark.parametrize("why", [ValueError("odd"), None])
def test_one_that_fails_does_not_keep_the_others_from_their_turn(customer, caplog, why):
    caplog.set_level("INFO")
    first, second = (make_person(customer.organization, name="Ben Bauer") for _number in range(2))
    done = []

    def act(person):
        if person == first:
            raise why or InvalidTransition(person, "purged")
        done.append(person)

    do_each([first, second], act, owner=lambda person: person.organization)

    assert done == [second]
    assert f"CustomerUser {first.pk}" in caplog.text
    assert not any("Bauer" in record.getMessage() for record in caplog.records)


def test_without_a_database_the_whole_round_waits(customer, caplog):
    def act(person):
        raise OperationalError("gone")

    with waiting_for_the_database():
        do_each([customer, customer], act, owner=lambda customer: customer.provider)

    assert caplog.text.count("Database away, the round is skipped: gone") == 1
