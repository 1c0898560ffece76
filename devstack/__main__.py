"""python -m devstack run | test MODULE … | manage …"""

import argparse
import os
import sys

from devstack.commands import manage, run, test
from devstack.console import Refusal, complain
from devstack.stopping import Stop, Stopped

COMMANDS = {"run": run, "test": test, "manage": manage}


def main(arguments):
    parser = argparse.ArgumentParser(prog="devstack", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    options = parser.parse_args(arguments)
    try:
        return COMMANDS[options.command](Stop(), options.arguments)
    except Stopped:
        return 0
    except Refusal as refusal:
        complain(refusal)
    except OSError as error:
        complain(f"{error.filename or 'The system'}: {error.strerror or error}.")
    return 1


if __name__ == "__main__":
    os.umask(0o022)
    sys.exit(main(sys.argv[1:]))
