"""The three commands: the portal, something under test services, manage.py beside whatever runs."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from devstack import address, outside
from devstack.application import Beat, Web, Worker, prepare
from devstack.children import ends_with_us
from devstack.console import Refusal, say
from devstack.keeper import Keeper
from devstack.mail import Mail
from devstack.postgres import Postgres
from devstack.redis import Redis
from devstack.state import ROOT, VAR, State, claim_free


def run(stop, arguments):
    """Everything, until it is time to end."""
    started = time.monotonic()
    state = State(VAR / "run")
    if not state.claim():
        raise Refusal(already_running(state.told()))
    port = address.port()
    outside.check()
    with services(stop, state, VAR / "mail") as (keeper, found):
        given = found | own_variables(state, port)
        export(given)
        state.tell(pid=os.getpid(), address=os.environ["PUBLIC_URL"], environment=given)
        say("Preparing the database …")
        prepare(keeper)
        keeper.start(Web(port), Worker(), Beat(state))
        wait_until_ready(keeper, port)
        announce(state, keeper, time.monotonic() - started)
        keeper.watch()


def test(stop, arguments):
    """A Python module with its arguments, on services of its own; its exit code is ours."""
    state = claim_free("test")
    outside.check()
    with services(stop, state, state.folder / "mail", forgetful=True) as (keeper, found):
        os.environ.pop("EMAIL_URL", None)  # tests never mail the outside
        export(found | own_variables(state))
        return foreground(keeper, [sys.executable, "-m", *arguments])


def manage(stop, arguments):
    """manage.py, beside a running portal or on its database started for the purpose."""
    command = [sys.executable, "manage.py", *arguments]
    state = State(VAR / "run")
    if not state.claim():
        export(running_environment(state))
        os.execv(command[0], command)
    outside.check()
    with services(stop, state, VAR / "mail") as (keeper, found):
        export(found | own_variables(state))
        return foreground(keeper, command)


@contextmanager
def services(stop, state, mails, *, forgetful=False):
    """(keeper, variables) with those of database, Redis and mail running that no variable names."""
    keeper, mine = Keeper(stop, state.logs), {}
    try:
        if not os.environ.get("DATABASE_URL"):
            mine["DATABASE_URL"] = Postgres(state, forgetful=forgetful)
        if not os.environ.get("REDIS_URL"):
            mine["REDIS_URL"] = Redis(state)
        if forgetful or not os.environ.get("EMAIL_URL"):
            mine["EMAIL_URL"] = Mail(mails)
        keeper.start(*mine.values())
        found = {name: service.url for name, service in mine.items()}
        yield keeper, found | ({"MAIL_DIR": str(mails)} if "EMAIL_URL" in mine else {})
    finally:
        keeper.end()


def own_variables(state, port=None):
    """What the portal's settings need to know besides its services."""
    given = {
        "DEBUG": "1",
        "SECRET_KEY": state.secret("secret-key"),
        "INVITATION_KEYS": state.secret("invitation-key"),
        "STATE_DIR": str(state.folder),
    }
    return given | ({"PUBLIC_URL": f"http://localhost:{port}"} if port else {})


def export(variables):
    """Into our environment, for what we start; what somebody exported themselves wins."""
    if "DATABASE_URL" in variables:
        for name in [name for name in os.environ if name.startswith("PG")]:
            del os.environ[name]  # libpq would mix them in
    for name, value in variables.items():
        os.environ[name] = os.environ.get(name) or value
    os.environ |= {"DJANGO_SETTINGS_MODULE": "portal.settings", "PYTHONUNBUFFERED": "1"}


def foreground(keeper, command):
    """Run ``command`` at the terminal; its exit code. When it is time to end, it ends first."""
    if sys.stdin and sys.stdin.isatty():
        signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is for the command to answer
    process = subprocess.Popen(command, cwd=ROOT, preexec_fn=ends_with_us(signal.SIGINT))
    try:
        while process.poll() is None:
            keeper.check()
            keeper.stop.pause(0.2)
    finally:
        finish(process)
    return process.returncode


def finish(process):
    """What ends us may have reached it, too: first it is left alone, then asked, then killed."""
    for seconds, number in ((1, signal.SIGINT), (15, signal.SIGTERM), (5, signal.SIGKILL)):
        try:
            process.wait(seconds)
            return
        except subprocess.TimeoutExpired:
            process.send_signal(number)
    process.wait()


def wait_until_ready(keeper, port):
    host = urlsplit(os.environ["PUBLIC_URL"]).netloc
    patience = time.monotonic() + 60
    while (answer := address.answers(port, "/readyz", host))[0] != 200:
        if time.monotonic() > patience:
            say(f"/readyz still says {answer[0]} {answer[1]} (see {keeper.logs}).")
            patience = float("inf")
        keeper.check()
        keeper.stop.pause(0.2)


def announce(state, keeper, seconds):
    say(f"\nTwotier is ready after {seconds:.0f} s: {os.environ['PUBLIC_URL']}\n")
    sign_ins = state.folder / "sign-ins.txt"
    if sign_ins.exists():
        say(sign_ins.read_text())
    if "MAIL_DIR" in os.environ:
        say(f"Mail is kept in {shown(os.environ['MAIL_DIR'])}, logs are in {shown(keeper.logs)}.")
    say("Ctrl-C ends everything.")


def shown(path):
    return os.path.relpath(Path(path), ROOT)


def already_running(told):
    if "address" in told:
        return f"Twotier already runs from here: {told['address']} (process {told['pid']})."
    return f"Process {told.get('pid', 'unknown')} is already using {shown(VAR / 'run')}."


def running_environment(state):
    told = state.told()
    if "environment" not in told:
        raise Refusal(f"{already_running(told)} It has not said yet where its services are.")
    return told["environment"]
