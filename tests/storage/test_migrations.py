"""The schema's history goes forward only, whole migrations at a time, and never without a backup."""

import hashlib
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from domain.errors import Unavailable
from storage.migrations import require_current, runner, status, upgrade
from storage.migrations.runner import Migration, known_migrations
from tests.storage.opening import NOW

ADD_A = Migration(9001, "9001_a", "-- why\nCREATE TABLE a (x INTEGER) STRICT;\nINSERT INTO a VALUES (1);\n")
ADD_B = Migration(9002, "9002_b", "CREATE TABLE b (x INTEGER) STRICT;\nCREATE INDEX b_x ON b (x);\n")
BROKEN = Migration(9002, "9002_b", "CREATE TABLE b (x INTEGER) STRICT;\nINSERT INTO nowhere VALUES (1);\n")
TOO_LARGE = Migration(
    9002,
    "9002_b",
    "PRAGMA max_page_count = 6;\nCREATE TABLE b (x BLOB) STRICT;\nINSERT INTO b VALUES (zeroblob(99999));\n",
)
TRAILING = Migration(9001, "9001_a", "CREATE TABLE a (x INTEGER) STRICT;\nCREATE TABLE last (x INTEGER) STRICT")


@pytest.fixture
def backups(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def schema(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall()
    return [(name, sql) for name, sql in found]


def tables(path: Path) -> set[str]:
    return {name for name, _ in schema(path)}


def apply(path: Path, backups: Path, *migrations: Migration) -> tuple[str, ...]:
    return runner._upgrade(path, backups, NOW, migrations)


async def test_a_missing_database_is_made_private_and_current(path: Path, backups: Path) -> None:
    assert (await status(path)).version == 0
    names = await upgrade(path, backup_dir=backups, now=NOW)
    assert names == tuple(migration.name for migration in known_migrations())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    await require_current(path)
    assert not backups.exists()


async def test_upgrading_again_changes_nothing(path: Path, backups: Path) -> None:
    await upgrade(path, backup_dir=backups, now=NOW)
    before = hashlib.sha256(path.read_bytes()).digest()
    assert await upgrade(path, backup_dir=backups, now=NOW) == ()
    assert hashlib.sha256(path.read_bytes()).digest() == before
    assert not backups.exists()


def test_a_fresh_database_equals_one_that_was_migrated_step_by_step(path: Path, tmp_path: Path, backups: Path) -> None:
    steps = (*known_migrations(), ADD_A, ADD_B)
    fresh = tmp_path / "fresh.db"
    apply(fresh, backups, *steps)
    for count in range(1, len(steps) + 1):
        assert apply(path, backups, *steps[:count]) == (steps[count - 1].name,)
    assert schema(path) == schema(fresh)


def test_migrations_are_numbered_without_gaps() -> None:
    assert [migration.number for migration in known_migrations()] == list(range(1, len(known_migrations()) + 1))


def test_a_backup_is_made_before_an_existing_database_is_touched(path: Path, backups: Path) -> None:
    apply(path, backups, ADD_A)
    apply(path, backups, ADD_A, ADD_B)
    (backup,) = backups.iterdir()
    assert backup.name == "gantry-v9001-20251127T180000Z.db"
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert "a" in tables(backup)
    assert "b" not in tables(backup)
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("SELECT x FROM a").fetchall() == [(1,)]


def test_a_statement_that_fails_takes_its_whole_migration_back(path: Path, backups: Path) -> None:
    apply(path, backups, ADD_A)
    with pytest.raises(sqlite3.OperationalError):
        apply(path, backups, ADD_A, BROKEN)
    assert "b" not in tables(path)
    assert runner._status(path, (ADD_A, ADD_B)).pending == ("9002_b",)
    assert apply(path, backups, ADD_A, ADD_B) == ("9002_b",)


async def test_a_database_that_another_program_holds_is_said_to_be_busy(
    path: Path, backups: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "BUSY_TIMEOUT_S", 0.05)
    apply(path, backups, *known_migrations()[:-1])
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable) as refusal:
            await upgrade(path, backup_dir=backups, now=NOW)
    assert refusal.value.code == "database_busy"
    assert await upgrade(path, backup_dir=backups, now=NOW) == (known_migrations()[-1].name,)


async def test_a_disk_that_is_full_is_said_to_be_and_nothing_was_changed(
    path: Path, backups: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply(path, backups, ADD_A)
    before = schema(path)
    monkeypatch.setattr(runner, "known_migrations", lambda: (ADD_A, TOO_LARGE))
    with pytest.raises(Unavailable) as refusal:
        await upgrade(path, backup_dir=backups, now=NOW)
    assert refusal.value.code == "disk_full"
    assert schema(path) == before


async def test_a_backup_that_cannot_be_made_is_said_to_be_and_nothing_was_changed(path: Path, backups: Path) -> None:
    apply(path, backups, *known_migrations()[:-1])
    before = schema(path)
    backups.write_text("no folder", "ascii")
    with pytest.raises(Unavailable) as refusal:
        await upgrade(path, backup_dir=backups, now=NOW)
    assert refusal.value.code == "data_not_writable"
    assert schema(path) == before


def test_a_backup_that_was_cut_short_has_no_backup_s_name_and_goes_with_the_next(path: Path, backups: Path) -> None:
    apply(path, backups, ADD_A)
    backups.mkdir()
    left = backups / "gantry-v9001-20251126T180000Z.db.partial"
    left.write_bytes(b"half of it")
    apply(path, backups, ADD_A, ADD_B)
    assert [one.name for one in backups.iterdir()] == ["gantry-v9001-20251127T180000Z.db"]


def test_a_last_statement_without_its_semicolon_is_not_lost(path: Path, backups: Path) -> None:
    apply(path, backups, TRAILING)
    assert {"a", "last"} <= tables(path)


def test_a_database_of_a_newer_gantry_is_refused_and_left_alone(path: Path, backups: Path) -> None:
    apply(path, backups, ADD_A, ADD_B)
    before = schema(path)
    with pytest.raises(Unavailable) as refusal:
        apply(path, backups, ADD_A)
    assert (refusal.value.code, dict(refusal.value.params)) == ("schema_newer", {"version": 9002, "newest": 9001})
    assert schema(path) == before


def test_an_applied_migration_that_has_changed_since_is_refused(path: Path, backups: Path) -> None:
    apply(path, backups, ADD_A)
    with pytest.raises(Unavailable) as refusal:
        apply(path, backups, Migration(9001, "9001_a", ADD_A.sql + "-- later\n"), ADD_B)
    assert refusal.value.code == "schema_altered"
    assert "b" not in tables(path)


async def test_a_database_that_is_behind_is_said_to_be(path: Path) -> None:
    with pytest.raises(Unavailable) as refusal:
        await require_current(path)
    assert refusal.value.code == "schema_behind"


async def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path, backups: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"minutes of the launch commission " * 99)
    with pytest.raises(Unavailable) as refusal:
        await upgrade(path, backup_dir=backups, now=NOW)
    assert refusal.value.code == "database_damaged"
    assert path.read_bytes().startswith(b"minutes")
