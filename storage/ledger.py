"""The schedule ledger's rows. They are only ever added."""

from datetime import datetime

from domain.schedule import Direction, EntryKind, LedgerEntry
from domain.when import UNKNOWN
from storage.database import Reader, Row, Transaction
from storage.rows import from_us, to_us, when_columns, when_from

_COLUMNS = """
event_id, kind, before_precision, before_at, before_net, after_precision, after_at, after_net, direction, slip_days, reason,
cause, source, recorded_at
"""
_INSERT = f"""
INSERT INTO schedule_ledger (workspace_id, id, mission_id, actor_id, {_COLUMNS})
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
# The latest move of any of a mission's dates; plans, what followed from a launch move, and undoing are not asked for.
_LATEST_MOVE = f"""
SELECT {_COLUMNS} FROM schedule_ledger
WHERE workspace_id = ? AND mission_id = ? AND kind = 'move' AND recorded_at <= ?
ORDER BY id DESC LIMIT 1
"""
_FOREVER_US = 2**62


async def append(
    tx: Transaction, workspace_id: int, entry_id: int, mission_id: int, actor_id: int, entry: LedgerEntry
) -> None:
    """Add an entry."""
    await tx.execute(
        _INSERT,
        (
            workspace_id,
            entry_id,
            mission_id,
            actor_id,
            entry.event_id,
            entry.kind.value,
            *when_columns(entry.before),
            *when_columns(entry.after),
            entry.direction.value,
            entry.slip_days,
            entry.reason,
            entry.cause,
            entry.source,
            to_us(entry.recorded_at),
        ),
    )


async def latest_move(
    reader: Reader, workspace_id: int, mission_id: int, *, recorded_by: datetime | None = None
) -> LedgerEntry | None:
    """The last time one of the mission's dates moved, as recorded by an instant (None: by now)."""
    by = _FOREVER_US if recorded_by is None else to_us(recorded_by)
    rows = await reader.fetch(_LATEST_MOVE, (workspace_id, mission_id, by))
    return _entry(rows[0]) if rows else None


def _entry(row: Row) -> LedgerEntry:
    return LedgerEntry(
        event_id=row["event_id"],
        kind=EntryKind(row["kind"]),
        before=when_from(row["before_precision"], row["before_at"], row["before_net"]),
        after=when_from(row["after_precision"], row["after_at"], row["after_net"]) or UNKNOWN,
        direction=Direction(row["direction"]),
        slip_days=row["slip_days"],
        reason=row["reason"],
        cause=row["cause"],
        source=row["source"],
        recorded_at=from_us(row["recorded_at"]),
    )
