"""The security log's rows: refusals, at most so many for one member and hour, and one that sums up the rest."""

from datetime import UTC, datetime, timedelta

from domain.security import KEPT_FOR, ROWS_AN_HOUR, Door, Refusal
from storage.database import Reader, Row, Transaction
from storage.rows import from_us, to_us

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR = timedelta(hours=1)
_LAST_NUMBER = """
SELECT MAX(number) AS number FROM refusals WHERE workspace_id = ? AND member_id = ? AND hour = ?
"""
# Beyond the last number the row sums up: it counts, and speaks of the latest.
_INSERT = """
INSERT INTO refusals (workspace_id, member_id, hour, number, kind, handler, code, capability, refused_at, times)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
ON CONFLICT (workspace_id, member_id, hour, number) DO UPDATE
SET kind = excluded.kind, handler = excluded.handler, code = excluded.code, capability = excluded.capability,
    refused_at = excluded.refused_at, times = refusals.times + 1
"""
_COUNT = (
    "SELECT COALESCE(SUM(times), 0) AS times FROM refusals WHERE workspace_id = ? AND hour >= ? AND refused_at >= ?"
)
_LATEST = """
SELECT workspace_id, member_id, kind, handler, code, capability, refused_at, times FROM refusals
WHERE workspace_id = ? ORDER BY hour DESC, refused_at DESC LIMIT ?
"""
# Over all workspaces: what has been kept long enough.
_OLD = "SELECT 1 FROM refusals WHERE hour < ? LIMIT 1"
_PRUNE = "DELETE FROM refusals WHERE hour < ?"


async def append(tx: Transaction, refusal: Refusal) -> None:
    """Keep a refusal; beyond the hour's limit it is only counted."""
    whose = (refusal.workspace_id, refusal.member_id, _hour(refusal.refused_at))
    last: int = (await tx.fetch(_LAST_NUMBER, whose))[0]["number"] or 0
    what = (refusal.door.value, refusal.handler, refusal.code, refusal.capability, to_us(refusal.refused_at))
    await tx.execute(_INSERT, (*whose, min(last, ROWS_AN_HOUR) + 1, *what))


async def count_since(reader: Reader, workspace_id: int, since: datetime) -> int:
    """How often anyone was refused since then; an hour that was summed up counts as a whole."""
    count: int = (await reader.fetch(_COUNT, (workspace_id, _hour(since), to_us(since))))[0]["times"]
    return count


async def latest(reader: Reader, workspace_id: int, limit: int) -> list[Refusal]:
    """The latest refusals, newest first."""
    return [_refusal(row) for row in await reader.fetch(_LATEST, (workspace_id, limit))]


async def has_old(reader: Reader, now: datetime) -> bool:
    """Whether anything has been kept for longer than KEPT_FOR."""
    return bool(await reader.fetch(_OLD, (_hour(now - KEPT_FOR),)))


async def prune(tx: Transaction, now: datetime) -> None:
    """Drop what has been kept for longer than KEPT_FOR."""
    await tx.execute(_PRUNE, (_hour(now - KEPT_FOR),))


def _hour(at: datetime) -> int:
    return (at - _EPOCH) // _HOUR


def _refusal(row: Row) -> Refusal:
    return Refusal(
        workspace_id=row["workspace_id"],
        member_id=row["member_id"],
        door=Door(row["kind"]),
        handler=row["handler"],
        code=row["code"],
        capability=row["capability"],
        refused_at=from_us(row["refused_at"]),
        times=row["times"],
    )
