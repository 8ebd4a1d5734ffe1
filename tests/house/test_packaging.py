"""What is installed is complete, and the catalogues go with it."""

import gettext
import os
import runpy
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.house.tree import FLOORS, ROOT, project_files


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources, built without network; returns the folder of the archives."""
    copy = tmp_path_factory.mktemp("sources")
    for path in project_files():
        name = path.relative_to(ROOT)
        if name.parts[0] in {*FLOORS, "LICENSE", "README.md", "hatch_build.py", "pyproject.toml"}:
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy / name)
    return build(copy)


def build(copy: Path) -> Path:
    ran = subprocess.run(
        [sys.executable, "-m", "hatchling", "build"], cwd=copy, capture_output=True, text=True, check=False,
        env={"PATH": os.environ["PATH"], "SOURCE_DATE_EPOCH": "1764266880"},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return copy / "dist"


def test_the_wheel_has_every_file_of_every_floor(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    expected = {
        path.relative_to(ROOT).as_posix() for path in project_files() if path.relative_to(ROOT).parts[0] in FLOORS
    }
    assert expected <= inside
    assert not {name for name in inside if name.split("/")[0] in {"tests", "tools", "docs", "benchmarks"}}


def test_the_wheel_has_the_compiled_catalogues(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path)
    with (tmp_path / "locales" / "ru" / "LC_MESSAGES" / "gantry.mo").open("rb") as file:
        text = gettext.GNUTranslations(file)
    assert text.gettext("docking") == "стыковка"
    days = [text.ngettext("{number} day", "{number} days", number) for number in (1, 2, 5)]
    assert days == ["{number} день", "{number} дня", "{number} дней"]


def test_a_wheel_can_be_built_from_the_source_archive(built: Path, tmp_path: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path, filter="data")
    (source,) = tmp_path.iterdir()
    (source / "locales" / "ru" / "LC_MESSAGES" / "gantry.mo").unlink()
    (wheel,) = build(source).glob("*.whl")
    assert "locales/ru/LC_MESSAGES/gantry.mo" in zipfile.ZipFile(wheel).namelist()


@pytest.fixture
def messages() -> dict[str, Any]:
    """The functions of tools/messages.py."""
    return runpy.run_path(str(ROOT / "tools" / "messages.py"))


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A small house with three sentences and one language."""
    (tmp_path / "cogs").mkdir()
    (tmp_path / "cogs" / "pad.py").write_text(
        'A = N_("On hold")\nB = NN_("{n} launch", "{n} launches")\nC = T_("Show a pad")\nD = "not marked"\n',
        encoding="utf-8",
    )
    return tmp_path


def update(messages: dict[str, Any], root: Path) -> None:
    for path, content in messages["wanted_files"](root).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def test_the_template_holds_every_marked_sentence(messages: dict[str, Any], sources: Path) -> None:
    update(messages, sources)
    template = (sources / "locales" / "gantry.pot").read_text(encoding="utf-8")
    assert [sentence in template for sentence in ("On hold", "{n} launch", "{n} launches", "Show a pad")] == [True] * 4
    assert "not marked" not in template
    assert messages["find_problems"](sources) == []


def test_moved_lines_do_not_make_the_template_stale_but_a_new_sentence_does(
    messages: dict[str, Any], sources: Path
) -> None:
    update(messages, sources)
    module = sources / "cogs" / "pad.py"
    module.write_text("\n\n" + module.read_text(encoding="utf-8"), encoding="utf-8")
    assert messages["find_problems"](sources) == []
    module.write_text(module.read_text(encoding="utf-8") + 'E = N_("Restricted")\n', encoding="utf-8")
    assert messages["find_problems"](sources) != []


@pytest.mark.parametrize(
    ("translation", "usable"),
    [("{n} старт", True), ("{count} старт", False), ("{n старт", False)],
)
def test_a_translation_with_other_placeholders_is_refused(
    messages: dict[str, Any], sources: Path, translation: str, *, usable: bool
) -> None:
    update(messages, sources)
    messages["begin"](sources, "ru")
    update(messages, sources)
    path = sources / "locales" / "ru" / "LC_MESSAGES" / "gantry.po"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('msgstr[0] ""', f'msgstr[0] "{translation}"'), encoding="utf-8")
    assert (messages["find_problems"](sources) == []) is usable
