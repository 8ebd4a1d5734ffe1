"""Pads and their capabilities."""

import json
from collections import defaultdict
from functools import lru_cache

from domain.missions import MissionKind
from domain.pads import Capability, Lifecycle, Pad, PadStatus
from domain.text import name_key
from storage.database import Reader, Row, Statement, Transaction
from storage.rows import KEPT, from_us_or_none, members, to_us_or_none

_KINDS = members(MissionKind)
_LIFECYCLES = members(Lifecycle)
_STATUSES = members(PadStatus)

_COLUMNS = "id, name, site, operator, lifecycle, latched, restriction, components, returned_at, away_since"
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
INSERT INTO pads (workspace_id, id, name, name_key, site, operator, lifecycle, latched, restriction, components,
                  returned_at, away_since)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (workspace_id, id) DO UPDATE SET
    name = excluded.name, name_key = excluded.name_key, site = excluded.site, operator = excluded.operator,
    lifecycle = excluded.lifecycle, latched = excluded.latched, restriction = excluded.restriction,
    components = excluded.components, returned_at = excluded.returned_at,
    away_since = excluded.away_since
"""
_INSERT_CAPABILITY = """
INSERT INTO pad_capabilities (workspace_id, pad_id, vehicle, vehicle_key, kind) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
# What the pad can launch is stated as a whole.
_CLEAR_CAPABILITIES = "DELETE FROM pad_capabilities WHERE workspace_id = ? AND pad_id = ?"


async def load_all(reader: Reader, workspace_id: int) -> tuple[Pad, ...]:
    """Every pad, active ones first."""
    return all_from_rows(*await reader.fetch_batch(*every(workspace_id)))


def every(workspace_id: int) -> tuple[Statement, Statement]:
    """Finds the rows of every pad, for a trip that asks for more."""
    return ((_ALL, (workspace_id,)), (_CAPABILITIES, (workspace_id,)))


def all_from_rows(pads: list[Row], capabilities: list[Row]) -> tuple[Pad, ...]:
    """The pads that `every` found."""
    of_pad: dict[int, list[Row]] = defaultdict(list)
    for capability in capabilities:
        of_pad[capability["pad_id"]].append(capability)
    return tuple(_pad(*row, _can(of_pad[row["id"]])) for row in pads)


async def load(reader: Reader, workspace_id: int, pad_id: int) -> Pad | None:
    """The pad of that id."""
    return from_rows(*await reader.fetch_batch(*one(workspace_id, pad_id)))


def one(workspace_id: int, pad_id: int | None) -> tuple[Statement, Statement]:
    """Finds the rows of one pad, for a trip that asks for more."""
    key = (workspace_id, pad_id)
    return ((_ONE, key), (_ONE_CAPABILITIES, key))


def from_rows(pads: list[Row], capabilities: list[Row]) -> Pad | None:
    """The pad that `one` found."""
    return _pad(*pads[0], _can(capabilities)) if pads else None


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
    """Write the pad, but for its capabilities: those change seldom."""
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
            to_us_or_none(pad.returned_at),
            to_us_or_none(pad.away_since),
        ),
    )


async def save_capabilities(tx: Transaction, workspace_id: int, pad: Pad) -> None:
    """Write what the pad can launch."""
    await tx.execute(_CLEAR_CAPABILITIES, (workspace_id, pad.id))
    await tx.execute_many(
        _INSERT_CAPABILITY,
        [
            (workspace_id, pad.id, capability.vehicle, name_key(capability.vehicle), capability.kind.value)
            for capability in pad.capabilities
        ],
    )


def _can(rows: list[Row]) -> tuple[Capability, ...]:
    return tuple(_capability(row["vehicle"], row["kind"]) for row in rows)


@lru_cache(maxsize=KEPT)
def _capability(vehicle: str, kind: str) -> Capability:
    return Capability(vehicle, _KINDS[kind])


@lru_cache(maxsize=KEPT)
def _pad(
    id_: int,
    name: str,
    site: str,
    operator: str | None,
    lifecycle: str,
    latched: str,
    restriction: str | None,
    components: str,
    returned_at: int | None,
    away_since: int | None,
    capabilities: tuple[Capability, ...],
) -> Pad:
    """The pad of a row, column by column as in _COLUMNS."""
    return Pad(
        id=id_,
        name=name,
        site=site,
        operator=operator,
        lifecycle=_LIFECYCLES[lifecycle],
        components=tuple(json.loads(components)),
        capabilities=capabilities,
        latched=_STATUSES[latched],
        restriction=restriction,
        returned_at=from_us_or_none(returned_at),
        away_since=from_us_or_none(away_since),
    )
