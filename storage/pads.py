"""Pads, their capabilities, and damage reports."""

import json
from collections import defaultdict

from domain.damage import DamageReport, ReportState, Severity
from domain.missions import MissionKind
from domain.pads import Capability, Lifecycle, Pad, PadStatus
from domain.text import name_key
from storage.database import Reader, Row, Statement, Transaction
from storage.rows import from_us, to_us

_COLUMNS = "id, name, site, operator, lifecycle, latched, restriction, components"
_ALL = f"SELECT {_COLUMNS} FROM pads WHERE workspace_id = ? ORDER BY lifecycle, name_key"
_CAPABILITIES = (
    "SELECT pad_id, vehicle, kind FROM pad_capabilities WHERE workspace_id = ? ORDER BY pad_id, vehicle_key, kind"
)
_ONE = f"SELECT {_COLUMNS} FROM pads WHERE workspace_id = ? AND id = ?"
_ONE_CAPABILITIES = """
SELECT pad_id, vehicle, kind FROM pad_capabilities WHERE workspace_id = ? AND pad_id = ? ORDER BY vehicle_key, kind
"""
_BY_KEY = "SELECT id FROM pads WHERE workspace_id = ? AND name_key = ?"
# Pads are few; they are found by name and by site, so what was typed is compared here and not in SQL.
_NAMES = "SELECT id, name, site FROM pads WHERE workspace_id = ? ORDER BY lifecycle, name_key"
_UPSERT = """
INSERT INTO pads (workspace_id, id, name, name_key, site, operator, lifecycle, latched, restriction, components)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (workspace_id, id) DO UPDATE SET
    name = excluded.name, name_key = excluded.name_key, site = excluded.site, operator = excluded.operator,
    lifecycle = excluded.lifecycle, latched = excluded.latched, restriction = excluded.restriction,
    components = excluded.components
"""
_INSERT_CAPABILITY = """
INSERT INTO pad_capabilities (workspace_id, pad_id, vehicle, vehicle_key, kind) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
_REPORT_COLUMNS = "number, pad_id, component, severity, summary, observed_at, reported_at, reporter_id, state"
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
INSERT INTO damage_reports (workspace_id, {_REPORT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_INSERT_EVIDENCE = "INSERT INTO report_evidence (workspace_id, report_number, sha256, position) VALUES (?, ?, ?, ?)"
_SET_STATE = "UPDATE damage_reports SET state = ? WHERE workspace_id = ? AND number = ?"
_COMPLETE_REPORT = """
SELECT d.number, d.summary, p.name AS pad
FROM damage_reports d CROSS JOIN pads p
WHERE d.workspace_id = ? AND d.state NOT IN ('closed', 'rejected') AND p.workspace_id = d.workspace_id AND p.id = d.pad_id
ORDER BY d.number DESC LIMIT ?
"""


async def load_all(reader: Reader, workspace_id: int) -> tuple[Pad, ...]:
    """Every pad, active ones first."""
    return all_from_rows(*await reader.fetch_batch(*every(workspace_id)))


def every(workspace_id: int) -> tuple[Statement, Statement]:
    """Finds the rows of every pad, for a trip that asks for more."""
    return ((_ALL, (workspace_id,)), (_CAPABILITIES, (workspace_id,)))


def all_from_rows(pads: list[Row], capabilities: list[Row]) -> tuple[Pad, ...]:
    """The pads that `every` found."""
    return tuple(_pad(row, capabilities) for row in pads)


async def load(reader: Reader, workspace_id: int, pad_id: int) -> Pad | None:
    """The pad of that id."""
    return from_rows(*await reader.fetch_batch(*one(workspace_id, pad_id)))


def one(workspace_id: int, pad_id: int | None) -> tuple[Statement, Statement]:
    """Finds the rows of one pad, for a trip that asks for more."""
    key = (workspace_id, pad_id)
    return ((_ONE, key), (_ONE_CAPABILITIES, key))


def from_rows(pads: list[Row], capabilities: list[Row]) -> Pad | None:
    """The pad that `one` found."""
    return _pad(pads[0], capabilities) if pads else None


async def find(reader: Reader, workspace_id: int, name: str) -> int | None:
    """The id of the pad of that name, spelling aside."""
    rows = await reader.fetch(_BY_KEY, (workspace_id, name_key(name)))
    return rows[0]["id"] if rows else None


async def complete(reader: Reader, workspace_id: int, typed: str, limit: int) -> list[tuple[int, str, str]]:
    """(id, name, site) of pads whose name or site contains what was typed."""
    key = name_key(typed)
    rows = await reader.fetch(_NAMES, (workspace_id,))
    found = [(row["id"], row["name"], row["site"]) for row in rows]
    return [pad for pad in found if key in name_key(f"{pad[1]} {pad[2]}")][:limit]


async def save(tx: Transaction, workspace_id: int, pad: Pad) -> None:
    """Write the pad and any capabilities it does not have yet."""
    await tx.execute(
        _UPSERT,
        (
            workspace_id,
            pad.id,
            pad.name,
            name_key(pad.name),
            pad.site,
            pad.operator,
            pad.lifecycle.value,
            pad.latched.value,
            pad.restriction,
            json.dumps(pad.components, ensure_ascii=False),
        ),
    )
    await tx.execute_many(
        _INSERT_CAPABILITY,
        [
            (workspace_id, pad.id, capability.vehicle, name_key(capability.vehicle), capability.kind.value)
            for capability in pad.capabilities
        ],
    )


async def open_reports(reader: Reader, workspace_id: int) -> dict[int, list[DamageReport]]:
    """Open reports of the workspace, by pad id, oldest first."""
    reports, evidence = await reader.fetch_batch(*every_open_report(workspace_id))
    by_pad: dict[int, list[DamageReport]] = defaultdict(list)
    for report in reports_from(reports, evidence):
        by_pad[report.pad_id].append(report)
    return by_pad


async def open_reports_on(reader: Reader, workspace_id: int, pad_id: int) -> tuple[DamageReport, ...]:
    """Open reports of one pad, oldest first."""
    return reports_from(*await reader.fetch_batch(*open_on(workspace_id, pad_id)))


def every_open_report(workspace_id: int) -> tuple[Statement, Statement]:
    """Finds the rows of the workspace's open reports, for a trip that asks for more."""
    return ((_OPEN_REPORTS, (workspace_id,)), (_OPEN_EVIDENCE, (workspace_id,)))


