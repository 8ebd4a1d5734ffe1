"""Digests: when each channel's next one is due, how far the last went, and what the journal says of the time since."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.countdown import FARTHEST_DAILY
from domain.digest_times import Digest, Told
from storage.database import Reader, Row, Statement, Transaction
from storage.rows import from_us, from_us_or_none, to_us, to_us_or_none

KINDS = ("mission", "pad", "report", "repair", "statement", "assessment", "forecast", "inspection", "return")
"""Of what subjects a digest tells. Health is none of them: nothing of it is ever said."""

ENTRIES_MAX = 5_000
SUBJECTS_MAX = 200
"""How much of the journal is looked at, and how many subjects are told apart."""

_COLUMNS = """
subscription_id, minute, zone, says_quiet_days, day, due_at, told_seq, told_at, last_day, last_due_at, written_seq, written_at,
written_key
"""
_ALL = f"SELECT {_COLUMNS} FROM digests WHERE workspace_id = ? ORDER BY subscription_id"
_SAVE = f"""
INSERT INTO digests (workspace_id, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (workspace_id, subscription_id) DO UPDATE SET
    minute = excluded.minute, zone = excluded.zone, says_quiet_days = excluded.says_quiet_days, day = excluded.day,
    due_at = excluded.due_at, told_seq = excluded.told_seq, told_at = excluded.told_at, last_day = excluded.last_day,
    last_due_at = excluded.last_due_at, written_seq = excluded.written_seq, written_at = excluded.written_at,
    written_key = excluded.written_key
"""
_REMOVE = "DELETE FROM digests WHERE workspace_id = ? AND subscription_id = ?"
# What is due too far ahead was planned by a clock that has been set back since, or not planned yet.
_DUE_WORKSPACES = """
SELECT workspace_id FROM digests WHERE due_at <= ? UNION ALL SELECT workspace_id FROM digests WHERE due_at > ?
"""
_NEXT_DUE = "SELECT MIN(due_at) AS due_at FROM digests"
# Whether a delivery got through: what it said has been told.
_POSTED = """
SELECT 1 FROM outbox WHERE workspace_id = ? AND dedup_key = ? AND state IN ('sent', 'delivered_deleted')
"""
# The subjects of some kinds that were changed after an entry, the latest first, each with its state then and now. Of the journal
# only the entries since are read, and of those no more than the newest so many.
_CHANGED = f"""
SELECT t.subject_kind, t.subject_id, n.state, (
    SELECT b.state FROM journal b
    WHERE b.workspace_id = ? AND b.subject_kind = t.subject_kind AND b.subject_id = t.subject_id AND b.seq <= ?
    ORDER BY b.seq DESC LIMIT 1) AS before, COUNT(*) OVER () AS subjects
FROM (
    SELECT j.subject_kind, j.subject_id, MAX(j.seq) AS last_seq
    FROM (SELECT subject_kind, subject_id, seq FROM journal WHERE workspace_id = ? AND seq > ? ORDER BY seq DESC LIMIT ?) j
    WHERE j.subject_kind IN ({", ".join(f"'{kind}'" for kind in KINDS)})
    GROUP BY j.subject_kind, j.subject_id) t
CROSS JOIN journal n
WHERE n.workspace_id = ? AND n.seq = t.last_seq ORDER BY t.last_seq DESC LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Changed:
    """A subject that was changed: its state (JSON) before, None when there was none, and now."""

    kind: str
    id: int
    before: str | None
    after: str


async def load_all(reader: Reader, workspace_id: int) -> tuple[Digest, ...]:
    """Every digest of the workspace, oldest first."""
    return tuple(_digest(row) for row in await reader.fetch(_ALL, (workspace_id,)))


async def save(tx: Transaction, workspace_id: int, digest: Digest) -> None:
    """Write a digest, new or known."""
    written = digest.written
    await tx.execute(
        _SAVE,
        (
            workspace_id,
            digest.subscription_id,
            digest.minute,
            digest.zone,
            int(digest.says_quiet_days),
            digest.day.isoformat(),
            to_us(digest.due_at),
            digest.told.seq,
            to_us(digest.told.at),
            None if digest.last_day is None else digest.last_day.isoformat(),
            to_us_or_none(digest.last_due_at),
            written.seq if written else None,
            to_us(written.at) if written else None,
            digest.written_key if written else None,
        ),
    )


async def remove(tx: Transaction, workspace_id: int, subscription_id: int) -> None:
    """End a digest. What was written for it is still posted."""
    await tx.execute(_REMOVE, (workspace_id, subscription_id))


async def workspaces_due(reader: Reader, now: datetime) -> list[int]:
    """Workspaces in which a digest is due, or is to be planned anew."""
    rows = await reader.fetch(_DUE_WORKSPACES, (to_us(now), to_us(now + FARTHEST_DAILY)))
    return sorted({row["workspace_id"] for row in rows})


async def next_due_at(reader: Reader) -> datetime | None:
    """When the next digest of any workspace is due."""
    return from_us_or_none((await reader.fetch(_NEXT_DUE))[0]["due_at"])


async def was_posted(reader: Reader, workspace_id: int, delivery_key: str) -> bool:
    """Whether a delivery got through."""
    return bool(await reader.fetch(_POSTED, (workspace_id, delivery_key)))


def changed_statement(workspace_id: int, seq: int) -> Statement:
    """Finds what `changed_since` tells."""
    return _CHANGED, (workspace_id, seq, workspace_id, seq, ENTRIES_MAX, workspace_id, SUBJECTS_MAX)


async def changed_since(reader: Reader, workspace_id: int, seq: int) -> tuple[list[Changed], int]:
    """The subjects that were changed after entry `seq`, the latest first, at most SUBJECTS_MAX; and how many more there are."""
    rows = await reader.fetch(*changed_statement(workspace_id, seq))
    found = [Changed(row["subject_kind"], row["subject_id"], row["before"], row["state"]) for row in rows]
    return found, (rows[0]["subjects"] - len(rows) if rows else 0)


def _digest(row: Row) -> Digest:
    written = row["written_seq"]
    return Digest(
        subscription_id=row["subscription_id"],
        minute=row["minute"],
        zone=row["zone"],
        says_quiet_days=bool(row["says_quiet_days"]),
        day=date.fromisoformat(row["day"]),
        due_at=from_us(row["due_at"]),
        told=Told(row["told_seq"], from_us(row["told_at"])),
        last_day=None if row["last_day"] is None else date.fromisoformat(row["last_day"]),
        last_due_at=from_us_or_none(row["last_due_at"]),
        written=None if written is None else Told(written, from_us(row["written_at"])),
        written_key=row["written_key"],
    )
