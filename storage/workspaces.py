"""Workspaces: one row per Discord guild, its settings, counters, journal head and grants."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from domain.alarms import ASSESS_AFTER, ESCALATE_AFTER
from domain.capabilities import Capability, Grants
from domain.countdown import Morning, QuietHours, format_offsets, parse_offsets
from domain.missions import EventKind
from storage.database import Reader, Transaction
from storage.rows import KEPT, to_us

_MICROSECOND = timedelta(microseconds=1)
# Everything a change or a question needs to know of its workspace: a row for each of its grants, of which there are a handful.
_LOAD = """
SELECT w.id, w.ops_channel_id, w.zone, w.morning_hour, w.quiet_from_hour, w.quiet_until_hour, w.escalate_after_us,
       w.escalation_roles, w.assess_after_us,
       w.last_id, w.last_report_number, w.last_task_number, w.journal_seq, w.journal_mac,
       g.capability, g.role_id
FROM workspaces w LEFT JOIN grants g ON g.workspace_id = w.id WHERE w.id = ? ORDER BY g.capability, g.role_id
"""
_SETTINGS_END, _COUNTERS_END = 9, 14
"""Where in such a row the settings end and where the counters do."""
# A new workspace begins with an empty journal.
_INSERT = """
INSERT INTO workspaces (id, ops_channel_id, zone, morning_hour, created_at, last_id, last_report_number, last_task_number,
                        journal_seq, journal_mac)
VALUES (?, ?, ?, ?, ?, 0, 0, 0, 0, ?)
"""
# Setting up again, or one setting at a time, changes the settings and nothing else.
_SETTINGS = """
UPDATE workspaces
SET ops_channel_id = ?, zone = ?, morning_hour = ?, quiet_from_hour = ?, quiet_until_hour = ?, escalate_after_us = ?,
    escalation_roles = ?, assess_after_us = ?
