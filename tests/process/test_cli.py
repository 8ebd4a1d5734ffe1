"""The command line: every way it can end has its own exit code and says what to do."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli import build_parser
from bot.exit_codes import ExitCode
from bot.settings import variable_names
from storage.lock import DataLock

ROOT = Path(__file__).parents[2]
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE.canary-canary-canary-canary-canary-42"


def gantry(*arguments: str, cwd: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if name not in variable_names()}
    environment |= {"PYTHONPATH": str(ROOT), "COLUMNS": "200", **variables}
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_run_without_a_token_says_how_to_get_one_and_how_to_do_without(tmp_path: Path) -> None:
    done = gantry("run", cwd=tmp_path)
    assert done.returncode == 78
    for needed in (
        "DISCORD_TOKEN",
        "https://discord.com/developers/applications",
        ".env",
        "README",
        "make demo",
        "python -m demo",
    ):
        assert needed in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [("check", "--online"), ("commands", "diff"), ("commands", "sync")])
def test_whatever_needs_discord_needs_a_token_and_names_itself(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = gantry(*arguments, cwd=tmp_path)
    assert done.returncode == ExitCode.CONFIGURATION
    assert f"`gantry {' '.join(arguments[:2] if arguments[0] == 'commands' else arguments[:1])}`" in done.stderr


def test_every_wrong_setting_is_listed_and_no_secret_is_shown(tmp_path: Path) -> None:
    done = gantry(
        "run", cwd=tmp_path, DISCORD_TOKEN=f"Bot {TOKEN}", GANTRY_LOG_LEVEL="LOUD", GANTRY_MAX_PHOTO_MB="many"
    )
    assert done.returncode == ExitCode.CONFIGURATION
    assert "3 problems" in done.stderr
    assert [line.split()[1] for line in done.stderr.splitlines() if line.startswith("  - ")] == [
        "DISCORD_TOKEN",
        "GANTRY_LOG_LEVEL",
        "GANTRY_MAX_PHOTO_MB",
    ]
    assert "canary" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [(), ("launch",), ("db",), ("commands", "list", "--xml"), ("run", "now")])
def test_what_is_not_understood_is_a_usage_error(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = gantry(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert "usage: gantry" in done.stderr


def test_help_lists_every_command_and_the_exit_codes(tmp_path: Path) -> None:
    done = gantry("--help", cwd=tmp_path)
    assert done.returncode == ExitCode.OK
    for word in ("run", "check", "db", "commands", "78", "75", "70", "69"):
        assert word in done.stdout


def test_help_needs_neither_discord_nor_the_database() -> None:
    program = "import sys, bot.cli; print([m for m in ('discord', 'aiosqlite', 'apscheduler') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_upgrade_makes_the_database_and_a_second_finds_nothing_to_do(tmp_path: Path) -> None:
    before = gantry("db", "status", cwd=tmp_path)
    assert (before.returncode, "no database yet" in before.stdout) == (ExitCode.OK, True)
    first = gantry("db", "upgrade", cwd=tmp_path)
    assert first.returncode == ExitCode.OK, first.stderr
    assert "applied: " in first.stdout
    second = gantry("db", "upgrade", cwd=tmp_path)
    assert "up to date" in second.stdout
    after = gantry("db", "status", cwd=tmp_path)
    assert "pending" not in after.stdout
    assert (tmp_path / "data" / "gantry.db").exists()


def test_an_upgrade_beside_a_running_bot_is_refused_with_its_process_id(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with DataLock(tmp_path / "data" / "gantry.db", started_at=datetime(2025, 11, 27, tzinfo=UTC)):
        done = gantry("db", "upgrade", cwd=tmp_path)
    assert done.returncode == 75
    assert f"process {os.getpid()}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_place_that_cannot_be_written_is_unavailable_and_says_which(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a directory should be")
    done = gantry("db", "upgrade", cwd=tmp_path)
    assert done.returncode == 69
    assert "data cannot be written" in done.stderr


def test_a_file_that_is_no_database_is_refused_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "gantry.db").write_bytes(b"this is no database at all" * 400)
    done = gantry("db", "status", cwd=tmp_path)
    assert done.returncode == ExitCode.UNAVAILABLE
    assert "damaged" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_fault_of_our_own_is_internal_and_its_details_go_redacted_to_the_log(tmp_path: Path) -> None:
    program = f"""
import sys, bot.cli, bot.maintenance
async def broken(settings, console):
    raise RuntimeError("with {TOKEN}")
bot.maintenance.status = broken
sys.exit(bot.cli.main(["db", "status"]))
"""
    environment = os.environ | {"DISCORD_TOKEN": TOKEN, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 70
    assert "RuntimeError" in done.stderr
    assert "canary" not in done.stderr + done.stdout


def test_every_command_has_a_handler() -> None:
    for line in ("run", "check", "check --online", "db status", "db upgrade", "commands list --json", "commands diff",
                 "commands sync"):  # fmt: skip
        assert callable(build_parser().parse_args(line.split()).handler)
