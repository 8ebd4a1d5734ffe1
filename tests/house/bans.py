"""Finds where a module reads the time or starts a task itself, through any door the linter's list of names misses."""

import ast
import re
from collections.abc import Iterator

BANNED = {
    "time": {
        "time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "gmtime", "localtime",
        "sleep",
    },
    "asyncio": {"sleep", "create_task", "ensure_future", "TaskGroup", "run_coroutine_threadsafe"},
    "discord.utils": {"utcnow", "sleep_until"},
    "discord.ext": {"tasks"},
    "threading": {"Thread", "Timer"},
}  # fmt: skip
# On whatever object: loops, groups and contexts have them, nothing of ours does.
BANNED_METHODS = {"create_task", "ensure_future", "call_later", "call_at", "utcnow", "utcfromtimestamp"}
LOOPS = {"loop", "event_loop", "_loop", "get_running_loop", "get_event_loop"}
SQL_WORD = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|CREATE|DEFAULT|VALUES|WHERE)\b")
SQL_CLOCK = re.compile(
    r"\bcurrent_(timestamp|date|time)\b|\bunixepoch\s*\(\s*\)|\b(date|time|datetime|julianday|strftime|unixepoch)\s*"
    r"\([^)]*'now'|\bnow\s*\(\s*\)",
    re.IGNORECASE,
)


def offences(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the line and the name of each way round the clock and the supervisor."""
    names = imported_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom | ast.Import):
            yield from ((node.lineno, name) for name in banned_imports(node))
        elif isinstance(node, ast.Call) and dotted(node.func, names) == "asyncio.Task":
            yield node.lineno, "asyncio.Task()"
        elif isinstance(node, ast.Attribute):
            yield from ((node.lineno, name) for name in banned_attribute(node, names))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from ((node.lineno, name) for name in sql_offences(node.value))


def sql_offences(text: str) -> Iterator[str]:
    """Yield each way a text reads the database's clock, when it is SQL."""
    if SQL_WORD.search(text):
        yield from (f"SQL {found.group()}" for found in SQL_CLOCK.finditer(re.sub(r"--.*", "", text)))


def imported_names(tree: ast.Module) -> dict[str, str]:
    """Return what each imported name stands for, dotted."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update({alias.asname: alias.name for alias in node.names if alias.asname})
            names.update({alias.name.split(".")[0]: alias.name.split(".")[0] for alias in node.names})
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
    return names


def banned_imports(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    """Yield what this import brings in that nobody may have."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name == "discord.ext.tasks")
    elif node.module == "discord.ext.tasks":
        yield node.module
    else:
        banned = BANNED.get(node.module or "", set())
        yield from (f"{node.module}.{alias.name}" for alias in node.names if alias.name in banned)


def banned_attribute(node: ast.Attribute, names: dict[str, str]) -> Iterator[str]:
    """Yield the full name of an attribute nobody may use."""
    base = dotted(node.value, names)
    if (
        node.attr in BANNED_METHODS
        or (node.attr in {"now", "today"} and base in {"datetime.datetime", "datetime.date"})
        or (node.attr == "time" and last_name(node.value) in LOOPS)
        or node.attr in BANNED.get(base, set())
    ):
        yield f"{base}.{node.attr}"


def dotted(node: ast.expr, names: dict[str, str]) -> str:
    """Return an expression of names and dots with its imports resolved; empty for anything else."""
    if isinstance(node, ast.Name):
        return names.get(node.id, node.id)
    if isinstance(node, ast.Attribute) and (base := dotted(node.value, names)):
        return f"{base}.{node.attr}"
    return ""


def last_name(node: ast.expr) -> str:
    """Return the last name of `a.b`, `b` or `b()`."""
    if isinstance(node, ast.Call):
        return last_name(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
