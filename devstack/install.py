"""Makes .venv from the hash-locked requirements: python3 devstack/install.py run|dev

Old Pythons understand it, so that they can be told which one is needed. uv installs, itself
installed by pip from its own lock; where it can't, pip does all of it, which takes longer.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "installed")
UV_LOCK = os.path.join("requirements", "uv.txt")
OLDEST = (3, 11)
PIP = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
PIP += ["--require-hashes", "--no-deps", "--only-binary", ":all:"]


def main(name):
    if sys.version_info < OLDEST:
        sys.exit(f"Python 3.11 or newer is needed, {sys.executable} is {this_python()}.")
    os.chdir(ROOT)
    with one_at_a_time():
        bring_up_to_date(name)


@contextmanager
def one_at_a_time():
    """`make run` and `make test` may be started at the same moment."""
    directory = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(directory, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(directory)


def bring_up_to_date(name):
    installed = read_stamp()
    if installed.startswith("dev "):
        name = "dev"  # which holds everything `run` does
    if installed != stamp(name):
        make_venv()
        install(os.path.join("requirements", f"{name}.txt"))
        with open(STAMP, "w") as file:
            file.write(stamp(name))


def this_python():
    return ".".join(map(str, sys.version_info[:3]))


def stamp(name):
    """What .venv is made of: the name of the lock, and a digest of everything that goes in."""
    digest = hashlib.sha256()
    for lock in (os.path.join("requirements", f"{name}.txt"), UV_LOCK):
        with open(lock, "rb") as file:
            digest.update(file.read())
    return f"{name} {digest.hexdigest()}"


def read_stamp():
    """The stamp of a .venv that works; nothing when it has to be made."""
    try:
        subprocess.check_output([PYTHON, "-c", ""], stderr=subprocess.STDOUT)
        with open(STAMP) as file:
            return file.read()
    except (OSError, subprocess.CalledProcessError):
        return ""


def make_venv():
    try:
        import ensurepip
        import venv
    except ImportError:
        sys.exit("Python's venv module is missing. Debian and Ubuntu: apt-get install python3-venv")
    del ensurepip, venv
    if succeeds([PYTHON, "-m", "pip", "--version"])[0]:
        return
    print(f"Making .venv with Python {this_python()} …", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    done, reason = succeeds([sys.executable, "-m", "venv", VENV])
    if not done:
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit(f"The environment .venv could not be made: {reason}")


def install(lock):
    print(f"Installing {lock} …", flush=True)
    uv = [
        os.path.join(VENV, "bin", "uv"),
        "pip",
        "sync",
        "-q",
        "--require-hashes",
        "--python",
        PYTHON,
    ]
    for reason in install_with_uv(uv, lock):
        print(f"uv can't install here ({reason}); pip takes longer …", flush=True)
        done, reason = succeeds(PIP + ["-r", lock])
        if not done:
            sys.exit(f"The requirements could not be installed: {reason}")


def install_with_uv(uv, lock):
    """Nothing when it worked, else the one reason why not."""
    if os.environ.get("INSTALL_WITH_PIP"):
        return ["INSTALL_WITH_PIP is set"]
    done, reason = succeeds(PIP + ["-r", UV_LOCK])
    # Its own certificates first; behind a company's proxy only the system's know the proxy.
    for certificates in ([], ["--system-certs"]) if done else ():
        done, reason = succeeds(uv + certificates + [lock, UV_LOCK])
        if done:
            return []
    return [reason]


def succeeds(command):
    """(True, "") or (False, the last thing it said)."""
    try:
        subprocess.check_output(command, stderr=subprocess.STDOUT)
    except OSError as error:
        return False, str(error)
    except subprocess.CalledProcessError as error:
        lines = [
            line for line in error.output.decode("utf-8", "replace").splitlines() if line.strip()
        ]
        return False, lines[-1].strip() if lines else f"exit code {error.returncode}"
    return True, ""


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except OSError as error:
        sys.exit(f"{error.filename}: {error.strerror}.")
    except KeyboardInterrupt:
        sys.exit(130)
