"""Removes what the two commands made: python3 devstack/clean.py (not .venv's, as that goes, too)"""

import fcntl
import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHES = (".pytest_cache", ".ruff_cache", ".hypothesis", "htmlcov", ".coverage")


def main():
    for lock in ROOT.glob("var/*/lock"):
        refuse_while_running(lock)
    for place in (*ROOT.glob("var/*/*"), *ROOT.glob("var/*/*/*")):
        if place.is_symlink():  # what had to move out of the checkout
            shutil.rmtree(os.path.realpath(str(place)), ignore_errors=True)
    for name in (".venv", "var", *CACHES):
        remove(ROOT / name)
    for cache in ROOT.rglob("__pycache__"):
        remove(cache)


def refuse_while_running(lock):
    with open(str(lock), "a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            sys.exit(f"{lock.parent} is in use; end that first.")


def remove(path):
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(str(path))
    elif path.exists() or path.is_symlink():
        path.unlink()


if __name__ == "__main__":
    try:
        main()
    except OSError as error:
        sys.exit(f"{error.filename}: {error.strerror}.")
