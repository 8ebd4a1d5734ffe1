"""What the tests about the house itself share: which files there are, and the modules of the floors."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FLOORS = ("domain", "storage", "services", "cogs", "bot", "demo", "locales")


@cache
def project_files() -> tuple[Path, ...]:
    """Return every file of the project: what git tracks or would, or all but caches where there is no git."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            check=True,
            capture_output=True,
        ).stdout.decode()
        found = [ROOT / name for name in listed.split("\0") if name]
    else:
        found = [path for path in ROOT.rglob("*") if not {".venv", "__pycache__"} & set(path.parts)]
    return tuple(sorted(path for path in found if path.is_file()))


def text_files() -> Iterator[tuple[Path, str]]:
    """Yield every file of the project that is text, with its text."""
    for path in project_files():
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def modules(*floors: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield the Python files of these floors (all of them without any), as relative path and syntax tree."""
    for floor in floors or FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
