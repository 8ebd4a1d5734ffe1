"""Requests to return pads to service, and what became of them."""

from domain.returns import ReturnRequest, ReturnState
from storage.database import Reader, Row, Transaction
from storage.rows import from_us, from_us_or_none, to_us, to_us_or_none

_COLUMNS = "number, pad_id, state, requested_by, requested_at, basis_seq, decided_by, decided_at"
_NEXT = "SELECT COALESCE(MAX(number), 0) + 1 AS number FROM returns WHERE workspace_id = ?"
_INSERT = f"INSERT INTO returns (workspace_id, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_DECIDE = "UPDATE returns SET state = ?, decided_by = ?, decided_at = ? WHERE workspace_id = ? AND number = ?"
_LOAD = f"SELECT {_COLUMNS} FROM returns WHERE workspace_id = ? AND number = ?"
_WAITING = f"SELECT {_COLUMNS} FROM returns WHERE workspace_id = ? AND pad_id = ? AND state = 'waiting'"
# Whether anything of what a return rests on was journalled after a request: the pad, its reports and their assessments, its
# repairs, its inspections. Whoever changes any of it journals it, in whatever way it was changed.
_CHANGED = """
SELECT 1 FROM journal j
WHERE j.workspace_id = ? AND j.seq > ? AND (
    (j.subject_kind = 'pad' AND j.subject_id = ?)
    OR (j.subject_kind = 'report' AND j.subject_id IN (
        SELECT d.number FROM damage_reports d WHERE d.workspace_id = ? AND d.pad_id = ?))
    OR (j.subject_kind = 'repair' AND j.subject_id IN (
        SELECT t.number FROM damage_reports d CROSS JOIN repair_tasks t
        WHERE d.workspace_id = ? AND d.pad_id = ? AND t.workspace_id = d.workspace_id AND t.report_number = d.number))
    OR (j.subject_kind = 'assessment' AND j.subject_id IN (
        SELECT a.number FROM damage_reports d CROSS JOIN assessments a
        WHERE d.workspace_id = ? AND d.pad_id = ? AND a.workspace_id = d.workspace_id AND a.report_number = d.number))
    OR (j.subject_kind = 'inspection' AND j.subject_id IN (
        SELECT i.number FROM inspections i WHERE i.workspace_id = ? AND i.pad_id = ?))
) LIMIT 1
"""
# What was journalled of a pad's damage and its repairs after an entry, in order.
_OF_DAMAGE_AND_WORK = """
SELECT j.subject_kind, j.action, j.state FROM journal j
WHERE j.workspace_id = ? AND j.seq > ? AND (
    (j.subject_kind = 'pad' AND j.subject_id = ?)
    OR (j.subject_kind = 'report' AND j.subject_id IN (
        SELECT d.number FROM damage_reports d WHERE d.workspace_id = ? AND d.pad_id = ?))
    OR (j.subject_kind = 'repair' AND j.subject_id IN (
        SELECT t.number FROM damage_reports d CROSS JOIN repair_tasks t
        WHERE d.workspace_id = ? AND d.pad_id = ? AND t.workspace_id = d.workspace_id AND t.report_number = d.number))
) ORDER BY j.seq
"""


async def next_number(tx: Transaction, workspace_id: int) -> int:
    """The number of the next request."""
    return int((await tx.fetch(_NEXT, (workspace_id,)))[0]["number"])


async def insert(tx: Transaction, workspace_id: int, request: ReturnRequest) -> None:
    """Keep a new request."""
    await tx.execute(
        _INSERT,
        (
            workspace_id,
            request.number,
            request.pad_id,
            request.state.value,
            request.requested_by,
            to_us(request.requested_at),
            request.basis_seq,
            request.decided_by,
            to_us_or_none(request.decided_at),
        ),
    )


async def decide(tx: Transaction, workspace_id: int, request: ReturnRequest) -> None:
    """Keep what became of a request."""
    decided = (request.state.value, request.decided_by, to_us_or_none(request.decided_at))
    await tx.execute(_DECIDE, (*decided, workspace_id, request.number))


async def load(reader: Reader, workspace_id: int, number: int) -> ReturnRequest | None:
    """The request RS-`number`."""
    rows = await reader.fetch(_LOAD, (workspace_id, number))
    return _request(rows[0]) if rows else None


async def waiting(reader: Reader, workspace_id: int, pad_id: int) -> ReturnRequest | None:
    """The request of a pad that waits for a second person; there is one at most."""
    rows = await reader.fetch(_WAITING, (workspace_id, pad_id))
    return _request(rows[0]) if rows else None


async def changed_since(reader: Reader, workspace_id: int, pad_id: int, seq: int) -> bool:
    """Whether anything a return rests on was journalled after entry `seq`."""
    of_pad = (workspace_id, pad_id)
    return bool(await reader.fetch(_CHANGED, (workspace_id, seq, pad_id, *of_pad, *of_pad, *of_pad, *of_pad)))


async def damage_and_work_since(
    reader: Reader, workspace_id: int, pad_id: int, seq: int
) -> tuple[tuple[str, str, str], ...]:
    """(subject's kind, action, state as JSON) of what was journalled of a pad, its reports and repairs after entry `seq`."""
    of_pad = (workspace_id, pad_id)
    rows = await reader.fetch(_OF_DAMAGE_AND_WORK, (workspace_id, seq, pad_id, *of_pad, *of_pad))
    return tuple((row["subject_kind"], row["action"], row["state"]) for row in rows)


def _request(row: Row) -> ReturnRequest:
    return ReturnRequest(
        number=row["number"],
        pad_id=row["pad_id"],
        requested_by=row["requested_by"],
        requested_at=from_us(row["requested_at"]),
        basis_seq=row["basis_seq"],
        state=ReturnState(row["state"]),
        decided_by=row["decided_by"],
        decided_at=from_us_or_none(row["decided_at"]),
    )
