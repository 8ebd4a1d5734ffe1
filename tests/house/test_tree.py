"""Promises about the project's files."""

import ast
import re

import pytest

from tests.house.tree import ROOT, modules, project_files, text_files

# Put together from pieces, so that this file does not contain what it forbids.
FORBIDDEN = {
    "a package registry's address": re.compile(
        "|".join([r"py" + r"pi\.org", r"python" + r"hosted", r"npm" + r"js\.org", r"registry\." + r"npm"])
    ),
    "an index or wheel folder of one machine": re.compile("--" + r"(extra-)?index-url\b|--" + r"find-links\b"),
    "a path of one machine": re.compile("(?<![A-Za-z0-9_.~-])/(" + "work|root|" + "opt/(wheels|pypi))/"),
}
NOT_A_NAME = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}
LISTED = re.compile(r'^\s*"[A-Z]+[0-9]*",(.*)$')
NOQA = re.compile(r"#\s*noqa(?!: [A-Z]+[0-9]+)", re.IGNORECASE)


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names_a_place_that_only_one_machine_has(what: str) -> None:
    allowed = re.compile("--no-" + "emit-index-url")
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path, text in text_files()
        if (match := FORBIDDEN[what].search(allowed.sub("", text)))
    ]
    assert found == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    found = [path for path in project_files() if path.suffix == ".py" and path.stem in NOT_A_NAME]
    found += [path for path in ROOT.iterdir() if path.is_dir() and path.name in NOT_A_NAME]
    assert found == []


def test_every_module_of_the_floors_says_why_it_exists() -> None:
    silent = [path for path, tree in modules() if tree.body and ast.get_docstring(tree) is None]
    assert silent == []


def test_every_exception_from_the_style_has_its_reason() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    start = lines.index("[tool.ruff.lint]")
    end = lines.index("[tool.ruff.lint.flake8-gettext]")
    listed = [line for line in lines[start:end] if LISTED.match(line)]
    assert len(listed) > 20
    assert [line for line in listed if not re.search(r"# \S+ \S+", line)] == []


def test_every_silenced_line_says_which_rule_it_silences() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path, text in text_files()
        if path.suffix == ".py" and path.name != "test_tree.py"
        for line in text.splitlines()
        if NOQA.search(line) or re.search(r"type: ignore(?!\[)", line)
    ]
    assert found == []
