"""`gantry status`: what it says of a process that runs, of one that does not, and of one that has fallen silent."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.exit_codes import ExitCode
from bot.pulse import Pulse
from storage.lock import DataLock
from tests.clock import ManualClock
from tests.process.test_cli import gantry

NOW = datetime.now(UTC)
PARKED = """
INSERT INTO outbox (workspace_id, channel_id, operation, cause, dedup_key, nonce, facts_version, facts, language, state,
                    created_at, attempts, settled_at, reason)
VALUES (1, 5, 'post', 'a', '1:a:5', 'n', 1, '{}', 'en', 'parked', 0, 0, 0, 'missing_access')
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an up-to-date database that holds one parked post."""
    assert gantry("db", "upgrade", cwd=tmp_path).returncode == 0
    with closing(sqlite3.connect(tmp_path / "data" / "gantry.db")) as file:
        file.execute(
            "INSERT INTO workspaces (id, ops_channel_id, zone, morning_hour, created_at, last_id, last_report_number,"
            " last_task_number, journal_seq, journal_mac) VALUES (1, 2, 'UTC', 9, 0, 0, 0, 0, 0, 'x')",
        )
        file.execute("INSERT INTO lanes (workspace_id, channel_id, floor_message_id, failures) VALUES (1, 5, 0, 0)")
        file.execute(PARKED)
        file.commit()
    return tmp_path


def test_without_a_process_it_says_so_and_what_waits(folder: Path) -> None:
    done = gantry("status", cwd=folder)
    assert done.returncode == ExitCode.UNAVAILABLE
    assert "not running" in done.stdout
    assert "1 parked" in done.stdout
    assert "1 for channel 5 of server 1: missing_access" in done.stdout


def test_without_a_database_it_makes_none(tmp_path: Path) -> None:
    done = gantry("status", cwd=tmp_path)
    assert done.returncode == ExitCode.UNAVAILABLE
    assert "none yet" in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("looked", "complaints", "healthy", "words"),
    [
        (NOW, (), True, "running, healthy"),
        (NOW, ("delivery_overdue",), False, "a post has been waiting for more than a minute"),
        (NOW - timedelta(minutes=5), (), False, "its watchdog is silent"),
    ],
)
def test_a_process_is_as_healthy_as_its_watchdog_found_it_lately(
    folder: Path, looked: datetime, complaints: tuple[str, ...], healthy: bool, words: str
) -> None:
    Pulse(folder / "data" / "pulse.json", ManualClock(looked + (datetime.now(UTC) - NOW))).beat(complaints)
    with DataLock(folder / "data" / "gantry.db", started_at=NOW):
        done = gantry("status", cwd=folder)
        machine = json.loads(gantry("status", "--json", cwd=folder).stdout)
    assert words in done.stdout
    assert done.returncode == (ExitCode.OK if healthy else ExitCode.UNAVAILABLE)
    assert (machine["running"], machine["healthy"], machine["complaints"]) == (True, healthy, list(complaints))
    assert machine["parked"][0]["reason"] == "missing_access"
