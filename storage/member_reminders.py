"""Reminders that members set themselves. When they come is in `storage.reminders`; nothing is deleted."""

from datetime import datetime

from domain.member_reminders import MemberReminder, Standing, Where
from domain.recurrence import Repeat
from storage.database import Reader, Row, Transaction
from storage.rows import from_us, to_us

_COLUMNS = "number, author_id, place, channel_id, dm_channel_id, text, language, zone, anchor, repeat, set_at, state AS standing"
_NEXT = "SELECT COALESCE(MAX(number), 0) + 1 AS number FROM member_reminders WHERE workspace_id = ?"
_INSERT = """
INSERT INTO member_reminders (workspace_id, number, author_id, place, channel_id, dm_channel_id, text, language, zone, anchor,
                              repeat, set_at, state)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_SAVE_STANDING = "UPDATE member_reminders SET state = ? WHERE workspace_id = ? AND number = ?"
_LOAD = f"SELECT {_COLUMNS} FROM member_reminders WHERE workspace_id = ? AND number = ?"
_OPEN_OF = f"""
SELECT {_COLUMNS} FROM member_reminders WHERE workspace_id = ? AND author_id = ? AND state = 'open' ORDER BY number
"""
_OPEN_HERE = f"SELECT {_COLUMNS} FROM member_reminders WHERE workspace_id = ? AND place = 'here' AND state = 'open' ORDER BY number"
_COUNT_OPEN = (
    "SELECT COUNT(*) AS open FROM member_reminders WHERE workspace_id = ? AND author_id = ? AND state = 'open'"
)


async def next_number(tx: Transaction, workspace_id: int) -> int:
    """The number of the next reminder."""
    return int((await tx.fetch(_NEXT, (workspace_id,)))[0]["number"])


async def insert(tx: Transaction, workspace_id: int, reminder: MemberReminder) -> None:
    """Keep a new reminder."""
    await tx.execute(
        _INSERT,
        (
            workspace_id,
            reminder.number,
            reminder.author_id,
            reminder.where.value,
            reminder.channel_id,
            reminder.dm_channel_id,
            reminder.text,
            reminder.language,
            reminder.zone,
            reminder.anchor.isoformat(),
            None if reminder.repeat is None else reminder.repeat.value,
            to_us(reminder.set_at),
            reminder.standing.value,
        ),
    )


async def save_standing(tx: Transaction, workspace_id: int, number: int, standing: Standing) -> None:
    """Keep how a reminder stands now."""
    await tx.execute(_SAVE_STANDING, (standing.value, workspace_id, number))


async def load(reader: Reader, workspace_id: int, number: int) -> MemberReminder | None:
    """One reminder by its number."""
    rows = await reader.fetch(_LOAD, (workspace_id, number))
    return _reminder(rows[0]) if rows else None


async def open_of(reader: Reader, workspace_id: int, author_id: int) -> tuple[MemberReminder, ...]:
    """A member's reminders that are still to come, wherever they come."""
    return tuple(_reminder(row) for row in await reader.fetch(_OPEN_OF, (workspace_id, author_id)))


async def open_here(reader: Reader, workspace_id: int) -> tuple[MemberReminder, ...]:
    """The reminders still to come that channels will see, whoever set them."""
    return tuple(_reminder(row) for row in await reader.fetch(_OPEN_HERE, (workspace_id,)))


async def count_open(reader: Reader, workspace_id: int, author_id: int) -> int:
    """How many of a member's reminders are still to come."""
    return int((await reader.fetch(_COUNT_OPEN, (workspace_id, author_id)))[0]["open"])


def _reminder(row: Row) -> MemberReminder:
    return MemberReminder(
        number=row["number"],
        author_id=row["author_id"],
        where=Where(row["place"]),
        channel_id=row["channel_id"],
        dm_channel_id=row["dm_channel_id"],
        text=row["text"],
        language=row["language"],
        zone=row["zone"],
        anchor=datetime.fromisoformat(row["anchor"]),
        repeat=None if row["repeat"] is None else Repeat(row["repeat"]),
        set_at=from_us(row["set_at"]),
        standing=Standing(row["standing"]),
    )
