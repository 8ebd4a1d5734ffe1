"""The database as a run left it, and what must hold in it by itself: whole, chained, commands all or nothing, reminders ended."""

import asyncio
import contextlib
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from bot.clock import SystemClock
from services.actors import system_actor
from services.changes import Changes
from services.verification import VerificationDesk
from storage.database import open_database
from storage.keys import load_key
from storage.rows import from_us
from tests.wire.client import LOADING
from tests.wire.record import JSON
from tests.wire.routes_interactions import DEFER_UPDATE, MODAL, UPDATE

Row = dict[str, Any]
_UPDATES = frozenset({DEFER_UPDATE, UPDATE})
GRACE = timedelta(seconds=5)
"""The timekeeper's safety pass: what fell due later than this before the end need not have been looked at."""

_QUIET_ACTIONS = frozenset(
    {
        *("set_up", "grant", "subscribe", "unsubscribe", "pin_board", "unpin_board", "set_digest"),
        *("set_zone", "set_reminder", "snooze_reminder", "cancel_reminder"),
        *("acknowledge_report", "decline_return", "withdraw_return", "void_return"),
    }
)
"""Changes that are not announced: posts that stand are edited to say them, or something else says it."""
_NOT_DONE = ("⚠️",)
_LOOKED = "cannot return to service yet"
"""How the answer ends to who asked for a pad's return while something was in the way: that was a question, and changed nothing."""
ASKS = "pad return-to-service"
"""The one command that may turn out to be a question."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: a post or a change that is lost or doubled, or something else."""

    kind: Literal["lost", "doubled", "other"]
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A command that a member gave, or a button that was pressed: each by a member of its own, who is known in the journal.

    Where one member does two things, `actions` are those of this one's entries.
    """

    interaction_id: int
    member_id: int
    command: str
    actions: frozenset[str] | None = None

    def wrote(self, entry: Row) -> bool:
        """Whether a journal entry is this command's."""
        return entry["actor_id"] == self.member_id and (self.actions is None or entry["action"] in self.actions)


class _NoBells:
    def ring_courier(self) -> None:
        """Nobody is there."""

    def ring_timekeeper(self) -> None:
        """Nobody is there."""


@dataclass(frozen=True, slots=True)
class Books:
    """The rows of the tables that tell what happened."""

    database: Path
    workspaces: list[Row]
    outbox: list[Row]
    reminders: list[Row]
    requests: list[Row]
    journal: list[Row]
    subscriptions: list[Row]
    pads: list[Row]
    reports: list[Row]
    tasks: list[Row]
    returns: list[Row]
    boards: list[Row]
    digests: list[Row]
    member_reminders: list[Row]
    damage: tuple[str, ...]

    def message_of(self, row: Row) -> int:
        """The message a sent post made, or a sent edit changed."""
        if row["operation"] == "post":
            return int(row["message_id"])
        return next(int(other["message_id"] or 0) for other in self.outbox if other["id"] == row["target_id"])

    async def findings(self, now: datetime) -> list[Finding]:
        """What is wrong in the books alone, at this instant of the bot's clock."""
        found = [Finding("other", text) for text in self.damage]
        return [*found, *await self._journal_faults(), *self._of_reminders(now)]

    def of_commands(self, asked: Iterable[tuple[Asked, JSON]]) -> list[Finding]:
        """What is wrong between what members were told and what was done. Each comes with what became of the interaction."""
        found, known = [], Counter(row["request_id"] for row in self.requests)
        ids = set()
        for one, shown in asked:
            ids.add(one.interaction_id)
            entries = [entry for entry in self.journal if one.wrote(entry)]
            found += self._of_command(one, answer_of(shown), known[one.interaction_id], entries)
        if ids:
            found += [Finding("other", f"request {request} was never made") for request in known if request not in ids]
        return found

    def _of_command(self, one: Asked, answer: str, claims: int, entries: list[Row]) -> list[Finding]:
        name = f"/{one.command} ({one.interaction_id})"
        found = []
        if answer == "done" and not (claims and entries):
            found.append(Finding("lost", f"{name} was acknowledged, and there is no trace of it"))
        if answer == "refused" and (claims or entries):
            found.append(Finding("other", f"{name} was refused, and yet done"))
        if answer in {"looked", "asked"} and entries:
            found.append(Finding("other", f"{name} was a question, and yet did {len(entries)} things"))
        may_look = one.command == ASKS and answer in {"looked", "nothing"}
        if bool(claims) != bool(entries) and not (claims and may_look):
            found.append(Finding("other", f"{name} has {claims} request and {len(entries)} journal entries"))
        same = Counter((entry["action"], entry["subject_kind"], entry["subject_id"]) for entry in entries)
        found += [Finding("doubled", f"{name} did {what} {times} times") for what, times in same.items() if times > 1]
        spoken = [entry for entry in entries if entry["action"] not in _QUIET_ACTIONS]
        if spoken:
            causes = [_cause_of(entry) for entry in spoken]
            found += [
                Finding("lost", f"{name} has no delivery to {channel}")
                for channel in self._hears_all(spoken[-1]["recorded_at"])
                if not any(self._delivers(cause, channel) for cause in causes)
            ]
        return found

    def _of_reminders(self, now: datetime) -> list[Finding]:
        found = []
        by_cause = Counter(row["dedup_key"].partition(":")[2].rpartition(":")[0] for row in self.outbox)
        for row in self.reminders:
            cause, name = f"reminder:{row['id']}", f"reminder {row['id']} ({row['state']})"
            due_at = from_us(row["due_at"])
            match row["state"]:
                case "pending" if due_at < now - GRACE:
                    found.append(Finding("lost", f"{name} was due at {due_at:%Y-%m-%d %H:%M:%S} and is forgotten"))
                case "posted" if row["settled_at"] < row["due_at"]:
                    found.append(Finding("other", f"{name} was posted before its time"))
                case "posted" if row["member_number"] is not None:
                    found += (
                        [] if by_cause[cause] == 1 else [Finding("lost", f"{name} has {by_cause[cause]} deliveries")]
                    )
                case "posted" if row["report_number"] is not None and self._delivers(cause, self._ops_of(row)):
                    pass  # an alarm goes where its report's card stands, and to the ops channel where a card does not
                case "posted":
                    found += [
                        Finding("lost", f"{name} has no delivery to {channel}")
                        for channel in self._hears_all(row["settled_at"])
                        if not self._delivers(cause, channel)
                    ]
            if row["state"] != "posted" and by_cause[cause]:
                found.append(Finding("other", f"{name} has deliveries"))
            if (row["state"] == "pending") != (row["settled_at"] is None):
                found.append(Finding("other", f"{name} was settled at {row['settled_at']}"))
        return found

    def kept_time(self) -> bool:
        """False where the bot's clock was set back: what was done later may then bear an earlier time."""
        written = [entry["recorded_at"] for entry in self.journal], [row["created_at"] for row in self.outbox]
        return all(before <= after for times in written for before, after in pairwise(times))

    def deliveries_of(self, cause: str) -> list[Row]:
        """The deliveries of one cause, to whatever channels."""
        return [row for row in self.outbox if f":{cause}:" in row["dedup_key"]]

    def _hears_all(self, at: int) -> list[int]:
        """Channels that heard everything at an instant (microseconds)."""
        filters = ("mission_id", "pad_id", "severity")
        return sorted(
            {
                row["channel_id"]
                for row in self.subscriptions
                if row["topic"] == "all" and row["created_at"] < at and all(row[name] is None for name in filters)
            }
        )

    def _ops_of(self, row: Row) -> int:
        return next(int(one["ops_channel_id"]) for one in self.workspaces if one["id"] == row["workspace_id"])

    def _delivers(self, cause: str, channel_id: int) -> bool:
        return any(row["dedup_key"] == f"{row['workspace_id']}:{cause}:{channel_id}" for row in self.outbox)

    async def _journal_faults(self) -> list[Finding]:
        """Every workspace's whole chain, by the code that `/ops verify` runs."""
        if not self.workspaces:
            return []
        key = load_key(self.database.parent / "journal.key")
        found = []
        loop = asyncio.get_running_loop()
        async with open_database(self.database, loop.create_task) as opened:
            desk = VerificationDesk(Changes(opened, SystemClock(), key, _NoBells()), key)
            for workspace in self.workspaces:
                verdict = await desk.verify(system_actor(workspace["id"]))
                found += [
                    Finding("other", f"the journal is {fault.fault} at {fault.seq}") for fault in verdict.findings
                ]
        return found


