"""What questions are answered with: everything a card shows, gathered, with nothing left to look up.

A card can be gathered from the tables (what is) or from the journal (what was believed at an instant).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.crew import Person
from domain.damage import DamageReport
from domain.docking import Station
from domain.impact import LaunchRisk
from domain.missions import (
    Event,
    Mission,
    Phase,
    docked_port_id,
    duration_difference_days,
    elapsed,
    is_overdue,
    last_event,
    next_event,
    phase_of,
    return_event,
)
from domain.pads import Pad, StatusFinding, status_of
from domain.repairs import RepairTask
from domain.schedule import LedgerEntry
from storage import journal, mission_cards, missions
from storage.database import Reader
from storage.states import load as load_state


@dataclass(frozen=True, slots=True)
class CrewMember:
    """A person as a crew list shows them."""

    name: str
    role: str
    agency: str | None
    goes_up: bool = True
    comes_down: bool = True


@dataclass(frozen=True, slots=True)
class MissionCard:
    """One mission, ready to be shown. `docked_at` is (station, port) while docked; `heads_for` the station otherwise.

    `risk` is what its pad puts in the way of its launch, where that was asked for. `reports` are the open ones of its pad.
    """

    mission: Mission
    phase: Phase
    asked_at: datetime
    elapsed: timedelta | None
    crew: tuple[CrewMember, ...]
    pad: Pad | None
    pad_status: StatusFinding | None
    station: Station | None
    docked_at: str | None
    last: Event | None
    next: Event | None
    overdue: tuple[Event, ...]
    back: Event | None
    duration_difference_days: int | None
    latest_move: LedgerEntry | None
    believed_at: datetime | None = None
    muted_since: datetime | None = None
    reports: tuple[DamageReport, ...] = ()
    risk: LaunchRisk | None = None

    def port_name(self, port_id: int | None) -> str | None:
        """The name of one of the station's ports."""
        port = self.station.port(port_id) if self.station else None
        return port.name if port else None


@dataclass(frozen=True, slots=True)
class World:
    """The workspace's missions, pads and stations at one moment: the present, or what had been recorded by an instant."""

    missions: tuple[Mission, ...]
    pads: Mapping[int, Pad]
    reports: Mapping[int, tuple[DamageReport, ...]]
    stations: Mapping[int, Station]

    def pad_status(self, pad_id: int | None) -> StatusFinding | None:
        """The derived status of a pad."""
        pad = self.pads.get(pad_id) if pad_id is not None else None
        return None if pad is None else status_of(pad, self.reports.get(pad.id, ()))


async def world_now(reader: Reader, workspace_id: int) -> World:
    """Every mission that is not over, every pad with its open reports, every station."""
    return await world_of(reader, workspace_id, await missions.load_live(reader, workspace_id))


async def world_of(reader: Reader, workspace_id: int, chosen: tuple[Mission, ...]) -> World:
    """These missions, every pad with its open reports, every station."""
    known_pads, reports, known_stations = await mission_cards.places(reader, workspace_id)
    return World(
        missions=chosen,
        pads={pad.id: pad for pad in known_pads},
        reports=reports,
        stations={station.id: station for station in known_stations},
    )


async def tasks_as_of(reader: Reader, workspace_id: int, at: datetime) -> tuple[RepairTask, ...]:
    """Every repair task as it had been recorded by `at`. Owners are personal and not among what the journal keeps in the open."""
    states = await journal.states_as_of(reader, workspace_id, "repair", at)
    return tuple(load_state(RepairTask, text) for text in states.values())


async def world_as_of(reader: Reader, workspace_id: int, at: datetime) -> World:
    """The same as it had been recorded by `at`, ended missions included."""
    reports: dict[int, list[DamageReport]] = {}
    for text in (await journal.states_as_of(reader, workspace_id, "report", at)).values():
        report = load_state(DamageReport, text)
        reports.setdefault(report.pad_id, []).append(report)
    pad_states = (await journal.states_as_of(reader, workspace_id, "pad", at)).values()
    station_states = (await journal.states_as_of(reader, workspace_id, "station", at)).values()
    mission_states = (await journal.states_as_of(reader, workspace_id, "mission", at)).values()
    return World(
        missions=tuple(load_state(Mission, text) for text in mission_states),
        pads={pad.id: pad for pad in (load_state(Pad, text) for text in pad_states)},
        reports={pad_id: tuple(of_pad) for pad_id, of_pad in reports.items()},
        stations={station.id: station for station in (load_state(Station, text) for text in station_states)},
    )


async def mission_card(reader: Reader, workspace_id: int, mission: Mission, now: datetime) -> MissionCard:
    """The card of one mission as it is."""
    return _card(await mission_cards.around(reader, workspace_id, mission), mission, now, None)


async def mission_card_as_of(reader: Reader, workspace_id: int, mission: Mission, at: datetime) -> MissionCard:
    """The card of one mission of that time, as it had been recorded by `at`. Its clock stands at `at`."""
    return _card(await mission_cards.around_as_of(reader, workspace_id, mission, at), mission, at, at)


def _card(
    around: mission_cards.Surroundings, mission: Mission, now: datetime, believed_at: datetime | None
) -> MissionCard:
    pad, station = around.pad, around.station
    world = World(
        (mission,),
        {} if pad is None else {pad.id: pad},
        {} if pad is None else {pad.id: around.reports},
        {} if station is None else {station.id: station},
    )
    card = gather(world, mission, now, around.people, around.latest_move, believed_at=believed_at)
    return card if around.muted_since is None else replace(card, muted_since=around.muted_since)


def gather(
    world: World,
    mission: Mission,
    now: datetime,
    known: Mapping[int, Person],
    move: LedgerEntry | None,
    *,
    believed_at: datetime | None = None,
) -> MissionCard:
    """Put a card together from what was loaded."""
    station = world.stations.get(mission.station_id) if mission.station_id is not None else None
    phase = phase_of(mission)
    port = station.port(docked_port_id(mission)) if station and phase is Phase.DOCKED else None
    return MissionCard(
        mission=mission,
        phase=phase,
        asked_at=now,
        elapsed=elapsed(mission, now),
        crew=crew_of(mission, known),
        pad=world.pads.get(mission.pad_id) if mission.pad_id is not None else None,
        pad_status=world.pad_status(mission.pad_id),
        station=station,
        docked_at=port.name if port else None,
        last=last_event(mission),
        next=next_event(mission),
        overdue=tuple(event for event in mission.events if is_overdue(event, now)),
        back=return_event(mission),
        duration_difference_days=duration_difference_days(mission),
        latest_move=move,
        believed_at=believed_at,
        reports=world.reports.get(mission.pad_id, ()) if mission.pad_id is not None else (),
    )


def crew_of(mission: Mission, known: Mapping[int, Person]) -> tuple[CrewMember, ...]:
    """A mission's crew in seat order."""
    return tuple(
        CrewMember(known[seat.person_id].name, seat.role, known[seat.person_id].agency, seat.goes_up, seat.comes_down)
        for seat in mission.crew
        if seat.person_id in known
    )


def waiting_for(pad: Pad, live: Iterable[Mission]) -> tuple[Mission, ...]:
    """Missions that have yet to launch from the pad."""
    before_launch = {Phase.PLANNED, Phase.ON_HOLD}
    return tuple(mission for mission in live if mission.pad_id == pad.id and phase_of(mission) in before_launch)
