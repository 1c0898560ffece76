"""What all races have in common: a crowd, a barrier, and an end with 1 unless one wins a round."""

import os
import sys
from collections import Counter
from threading import Barrier, Thread

ROUNDS = int(os.environ.get("RACE_ROUNDS", "20"))


def run(races):
    """Run and report each (title, race, what it makes); a race returns (answers, number made)."""
    for title, race, made in races:
        report(title, [race() for _ in range(ROUNDS)], made)


def press_at_once(presses):
    """Post each (browser, url, data) at the same moment; returns the responses and exceptions."""
    from django.db import connection

    barrier, answers = Barrier(len(presses)), []

    def press(browser, url, data):
        try:
            barrier.wait()
            answers.append(browser.post(url, data))
        except Exception as error:  # an error counts as what it is
            answers.append(error)
        finally:
            connection.close()

    threads = [Thread(target=press, args=each) for each in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def status_of(answer):
    """The status of a response, or the name of the exception that came instead."""
    return getattr(answer, "status_code", type(answer).__name__)


def count(answers, read=status_of):
    """How often each status came; ``read`` may return words for an answer that is an error."""
    return Counter(read(answer) for answer in answers)


def copies_of(browser, number):
    """This many browsers in the same session."""
    from django.test import Client

    copies = [Client() for _ in range(number)]
    for copy in copies:
        copy.cookies = browser.cookies
    return copies


def report(title, rounds, made):
    """Print what came of the rounds; ends the program with 1 unless each had one winner."""
    answers = sum((answers for answers, _ in rounds), Counter())
    numbers = Counter(number for _, number in rounds)
    print(f"\n{title}, {len(rounds)} rounds")
    print("  answers:", ", ".join(sorted(f"{n} x {status}" for status, n in answers.items())))
    print(f"  {made} a round:", dict(numbers), flush=True)
    broken = [status for status in answers if not (isinstance(status, int) and status < 500)]
    if broken or set(numbers) != {1}:
        sys.exit(f"{title}: not exactly one of the {made} a round, or errors: {broken}")
