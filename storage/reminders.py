"""The reminder table: the schedule itself. A scheduler's job is only a hint to look here."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from domain.countdown import PlannedReminder, ReminderKind, ReminderState
from storage.database import Reader, Row, Transaction
from storage.rows import from_us, members, to_us, to_us_or_none

_MICROSECOND = timedelta(microseconds=1)
_KINDS, _STATES = members(ReminderKind), members(ReminderState)
_SUBJECT = "COALESCE(event_id, -3 * task_number, -3 * report_number - 1, -3 * member_number - 2)"
_COLUMNS = "workspace_id, id, kind, event_id, task_number, report_number, member_number, due_at, offset_us, state"
_INSERT = f"INSERT INTO reminders ({_COLUMNS}, settled_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
# Planning again: what was not posted yet gives way to the new plan.
_REPLAN_EVENT = """
UPDATE reminders SET state = ?, settled_at = ? WHERE workspace_id = ? AND event_id = ? AND state = 'pending'
"""
# New offsets change the countdown; whether the event was asked about stands apart.
_REPLAN_COUNTDOWN = """
UPDATE reminders SET state = 'replanned', settled_at = ?
WHERE workspace_id = ? AND event_id = ? AND state = 'pending' AND kind IN ('countdown', 'opens')
"""
_REPLAN_TASK = """
UPDATE reminders SET state = 'replanned', settled_at = ? WHERE workspace_id = ? AND task_number = ? AND state = 'pending'
"""
# The nearest instant at which anything is due, over all workspaces. The literal state lets the partial index answer.
_NEXT_DUE = "SELECT MIN(due_at) AS due_at FROM reminders WHERE state = 'pending'"
# Left to itself the engine would rather walk every pending row in the order of workspaces than sort the few that are due.
_DUE_WORKSPACES = """
SELECT DISTINCT +workspace_id AS workspace_id FROM reminders WHERE state = 'pending' AND due_at <= ? ORDER BY 1
"""
# Everything due of the subjects that have waited longest: a subject's reminders are judged together, never in two batches.
# Tasks, reports and members' own count below zero, in threes, so that one column names any subject.
_DUE = f"""
SELECT {_COLUMNS} FROM reminders
WHERE workspace_id = ? AND state = 'pending' AND due_at <= ? AND {_SUBJECT} IN (
    SELECT {_SUBJECT} FROM reminders
    WHERE workspace_id = ? AND state = 'pending' AND due_at <= ?
    GROUP BY {_SUBJECT} ORDER BY MIN(due_at) LIMIT ?)
ORDER BY due_at, id
"""
_ANY_DUE = "SELECT 1 FROM reminders WHERE workspace_id = ? AND state = 'pending' AND due_at <= ? LIMIT 1"
_SETTLE = "UPDATE reminders SET state = ?, settled_at = ? WHERE workspace_id = ? AND id = ?"
# What everybody may know is coming: nothing that members have set themselves.
_UPCOMING = f"""
SELECT {_COLUMNS} FROM reminders
WHERE workspace_id = ? AND state = 'pending' AND member_number IS NULL ORDER BY due_at, id LIMIT ?
"""
# What a member may see is coming: of what members have set, only these numbers.
_UPCOMING_WITH = f"""
SELECT {_COLUMNS} FROM reminders
WHERE workspace_id = ? AND state = 'pending' AND (member_number IS NULL OR member_number IN (SELECT value FROM json_each(?)))
ORDER BY due_at, id LIMIT ?
"""
_PENDING = f"SELECT {_COLUMNS} FROM reminders WHERE workspace_id = ? AND state = 'pending' ORDER BY id"
_WAS_POSTED = """
SELECT 1 FROM reminders
WHERE workspace_id = ? AND event_id = ? AND kind = ? AND state = 'posted' AND event_id IS NOT NULL LIMIT 1
"""
# The plus sign: left to itself the engine would walk everything that is pending in its order rather than sort these few.
_OF_EVENT = f"""
SELECT {_COLUMNS} FROM reminders WHERE workspace_id = ? AND event_id = ? AND state = 'pending' ORDER BY +due_at, id
"""
_OF_REPORT = f"""
SELECT {_COLUMNS} FROM reminders WHERE workspace_id = ? AND report_number = ? AND state = 'pending' ORDER BY +due_at, id
"""
_OF_MEMBER_REMINDER = f"""
SELECT {_COLUMNS} FROM reminders WHERE workspace_id = ? AND member_number = ? AND state = 'pending' ORDER BY +due_at, id
"""
# Alarms of one kind that a report has raised, the newest last.
_RAISED = """
SELECT due_at, settled_at FROM reminders
WHERE workspace_id = ? AND report_number = ? AND kind = ? AND state = 'posted' AND report_number IS NOT NULL
ORDER BY settled_at, id
"""


class Subject(NamedTuple):
    """What a reminder is about: exactly one of an event, a repair task, a damage report and what a member set (RM-n)."""

    event_id: int | None = None
    task_number: int | None = None
    report_number: int | None = None
    member_number: int | None = None


@dataclass(frozen=True, slots=True)
class Reminder:
    """One row."""

    workspace_id: int
    id: int
    kind: ReminderKind
    subject: Subject
    due_at: datetime
    offset: timedelta
    state: ReminderState


@dataclass(frozen=True, slots=True)
class Raised:
    """An alarm that was raised: when it was due, and when it was."""

    due_at: datetime
    at: datetime


async def replan_event(tx: Transaction, workspace_id: int, event_id: int, at: datetime, is_over: bool) -> None:
    """Withdraw the event's reminders that were not posted yet: as expired when the event is over, else as planned anew."""
    state = ReminderState.EXPIRED if is_over else ReminderState.REPLANNED
    await tx.execute(_REPLAN_EVENT, (state.value, to_us(at), workspace_id, event_id))


