"""Nothing that is asked at every pass or under the write lock walks through what is over: the engine's own plans say so."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from storage import migrations, outbox, reminders

SMALL = {"SCAN o USING INDEX outbox_open", "SCAN outbox USING INDEX outbox_open"}
"""Walks through rows that are still to be sent: as many as wait, however long the past."""


def statements(module: ModuleType) -> dict[str, str]:
    """The module's statements that look for rows."""
    texts = {name: text for name, text in vars(module).items() if name.startswith("_") and isinstance(text, str)}
    return {
        name: text for name, text in texts.items() if text.strip().startswith(("SELECT", "UPDATE")) and "{" not in text
    }


@pytest.mark.parametrize("module", [outbox, reminders], ids=["outbox", "reminders"])
async def test_every_statement_finds_its_rows_by_an_index(tmp_path: Path, module: ModuleType) -> None:
    await migrations.upgrade(tmp_path / "x.db", backup_dir=tmp_path, now=datetime.now(UTC))
    walks = {}
    with closing(sqlite3.connect(tmp_path / "x.db")) as file:
        for name, text in statements(module).items():
            plan = [row[3] for row in file.execute(f"EXPLAIN QUERY PLAN {text}", [1] * text.count("?"))]
            found = {step for step in plan if step.startswith("SCAN")} - SMALL
            if found:
                walks[name] = found
    assert len(statements(module)) > 8
    assert walks == {}
