"""A checkout with the real supervisor, real servers, and a substitute for the portal."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest

from devstack.mail import free_port
from tests.devstack import processes

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# What a portal around these tests would tell the one inside.
OUTSIDE = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "PORT", "PUBLIC_URL", "STATE_DIR", "MAIL_DIR")
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1


class Checkout:
    """A folder with the supervisor and the substitute, and ways to use it."""

    def __init__(self, folder):
        self.folder, self.started = folder, []
        shutil.copytree(HERE / "substitute", folder, dirs_exist_ok=True)
        shutil.copytree(ROOT / "devstack", folder / "devstack")

    def environment(self, **given):
        clean = {name: value for name, value in os.environ.items() if name not in OUTSIDE}
        return clean | {"PORT": str(free_port())} | given

    def command(self, *arguments):
        return [sys.executable, "-m", "devstack", *arguments]

    def ask(self, *arguments, **given):
        """Run a command to its end."""
        return subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment(**given),
            preexec_fn=respects_permissions,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def start(self, command=None, **given):
        """Start the portal and wait until it is ready."""
        command = command or self.command("run")
        running = Running(self.folder, command, self.environment(**given))
        self.started.append(running)
        running.get_ready()
        return running

    def make(self):
        """`make run` as it stands in our Makefile, with the environment that is there already."""
        makefile = f"--file={ROOT / 'Makefile'}"
        return self.start(["make", makefile, "--old-file=run-env", f"PY={sys.executable}", "run"])

    def remove(self):
        for running in self.started:
            running.clear_away()
        subprocess.run([sys.executable, "devstack/clean.py"], cwd=self.folder, check=True)
        shutil.rmtree(self.folder)


def respects_permissions():
    """Take from root, in the process to come, the right to write everywhere."""
    ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE)


class Running:
    """A started portal: ``process`` is what was started, which may be a make."""

    def __init__(self, folder, command, environment):
        self.folder = folder
        self.environment = environment
        self.url = f"http://127.0.0.1:{environment['PORT']}/"
        self.output = folder / "output"
        with open(self.output, "wb") as output:
            self.process = subprocess.Popen(
                command,
                cwd=folder,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.members = {}

    def get_ready(self):
        self.wait_for("is ready after")
        self.members = self.family()

    def clear_away(self):
        """Leave nothing behind even when the test failed."""
        self.process.kill()
        self.process.wait()
        for pid in processes.alive(self.members):
            os.kill(pid, signal.SIGKILL)

    def wait_for(self, text, seconds=60):
        deadline = time.monotonic() + seconds
        while text not in self.output.read_text():
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() < deadline, self.output.read_text()
            time.sleep(0.05)

    def family(self):
        return processes.family(self.process.pid)

    def get(self):
        with urllib.request.urlopen(self.url, timeout=10) as response:
            return response.read()

    def end(self, number=signal.SIGINT):
        self.process.send_signal(number)
        return self.process.wait(30)


@pytest.fixture(scope="module")
def folder():
    """A folder every account may pass through, unlike pytest's own, with a space in its name."""
    path = Path(tempfile.mkdtemp(prefix="two tier "))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module")
def checkout(folder):
    made = Checkout(folder / "checkout")
    yield made
    made.remove()
