"""The domain is pure."""

import ast
import sys
from collections.abc import Iterator

from tests.house.tree import modules

# Of the standard library, these touch the world outside, read a clock, draw lots, or are for running things at once.
NOT_PURE = {
    "asyncio", "concurrent", "ctypes", "glob", "http", "io", "logging", "mmap", "multiprocessing", "os", "pathlib",
    "pickle", "random", "secrets", "select", "shelve", "shutil", "signal", "socket", "sqlite3", "ssl", "subprocess",
    "tempfile", "threading", "time", "urllib",
}  # fmt: skip


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module.split(".")[0]


def test_the_domain_imports_the_standard_library_only_and_nothing_of_it_that_does_io() -> None:
    pure = (sys.stdlib_module_names - NOT_PURE) | {"domain"}
    found = [f"{path}: {name}" for path, tree in modules("domain") for name in imports(tree) if name not in pure]
    assert found == []


def test_the_domain_opens_no_file_and_prints_nothing() -> None:
    found = [
        f"{path}:{node.lineno}: {node.func.id}"
        for path, tree in modules("domain")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"open", "print", "input", "eval", "exec", "__import__"}
    ]
    assert found == []
