"""Damage reports and the photos that belong to them."""

from collections import defaultdict

from domain.damage import DamageReport, ReportState, Severity
from storage.database import Reader, Row, Statement, Transaction
from storage.rows import from_us, from_us_or_none, members, to_us, to_us_or_none

_SEVERITIES = members(Severity)
_STATES = members(ReportState)

_REPORT_COLUMNS = """
number, pad_id, component, severity, summary, observed_at, reported_at, reporter_id, state, held_since, acknowledged_by,
acknowledged_at, settled_at
"""
# Reports that count towards a status; closed history stays out of the way.
_OPEN_REPORTS = f"""
SELECT {_REPORT_COLUMNS} FROM damage_reports
WHERE workspace_id = ? AND state NOT IN ('closed', 'rejected') ORDER BY number
"""
# The same of one pad.
_OPEN_ON_PAD = f"""
SELECT {_REPORT_COLUMNS} FROM damage_reports
WHERE workspace_id = ? AND pad_id = ? AND state NOT IN ('closed', 'rejected') ORDER BY number
"""
_OPEN_EVIDENCE_ON_PAD = """
SELECT v.report_number, v.sha256
FROM damage_reports d CROSS JOIN report_evidence v
WHERE d.workspace_id = ? AND d.pad_id = ? AND d.state NOT IN ('closed', 'rejected')
  AND v.workspace_id = d.workspace_id AND v.report_number = d.number
ORDER BY v.report_number, v.position
"""
_REPORT = f"SELECT {_REPORT_COLUMNS} FROM damage_reports WHERE workspace_id = ? AND number = ?"
_REPORT_EVIDENCE = """
SELECT report_number, sha256 FROM report_evidence WHERE workspace_id = ? AND report_number = ? ORDER BY position
"""
_OPEN_EVIDENCE = """
SELECT v.report_number, v.sha256
FROM damage_reports d CROSS JOIN report_evidence v
WHERE d.workspace_id = ? AND d.state NOT IN ('closed', 'rejected')
  AND v.workspace_id = d.workspace_id AND v.report_number = d.number
ORDER BY v.report_number, v.position
"""
_INSERT_REPORT = f"""
INSERT INTO damage_reports (workspace_id, {_REPORT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_INSERT_EVIDENCE = "INSERT INTO report_evidence (workspace_id, report_number, sha256, position) VALUES (?, ?, ?, ?)"
# What can change of a report.
_UPDATE = """
UPDATE damage_reports
SET severity = ?, state = ?, held_since = ?, acknowledged_by = ?, acknowledged_at = ?, settled_at = ?
WHERE workspace_id = ? AND number = ?
"""
# Reports that limit a pad or have since its last return, whatever has become of them: the gate asks for these.
_HOLDING = f"""
SELECT {_REPORT_COLUMNS} FROM damage_reports
WHERE workspace_id = ? AND pad_id = ? AND held_since IS NOT NULL ORDER BY number
"""
_COMPLETE_REPORT = """
SELECT d.number, d.summary, p.name AS pad
FROM damage_reports d CROSS JOIN pads p
WHERE d.workspace_id = ? AND (? OR d.state NOT IN ('closed', 'rejected')) AND p.workspace_id = d.workspace_id AND p.id = d.pad_id
ORDER BY d.number DESC LIMIT ?
"""


async def open_reports(reader: Reader, workspace_id: int) -> dict[int, list[DamageReport]]:
    """Open reports of the workspace, by pad id, oldest first."""
    reports, evidence = await reader.fetch_batch(*every_open_report(workspace_id))
    by_pad: dict[int, list[DamageReport]] = defaultdict(list)
    for report in reports_from(reports, evidence):
        by_pad[report.pad_id].append(report)
    return by_pad


async def open_reports_on(reader: Reader, workspace_id: int, pad_id: int) -> tuple[DamageReport, ...]:
    """Open reports of one pad, oldest first."""
    key = (workspace_id, pad_id)
    reports = await reader.fetch(_OPEN_ON_PAD, key)
    return reports_from(reports, await reader.fetch(_OPEN_EVIDENCE_ON_PAD, key)) if reports else ()


def every_open_report(workspace_id: int) -> tuple[Statement, Statement]:
    """Finds the rows of the workspace's open reports, for a trip that asks for more."""
    return ((_OPEN_REPORTS, (workspace_id,)), (_OPEN_EVIDENCE, (workspace_id,)))


