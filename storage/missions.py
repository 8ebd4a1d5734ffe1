"""Missions with their events and seats: one aggregate, loaded whole and saved whole."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import lru_cache

from domain.countdown import format_offsets, parse_offsets
from domain.missions import (
    Clearance,
    Event,
    EventKind,
    EventState,
    Mission,
    MissionKind,
    Outcome,
    Phase,
    Seat,
    phase_of,
)
from domain.text import name_key
from storage.database import Reader, Row, Statement, Transaction, Value
from storage.rows import KEPT, from_us_or_none, members, to_us_or_none, when_columns, when_from

_KINDS = members(MissionKind)
_OUTCOMES = members(Outcome)
_CLEARANCES = members(Clearance)
_EVENT_KINDS = members(EventKind)
_EVENT_STATES = members(EventState)

_COLUMNS = """
id, name, kind, vehicle, spacecraft, pad_id, station_id, seats, duration_days, outcome, failed_at, clearance, clearance_reason,
clearance_source
"""
_EVENT_COLUMNS = """
e.id, e.mission_id, e.kind, e.name, e.state, e.planned_precision, e.planned_at, e.planned_net, e.actual_at, e.port_id, e.attempt
"""
# One mission, three statements in one trip.
_ONE = f"SELECT {_COLUMNS} FROM missions WHERE workspace_id = ? AND id = ?"
_ONE_EVENTS = f"SELECT {_EVENT_COLUMNS} FROM events e WHERE e.workspace_id = ? AND e.mission_id = ? ORDER BY e.id"
_ONE_SEATS = """
SELECT mission_id, person_id, role, goes_up, comes_down FROM seats
WHERE workspace_id = ? AND mission_id = ? ORDER BY position
"""
# Missions that are not over: what is flying, what is next, who is at which port, who waits for a pad.
_LIVE = "phase IN ('planned', 'on_hold', 'in_flight', 'docked', 'free_flight', 'scrubbed')"
_ALL_LIVE = f"SELECT {_COLUMNS} FROM missions WHERE workspace_id = ? AND {_LIVE} ORDER BY id"
# CROSS JOIN: from the missions to what is theirs. Left to itself the engine reads every event there ever was, to save a sort.
_LIVE_EVENTS = f"""
SELECT {_EVENT_COLUMNS} FROM missions m CROSS JOIN events e
WHERE m.workspace_id = ? AND m.{_LIVE} AND e.workspace_id = m.workspace_id AND e.mission_id = m.id ORDER BY e.id
"""
_LIVE_SEATS = f"""
SELECT s.mission_id, s.person_id, s.role, s.goes_up, s.comes_down FROM missions m CROSS JOIN seats s
WHERE m.workspace_id = ? AND m.{_LIVE} AND s.workspace_id = m.workspace_id AND s.mission_id = m.id
ORDER BY s.mission_id, s.position
"""
# The first so many of them, all or in one phase, and how many there are: everything one list can show.
_FIRST_LIVE = f"SELECT workspace_id, id FROM missions WHERE workspace_id = ? AND {_LIVE} ORDER BY id LIMIT ?"
_WAITING_FOR_PAD = """
SELECT name FROM missions WHERE workspace_id = ? AND pad_id = ? AND phase IN ('planned', 'on_hold') ORDER BY id
"""
# Missions that have yet to launch, from one pad or any, each with its open launch alone: what a closed pad may block. In no order:
# asked for one, the engine walks through all missions there ever were.
_WAITS = "phase IN ('planned', 'on_hold', 'scrubbed')"
_WAITING = f"SELECT {_COLUMNS} FROM missions WHERE workspace_id = ? AND {_WAITS}"
_WAITING_LAUNCHES = f"""
SELECT {_EVENT_COLUMNS} FROM missions m CROSS JOIN events e
WHERE m.workspace_id = ? AND m.{_WAITS} AND e.workspace_id = m.workspace_id AND e.mission_id = m.id
  AND e.kind = 'launch' AND e.state IN ('planned', 'held')