def open_on(workspace_id: int, pad_id: int | None) -> tuple[Statement, Statement]:
    """Finds the rows of one pad's open reports, for a trip that asks for more."""
    key = (workspace_id, pad_id)
    return ((_OPEN_ON_PAD, key), (_OPEN_EVIDENCE_ON_PAD, key))


def reports_from(reports: list[Row], evidence: list[Row]) -> tuple[DamageReport, ...]:
    """The reports of these rows, with their evidence."""
    return tuple(_report(row, evidence) for row in reports)


async def load_report(reader: Reader, workspace_id: int, number: int) -> DamageReport | None:
    """The report DR-`number`, open or closed."""
    key = (workspace_id, number)
    reports, evidence = await reader.fetch_batch((_REPORT, key), (_REPORT_EVIDENCE, key))
    return _report(reports[0], evidence) if reports else None


async def complete_report(reader: Reader, workspace_id: int, limit: int) -> list[tuple[int, str, str]]:
    """(number, summary, pad) of the newest open reports."""
    rows = await reader.fetch(_COMPLETE_REPORT, (workspace_id, limit))
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
        ),
    )
    await tx.execute_many(
        _INSERT_EVIDENCE,
        [(workspace_id, report.number, digest, position) for position, digest in enumerate(report.evidence)],
    )


async def set_report_state(tx: Transaction, workspace_id: int, number: int, state: ReportState) -> None:
    """Move a report along."""
    await tx.execute(_SET_STATE, (state.value, workspace_id, number))


def _pad(row: Row, capabilities: list[Row]) -> Pad:
    return Pad(
        id=row["id"],
        name=row["name"],
        site=row["site"],
        operator=row["operator"],
        lifecycle=Lifecycle(row["lifecycle"]),
        components=tuple(json.loads(row["components"])),
        capabilities=tuple(
            Capability(other["vehicle"], MissionKind(other["kind"]))
            for other in capabilities
            if other["pad_id"] == row["id"]
        ),
        latched=PadStatus(row["latched"]),
        restriction=row["restriction"],
    )


def _report(row: Row, evidence: list[Row]) -> DamageReport:
    return DamageReport(
        number=row["number"],
        pad_id=row["pad_id"],
        severity=Severity(row["severity"]),
        summary=row["summary"],
        observed_at=from_us(row["observed_at"]),
        reported_at=from_us(row["reported_at"]),
        reporter_id=row["reporter_id"],
        component=row["component"],
        state=ReportState(row["state"]),
        evidence=tuple(other["sha256"] for other in evidence if other["report_number"] == row["number"]),
    )
