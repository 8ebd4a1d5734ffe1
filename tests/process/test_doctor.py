"""`gantry check`: finds what would stop a start, says what to do, and changes nothing."""

import io
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from bot.doctor import check
from bot.exit_codes import ExitCode
from bot.maintenance import status, upgrade
from bot.settings import Settings, load_settings, variable_names
from storage.keys import load_or_create_key
from storage.lock import DataLock

START = datetime(2025, 11, 27, 18, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in variable_names():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GANTRY_DATA_DIR", str(tmp_path / "data"))
    return load_settings(tmp_path / "no.env")


async def checked(settings: Settings, *, encoding: str = "utf-8") -> tuple[int, dict[str, str], str]:
    """Return the exit code, each line's word by its subject, and the whole text."""
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding=encoding, write_through=True)
    code = await check(settings, Console(file=out, width=60))
    text = raw.getvalue().decode(encoding)
    words = {line.split("  ", 1)[1].strip().split(": ")[0]: line.split()[1] for line in text.splitlines()}
    return code, words, text


async def ready(settings: Settings) -> None:
    await upgrade(settings, Console(file=io.StringIO()))
    load_or_create_key(settings.journal_key_file)


async def test_a_fresh_installation_is_ready_and_nothing_is_made(settings: Settings) -> None:
    code, words, text = await checked(settings)
    assert code == ExitCode.OK
    assert words == {
        "settings": "ok",
        "token": "look",
        "data directory": "ok",
        "lock": "ok",
        "journal key": "ok",
        "database": "ok",
        "time zones": "ok",
    }
    assert "make demo" in text
    assert not settings.data_dir.exists()


async def test_an_installation_in_use_is_ready_too(settings: Settings) -> None:
    await ready(settings)
    before = {path: path.stat().st_mtime_ns for path in settings.data_dir.rglob("*")}
    code, words, _ = await checked(settings)
    assert code == ExitCode.OK
    assert {word for about, word in words.items() if about != "token"} == {"ok"}
    assert {path: path.stat().st_mtime_ns for path in settings.data_dir.rglob("*")} == before


async def test_a_running_bot_is_named_and_is_no_failure(settings: Settings) -> None:
    await ready(settings)
    with DataLock(settings.database, started_at=START):
        code, words, text = await checked(settings)
    assert (code, words["lock"]) == (ExitCode.OK, "look")
    assert f"process {os.getpid()} since 2025-11-27 18:00Z" in text


async def test_a_key_that_others_can_read_fails(settings: Settings) -> None:
    await ready(settings)
    settings.journal_key_file.chmod(0o644)
    code, words, text = await checked(settings)
    assert (code, words["journal key"]) == (ExitCode.UNAVAILABLE, "failed")
    assert "chmod 600" in text


async def test_a_database_that_was_only_prepared_needs_no_key_yet(settings: Settings) -> None:
    await upgrade(settings, Console(file=io.StringIO()))
    code, words, _ = await checked(settings)
    assert (code, words["journal key"]) == (ExitCode.OK, "ok")


async def test_a_key_that_is_missing_beside_a_sealed_database_fails(settings: Settings) -> None:
    await ready(settings)
    with closing(sqlite3.connect(settings.database)) as connection, connection:
        connection.execute(
            "INSERT INTO workspaces (id, ops_channel_id, zone, morning_hour, created_at, last_id, last_report_number,"
            " last_task_number, journal_seq, journal_mac) VALUES (1, 2, 'UTC', 9, 0, 0, 0, 0, 0, '0')"
        )
    settings.journal_key_file.unlink()
    code, words, _ = await checked(settings)
    assert (code, words["journal key"]) == (ExitCode.UNAVAILABLE, "failed")
    assert not settings.journal_key_file.exists()


async def test_a_data_directory_that_is_no_directory_fails(settings: Settings) -> None:
    settings.data_dir.write_text("")
    code, words, _ = await checked(settings)
    assert (code, words["data directory"]) == (ExitCode.UNAVAILABLE, "failed")


async def test_permissions_that_are_too_wide_are_pointed_out(settings: Settings) -> None:
    await ready(settings)
    settings.data_dir.chmod(0o755)
    settings.database.chmod(0o644)
    code, words, text = await checked(settings)
    assert (code, words["data directory"], words["database"]) == (ExitCode.OK, "look", "look")
    assert f"chmod 700 {settings.data_dir}" in text
    assert f"chmod 600 {settings.database}" in text


async def test_a_database_that_is_none_fails(settings: Settings) -> None:
    await ready(settings)
    settings.database.write_bytes(b"this is no database at all" * 400)
    code, words, _ = await checked(settings)
    assert (code, words["database"]) == (ExitCode.UNAVAILABLE, "failed")


async def test_pending_migrations_are_pointed_out(settings: Settings) -> None:
    settings.data_dir.mkdir(mode=0o700)
    settings.database.touch(mode=0o600)
    load_or_create_key(settings.journal_key_file)
    code, words, text = await checked(settings)
    assert (code, words["database"]) == (ExitCode.OK, "look")
    assert "gantry db upgrade" in text
    out = io.StringIO()
    assert await status(settings, Console(file=out, width=200)) == ExitCode.OK
    assert "pending: " in out.getvalue()


async def test_each_line_has_a_mark_and_a_word_on_any_terminal(settings: Settings) -> None:
    settings.data_dir.write_text("")
    _, _, text = await checked(settings)
    _, _, plain = await checked(settings, encoding="ascii")
    assert "✓ ok" in text
    assert "✗ failed" in text
    assert "+ ok" in plain
    assert "x failed" in plain
    assert "\x1b" not in text + plain