"""
_WAITING_AT = f"SELECT {_COLUMNS} FROM missions WHERE workspace_id = ? AND pad_id = ? AND {_WAITS}"
_LAUNCHES_AT = f"""
SELECT {_EVENT_COLUMNS} FROM missions m CROSS JOIN events e
WHERE m.workspace_id = ? AND m.pad_id = ? AND m.{_WAITS} AND e.workspace_id = m.workspace_id AND e.mission_id = m.id
  AND e.kind = 'launch' AND e.state IN ('planned', 'held')
"""
# How the launch vehicles of waiting missions are spelled: few, so that spelling is set aside here and not in SQL.
_WAITING_VEHICLES = f"SELECT DISTINCT vehicle FROM missions WHERE workspace_id = ? AND {_WAITS} AND kind = ?"
# The soonest launch of a kind on a vehicle, however spelled; undated ones come last, as in `domain.missions.launch_key`.
_SOONEST = f"""
SELECT m.id FROM missions m LEFT JOIN events e
  ON e.workspace_id = m.workspace_id AND e.mission_id = m.id AND e.kind = 'launch' AND e.state IN ('planned', 'held')
WHERE m.workspace_id = ? AND m.{_WAITS} AND m.kind = ? AND m.vehicle IN ({{marks}})
ORDER BY e.planned_at IS NULL, e.planned_at, COALESCE(e.id, m.id) LIMIT 1
"""
_COUNT_LIVE = f"SELECT COUNT(*) FROM missions WHERE workspace_id = ? AND {_LIVE}"
_FIRST_IN_PHASE = "SELECT workspace_id, id FROM missions WHERE workspace_id = ? AND phase = ? ORDER BY id LIMIT ?"
_COUNT_IN_PHASE = "SELECT COUNT(*) FROM missions WHERE workspace_id = ? AND phase = ?"
_LISTED = f"""
SELECT {", ".join(f"m.{column.strip()}" for column in _COLUMNS.split(","))} FROM ({{first}}) f CROSS JOIN missions m
WHERE m.workspace_id = f.workspace_id AND m.id = f.id ORDER BY m.id
"""
_LISTED_EVENTS = f"""
SELECT {_EVENT_COLUMNS} FROM ({{first}}) f CROSS JOIN events e
WHERE e.workspace_id = f.workspace_id AND e.mission_id = f.id ORDER BY e.id
"""
_LISTED_SEATS = """
SELECT s.mission_id, s.person_id, s.role, s.goes_up, s.comes_down FROM ({first}) f CROSS JOIN seats s
WHERE s.workspace_id = f.workspace_id AND s.mission_id = f.id ORDER BY s.mission_id, s.position
"""
# Missions that are over, newest first, a bounded number: everything one list can show.
_OVER = f"SELECT {_COLUMNS} FROM missions WHERE workspace_id = ? AND phase = ? ORDER BY id DESC LIMIT ?"
_OVER_EVENTS = f"""
SELECT {_EVENT_COLUMNS}
FROM (SELECT workspace_id, id FROM missions WHERE workspace_id = ? AND phase = ? ORDER BY id DESC LIMIT ?) m
CROSS JOIN events e WHERE e.workspace_id = m.workspace_id AND e.mission_id = m.id ORDER BY e.id
"""
# One mission by its name, in one trip as well.
_NAMED = "(SELECT n.id FROM missions n WHERE n.workspace_id = ? AND n.name_key = ?)"
_NAMED_ONE = f"SELECT {_COLUMNS} FROM missions WHERE workspace_id = ? AND id = {_NAMED}"
_NAMED_EVENTS = (
    f"SELECT {_EVENT_COLUMNS} FROM events e WHERE e.workspace_id = ? AND e.mission_id = {_NAMED} ORDER BY e.id"
)
_NAMED_SEATS = f"""
SELECT mission_id, person_id, role, goes_up, comes_down FROM seats
WHERE workspace_id = ? AND mission_id = {_NAMED} ORDER BY position
"""
_BY_KEY = "SELECT id FROM missions WHERE workspace_id = ? AND name_key = ?"
_OF_EVENT = "SELECT mission_id FROM events WHERE workspace_id = ? AND id = ?"
# Completion: inside words and across spellings, live missions first. The pattern is escaped by `contains_pattern`.
_COMPLETE = """
SELECT id, name FROM missions WHERE workspace_id = ? AND name_key LIKE ? ESCAPE '\\'
ORDER BY phase IN ('ended', 'cancelled'), name_key LIMIT ?
"""
_UPSERT = """
INSERT INTO missions (workspace_id, id, name, name_key, kind, vehicle, spacecraft, pad_id, station_id, seats, duration_days,
                      outcome, failed_at, clearance, clearance_reason, clearance_source, phase)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (workspace_id, id) DO UPDATE SET
    name = excluded.name, name_key = excluded.name_key, kind = excluded.kind, vehicle = excluded.vehicle,
    spacecraft = excluded.spacecraft, pad_id = excluded.pad_id, station_id = excluded.station_id, seats = excluded.seats,
    duration_days = excluded.duration_days, outcome = excluded.outcome, failed_at = excluded.failed_at,
    clearance = excluded.clearance,
    clearance_reason = excluded.clearance_reason, clearance_source = excluded.clearance_source, phase = excluded.phase
