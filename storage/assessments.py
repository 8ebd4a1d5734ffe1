"""What others say about damage. Rows are added, and marked when they are adopted; nothing is deleted."""

from datetime import datetime

from domain.assessments import Assessment, Confidence
from domain.damage import Severity
from domain.sources import Tier
from domain.text import name_key
from domain.when import Precision, When
from storage.database import Reader, Row, Statement, Transaction
from storage.rows import from_us, from_us_or_none, to_us, to_us_or_none

_COLUMNS = """
number, report_number, severity, tier, source, source_key, stated_precision, stated_at, confidence, link, note, recorded_by,
recorded_at, adopted_at
"""
_QUALIFIED = ", ".join(f"a.{name.strip()}" for name in _COLUMNS.split(","))
_NEXT = "SELECT COALESCE(MAX(number), 0) + 1 AS number FROM assessments WHERE workspace_id = ?"
_INSERT = f"INSERT INTO assessments (workspace_id, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_ADOPT = "UPDATE assessments SET adopted_at = COALESCE(adopted_at, ?) WHERE workspace_id = ? AND number = ?"
_LOAD = f"SELECT {_COLUMNS} FROM assessments WHERE workspace_id = ? AND number = ?"
_OF_REPORT = f"SELECT {_COLUMNS} FROM assessments WHERE workspace_id = ? AND report_number = ? ORDER BY number"
# Of the open reports of one pad, or of all: what a status is shown with.
_OF_OPEN = f"""
SELECT {_QUALIFIED} FROM damage_reports d CROSS JOIN assessments a
WHERE d.workspace_id = ? AND d.state NOT IN ('closed', 'rejected')
  AND a.workspace_id = d.workspace_id AND a.report_number = d.number
ORDER BY a.number
"""
_OF_OPEN_ON_PAD = f"""
SELECT {_QUALIFIED} FROM damage_reports d CROSS JOIN assessments a
WHERE d.workspace_id = ? AND d.pad_id = ? AND d.state NOT IN ('closed', 'rejected')
  AND a.workspace_id = d.workspace_id AND a.report_number = d.number
ORDER BY a.number
"""
# Of every report there ever was on a pad.
_ON_PAD = f"""
SELECT {_QUALIFIED} FROM damage_reports d CROSS JOIN assessments a
WHERE d.workspace_id = ? AND d.pad_id = ? AND a.workspace_id = d.workspace_id AND a.report_number = d.number
ORDER BY a.number
"""
# For completion: the newest of open reports.
_COMPLETE = f"{_OF_OPEN.replace('ORDER BY a.number', 'ORDER BY a.number DESC LIMIT ?')}"


async def next_number(tx: Transaction, workspace_id: int) -> int:
    """The number of the next assessment."""
    return int((await tx.fetch(_NEXT, (workspace_id,)))[0]["number"])


async def insert(tx: Transaction, workspace_id: int, assessment: Assessment) -> None:
    """Keep a new assessment."""
    await tx.execute(
        _INSERT,
        (
            workspace_id,
            assessment.number,
            assessment.report_number,
            assessment.severity.value,
            assessment.tier.value,
            assessment.source,
            name_key(assessment.source),
            assessment.stated.precision.value,
            to_us_or_none(assessment.stated.at),
            assessment.confidence.value if assessment.confidence else None,
            assessment.link,
            assessment.note,
            assessment.recorded_by,
            to_us(assessment.recorded_at),
            to_us_or_none(assessment.adopted_at),
        ),
    )


async def adopt(tx: Transaction, workspace_id: int, number: int, at: datetime) -> None:
    """Keep when an assessment was first adopted."""
    await tx.execute(_ADOPT, (to_us(at), workspace_id, number))


async def load(reader: Reader, workspace_id: int, number: int) -> Assessment | None:
    """The assessment AS-`number`."""
    rows = await reader.fetch(_LOAD, (workspace_id, number))
    return _assessment(rows[0]) if rows else None


async def of_report(reader: Reader, workspace_id: int, report_number: int) -> tuple[Assessment, ...]:
    """A report's assessments, in the order in which they were recorded."""
    return from_rows(await reader.fetch(_OF_REPORT, (workspace_id, report_number)))


async def on_pad(reader: Reader, workspace_id: int, pad_id: int) -> tuple[Assessment, ...]:
    """The assessments of every report there ever was on a pad."""
    return from_rows(await reader.fetch(_ON_PAD, (workspace_id, pad_id)))


async def of_open_on_pad(reader: Reader, workspace_id: int, pad_id: int) -> tuple[Assessment, ...]:
    """The assessments of a pad's open reports."""
    return from_rows(await reader.fetch(*of_open_reports(workspace_id, pad_id)))


async def complete(reader: Reader, workspace_id: int, limit: int) -> tuple[Assessment, ...]:
    """The newest assessments of open reports."""
    return from_rows(await reader.fetch(_COMPLETE, (workspace_id, limit)))


def of_open_reports(workspace_id: int, pad_id: int | None = None) -> Statement:
    """Finds the rows of assessments of open reports, of one pad or of all, for a trip that asks for more."""
    return (_OF_OPEN, (workspace_id,)) if pad_id is None else (_OF_OPEN_ON_PAD, (workspace_id, pad_id))


def from_rows(rows: list[Row]) -> tuple[Assessment, ...]:
    """The assessments of these rows."""
    return tuple(_assessment(row) for row in rows)


def _assessment(row: Row) -> Assessment:
    return Assessment(
        number=row["number"],
        report_number=row["report_number"],
        severity=Severity(row["severity"]),
        tier=Tier(row["tier"]),
        source=row["source"],
        stated=When(from_us(row["stated_at"]), Precision(row["stated_precision"])),
        confidence=Confidence(row["confidence"]) if row["confidence"] else None,
        link=row["link"],
        note=row["note"],
        recorded_by=row["recorded_by"],
        recorded_at=from_us(row["recorded_at"]),
        adopted_at=from_us_or_none(row["adopted_at"]),
    )
