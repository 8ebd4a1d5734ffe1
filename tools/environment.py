"""Keep the private environment in `.venv` equal to the locks, and say what is happening while that takes time.

Run by make before every target, with any Python of 3.11 or newer and nothing installed, so it uses the standard library
only. When nothing has changed it does nothing and touches no network.

    python3 tools/environment.py demo       what the demo needs
    python3 tools/environment.py dev        that, and what tests and checks need
    python3 tools/environment.py browser    that, and what the browser tests need

Each lock holds everything in the one before at the same versions (a test in tests/house says so), so an environment can
be grown from one to the next; when a lock has changed, it is made anew, so that nothing old stays in it.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TypedDict, cast

ROOT = Path(__file__).resolve().parent.parent
# Each holds the ones before it.
SETS = ("demo", "dev", "browser")
BUILD_LOCK = ROOT / "requirements" / "build.txt"
PIN = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)


class State(TypedDict):
    """What an environment was made from; kept inside it, and written only when it is complete."""

    root: str
    sets: dict[str, str]
    project: str


def main(arguments: list[str]) -> int:
    """Bring the environment up to date for the set named in `arguments`; return the exit code."""
    if len(arguments) != 1 or arguments[0] not in SETS:
        print(f"usage: environment.py {'|'.join(SETS)}", file=sys.stderr)
        return 2
    wanted = arguments[0]
    venv = Path(os.environ.get("GANTRY_VENV") or ROOT / ".venv").absolute()
    try:
        with (ROOT / "Makefile").open(encoding="utf-8") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)  # two makes at once would build in each other's way
            prepare(venv, wanted)
    except Refusal as refusal:
        print(f"make: {refusal}", file=sys.stderr)
        return 1
    return 0


class Refusal(Exception):  # noqa: N818 - it is what the person at the keyboard is told
    """The environment cannot be made; the message says what to do."""


def prepare(venv: Path, wanted: str) -> None:
    """Make, grow or leave alone the environment at `venv`."""
    locks = {name: digest(BUILD_LOCK, ROOT / "requirements" / f"{name}.txt") for name in SETS}
    project = digest(ROOT / "pyproject.toml", ROOT / "hatch_build.py", *sorted(ROOT.glob("locales/*/*/*.po")))
    state = read_state(venv)
    # An environment holds its own path: one that was moved along with its folder does not work.
    place = f"{ROOT} {venv}"
    fresh = state is None or state["root"] != place or any(locks[name] != lock for name, lock in state["sets"].items())
    if state is None or fresh:
        create(venv)
        state = State(root=place, sets={}, project="")
    grow = state["sets"].keys().isdisjoint(SETS[SETS.index(wanted) :])
    if grow:
        if not fresh:
            say(f"Adding to {shown(venv)} what this needs (a minute or two, once) …")
        lock = ROOT / "requirements" / f"{wanted}.txt"
        say(f"  installing up to {number_of_pins(BUILD_LOCK, lock)} packages from {shown(lock)} …")
        pip(venv, "--require-hashes", "-r", str(BUILD_LOCK), "-r", str(lock))
        state["sets"][wanted] = locks[wanted]
    install = state["project"] != project
    if install:
        say("  building Gantry itself …")
        pip(venv, "--no-deps", "--no-build-isolation", "--no-index", "-e", str(ROOT))
        state["project"] = project
    if grow or install:
        state_file(venv).write_text(json.dumps(state, indent=1), encoding="utf-8")
    if fresh:
        say("Ready.")


def create(venv: Path) -> None:
    """Make an empty environment, in place of an older one."""
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        message = (
            f"{sys.executable} lacks the standard module {missing[0]!r}, which makes private environments.\n"
            f"      On Debian and Ubuntu: apt-get install python{version}-venv    then run make again."
        )
        raise Refusal(message)
    if venv.exists() and not (venv / "pyvenv.cfg").exists():
        message = f"{venv} exists and is not an environment: move it away, or set GANTRY_VENV to another place."
        raise Refusal(message)
    say(f"Preparing a private environment in {shown(venv)} (a minute or two, once) …")
    if venv.exists():
        shutil.rmtree(venv)
    run([sys.executable, "-m", "venv", str(venv)], "The private environment could not be made")


def pip(venv: Path, *arguments: str) -> None:
    """Install into the environment; of pip's own words only errors are shown."""
    command = [str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", "--quiet", "--no-input"]
    run(
        [*command, "--disable-pip-version-check", "--no-warn-script-location", *arguments],
        "Packages could not be installed (the first time needs the network; pip's own words are above)",
    )


def run(command: list[str], what_went_wrong: str) -> None:
    """Run a program of the environment, or refuse with its output already shown."""
    if subprocess.run(command, check=False, cwd=ROOT).returncode != 0:
        raise Refusal(what_went_wrong + ".")


def read_state(venv: Path) -> State | None:
    """Return what the environment was made from; None when there is none, it is incomplete, or its Python is gone."""
    if not (venv / "bin" / "python").exists():
        return None
    try:
        state = cast("State", json.loads(state_file(venv).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None
    return state if state.keys() == State.__annotations__.keys() else None


def state_file(venv: Path) -> Path:
    """Where an environment keeps its state."""
    return venv / "gantry-environment.json"


def digest(*files: Path) -> str:
    """Return one digest over the contents of files, so that a fresh checkout with the same contents is the same."""
    total = hashlib.sha256()
    for file in files:
        total.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def number_of_pins(*locks: Path) -> int:
    """Count the packages that locks pin; some of them are for other systems only."""
    return len({name for lock in locks for name in PIN.findall(lock.read_text(encoding="utf-8"))})


def shown(path: Path) -> str:
    """Return a path as a person in the project's folder would write it."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def say(text: str) -> None:
    """Tell the person at the keyboard, at once."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
