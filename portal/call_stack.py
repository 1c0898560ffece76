"""Room on Python's call stack.

CPython keeps the frames of a thread in blocks of 16 kB. Where the end of a block falls between a
loop and the function it calls, each call asks the system for a new block and gives it back: a page
of nested templates then takes up to twice as long, depending on how deep the stack happens to be.
A function that claims a large frame makes CPython begin a block that holds everything below it.
"""

from functools import wraps

FRAME = 2**16  # slots of 8 bytes; blocks are powers of two, so about as much again is left below


def with_room(function):
    """``function``, called on a fresh and large block; memory it does not use costs nothing."""

    @wraps(function)
    def roomy(*args):
        return function(*args)

    roomy.__code__ = roomy.__code__.replace(co_stacksize=FRAME)
    return roomy
