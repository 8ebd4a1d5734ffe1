"""Time is asked of the injected clock only, and tasks are the supervisor's only."""

import ast
import re

import pytest

from tests.house.bans import offences, sql_offences
from tests.house.tree import ROOT, modules

# The rooms that are exactly for it; demo/ has a clock of its own and is never part of the real process.
ALLOWED = {"bot/clock.py", "bot/supervisor.py"}
FLOORS = ("domain", "storage", "services", "cogs", "bot", "locales")


def test_no_module_reads_the_time_or_starts_a_task_itself() -> None:
    found = [
        f"{path}:{line}: {name}"
        for path, tree in modules(*FLOORS)
        if path not in ALLOWED
        for line, name in offences(tree)
    ]
    assert found == []


def test_no_migration_reads_the_database_clock() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {offence}"
        for path in (ROOT / "storage").rglob("*.sql")
        for offence in sql_offences(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "from time import monotonic as tick\n",
        "import time as t\nt.time()\n",
        "from datetime import datetime as dt, UTC\ndt.now(UTC)\n",
        "import datetime\ndatetime.datetime.now()\n",
        "import datetime as d\nd.date.today()\n",
        "from datetime import datetime\nf = datetime.utcnow\n",
        "import asyncio\nasyncio.get_running_loop().create_task(work())\n",
        "self.loop.create_task(work())\n",
        "loop.call_later(5, ring)\n",
        "started = loop.time()\n",
        "import asyncio\nasync def f():\n    async with asyncio.TaskGroup() as g: pass\n",
        "from asyncio import sleep\n",
        "import asyncio\nasyncio.Task(work())\n",
        "from discord.ext import tasks\n",
        "import discord.ext.tasks\n",
        "import discord\ndiscord.utils.utcnow()\n",
        "SQL = \"INSERT INTO t VALUES (strftime('%s', 'now'))\"\n",
        'SQL = "SELECT id FROM t WHERE due_at < CURRENT_TIMESTAMP"\n',
    ],
)
def test_every_way_round_the_clock_and_the_supervisor_is_found(source: str) -> None:
    assert list(offences(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        "now = clock.now()\nawait clock.sleep(5)\n",
        "supervisor.start('courier', run)\n",
        "import asyncio\nrunning: set[asyncio.Task[None]] = set()\n",
        "from datetime import datetime\nat = datetime.fromtimestamp(0)\nwall = at.time()\n",
        "import asyncio\nlock = asyncio.Lock()\nbell = asyncio.Event()\n",
        "text = 'right now'\n",
        'SQL = "SELECT id FROM reminders WHERE due_at <= ?"\n',
    ],
)
def test_asking_the_clock_and_the_supervisor_is_accepted(source: str) -> None:
    assert not list(offences(ast.parse(source)))


def test_the_linter_allows_the_same_rooms_and_no_others() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    section = text[text.index("[tool.ruff.lint.per-file-ignores]") : text.index("[tool.ruff.lint.flake8-gettext]")]
    relaxed = {
        path for path, rules in re.findall(r'^"([^"]+)" = \[(.*?)^\]', section, re.MULTILINE | re.DOTALL)
        if "TID251" in rules
    }  # fmt: skip
    assert relaxed == ALLOWED | {"demo/*", "tools/*", "benchmarks/*", "tests/*"}
