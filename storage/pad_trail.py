"""Everything the journal holds of one pad: the states of the pad, its reports, their repairs, its inspections and its returns."""

import json
from dataclasses import replace
from typing import TypeVar

from domain.damage import DamageReport
from domain.inspections import Inspection
from domain.pad_records import Records, Step
from domain.pads import Pad
from domain.repairs import RepairTask
from domain.returns import ReturnRequest
from storage.database import Reader, Row
from storage.rows import from_us
from storage.states import load

T = TypeVar("T")
# Every entry of whatever belongs to the pad, in order, with its personal text unless that was erased.
_OF_PAD = """
SELECT j.seq, j.recorded_at, j.subject_kind, j.state, p.personal
FROM (
    SELECT 'pad' AS kind, id AS number FROM pads WHERE workspace_id = ? AND id = ?
    UNION ALL SELECT 'report', number FROM damage_reports WHERE workspace_id = ? AND pad_id = ?
    UNION ALL SELECT 'repair', t.number FROM damage_reports d CROSS JOIN repair_tasks t
        WHERE d.workspace_id = ? AND d.pad_id = ? AND t.workspace_id = d.workspace_id AND t.report_number = d.number
    UNION ALL SELECT 'inspection', number FROM inspections WHERE workspace_id = ? AND pad_id = ?
    UNION ALL SELECT 'return', number FROM returns WHERE workspace_id = ? AND pad_id = ?
) s CROSS JOIN journal j LEFT JOIN journal_personal p ON p.workspace_id = j.workspace_id AND p.seq = j.seq
WHERE j.workspace_id = ? AND j.subject_kind = s.kind AND j.subject_id = s.number
ORDER BY j.seq
"""


async def of_pad(reader: Reader, workspace_id: int, pad_id: int) -> Records:
    """The steps of a pad and of whatever belongs to it. What is not journalled as steps is left empty."""
    of_one = (workspace_id, pad_id)
    rows = await reader.fetch(_OF_PAD, (*of_one * 5, workspace_id))
    return Records(
        pad=_steps(rows, "pad", Pad),
        reports=_steps(rows, "report", DamageReport),
        tasks=tuple(_repair_step(row) for row in rows if row["subject_kind"] == "repair"),
        inspections=_steps(rows, "inspection", Inspection),
        requests=_steps(rows, "return", ReturnRequest),
    )


def _steps(rows: list[Row], kind: str, state: type[T]) -> tuple[Step[T], ...]:
    return tuple(_step(row, state) for row in rows if row["subject_kind"] == kind)


def _step(row: Row, state: type[T]) -> Step[T]:
    said = {} if row["personal"] is None else json.loads(row["personal"])
    return Step(
        seq=row["seq"],
        recorded_at=from_us(row["recorded_at"]),
        state=load(state, row["state"]),
        by=said.get("actor"),
        reason=said.get("reason") or said.get("note"),
    )


def _repair_step(row: Row) -> Step[RepairTask]:
    """A repair's chained state lacks what is personal of it; as far as that was not erased it is put back."""
    said = {} if row["personal"] is None else json.loads(row["personal"])
    step = _step(row, RepairTask)
    task = replace(
        step.state,
        owner=said.get("owner"),
        blocked_by=said.get("blocked_by"),
        cancelled_for=said.get("cancelled_for"),
    )
    return replace(step, state=task)
