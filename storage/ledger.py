"""The schedule ledger's rows. They are only ever added."""

from collections.abc import Sequence
from datetime import datetime

from domain.missions import EventKind
from domain.outage_cost import DateMoved
from domain.schedule import Claim, Direction, EntryKind, LedgerEntry
from domain.sources import Tier
from domain.when import UNKNOWN
from storage.database import Reader, Row, Statement, Transaction
from storage.rows import from_us, members, to_us, when_columns, when_from

_KINDS = members(EntryKind)
_DIRECTIONS = members(Direction)

_COLUMNS = """
event_id, kind, before_precision, before_at, before_net, after_precision, after_at, after_net, direction, slip_days, reason,
cause, source, recorded_at
"""
_INSERT = f"""
INSERT INTO schedule_ledger (workspace_id, id, mission_id, actor_id, {_COLUMNS})
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
# The latest move of any of a mission's dates that still stands: an undo follows, for the same event, just what it takes back.
# Plans and what followed from a launch move are not asked for.
_LATEST_MOVE = f"""
SELECT {_COLUMNS} FROM schedule_ledger m
WHERE workspace_id = ? AND mission_id = ? AND kind IN ('move', 'adoption') AND recorded_at <= ?
AND COALESCE((
    SELECT n.kind FROM schedule_ledger n
    WHERE n.workspace_id = m.workspace_id AND n.mission_id = m.mission_id AND n.event_id = m.event_id AND n.id > m.id
    AND n.recorded_at <= ?
    ORDER BY n.id LIMIT 1), '') <> 'undo'
ORDER BY id DESC LIMIT 1
"""
# Everything that happened to a mission's dates, in order.
_OF_MISSION = f"""
SELECT {_COLUMNS} FROM schedule_ledger WHERE workspace_id = ? AND mission_id = ? AND recorded_at <= ? ORDER BY id
"""
# The whole ledger of every mission of which anything was moved for one of these causes. The plus keeps the engine from walking the
# whole ledger in the order of missions, to save sorting a few.
_BY_CAUSE = f"""
SELECT {", ".join(f"l.{column.strip()}" for column in _COLUMNS.split(","))}, l.mission_id, m.name AS mission,
       e.kind AS event_kind, e.name AS event_name
FROM (
    SELECT DISTINCT +mission_id AS mission_id FROM schedule_ledger
    WHERE workspace_id = ? AND cause IS NOT NULL AND cause IN ({{marks}})
) c
CROSS JOIN schedule_ledger l CROSS JOIN missions m CROSS JOIN events e
WHERE l.workspace_id = ? AND l.mission_id = c.mission_id AND l.recorded_at <= ?
  AND m.workspace_id = l.workspace_id AND m.id = l.mission_id AND e.workspace_id = l.workspace_id AND e.id = l.event_id
ORDER BY l.id
"""
_CLAIM_COLUMNS = "id, event_id, precision, at, net, source, tier, link, recorded_at"
_INSERT_CLAIM = f"""
INSERT INTO schedule_claims (workspace_id, mission_id, actor_id, {_CLAIM_COLUMNS})
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_CLAIMS = f"""
SELECT {_CLAIM_COLUMNS} FROM schedule_claims WHERE workspace_id = ? AND mission_id = ? AND recorded_at <= ? ORDER BY id
"""
_CLAIM = f"SELECT {_CLAIM_COLUMNS}, mission_id FROM schedule_claims WHERE workspace_id = ? AND id = ?"
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
    sql, params = latest_move_of(workspace_id, mission_id, recorded_by=recorded_by)
    rows = await reader.fetch(sql, params)
    return entry_from(rows[0]) if rows else None


def latest_move_of(workspace_id: int, mission_id: int, *, recorded_by: datetime | None = None) -> Statement:
    """Finds the row of `latest_move`, for a trip that asks for more."""
    by = _FOREVER_US if recorded_by is None else to_us(recorded_by)
    return (_LATEST_MOVE, (workspace_id, mission_id, by, by))