def _cause_of(entry: Row) -> str:
    """What the deliveries of a change have in common. Those that follow their subject have its name: a report's, a return's."""
    match entry["action"]:
        case "report_damage":
            return f"report:{entry['subject_id']}"
        case "request_return":
            return f"return:{entry['subject_id']}"
        case "confirm_return":
            return f"returned:{entry['subject_id']}"
    return f"journal:{entry['seq']}.1"


def read_books(database: Path) -> Books:
    """Read everything. Raises sqlite3.DatabaseError when it cannot be read."""
    with contextlib.closing(sqlite3.connect(database)) as file:
        file.row_factory = sqlite3.Row

        def table(name: str, order: str) -> list[Row]:
            return [dict(row) for row in file.execute(f"SELECT * FROM {name} ORDER BY {order}")]

        return Books(
            database,
            table("workspaces", "id"),
            table("outbox", "id"),
            table("reminders", "id"),
            table("requests", "request_id"),
            table("journal", "workspace_id, seq"),
            table("subscriptions", "id"),
            table("pads", "id"),
            table("damage_reports", "number"),
            table("repair_tasks", "number"),
            table("returns", "number"),
            table("boards", "id"),
            table("digests", "subscription_id"),
            table("member_reminders", "number"),
            _damage(file),
        )


def _damage(file: sqlite3.Connection) -> tuple[str, ...]:
    said = [row[0] for row in file.execute("PRAGMA integrity_check")]
    broken = [tuple(row) for row in file.execute("PRAGMA foreign_key_check")]
    found = [] if said == ["ok"] else [f"the database is damaged: {said}"]
    return (*found, *(f"a foreign key is broken: {row}" for row in broken))


def answer_of(shown: JSON) -> str:
    """What the member was told: done, refused, looked (a question was answered), asked (by a form), or nothing.

    A press answers with a message of its own; what it was pressed under is none, though it lost its buttons.
    """
    kind = (shown["callback"] or {}).get("type")
    if kind == MODAL:
        return "asked"
    original = None if kind in _UPDATES else shown["original"]
    told: Sequence[JSON] = [one for one in (original, *shown["followups"]) if one is not None]
    titles = [str((one["embeds"] or [{}])[0].get("title", "")) for one in told if not one["flags"] & LOADING]
    if not titles:
        return "nothing"
    if any(title.endswith(_LOOKED) for title in titles):
        return "looked"
    return "refused" if any(title.startswith(_NOT_DONE) for title in titles) else "done"
