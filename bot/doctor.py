"""`gantry check`: is everything in place for a start? One line for each question, each with a mark and a word.

It must change nothing: no directory made, no key created, no migration applied, nothing sent to Discord but a login.
"""

import os
import zoneinfo
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol

import discord
from rich.console import Console
from rich.text import Text

from bot.exit_codes import ExitCode
from bot.explain import explain
from bot.login import log_in
from bot.settings import Settings
from domain.errors import OpsError, Unavailable
from storage import seals
from storage.keys import load_key
from storage.lock import current_holder
from storage.paths import check_writable, open_to_others

_ZONES_WE_NEED = ("Europe/Moscow", "Asia/Almaty", "America/Chicago", "Asia/Tokyo")


class Verdict(Enum):
    """How a check ended: mark, mark for plain terminals, word, colour."""

    OK = ("✓", "+", "ok", "green")
    LOOK = ("!", "!", "look", "yellow")
    FAILED = ("✗", "x", "failed", "red")


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one question; `detail` says what to do when it is not OK."""

    verdict: Verdict
    about: str
    detail: str


class SchemaState(Protocol):
    """What the check needs to know of a schema."""

    @property
    def version(self) -> int:
        """The schema's version."""

    @property
    def newest(self) -> int:
        """The newest version this Gantry knows."""

    @property
    def pending(self) -> tuple[str, ...]:
        """Names of the migrations not applied yet."""


SchemaStatus = Callable[[Path], Awaitable[SchemaState]]


async def check(
    settings: Settings, console: Console, *, online: bool = False, schema_status: SchemaStatus | None = None
) -> int:
    """Print one line for each check and return OK, or UNAVAILABLE when one failed.

    `online` logs in to Discord as well. `schema_status` is storage's answer about a database file (by default
    `storage.migrations.status`).
    """
    findings = [
        Finding(Verdict.OK, "settings", "read, no problem found"),
        _token(settings),
        _data_directory(settings.data_dir),
        _lock(settings),
        await _journal_key(settings),
        await _schema(settings.database, schema_status or _stored_schema_status),
        _time_zones(),
    ]
    if online and settings.discord_token is not None:
        findings.append(await _discord(settings.discord_token.get_secret_value()))
    for finding in findings:
        _print(finding, console)
    failed = any(finding.verdict is Verdict.FAILED for finding in findings)
    return ExitCode.UNAVAILABLE if failed else ExitCode.OK


def _print(finding: Finding, console: Console) -> None:
    mark, plain_mark, word, colour = finding.verdict.value
    if not console.encoding.lower().startswith("utf"):
        mark = plain_mark
    line = Text.assemble((f"{mark} {word:<6}", colour), f"  {finding.about}: {finding.detail}")
    console.print(line, soft_wrap=True)


def _token(settings: Settings) -> Finding:
    if settings.discord_token is None:
        return Finding(Verdict.LOOK, "token", "no DISCORD_TOKEN: `gantry run` needs one, `make demo` does not")
    return Finding(Verdict.OK, "token", "given and shaped like one (`gantry check --online` asks Discord)")


def _data_directory(path: Path) -> Finding:
    about = "data directory"
    if not path.exists():
        above = next(parent for parent in path.absolute().parents if parent.exists())
        if not os.access(above, os.W_OK | os.X_OK):
            return Finding(Verdict.FAILED, about, f"{path} is not there and cannot be made in {above}: no permission")
        return Finding(Verdict.OK, about, f"{path} is not there yet; the first start makes it")
    try:
        check_writable(path)
    except Unavailable as error:
        return Finding(Verdict.FAILED, about, explain(error))
    if open_to_others(path):
        return Finding(Verdict.LOOK, about, f"{path} is open to other users of this machine: chmod 700 {path}")
    return Finding(Verdict.OK, about, f"{path} is private and writable")


def _lock(settings: Settings) -> Finding:
    try:
        holder = current_holder(settings.database)
    except Unavailable as error:
        return Finding(Verdict.FAILED, "lock", explain(error))
    if holder is None:
        return Finding(Verdict.OK, "lock", "free")
    since = "" if holder.started_at is None else f" since {holder.started_at:%Y-%m-%d %H:%M}Z"
    return Finding(Verdict.LOOK, "lock", f"in use by process {holder.pid}{since}: a second one will not start")


async def _journal_key(settings: Settings) -> Finding:
    path = settings.journal_key_file
    try:
        load_key(path)
    except Unavailable as error:
        if error.code == "journal_key_missing" and not await seals.file_has_journal(settings.database):
            return Finding(Verdict.OK, "journal key", f"{path} is not there yet; the first start makes it")
        return Finding(Verdict.FAILED, "journal key", explain(error))
    return Finding(Verdict.OK, "journal key", f"{path} is private and readable")


async def _schema(database: Path, schema_status: SchemaStatus) -> Finding:
    if not _exists(database):
        return Finding(Verdict.OK, "database", f"{database} is not there yet; the first start makes it")
    try:
        state = await schema_status(database)
    except OpsError as error:
        return Finding(Verdict.FAILED, "database", explain(error))
    if state.pending:
        waiting = f"{len(state.pending)} migrations wait: `gantry db upgrade`, or the next start, applies them"
        return Finding(Verdict.LOOK, "database", f"schema {state.version} of {state.newest}; {waiting}")
    if open_to_others(database):
        return Finding(Verdict.LOOK, "database", f"{database} can be read by others: chmod 600 {database}")
    return Finding(Verdict.OK, "database", f"schema {state.version}, up to date")


def _exists(path: Path) -> bool:
    return path.exists()


async def _stored_schema_status(database: Path) -> SchemaState:
    from storage import migrations

    return await migrations.status(database)


def _time_zones() -> Finding:
    try:
        for name in _ZONES_WE_NEED:
            zoneinfo.ZoneInfo(name)
    except zoneinfo.ZoneInfoNotFoundError as error:
        return Finding(Verdict.FAILED, "time zones", f"{error}: install the package tzdata")
    return Finding(Verdict.OK, "time zones", f"{len(zoneinfo.available_timezones())} known")


async def _discord(token: str) -> Finding:
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        try:
            application = await log_in(client, token)
        except Unavailable as error:
            return Finding(Verdict.FAILED, "Discord", explain(error))
    return Finding(Verdict.OK, "Discord", f"logged in as the application {application.name} ({application.id})")
