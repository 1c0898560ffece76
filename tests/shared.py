"""Worlds that many tests begin with, made once for all tests of a module."""

from contextlib import contextmanager

from django.db import connection, transaction

from portal.scope import OPERATOR, acting


@contextmanager
def shared(make):
    """What ``make()`` returns, made by an operator in a transaction that ends with the block."""
    with transaction.atomic():
        with acting(OPERATOR):
            made = make()
            connection.check_constraints()  # once, and not at the end of every test again
        yield made
        transaction.set_rollback(True)