def reports_from(reports: list[Row], evidence: list[Row]) -> tuple[DamageReport, ...]:
    """The reports of these rows, with their evidence."""
    photos: dict[int, list[str]] = defaultdict(list)
    for row in evidence:
        photos[row["report_number"]].append(row["sha256"])
    return tuple(_report(row, tuple(photos[row["number"]])) for row in reports)


async def load_report(reader: Reader, workspace_id: int, number: int) -> DamageReport | None:
    """The report DR-`number`, open or closed."""
    key = (workspace_id, number)
    reports, evidence = await reader.fetch_batch((_REPORT, key), (_REPORT_EVIDENCE, key))
    return next(iter(reports_from(reports, evidence)), None)


async def complete_report(
    reader: Reader, workspace_id: int, limit: int, *, also_over: bool = False
) -> list[tuple[int, str, str]]:
    """(number, summary, pad) of the newest open reports, or of the newest of all."""
    rows = await reader.fetch(_COMPLETE_REPORT, (workspace_id, int(also_over), limit))
    return [(row["number"], row["summary"], row["pad"]) for row in rows]


async def insert_report(tx: Transaction, workspace_id: int, report: DamageReport) -> None:
    """Enter a new report with its evidence."""
    await tx.execute(
        _INSERT_REPORT,
        (
            workspace_id,
            report.number,
            report.pad_id,
            report.component,
            report.severity.value,
            report.summary,
            to_us(report.observed_at),
            to_us(report.reported_at),
            report.reporter_id,
            report.state.value,
            to_us_or_none(report.held_since),
            report.acknowledged_by,
            to_us_or_none(report.acknowledged_at),
            to_us_or_none(report.settled_at),
        ),
    )
    await tx.execute_many(
        _INSERT_EVIDENCE,
        [(workspace_id, report.number, digest, position) for position, digest in enumerate(report.evidence)],
    )


async def save(tx: Transaction, workspace_id: int, report: DamageReport) -> None:
    """Write what has changed of a report. What was seen, where and by whom never does."""
    await tx.execute(
        _UPDATE,
        (
            report.severity.value,
            report.state.value,
            to_us_or_none(report.held_since),
            report.acknowledged_by,
            to_us_or_none(report.acknowledged_at),
            to_us_or_none(report.settled_at),
            workspace_id,
            report.number,
        ),
    )


async def holding(reader: Reader, workspace_id: int, pad_id: int) -> tuple[DamageReport, ...]:
    """The reports that have limited a pad since its last return, oldest first. Without their photos."""
    return reports_from(await reader.fetch(_HOLDING, (workspace_id, pad_id)), [])


def _report(row: Row, evidence: tuple[str, ...]) -> DamageReport:
    return DamageReport(
        number=row["number"],
        pad_id=row["pad_id"],
        severity=_SEVERITIES[row["severity"]],
        summary=row["summary"],
        observed_at=from_us(row["observed_at"]),
        reported_at=from_us(row["reported_at"]),
        reporter_id=row["reporter_id"],
        component=row["component"],
        state=_STATES[row["state"]],
        held_since=from_us_or_none(row["held_since"]),
        acknowledged_by=row["acknowledged_by"],
        acknowledged_at=from_us_or_none(row["acknowledged_at"]),
        settled_at=from_us_or_none(row["settled_at"]),
        evidence=evidence,
    )