async def replan_countdown(tx: Transaction, workspace_id: int, event_id: int, at: datetime) -> None:
    """Withdraw the event's countdown that was not posted yet; the question whether it happened stays."""
    await tx.execute(_REPLAN_COUNTDOWN, (to_us(at), workspace_id, event_id))


async def replan_task(tx: Transaction, workspace_id: int, task_number: int, at: datetime) -> None:
    """Withdraw the task's reminders that were not posted yet."""
    await tx.execute(_REPLAN_TASK, (to_us(at), workspace_id, task_number))


async def insert_many(
    tx: Transaction,
    workspace_id: int,
    planned: Iterable[tuple[int, PlannedReminder]],
    *,
    subject: Subject,
    at: datetime,
) -> None:
    """Add (id, reminder) rows about one subject."""
    await tx.execute_many(
        _INSERT,
        [
            (
                workspace_id,
                reminder_id,
                reminder.kind.value,
                *subject,
                to_us(reminder.due_at),
                reminder.offset // _MICROSECOND,
                reminder.state.value,
                to_us_or_none(None if reminder.state is ReminderState.PENDING else at),
            )
            for reminder_id, reminder in planned
        ],
    )


async def next_due_at(reader: Reader) -> datetime | None:
    """The nearest instant at which any reminder is due; None when nothing waits."""
    due_at = (await reader.fetch(_NEXT_DUE))[0]["due_at"]
    return None if due_at is None else from_us(due_at)


async def workspaces_due(reader: Reader, now: datetime) -> list[int]:
    """Workspaces that have something due."""
    return [row["workspace_id"] for row in await reader.fetch(_DUE_WORKSPACES, (to_us(now),))]


async def due(reader: Reader, workspace_id: int, now: datetime, limit: int) -> list[Reminder]:
    """Every due reminder of up to `limit` subjects, oldest first."""
    by = to_us(now)
    return [_reminder(row) for row in await reader.fetch(_DUE, (workspace_id, by, workspace_id, by, limit))]


async def any_due(reader: Reader, workspace_id: int, now: datetime) -> bool:
    """Whether anything of the workspace is due."""
    return bool(await reader.fetch(_ANY_DUE, (workspace_id, to_us(now))))


async def settle(
    tx: Transaction, workspace_id: int, settled: Iterable[tuple[int, ReminderState]], at: datetime
) -> None:
    """Record how reminders ended."""
    await tx.execute_many(
        _SETTLE, [(state.value, to_us(at), workspace_id, reminder_id) for reminder_id, state in settled]
    )


async def was_posted(reader: Reader, workspace_id: int, event_id: int, kind: ReminderKind) -> bool:
    """Whether an event had a reminder of this kind that was posted."""
    return bool(await reader.fetch(_WAS_POSTED, (workspace_id, event_id, kind.value)))


async def upcoming(reader: Reader, workspace_id: int, limit: int) -> list[Reminder]:
    """The next reminders of a workspace that everybody may know of: not what members have set themselves."""
    return [_reminder(row) for row in await reader.fetch(_UPCOMING, (workspace_id, limit))]


async def upcoming_with(reader: Reader, workspace_id: int, numbers: Collection[int], limit: int) -> list[Reminder]:
    """The next reminders of a workspace; of what members have set themselves, those of these numbers."""
    named = json.dumps(sorted(numbers))
    return [_reminder(row) for row in await reader.fetch(_UPCOMING_WITH, (workspace_id, named, limit))]


async def pending(reader: Reader, workspace_id: int) -> list[Reminder]:
    """Every reminder of a workspace that is still to come."""
    return [_reminder(row) for row in await reader.fetch(_PENDING, (workspace_id,))]


async def of_event(reader: Reader, workspace_id: int, event_id: int) -> list[Reminder]:
    """An event's reminders that are still to come."""
    return [_reminder(row) for row in await reader.fetch(_OF_EVENT, (workspace_id, event_id))]


async def of_report(reader: Reader, workspace_id: int, number: int) -> list[Reminder]:
    """A damage report's reminders that are still to come."""
    return [_reminder(row) for row in await reader.fetch(_OF_REPORT, (workspace_id, number))]


async def of_member_reminder(reader: Reader, workspace_id: int, number: int) -> list[Reminder]:
    """What is still to come of a reminder that a member set."""
    return [_reminder(row) for row in await reader.fetch(_OF_MEMBER_REMINDER, (workspace_id, number))]


async def raised_by(reader: Reader, workspace_id: int, number: int, kind: ReminderKind) -> list[Raised]:
    """The alarms of one kind that a damage report has raised, the newest last."""
    found = await reader.fetch(_RAISED, (workspace_id, number, kind.value))
    return [Raised(from_us(row["due_at"]), from_us(row["settled_at"])) for row in found]


def _reminder(row: Row) -> Reminder:
    return Reminder(
        workspace_id=row["workspace_id"],
        id=row["id"],
        kind=_KINDS[row["kind"]],
        subject=Subject(row["event_id"], row["task_number"], row["report_number"], row["member_number"]),
        due_at=from_us(row["due_at"]),
        offset=row["offset_us"] * _MICROSECOND,
        state=_STATES[row["state"]],
    )