"""
_UPSERT_EVENT = """
INSERT INTO events (workspace_id, id, mission_id, kind, name, state, planned_precision, planned_at, planned_net, actual_at,
                    port_id, attempt)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (workspace_id, id) DO UPDATE SET
    name = excluded.name, state = excluded.state, planned_precision = excluded.planned_precision,
    planned_at = excluded.planned_at, planned_net = excluded.planned_net, actual_at = excluded.actual_at,
    port_id = excluded.port_id, attempt = excluded.attempt
"""
_UPSERT_SEAT = """
INSERT INTO seats (workspace_id, mission_id, person_id, position, role, goes_up, comes_down) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (workspace_id, mission_id, person_id) DO UPDATE SET
    position = excluded.position, role = excluded.role, goes_up = excluded.goes_up, comes_down = excluded.comes_down
"""
_OFFSETS = "SELECT countdown_offsets FROM events WHERE workspace_id = ? AND id = ?"
_SET_OFFSETS = "UPDATE events SET countdown_offsets = ? WHERE workspace_id = ? AND id = ?"


async def load(reader: Reader, workspace_id: int, mission_id: int) -> Mission | None:
    """The mission of that id, whole; None when there is none in this workspace."""
    key = (workspace_id, mission_id)
    missions, events, seats = await reader.fetch_batch((_ONE, key), (_ONE_EVENTS, key), (_ONE_SEATS, key))
    return next(iter(_assemble(missions, events, seats)), None)


async def load_named(reader: Reader, workspace_id: int, name: str) -> Mission | None:
    """The mission of that name, spelling aside, whole; None when there is none in this workspace."""
    key = (workspace_id, workspace_id, name_key(name))
    missions, events, seats = await reader.fetch_batch((_NAMED_ONE, key), (_NAMED_EVENTS, key), (_NAMED_SEATS, key))
    return next(iter(_assemble(missions, events, seats)), None)


async def load_live(reader: Reader, workspace_id: int) -> tuple[Mission, ...]:
    """Every mission that is not over, whole."""
    missions, events, seats = await reader.fetch_batch(*_live_statements(workspace_id))
    return _assemble(missions, events, seats)


def waiting(workspace_id: int, pad_id: int | None = None) -> tuple[Statement, Statement]:
    """Finds the rows of missions that have yet to launch, from one pad or any, for a trip that asks for more."""
    if pad_id is None:
        return ((_WAITING, (workspace_id,)), (_WAITING_LAUNCHES, (workspace_id,)))
    return ((_WAITING_AT, (workspace_id, pad_id)), (_LAUNCHES_AT, (workspace_id, pad_id)))


def waiting_from_rows(missions: list[Row], launches: list[Row]) -> tuple[Mission, ...]:
    """The missions that `waiting` found, with their open launches alone and without crew."""
    return _assemble(missions, launches, [])


async def soonest_needing(reader: Reader, workspace_id: int, vehicle: str, kind: MissionKind) -> Mission | None:
    """The next mission to launch of that kind on that vehicle, spelling aside, from whatever pad."""
    spelled = [row["vehicle"] for row in await reader.fetch(*waiting_vehicles(workspace_id, kind))]
    alike = [known for known in spelled if name_key(known) == name_key(vehicle)]
    rows = await reader.fetch(*soonest_on(workspace_id, alike, kind)) if alike else []
    return await load(reader, workspace_id, rows[0]["id"]) if rows else None


def waiting_vehicles(workspace_id: int, kind: MissionKind) -> Statement:
    """Finds every spelling of a launch vehicle among missions of that kind that have yet to launch."""
    return (_WAITING_VEHICLES, (workspace_id, kind.value))


def soonest_on(workspace_id: int, vehicles: Sequence[str], kind: MissionKind) -> Statement:
    """Finds the id of the next mission to launch of that kind on one of these vehicles, spelled just so."""
    return (_SOONEST.format(marks=",".join("?" * len(vehicles))), (workspace_id, kind.value, *vehicles))


async def names_waiting_for(reader: Reader, workspace_id: int, pad_id: int) -> tuple[str, ...]:
    """Names of the missions that have yet to launch from a pad."""
    return tuple(row["name"] for row in await reader.fetch(_WAITING_FOR_PAD, (workspace_id, pad_id)))


async def load_first(
    reader: Reader, workspace_id: int, limit: int, phase: Phase | None = None
) -> tuple[tuple[Mission, ...], int]:
    """The first `limit` missions of a phase, or of all that are not over, whole; and how many there are."""
    first, count = (_FIRST_LIVE, _COUNT_LIVE) if phase is None else (_FIRST_IN_PHASE, _COUNT_IN_PHASE)
    of = (workspace_id,) if phase is None else (workspace_id, phase.value)
    listed = (sql.format(first=first) for sql in (_LISTED, _LISTED_EVENTS, _LISTED_SEATS))
    missions, events, seats, counted = await reader.fetch_batch(*((sql, (*of, limit)) for sql in listed), (count, of))
    return _assemble(missions, events, seats), counted[0][0]


async def load_over(reader: Reader, workspace_id: int, phase: Phase, limit: int) -> tuple[Mission, ...]:
    """The newest missions of a phase that is over, without their seats."""
    missions, events = await reader.fetch_batch(
        (_OVER, (workspace_id, phase.value, limit)), (_OVER_EVENTS, (workspace_id, phase.value, limit))
    )
    return _assemble(missions, events, [])


async def find(reader: Reader, workspace_id: int, name: str) -> int | None:
    """The id of the mission of that name, spelling aside."""
    rows = await reader.fetch(_BY_KEY, (workspace_id, name_key(name)))
    return rows[0]["id"] if rows else None


async def mission_of_event(reader: Reader, workspace_id: int, event_id: int) -> int | None:
    """The id of the mission an event belongs to."""
    rows = await reader.fetch(_OF_EVENT, (workspace_id, event_id))
    return rows[0]["mission_id"] if rows else None


async def complete(reader: Reader, workspace_id: int, typed: str, limit: int) -> list[tuple[int, str]]:
    """(id, name) of missions whose name contains what was typed."""
    rows = await reader.fetch(_COMPLETE, (workspace_id, contains_pattern(typed), limit))
    return [(row["id"], row["name"]) for row in rows]


async def save(tx: Transaction, workspace_id: int, mission: Mission) -> None:
    """Write the mission, its events and its seats as they are."""
    await tx.execute(_UPSERT, _mission_values(workspace_id, mission))
    await tx.execute_many(_UPSERT_EVENT, [_event_values(workspace_id, mission.id, event) for event in mission.events])
    await tx.execute_many(
        _UPSERT_SEAT,
        [
            (workspace_id, mission.id, seat.person_id, position, seat.role, int(seat.goes_up), int(seat.comes_down))
            for position, seat in enumerate(mission.crew)
        ],
    )


async def countdown_offsets(reader: Reader, workspace_id: int, event_id: int) -> tuple[timedelta, ...] | None:
    """The offsets set for this event; None when it follows its kind's default."""
    rows = await reader.fetch(_OFFSETS, (workspace_id, event_id))
    text = rows[0]["countdown_offsets"] if rows else None
    return None if text is None else parse_offsets(text)


