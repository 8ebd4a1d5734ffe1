"""Inspections of pads. Rows are only added."""

import json

from domain.inspections import Inspection, InspectionResult
from storage.database import Reader, Row, Transaction
from storage.rows import from_us, to_us

_COLUMNS = "number, pad_id, result, note, inspected_by, inspected_at, evidence, seq"
_NEXT = "SELECT COALESCE(MAX(number), 0) + 1 AS number FROM inspections WHERE workspace_id = ?"
_INSERT = f"INSERT INTO inspections (workspace_id, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_LATEST = f"SELECT {_COLUMNS} FROM inspections WHERE workspace_id = ? AND pad_id = ? ORDER BY number DESC LIMIT 1"


async def next_number(tx: Transaction, workspace_id: int) -> int:
    """The number of the next inspection."""
    return int((await tx.fetch(_NEXT, (workspace_id,)))[0]["number"])


async def insert(tx: Transaction, workspace_id: int, inspection: Inspection) -> None:
    """Keep a new inspection."""
    await tx.execute(
        _INSERT,
        (
            workspace_id,
            inspection.number,
            inspection.pad_id,
            inspection.result.value,
            inspection.note,
            inspection.inspected_by,
            to_us(inspection.inspected_at),
            json.dumps(inspection.evidence),
            inspection.seq,
        ),
    )


async def latest(reader: Reader, workspace_id: int, pad_id: int) -> Inspection | None:
    """A pad's last inspection."""
    rows = await reader.fetch(_LATEST, (workspace_id, pad_id))
    return _inspection(rows[0]) if rows else None


def _inspection(row: Row) -> Inspection:
    return Inspection(
        number=row["number"],
        pad_id=row["pad_id"],
        result=InspectionResult(row["result"]),
        note=row["note"],
        inspected_by=row["inspected_by"],
        inspected_at=from_us(row["inspected_at"]),
        evidence=tuple(json.loads(row["evidence"])),
        seq=row["seq"],
    )
