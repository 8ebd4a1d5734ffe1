"""Promises about what Gantry is built on."""

import re
import tomllib
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.tree import ROOT

LOCKS = ("build", "run", "demo", "dev", "browser")
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
REASON = re.compile(r"^\| `([^`]+)` \| (.+) \|$", re.MULTILINE)


def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def declared(which: str) -> list[Requirement]:
    project = pyproject()
    run = project["project"]["dependencies"]
    demo = project["project"]["optional-dependencies"]["demo"]
    groups = project["dependency-groups"]
    dev = run + demo + groups["build"] + groups["dev"]
    of = {
        "run": run,
        "demo": run + demo,
        "build": groups["build"],
        "dev": dev,
        "browser": dev + groups["browser"],
    }
    return [Requirement(line) for line in of[which]]


def pinned(which: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{which}.txt").read_text(encoding="utf-8")
    return {canonicalize_name(name): version for name, version in PINNED.findall(text)}


def test_every_dependency_has_its_reason_and_every_reason_its_dependency() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    reasons = {canonicalize_name(name) for name, _ in REASON.findall(page)}
    names = {canonicalize_name(requirement.name) for requirement in declared("browser")}
    assert reasons == names


@pytest.mark.parametrize("which", LOCKS)
def test_a_lock_pins_every_declared_dependency_within_its_bounds(which: str) -> None:
    pins = pinned(which)
    for requirement in declared(which):
        version = pins.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} is not in the lock: run make lock"
        assert requirement.specifier.contains(version, prereleases=True), f"{requirement} but {version} is locked"


@pytest.mark.parametrize("which", LOCKS)
def test_every_pin_has_hashes_and_no_address(which: str) -> None:
    text = (ROOT / "requirements" / f"{which}.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert "index" not in text
    for block in re.split(r"\n(?=\S)", text):
        if PINNED.match(block):
            assert "--hash=sha256:" in block, block.splitlines()[0]


@pytest.mark.parametrize(
    ("smaller", "larger"), [("run", "demo"), ("demo", "dev"), ("build", "dev"), ("dev", "browser")]
)
def test_a_larger_lock_holds_the_smaller_one_at_the_same_versions(smaller: str, larger: str) -> None:
    assert pinned(smaller).items() <= pinned(larger).items()


def test_the_build_group_is_what_the_build_system_requires() -> None:
    project = pyproject()
    assert project["dependency-groups"]["build"] == project["build-system"]["requires"]