async def set_countdown_offsets(
    tx: Transaction, workspace_id: int, event_id: int, offsets: Iterable[timedelta]
) -> None:
    """Give this event its own offsets."""
    await tx.execute(_SET_OFFSETS, (format_offsets(offsets), workspace_id, event_id))


def contains_pattern(typed: str) -> str:
    """A LIKE pattern that finds what was typed anywhere in a key column; its wildcards are taken literally."""
    escaped = name_key(typed).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _live_statements(workspace_id: int) -> tuple[Statement, Statement, Statement]:
    key = (workspace_id,)
    return ((_ALL_LIVE, key), (_LIVE_EVENTS, key), (_LIVE_SEATS, key))


def _assemble(missions: list[Row], events: list[Row], seats: list[Row]) -> tuple[Mission, ...]:
    events_of: dict[int, list[Event]] = defaultdict(list)
    for row in events:
        events_of[row["mission_id"]].append(_event(*row))
    seats_of: dict[int, list[Seat]] = defaultdict(list)
    for row in seats:
        seats_of[row["mission_id"]].append(
            Seat(row["person_id"], row["role"], bool(row["goes_up"]), bool(row["comes_down"]))
        )
    return tuple(_mission(row, tuple(events_of[row["id"]]), tuple(seats_of[row["id"]])) for row in missions)


