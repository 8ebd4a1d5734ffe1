"""What stands around one mission: everything its card shows besides itself, in one trip to the database.

Trips are what a small question costs: each is a hand-over to the database's thread and back, dearer than the statement itself.
The SQL is that of the modules whose rows these are. As-of answers come from the journal's states of just these subjects.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.crew import Person
from domain.damage import DamageReport
from domain.docking import Station
from domain.missions import Mission
from domain.pads import Pad
from domain.schedule import LedgerEntry
from domain.text import name_key
from storage import damage, journal, ledger, missions, pads, people, stations, subscriptions
from storage.database import Reader, Row
from storage.states import load as load_state


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A mission's pad with the reports that count towards its status, its station, its crew by person's id, its latest move.

    `muted_since` is when members chose to hear nothing of it.
    """

    pad: Pad | None
    reports: tuple[DamageReport, ...]
    station: Station | None
    people: Mapping[int, Person]
    latest_move: LedgerEntry | None
    muted_since: datetime | None = None


async def around(reader: Reader, workspace_id: int, mission: Mission) -> Surroundings:
    """What stands around the mission now."""
    moves, muted = await reader.fetch_batch(
        ledger.latest_move_of(workspace_id, mission.id), subscriptions.muted_since(workspace_id, mission.id)
    )
    pad_id, station_id = mission.pad_id, mission.station_id
    return Surroundings(
        pad=None if pad_id is None else await pads.load(reader, workspace_id, pad_id),
        reports=() if pad_id is None else await damage.open_reports_on(reader, workspace_id, pad_id),
        station=None if station_id is None else await stations.load(reader, workspace_id, station_id),
        people=await people.load_many(reader, workspace_id, (seat.person_id for seat in mission.crew)),
        latest_move=_move(moves),
        muted_since=subscriptions.since_from(muted),
    )


async def around_as_of(reader: Reader, workspace_id: int, mission: Mission, at: datetime) -> Surroundings:
    """What stood around a mission of that time, as it had been recorded by `at`. What people are called is never of old."""
    found_pads, reports, found_stations, crew, moves = await reader.fetch_batch(
        journal.state_as_of(workspace_id, "pad", mission.pad_id, at),
        journal.reports_as_of(workspace_id, mission.pad_id, at),
        journal.state_as_of(workspace_id, "station", mission.station_id, at),
        people.by_ids(workspace_id, (seat.person_id for seat in mission.crew)),
        ledger.latest_move_of(workspace_id, mission.id, recorded_by=at),
    )
    return Surroundings(
        pad=load_state(Pad, found_pads[0]["state"]) if found_pads else None,
        reports=tuple(load_state(DamageReport, row["state"]) for row in reports),
        station=load_state(Station, found_stations[0]["state"]) if found_stations else None,
        people=people.from_rows(crew),
        latest_move=_move(moves),
    )


async def places(
    reader: Reader, workspace_id: int
) -> tuple[tuple[Pad, ...], dict[int, tuple[DamageReport, ...]], tuple[Station, ...]]:
    """Every pad, the open reports by pad's id, every station: what stands around any number of missions."""
    found_pads, capabilities, reports, evidence, found_stations, ports = await reader.fetch_batch(
        *pads.every(workspace_id), *damage.every_open_report(workspace_id), *stations.every(workspace_id)
    )
    on_pad: dict[int, tuple[DamageReport, ...]] = {}
    for report in damage.reports_from(reports, evidence):
        on_pad[report.pad_id] = (*on_pad.get(report.pad_id, ()), report)
    return (
        pads.all_from_rows(found_pads, capabilities),
        on_pad,
        stations.all_from_rows(found_stations, ports),
    )


async def mission_as_of(reader: Reader, workspace_id: int, name: str, at: datetime) -> Mission | None:
    """The mission that had that name by `at`, as it had been recorded. The one that has it now is looked at first."""
    key = name_key(name)
    mission_id = await missions.find(reader, workspace_id, name)
    rows = (await reader.fetch_batch(journal.state_as_of(workspace_id, "mission", mission_id, at)))[0]
    known = load_state(Mission, rows[0]["state"]) if rows else None
    if known is not None and name_key(known.name) == key:
        return known
    states = await journal.states_as_of(reader, workspace_id, "mission", at)
    then = (load_state(Mission, text) for text in states.values())
    return next((mission for mission in then if name_key(mission.name) == key), None)


def _move(rows: list[Row]) -> LedgerEntry | None:
    return ledger.entry_from(rows[0]) if rows else None
