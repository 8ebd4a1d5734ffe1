"""Stations and their ports."""

from domain.docking import Port, Station
from domain.text import name_key
from storage.database import Reader, Row, Statement, Transaction
from storage.missions import contains_pattern

_ALL = "SELECT id, name, short FROM stations WHERE workspace_id = ? ORDER BY id"
_PORTS = "SELECT id, station_id, name FROM ports WHERE workspace_id = ? ORDER BY id"
_ONE = "SELECT id, name, short FROM stations WHERE workspace_id = ? AND id = ?"
_ONE_PORTS = "SELECT id, station_id, name FROM ports WHERE workspace_id = ? AND station_id = ? ORDER BY id"
_BY_KEY = "SELECT id FROM stations WHERE workspace_id = ? AND (name_key = ? OR short_key = ?)"
_COMPLETE = """
SELECT id, name, short FROM stations
WHERE workspace_id = ? AND (name_key LIKE ? ESCAPE '\\' OR short_key LIKE ? ESCAPE '\\') ORDER BY name_key LIMIT ?
"""
_COMPLETE_PORT = """
SELECT p.id, p.name, COALESCE(s.short, s.name) AS station
FROM ports p JOIN stations s ON s.workspace_id = p.workspace_id AND s.id = p.station_id
WHERE p.workspace_id = ? AND p.name_key LIKE ? ESCAPE '\\' ORDER BY s.id, p.id LIMIT ?
"""
_UPSERT = """
INSERT INTO stations (workspace_id, id, name, name_key, short, short_key) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (workspace_id, id) DO UPDATE SET short = excluded.short, short_key = excluded.short_key
"""
_INSERT_PORT = """
INSERT INTO ports (workspace_id, id, station_id, name, name_key) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""


async def load_all(reader: Reader, workspace_id: int) -> tuple[Station, ...]:
    """Every station with its ports."""
    return all_from_rows(*await reader.fetch_batch(*every(workspace_id)))


def every(workspace_id: int) -> tuple[Statement, Statement]:
    """Finds the rows of every station, for a trip that asks for more."""
    return ((_ALL, (workspace_id,)), (_PORTS, (workspace_id,)))


def all_from_rows(stations: list[Row], ports: list[Row]) -> tuple[Station, ...]:
    """The stations that `every` found."""
    return tuple(_station(row, ports) for row in stations)


async def load(reader: Reader, workspace_id: int, station_id: int) -> Station | None:
    """The station of that id with its ports."""
    return from_rows(*await reader.fetch_batch(*one(workspace_id, station_id)))


def one(workspace_id: int, station_id: int | None) -> tuple[Statement, Statement]:
    """Finds the rows of one station, for a trip that asks for more."""
    key = (workspace_id, station_id)
    return ((_ONE, key), (_ONE_PORTS, key))


def from_rows(stations: list[Row], ports: list[Row]) -> Station | None:
    """The station that `one` found."""
    return _station(stations[0], ports) if stations else None


async def find(reader: Reader, workspace_id: int, name: str) -> int | None:
    """The id of the station of that name or short name, spelling aside."""
    key = name_key(name)
    rows = await reader.fetch(_BY_KEY, (workspace_id, key, key))
    return rows[0]["id"] if rows else None


async def complete(reader: Reader, workspace_id: int, typed: str, limit: int) -> list[tuple[int, str]]:
    """(id, what it is called) of stations whose name contains what was typed."""
    pattern = contains_pattern(typed)
    rows = await reader.fetch(_COMPLETE, (workspace_id, pattern, pattern, limit))
    return [(row["id"], row["short"] or row["name"]) for row in rows]


async def complete_port(reader: Reader, workspace_id: int, typed: str, limit: int) -> list[tuple[int, str, str]]:
    """(id, name, station) of ports whose name contains what was typed."""
    rows = await reader.fetch(_COMPLETE_PORT, (workspace_id, contains_pattern(typed), limit))
    return [(row["id"], row["name"], row["station"]) for row in rows]


async def save(tx: Transaction, workspace_id: int, station: Station) -> None:
    """Write the station and any ports it does not have yet."""
    short_key = None if station.short is None else name_key(station.short)
    await tx.execute(
        _UPSERT, (workspace_id, station.id, station.name, name_key(station.name), station.short, short_key)
    )
    await tx.execute_many(
        _INSERT_PORT,
        [(workspace_id, port.id, station.id, port.name, name_key(port.name)) for port in station.ports],
    )


def _station(row: Row, ports: list[Row]) -> Station:
    own = tuple(Port(port["id"], port["name"]) for port in ports if port["station_id"] == row["id"])
    return Station(row["id"], row["name"], row["short"], own)