async def of_mission(
    reader: Reader, workspace_id: int, mission_id: int, *, recorded_by: datetime | None = None
) -> tuple[LedgerEntry, ...]:
    """Every entry of a mission, oldest first, as recorded by an instant (None: by now)."""
    by = _FOREVER_US if recorded_by is None else to_us(recorded_by)
    return tuple(entry_from(row) for row in await reader.fetch(_OF_MISSION, (workspace_id, mission_id, by)))


async def by_cause(
    reader: Reader, workspace_id: int, causes: Sequence[str], *, recorded_by: datetime | None = None
) -> tuple[DateMoved, ...]:
    """Every date, with its whole ledger as recorded by an instant, of missions of which any was moved for one of these causes."""
    if not causes:
        return ()
    rows = await reader.fetch(*by_cause_statement(workspace_id, causes, recorded_by))
    of_date: dict[int, list[Row]] = {}
    for row in rows:
        of_date.setdefault(row["event_id"], []).append(row)
    return tuple(
        DateMoved(
            mission_id=of_one[0]["mission_id"],
            mission=of_one[0]["mission"],
            event_id=event_id,
            kind=EventKind(of_one[0]["event_kind"]),
            name=of_one[0]["event_name"],
            entries=tuple(entry_from(row) for row in of_one),
        )
        for event_id, of_one in of_date.items()
    )


def by_cause_statement(workspace_id: int, causes: Sequence[str], recorded_by: datetime | None) -> Statement:
    """Finds the rows of `by_cause`; there has to be a cause."""
    by = _FOREVER_US if recorded_by is None else to_us(recorded_by)
    return (_BY_CAUSE.format(marks=",".join("?" * len(causes))), (workspace_id, *causes, workspace_id, by))


async def insert_claim(tx: Transaction, workspace_id: int, mission_id: int, actor_id: int, claim: Claim) -> None:
    """Add a claim. Claims are only ever added."""
    await tx.execute(
        _INSERT_CLAIM,
        (
            workspace_id,
            mission_id,
            actor_id,
            claim.id,
            claim.event_id,
            *when_columns(claim.when),
            claim.source,
            claim.tier.value,
            claim.link,
            to_us(claim.recorded_at),
        ),
    )


async def claims(
    reader: Reader, workspace_id: int, mission_id: int, *, recorded_by: datetime | None = None
) -> tuple[Claim, ...]:
    """What sources have stated about a mission's dates, oldest first, as recorded by an instant (None: by now)."""
    by = _FOREVER_US if recorded_by is None else to_us(recorded_by)
    return tuple(_claim(row) for row in await reader.fetch(_CLAIMS, (workspace_id, mission_id, by)))


async def claim(reader: Reader, workspace_id: int, claim_id: int) -> tuple[int, Claim] | None:
    """(mission id, claim) of that id."""
    rows = await reader.fetch(_CLAIM, (workspace_id, claim_id))
    return (rows[0]["mission_id"], _claim(rows[0])) if rows else None


def _claim(row: Row) -> Claim:
    return Claim(
        id=row["id"],
        event_id=row["event_id"],
        when=when_from(row["precision"], row["at"], row["net"]) or UNKNOWN,
        source=row["source"],
        tier=Tier(row["tier"]),
        link=row["link"],
        recorded_at=from_us(row["recorded_at"]),
    )


def entry_from(row: Row) -> LedgerEntry:
    """The entry of a row."""
    return LedgerEntry(
        event_id=row["event_id"],
        kind=_KINDS[row["kind"]],
        before=when_from(row["before_precision"], row["before_at"], row["before_net"]),
        after=when_from(row["after_precision"], row["after_at"], row["after_net"]) or UNKNOWN,
        direction=_DIRECTIONS[row["direction"]],
        slip_days=row["slip_days"],
        reason=row["reason"],
        cause=row["cause"],
        source=row["source"],
        recorded_at=from_us(row["recorded_at"]),
    )
