"""The locks in ``requirements/``: ``make`` resolves pyproject.toml, ``check`` compares offline.

One lock serves every Python and platform; each version has hashes, and no line names a host, so
that any mirror will do. Versions already in a lock stay unless ``--upgrade`` is given.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FOLDER = Path("requirements")
UV = Path(sys.executable).with_name("uv")
# Each lock holds the one before it, in the same versions: what is tested is what runs.
EXTRAS = {"prod": [], "run": ["embedded"], "dev": ["embedded", "dev"]}
OPTIONS = ["--universal", "--python-version=3.11", "--generate-hashes", "--no-emit-index-url"]
OPTIONS += ["--no-annotate", "--quiet", "--custom-compile-command=make lock"]
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\\n]+)[^\n]*\n((?: +--hash=\S+[^\n]*\n)*)", re.M)
HOST = re.compile(r"://|^--(index-url|extra-index-url|find-links)", re.M)


def make(arguments):
    before = None
    for name, extras in EXTRAS.items():
        wanted = ["pyproject.toml", *(f"--extra={extra}" for extra in extras)]
        resolve(name, [*wanted, *([f"--constraints={before}"] if before else []), *arguments])
        before = FOLDER / f"{name}.txt"
    resolve("uv", ["--group=uv", *arguments])


def resolve(name, arguments):
    output = f"--output-file={FOLDER / name}.txt"
    subprocess.run([UV, "pip", "compile", *OPTIONS, output, *arguments], check=True)


def check(project):
    """What is wrong with the locks, in words; nothing when they serve ``project``."""
    extras, problems = project["project"]["optional-dependencies"], []
    for name, chosen in EXTRAS.items():
        wanted = project["project"]["dependencies"] + [line for e in chosen for line in extras[e]]
        problems += compare(name, wanted)
    return problems + compare("uv", project["dependency-groups"]["uv"]) + disagreements()


def compare(name, wanted):
    text = (FOLDER / f"{name}.txt").read_text()
    found = pins(text)
    problems = [f"{package} has no hash" for package, (_, hashes) in found.items() if not hashes]
    if HOST.search(text):
        problems.append("it names a host")
    for requirement in map(Requirement, wanted):
        version, _ = found.get(canonicalize_name(requirement.name), (None, ""))
        if not version or not requirement.specifier.contains(version, prereleases=True):
            problems.append(f"it has {version or 'nothing'} for {requirement}")
    return [f"requirements/{name}.txt: {problem}" for problem in problems]


def disagreements():
    """Versions in one lock that are others in the lock that should hold it."""
    locks = {name: pins((FOLDER / f"{name}.txt").read_text()) for name in EXTRAS}
    return [
        f"requirements/{larger}.txt differs from {smaller}.txt in {package}"
        for smaller, larger in zip(list(EXTRAS), list(EXTRAS)[1:], strict=False)
        for package, pin in locks[smaller].items()
        if locks[larger].get(package) != pin
    ]


def pins(text):
    """{package: (version, hashes)}"""
    return {
        canonicalize_name(name): (version, hashes) for name, version, hashes in PIN.findall(text)
    }


if __name__ == "__main__":
    if sys.argv[1] == "make":
        sys.exit(make(sys.argv[2:]))
    problems = check(tomllib.loads(Path("pyproject.toml").read_text()))
    sys.exit("\n".join([*problems, "Bring the locks up to date: make lock"]) if problems else None)
