"""The journal's heads that were posted, one for each local day of a workspace, and when the next is due."""

from datetime import date, datetime

from domain.countdown import FARTHEST_DAILY
from domain.journal import PostedHead
from storage.database import Reader, Row, Transaction
from storage.rows import from_us, from_us_or_none, to_us

# One row for each workspace: when its next head is due.
_SCHEDULE = """
INSERT INTO head_schedule (workspace_id, due_at) VALUES (?, ?)
ON CONFLICT (workspace_id) DO UPDATE SET due_at = excluded.due_at
"""
_DUE_WORKSPACES = "SELECT workspace_id FROM head_schedule WHERE due_at <= ? OR due_at > ? ORDER BY workspace_id"
_DUE_AT = "SELECT due_at FROM head_schedule WHERE workspace_id = ?"
_NEXT_DUE = "SELECT MIN(due_at) AS due_at FROM head_schedule"
# A day has one head, however often it is asked for.
_INSERT = """
INSERT INTO posted_heads (workspace_id, day, seq, mac, taken_at, channel_id, dedup_key) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING RETURNING day
"""
# Every head, oldest first, with the post that shows it and the MAC that its entry has now.
_LOAD_ALL = """
SELECT h.day, h.seq, h.mac, h.taken_at, h.channel_id, o.message_id, j.mac AS present_mac
FROM posted_heads h
LEFT JOIN outbox o ON o.dedup_key = h.dedup_key
LEFT JOIN journal j ON j.workspace_id = h.workspace_id AND j.seq = h.seq
WHERE h.workspace_id = ? ORDER BY h.day
"""
_LATEST_AT = "SELECT MAX(taken_at) AS taken_at FROM posted_heads WHERE workspace_id = ?"


async def schedule(tx: Transaction, workspace_id: int, due_at: datetime) -> None:
    """Have the workspace's next head posted at `due_at`."""
    await tx.execute(_SCHEDULE, (workspace_id, to_us(due_at)))


async def due_at(reader: Reader, workspace_id: int) -> datetime | None:
    """When the workspace's next head is due."""
    rows = await reader.fetch(_DUE_AT, (workspace_id,))
    return from_us(rows[0]["due_at"]) if rows else None


async def workspaces_due(reader: Reader, now: datetime) -> list[int]:
    """Workspaces whose head is to be posted now, or scheduled anew: it waits for a time that no morning explains."""
    return [
        row["workspace_id"] for row in await reader.fetch(_DUE_WORKSPACES, (to_us(now), to_us(now + FARTHEST_DAILY)))
    ]


async def next_due_at(reader: Reader) -> datetime | None:
    """When the next head of any workspace is due."""
    return from_us_or_none((await reader.fetch(_NEXT_DUE))[0]["due_at"])


async def insert(tx: Transaction, workspace_id: int, head: PostedHead, dedup_key: str) -> bool:
    """Keep a day's head; False when the day has one already."""
    values = (head.day.isoformat(), head.seq, head.mac, to_us(head.taken_at), head.channel_id, dedup_key)
    return bool(await tx.fetch(_INSERT, (workspace_id, *values)))


async def load_all(reader: Reader, workspace_id: int) -> tuple[PostedHead, ...]:
    """Every posted head of the workspace, oldest first."""
    return tuple(_head(row) for row in await reader.fetch(_LOAD_ALL, (workspace_id,)))


async def latest_at(reader: Reader, workspace_id: int) -> datetime | None:
    """When the workspace's last head was taken; None before the first."""
    return from_us_or_none((await reader.fetch(_LATEST_AT, (workspace_id,)))[0]["taken_at"])


def _head(row: Row) -> PostedHead:
    return PostedHead(
        day=date.fromisoformat(row["day"]),
        seq=row["seq"],
        mac=row["mac"],
        taken_at=from_us(row["taken_at"]),
        channel_id=row["channel_id"],
        message_id=row["message_id"],
        present_mac=row["present_mac"],
    )