def _mission(row: Row, events: tuple[Event, ...], crew: tuple[Seat, ...]) -> Mission:
    return Mission(
        id=row["id"],
        name=row["name"],
        kind=_KINDS[row["kind"]],
        vehicle=row["vehicle"],
        spacecraft=row["spacecraft"],
        pad_id=row["pad_id"],
        station_id=row["station_id"],
        seats=row["seats"],
        duration_days=row["duration_days"],
        outcome=_OUTCOMES[row["outcome"]] if row["outcome"] else None,
        failed_at=from_us_or_none(row["failed_at"]),
        clearance=_CLEARANCES[row["clearance"]],
        clearance_reason=row["clearance_reason"],
        clearance_source=row["clearance_source"],
        events=events,
        crew=crew,
    )


@lru_cache(maxsize=KEPT)
def _event(
    id_: int,
    _mission_id: int,
    kind: str,
    name: str | None,
    state: str,
    precision: str | None,
    planned_at: int | None,
    net: int,
    actual_at: int | None,
    port_id: int | None,
    attempt: int,
) -> Event:
    """The event of a row, column by column as in _EVENT_COLUMNS."""
    return Event(
        id=id_,
        kind=_EVENT_KINDS[kind],
        state=_EVENT_STATES[state],
        planned=when_from(precision, planned_at, net),
        actual_at=from_us_or_none(actual_at),
        name=name,
        port_id=port_id,
        attempt=attempt,
    )


def _mission_values(workspace_id: int, mission: Mission) -> tuple[Value, ...]:
    return (
        workspace_id,
        mission.id,
        mission.name,
        name_key(mission.name),
        mission.kind.value,
        mission.vehicle,
        mission.spacecraft,
        mission.pad_id,
        mission.station_id,
        mission.seats,
        mission.duration_days,
        mission.outcome.value if mission.outcome else None,
        to_us_or_none(mission.failed_at),
        mission.clearance.value,
        mission.clearance_reason,
        mission.clearance_source,
        phase_of(mission).value,
    )


def _event_values(workspace_id: int, mission_id: int, event: Event) -> tuple[Value, ...]:
    return (
        workspace_id,
        event.id,
        mission_id,
        event.kind.value,
        event.name,
        event.state.value,
        *when_columns(event.planned),
        to_us_or_none(event.actual_at),
        event.port_id,
        event.attempt,
    )