WHERE id = ?
"""
# Written once at the end of each change, under the write lock.
_COUNTERS = """
UPDATE workspaces
SET last_id = ?, last_report_number = ?, last_task_number = ?, journal_seq = ?, journal_mac = ?
WHERE id = ?
"""
_GRANT = "INSERT INTO grants (workspace_id, capability, role_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
# Returns nothing when the role did not hold it.
_REVOKE = "DELETE FROM grants WHERE workspace_id = ? AND capability = ? AND role_id = ? RETURNING role_id"
# The workspace's own countdown defaults; at most one for each kind of event.
_DEFAULTS = "SELECT kind, offsets FROM countdown_defaults WHERE workspace_id = ? ORDER BY kind"
_SET_DEFAULT = """
INSERT INTO countdown_defaults (workspace_id, kind, offsets) VALUES (?, ?, ?)
ON CONFLICT (workspace_id, kind) DO UPDATE SET offsets = excluded.offsets
"""
_CLEAR_DEFAULT = "DELETE FROM countdown_defaults WHERE workspace_id = ? AND kind = ?"
# An interaction changes something once; the insert returns nothing when it was there already.
_REQUEST = """
INSERT INTO requests (workspace_id, request_id, recorded_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING request_id
"""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A guild's settings.

    A critical report that nobody takes on is repeated every `escalate_after`, each time to the next of `escalation_roles`; one
    that was taken on is asked about every `assess_after` until there is an assessment. Zero: never.
    """

    id: int
    ops_channel_id: int
    zone: str
    morning_hour: int
    quiet_from_hour: int | None = None
    quiet_until_hour: int | None = None
    escalate_after: timedelta = ESCALATE_AFTER
    escalation_roles: tuple[int, ...] = ()
    assess_after: timedelta = ASSESS_AFTER

    @property
    def morning(self) -> Morning:
        """When day-grained notices are posted."""
        return Morning(ZoneInfo(self.zone), self.morning_hour, self.quiet)

    @property
    def quiet(self) -> QuietHours | None:
        """When nothing is posted that can wait; None unless both ends are set, and apart."""
        begins, ends = self.quiet_from_hour, self.quiet_until_hour
        if begins is None or ends is None or begins == ends:
            return None
        return QuietHours(ZoneInfo(self.zone), begins, ends)


@dataclass(slots=True)
class Counters:
    """What a change advances in its workspace: ids, report and task numbers, and the journal's head."""

    last_id: int = 0
    last_report_number: int = 0
    last_task_number: int = 0
    journal_seq: int = 0
    journal_mac: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A workspace as one read finds it."""

    workspace: Workspace
    counters: Counters
    grants: Grants


async def load(reader: Reader, workspace_id: int) -> Opened | None:
    """The workspace with its counters and grants; None before it was set up."""
    found = await reader.fetch(_LOAD, (workspace_id,))
    if not found:
        return None
    first = tuple(found[0])
    granted = tuple((row["capability"], row["role_id"]) for row in found if row["role_id"] is not None)
    return Opened(_workspace(*first[:_SETTINGS_END]), Counters(*first[_SETTINGS_END:_COUNTERS_END]), _grants(granted))


async def insert(tx: Transaction, workspace: Workspace, created_at: datetime, genesis_mac: str) -> None:
    """Enter a new workspace."""
    await tx.execute(
        _INSERT,
        (
            workspace.id,
            workspace.ops_channel_id,
            workspace.zone,
            workspace.morning_hour,
            to_us(created_at),
            genesis_mac,
        ),
    )


async def save_settings(tx: Transaction, workspace: Workspace) -> None:
    """Replace the settings of a known workspace."""
    await tx.execute(
        _SETTINGS,
        (
            workspace.ops_channel_id,
            workspace.zone,
            workspace.morning_hour,
            workspace.quiet_from_hour,
            workspace.quiet_until_hour,
            workspace.escalate_after // _MICROSECOND,
            json.dumps(workspace.escalation_roles),
            workspace.assess_after // _MICROSECOND,
            workspace.id,
        ),
    )


async def save_counters(tx: Transaction, workspace_id: int, counters: Counters) -> None:
    """Write what a change advanced."""
    values = (counters.last_id, counters.last_report_number, counters.last_task_number)
    await tx.execute(_COUNTERS, (*values, counters.journal_seq, counters.journal_mac, workspace_id))


async def grant(tx: Transaction, workspace_id: int, capability: Capability, role_id: int) -> None:
    """Grant a capability to a role; granting twice is once."""
    await tx.execute(_GRANT, (workspace_id, capability.value, role_id))


async def revoke(tx: Transaction, workspace_id: int, capability: Capability, role_id: int) -> bool:
    """Take a capability from a role; False when the role did not hold it."""
    return bool(await tx.fetch(_REVOKE, (workspace_id, capability.value, role_id)))


async def countdown_defaults(reader: Reader, workspace_id: int) -> dict[EventKind, tuple[timedelta, ...]]:
    """The kinds of events for which the workspace has countdown defaults of its own."""
    rows = await reader.fetch(_DEFAULTS, (workspace_id,))
    return {EventKind(row["kind"]): parse_offsets(row["offsets"]) for row in rows}


async def set_countdown_default(
    tx: Transaction, workspace_id: int, kind: EventKind, offsets: Iterable[timedelta] | None
) -> None:
    """Give a kind of events the workspace's own countdown; None goes back to the house's."""
    if offsets is None:
        await tx.execute(_CLEAR_DEFAULT, (workspace_id, kind.value))
    else:
        await tx.execute(_SET_DEFAULT, (workspace_id, kind.value, format_offsets(offsets)))


async def claim_request(tx: Transaction, workspace_id: int, request_id: int, at: datetime) -> bool:
    """Record that an interaction is making its change; False when it already has."""
    return bool(await tx.fetch(_REQUEST, (workspace_id, request_id, to_us(at))))


@lru_cache(maxsize=KEPT)
def _workspace(
    id_: int,
    ops_channel_id: int,
    zone: str,
    morning_hour: int,
    quiet_from_hour: int | None,
    quiet_until_hour: int | None,
    escalate_after_us: int,
    escalation_roles: str,
    assess_after_us: int,
) -> Workspace:
    return Workspace(
        id_,
        ops_channel_id,
        zone,
        morning_hour,
        quiet_from_hour,
        quiet_until_hour,
        escalate_after_us * _MICROSECOND,
        tuple(json.loads(escalation_roles)),
        assess_after_us * _MICROSECOND,
    )


@lru_cache(maxsize=KEPT)
def _grants(granted: tuple[tuple[str, int], ...]) -> Grants:
    grants: dict[Capability, set[int]] = {}
    for capability, role_id in granted:
        grants.setdefault(Capability(capability), set()).add(role_id)
    return MappingProxyType({capability: frozenset(roles) for capability, roles in grants.items()})
