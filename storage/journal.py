"""The journal's rows: chained, only ever added, personal text apart. As-of questions read subjects' states from here."""

import json
from collections.abc import Sequence
from datetime import datetime

from domain.journal import Entry, Linked, Point
from storage.database import Reader, Row, Statement, Transaction
from storage.rows import from_us, from_us_or_none, to_us, to_us_or_none

_INSERT = """
INSERT INTO journal (workspace_id, seq, recorded_at, actor_id, action, subject_kind, subject_id, state, event_at,
                     personal_digest, mac)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_INSERT_PERSONAL = "INSERT INTO journal_personal (workspace_id, seq, salt, personal) VALUES (?, ?, ?, ?)"
_COLUMNS = """
seq, recorded_at, actor_id, action, subject_kind, subject_id, state, event_at, personal_digest, mac, workspace_id
"""
# The chain in order, from a given entry on; read in pages when it is verified.
_CHAIN = f"SELECT {_COLUMNS} FROM journal WHERE workspace_id = ? AND seq > ? ORDER BY seq LIMIT ?"
# A subject's own history, newest first.
_OF_SUBJECT = f"""
SELECT {_COLUMNS} FROM journal WHERE workspace_id = ? AND subject_kind = ? AND subject_id = ? ORDER BY seq DESC LIMIT ?
"""
# What each subject of a kind was, as recorded by an instant. The index is stepped through from subject to subject, and for
# each from its newest entry back to the first that had been recorded: of the entries before that one none is read.
_STATES_AS_OF = """
WITH RECURSIVE subjects (id) AS (
    SELECT MIN(f.subject_id) FROM journal f WHERE f.workspace_id = ? AND f.subject_kind = ?
    UNION ALL
    SELECT (SELECT MIN(n.subject_id) FROM journal n
            WHERE n.workspace_id = ? AND n.subject_kind = ? AND n.subject_id > s.id)
    FROM subjects s WHERE s.id IS NOT NULL)
SELECT s.id AS subject_id, j.state FROM subjects s CROSS JOIN journal j
WHERE j.workspace_id = ? AND j.seq = (
    SELECT k.seq FROM journal k
    WHERE k.workspace_id = ? AND k.subject_kind = ? AND k.subject_id = s.id AND k.recorded_at <= ?
    ORDER BY k.seq DESC LIMIT 1)
"""
# The same of one subject.
_STATE_AS_OF = """
SELECT state FROM journal WHERE workspace_id = ? AND subject_kind = ? AND subject_id = ? AND recorded_at <= ?
ORDER BY seq DESC LIMIT 1
"""
# The same of each damage report there ever was on one pad.
_REPORTS_AS_OF = """
SELECT d.number, j.state FROM damage_reports d CROSS JOIN journal j
WHERE d.workspace_id = ? AND d.pad_id = ? AND j.workspace_id = ? AND j.seq = (
    SELECT k.seq FROM journal k
    WHERE k.workspace_id = ? AND k.subject_kind = 'report' AND k.subject_id = d.number AND k.recorded_at <= ?
    ORDER BY k.seq DESC LIMIT 1)
ORDER BY d.number
"""
# Who made certain subjects' last entries of one action; personal, so gone once erased.
_ACTORS = """
SELECT j.subject_id, p.personal FROM journal j JOIN journal_personal p ON p.workspace_id = j.workspace_id AND p.seq = j.seq
WHERE j.workspace_id = ? AND j.action = ? AND j.subject_kind = ? AND j.subject_id IN ({marks}) AND j.seq = (
    SELECT MAX(k.seq) FROM journal k WHERE k.workspace_id = j.workspace_id AND k.subject_kind = j.subject_kind
      AND k.subject_id = j.subject_id AND k.action = j.action)
