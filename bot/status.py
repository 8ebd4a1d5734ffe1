"""`gantry status`: is it running, is it healthy, and what waits. Reads beside a running process and changes nothing.

Its exit code is what a service manager or a container's health check asks for.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.clock import SystemClock
from bot.exit_codes import ExitCode
from bot.pulse import Beat, last_beat
from bot.settings import Settings
from bot.watchdog import LIMIT_S
from domain.delivery import DeliveryState
from storage import migrations
from storage.lock import LockHolder, current_holder
from storage.summary import ParkedThere, Summary, summarise

COMPLAINTS = {
    "no_full_pass": f"no pass of the timekeeper did all it had to within {LIMIT_S:.0f} s",
    "reminder_overdue": "a reminder is overdue by more than a minute",
    "delivery_overdue": "a post has been waiting for more than a minute: see the log, and `/ops status`",
    "database_busy": "the database is locked by another process",
    "disk_full": "the disk is full",
    "database_failing": "the disk fails",
    "database_damaged": "the database is damaged",
}


@dataclass(frozen=True, slots=True)
class Status:
    """What was found. Without a database there is no summary."""

    holder: LockHolder | None
    beat: Beat | None
    summary: Summary | None
    asked_at: datetime

    @property
    def is_silent(self) -> bool:
        """The watchdog of the running process has not looked for too long."""
        return self.beat is None or self.asked_at - self.beat.at > timedelta(seconds=LIMIT_S)

    @property
    def is_healthy(self) -> bool:
        """A process runs, its watchdog looked lately and complained of nothing."""
        return self.holder is not None and not self.is_silent and self.beat is not None and not self.beat.complaints


async def status(settings: Settings, console: Console, *, as_json: bool = False) -> int:
    """Print it, for people or as one JSON object; return OK when a process runs and is healthy, else UNAVAILABLE."""
    found = await _look(settings)
    if as_json:
        console.print_json(json.dumps(_plain(found)))
    else:
        _print(found, console)
    return ExitCode.OK if found.is_healthy else ExitCode.UNAVAILABLE


async def _look(settings: Settings) -> Status:
    path, now = settings.database, SystemClock().now()
    holder = current_holder(path)
    summary = None
    if path.exists() and not (await migrations.status(path)).pending:
        summary = await summarise(path)
    return Status(holder, last_beat(settings.pulse_file) if holder else None, summary, now)


def _print(found: Status, console: Console) -> None:
    table = Table.grid(padding=(0, 2))
    for name, words in _lines(found):
        table.add_row(name, words)
    console.print(table)


def _lines(found: Status) -> list[tuple[str, str]]:
    lines = [("process", _process(found)), *(("", words) for words in _complaints(found))]
    summary = found.summary
    if summary is None:
        return [*lines, ("database", "none yet, or not up to date: `gantry db status`")]
    counts = ", ".join(
        f"{summary.deliveries[state]} {state.value}" for state in DeliveryState if state in summary.deliveries
    )
    lines += [("servers", str(summary.workspaces)), ("posts", counts or "none yet")]
    if summary.oldest_open_at is not None:
        lines.append(("", f"the oldest that waits was written {_ago(found, summary.oldest_open_at)}"))
    lines += [("parked", _parked(found, lane)) for lane in summary.parked]
    due = "" if summary.next_due_at is None else f", the next due {summary.next_due_at:%Y-%m-%d %H:%M:%S}Z"
    return [*lines, ("reminders", f"{summary.reminders} to come{due}")]


def _parked(found: Status, lane: ParkedThere) -> str:
    where = f"{lane.count} for channel {lane.channel_id} of server {lane.workspace_id}"
    return f"{where}: {lane.reason}, the oldest written {_ago(found, lane.oldest_at)}"


def _process(found: Status) -> str:
    if found.holder is None:
        return "not running"
    since = "" if found.holder.started_at is None else f" since {found.holder.started_at:%Y-%m-%d %H:%M}Z"
    state = "healthy" if found.is_healthy else "not healthy"
    return f"running, {state} (process {found.holder.pid}{since})"


def _complaints(found: Status) -> list[str]:
    if found.holder is None:
        return []
    if found.beat is None:
        return ["it has not said yet how it is; just started?"]
    silent = [f"its watchdog is silent since {_ago(found, found.beat.at)}"] if found.is_silent else []
    return silent + [COMPLAINTS.get(code, code) for code in found.beat.complaints]


def _ago(found: Status, at: datetime | None) -> str:
    return "at an unknown time" if at is None else f"{max((found.asked_at - at).total_seconds(), 0):.0f} s ago"


def _plain(found: Status) -> dict[str, Any]:
    summary = found.summary
    return {
        "running": found.holder is not None,
        "healthy": found.is_healthy,
        "pid": None if found.holder is None else found.holder.pid,
        "complaints": list(found.beat.complaints) if found.beat else [],
        "looked_at": _iso(found.beat.at if found.beat else None),
        "servers": summary.workspaces if summary else None,
        "deliveries": {state.value: rows for state, rows in summary.deliveries.items()} if summary else None,
        "oldest_open_at": _iso(summary.oldest_open_at) if summary else None,
        "parked": [
            {
                "server": lane.workspace_id,
                "channel": lane.channel_id,
                "reason": lane.reason,
                "count": lane.count,
                "oldest_at": _iso(lane.oldest_at),
            }
            for lane in (summary.parked if summary else ())
        ],
        "reminders": summary.reminders if summary else None,
        "next_due_at": _iso(summary.next_due_at) if summary else None,
        "asked_at": _iso(found.asked_at),
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()
