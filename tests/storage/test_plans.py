"""Nothing that is asked at every pass or under the write lock walks through what is over: the engine's own plans say so."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from domain.missions import MissionKind
from storage import (
    assessments,
    boards,
    digests,
    ledger,
    member_reminders,
    migrations,
    missions,
    outbox,
    planned_events,
    reminders,
    repairs,
)

SMALL = {
    "SCAN o USING INDEX outbox_open",
    "SCAN outbox USING INDEX outbox_open",
    "SCAN json_each VIRTUAL TABLE INDEX 1:",
}
"""Walks through rows that are still to be sent, as many as wait, however long the past; and through numbers that are asked for."""


def statements(module: ModuleType) -> dict[str, str]:
    """The module's statements that look for rows."""
    texts = {name: text for name, text in vars(module).items() if name.startswith("_") and isinstance(text, str)}
    return {
        name: text for name, text in texts.items() if text.strip().startswith(("SELECT", "UPDATE")) and "{" not in text
    }


@pytest.mark.parametrize("module", [boards, member_reminders, outbox, reminders], ids=lambda module: module.__name__)
async def test_every_statement_finds_its_rows_by_an_index(tmp_path: Path, module: ModuleType) -> None:
    await migrations.upgrade(tmp_path / "x.db", backup_dir=tmp_path, now=datetime.now(UTC))
    walks = {}
    with closing(sqlite3.connect(tmp_path / "x.db")) as file:
        for name, text in statements(module).items():
            plan = [row[3] for row in file.execute(f"EXPLAIN QUERY PLAN {text}", [1] * text.count("?"))]
            found = {step for step in plan if step.startswith("SCAN")} - SMALL
            if found:
                walks[name] = found
    assert len(statements(module)) > 5
    assert walks == {}


OF_ONE_SUBJECT = {
    "_REPLAN_EVENT": "reminders_by_event",
    "_REPLAN_COUNTDOWN": "reminders_by_event",
    "_REPLAN_TASK": "reminders_by_task",
    "_OF_EVENT": "reminders_by_event",
    "_OF_REPORT": "reminders_by_report",
    "_OF_MEMBER_REMINDER": "reminders_by_member_reminder",
}
"""What is asked about the reminders of one subject, and the index that has no others."""


async def test_the_reminders_of_one_subject_are_found_whatever_else_waits(tmp_path: Path) -> None:
    await migrations.upgrade(tmp_path / "x.db", backup_dir=tmp_path, now=datetime.now(UTC))
    used = {}
    with closing(sqlite3.connect(tmp_path / "x.db")) as file:
        for name in OF_ONE_SUBJECT:
            text = statements(reminders)[name]
            search = next(row[3] for row in file.execute(f"EXPLAIN QUERY PLAN {text}", [1] * text.count("?")))
            used[name] = search.split()[4]
    assert used == OF_ONE_SUBJECT


QUESTIONS = {
    "waiting for any pad": missions.waiting(1),
    "waiting for one pad": missions.waiting(1, 2),
    "moved for a cause": (ledger.by_cause_statement(1, ["DR-1", "DR-2"], None),),
    "vehicles of waiting missions": (missions.waiting_vehicles(1, MissionKind.CREW),),
    "events that are due": (planned_events.statement(1, [2, 3]),),
    "the soonest on a vehicle": (missions.soonest_on(1, ["a", "b"], MissionKind.CREW),),
}
"""What the impact of a pad and the firing of reminders are asked with: no growth with missions that are over, nor with the
whole ledger."""


@pytest.mark.parametrize("name", QUESTIONS)
async def test_what_a_closed_pad_blocks_and_cost_is_found_by_indexes(tmp_path: Path, name: str) -> None:
    await migrations.upgrade(tmp_path / "x.db", backup_dir=tmp_path, now=datetime.now(UTC))
    with closing(sqlite3.connect(tmp_path / "x.db")) as file:
        for sql, params in QUESTIONS[name]:
            plan = [row[3] for row in file.execute(f"EXPLAIN QUERY PLAN {sql}", params)]
            searches = [step for step in plan if step.startswith("SEARCH")]
            assert not [step for step in plan if step.startswith("SCAN") and step != "SCAN c"]
            assert searches
            assert all("workspace_id=? AND" in step for step in searches), plan


SHOWN_WITH_A_PAD = {
    "repairs of open reports": repairs.every_of_open_reports(1),
    "repairs of a pad's open reports": repairs.every_of_open_reports(1, 2),
    "repairs of one report": repairs.every_of_report(1, 2),
    "what is said of open reports": (assessments.of_open_reports(1),),
    "what is said of a pad's open reports": (assessments.of_open_reports(1, 2),),
}


@pytest.mark.parametrize("name", SHOWN_WITH_A_PAD)
async def test_a_pads_card_and_the_list_of_repairs_read_nothing_of_reports_that_are_over(
    tmp_path: Path, name: str
) -> None:
    await migrations.upgrade(tmp_path / "x.db", backup_dir=tmp_path, now=datetime.now(UTC))
    with closing(sqlite3.connect(tmp_path / "x.db")) as file:
        for sql, params in SHOWN_WITH_A_PAD[name]:
            plan = [row[3] for row in file.execute(f"EXPLAIN QUERY PLAN {sql}", params)]
            steps = [step for step in plan if step.startswith(("SCAN", "SEARCH"))]
            first, *others = steps
            assert "INDEX reports_open" in first or ("tasks_by_report" in first and "report_number=?" in first), plan
            assert all(step.startswith("SEARCH") and "workspace_id=? AND" in step for step in others), plan


async def test_what_a_digest_tells_is_found_by_indexes_however_long_the_journal(tmp_path: Path) -> None:
    await migrations.upgrade(tmp_path / "x.db", backup_dir=tmp_path, now=datetime.now(UTC))
    sql, params = digests.changed_statement(1, 1_000_000)
    with closing(sqlite3.connect(tmp_path / "x.db")) as file:
        plan = [row[3] for row in file.execute(f"EXPLAIN QUERY PLAN {sql}", params)]
    steps = [step for step in plan if step.startswith(("SCAN", "SEARCH"))]
    on_journal = [step for step in steps if step.startswith("SEARCH")]
    assert not [step for step in steps if step.startswith("SCAN journal")], plan
    assert any("(workspace_id=? AND seq>?)" in step for step in on_journal), plan
    assert all("workspace_id=? AND" in step for step in on_journal), plan


async def test_which_digests_are_due_is_found_by_their_index(tmp_path: Path) -> None:
    await migrations.upgrade(tmp_path / "x.db", backup_dir=tmp_path, now=datetime.now(UTC))
    with closing(sqlite3.connect(tmp_path / "x.db")) as file:
        plans = {
            name: [row[3] for row in file.execute(f"EXPLAIN QUERY PLAN {text}", [1] * text.count("?"))]
            for name, text in statements(digests).items()
        }
    assert len(plans) >= 4
    assert not [step for plan in plans.values() for step in plan if step.startswith("SCAN digests")], plans