"""
# Personal text of a stretch of entries, for verification; an erased one has no row.
_PERSONAL_BETWEEN = """
SELECT seq, salt, personal FROM journal_personal WHERE workspace_id = ? AND seq > ? AND seq <= ? ORDER BY seq
"""
# The head that the workspace names, and the last entry there is, as of one moment.
_ENDS = """
SELECT w.journal_seq, w.journal_mac, (SELECT MAX(j.seq) FROM journal j WHERE j.workspace_id = w.id) AS last_seq
FROM workspaces w WHERE w.id = ?
"""
_PERSONAL = "SELECT seq, salt, personal FROM journal_personal WHERE workspace_id = ? AND seq = ?"


async def append(tx: Transaction, linked: Linked, salt: str, personal_json: str) -> None:
    """Add an entry and its personal text."""
    entry = linked.entry
    await tx.execute(
        _INSERT,
        (
            entry.workspace_id,
            entry.seq,
            to_us(entry.recorded_at),
            entry.actor_id,
            entry.action,
            entry.subject_kind,
            entry.subject_id,
            entry.state_json,
            to_us_or_none(entry.event_at),
            entry.personal_digest,
            linked.mac,
        ),
    )
    await tx.execute(_INSERT_PERSONAL, (entry.workspace_id, entry.seq, salt, personal_json))


async def chain(reader: Reader, workspace_id: int, *, after_seq: int = 0, limit: int = 500) -> list[Linked]:
    """Up to `limit` entries after `after_seq`, in order."""
    return [_linked(row) for row in await reader.fetch(_CHAIN, (workspace_id, after_seq, limit))]


async def of_subject(
    reader: Reader, workspace_id: int, subject_kind: str, subject_id: int, *, limit: int = 100
) -> list[Linked]:
    """A subject's entries, newest first."""
    return [_linked(row) for row in await reader.fetch(_OF_SUBJECT, (workspace_id, subject_kind, subject_id, limit))]


async def states_as_of(reader: Reader, workspace_id: int, subject_kind: str, at: datetime) -> dict[int, str]:
    """Each subject's state (JSON) as it had been recorded by `at`, by subject id."""
    of_kind = (workspace_id, subject_kind)
    params = (*of_kind, *of_kind, workspace_id, *of_kind, to_us(at))
    rows = await reader.fetch(_STATES_AS_OF, params)
    return dict(sorted((row["subject_id"], row["state"]) for row in rows))


def state_as_of(workspace_id: int, subject_kind: str, subject_id: int | None, at: datetime) -> Statement:
    """Finds one subject's `state` as it had been recorded by `at`; no row when there was none yet."""
    return (_STATE_AS_OF, (workspace_id, subject_kind, subject_id, to_us(at)))


def reports_as_of(workspace_id: int, pad_id: int | None, at: datetime) -> Statement:
    """Finds the `state` of each damage report on a pad as it had been recorded by `at`."""
    return (_REPORTS_AS_OF, (workspace_id, pad_id, workspace_id, workspace_id, to_us(at)))


async def actor_names(
    reader: Reader, workspace_id: int, action: str, subject_kind: str, subject_ids: Sequence[int]
) -> dict[int, str]:
    """Who last did `action` to each of these subjects, by subject id; absent once erased."""
    if not subject_ids:
        return {}
    sql = _ACTORS.format(marks=",".join("?" * len(subject_ids)))
    rows = await reader.fetch(sql, (workspace_id, action, subject_kind, *subject_ids))
    return {row["subject_id"]: str(json.loads(row["personal"])["actor"]) for row in rows}


async def personal_between(
    reader: Reader, workspace_id: int, after_seq: int, up_to_seq: int
) -> dict[int, tuple[str, str]]:
    """(salt, JSON) of the personal texts that are left, by entry number."""
    rows = await reader.fetch(_PERSONAL_BETWEEN, (workspace_id, after_seq, up_to_seq))
    return {row["seq"]: (row["salt"], row["personal"]) for row in rows}


async def ends(reader: Reader, workspace_id: int) -> tuple[Point, int] | None:
    """The head the workspace names and the number of the last entry there is; None before set-up."""
    rows = await reader.fetch(_ENDS, (workspace_id,))
    return (Point(rows[0]["journal_seq"], rows[0]["journal_mac"]), rows[0]["last_seq"] or 0) if rows else None


async def personal_text(reader: Reader, workspace_id: int, seq: int) -> tuple[str, str] | None:
    """(salt, JSON) of an entry's personal text; None once it was erased."""
    rows = await reader.fetch(_PERSONAL, (workspace_id, seq))
    return (rows[0]["salt"], rows[0]["personal"]) if rows else None


def _linked(row: Row) -> Linked:
    entry = Entry(
        workspace_id=row["workspace_id"],
        seq=row["seq"],
        recorded_at=from_us(row["recorded_at"]),
        actor_id=row["actor_id"],
        action=row["action"],
        subject_kind=row["subject_kind"],
        subject_id=row["subject_id"],
        state_json=row["state"],
        event_at=from_us_or_none(row["event_at"]),
        personal_digest=row["personal_digest"],
    )
    return Linked(entry, row["mac"])
