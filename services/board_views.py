"""What a live board shows at a moment: the same reads that answer the commands, frozen.

It only looks. Where a board stands and when it is edited is `services.board_posts`' affair.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from domain.board_facts import (
    LAUNCHES_MAX,
    MISSIONS_MAX,
    PADS_MAX,
    PEOPLE_MAX,
    STATIONS_MAX,
    BoardEvent,
    BoardFacts,
    BoardMission,
    BoardPad,
    BoardPerson,
    BoardReport,
    BoardReturn,
    BoardRisk,
    BoardStation,
    CrewBoard,
    MissionBoard,
    PadBoard,
)
from domain.boards import BoardKind
from domain.coverage import Cover, Coverage
from domain.damage import DamageReport
from domain.impact import Blocked, Expected, Impact, Impacts, PadState, WaitingLaunch
from domain.impact_facts import BlockedLaunch, lost_capability
from domain.missions import Event, EventState, schedule_key
from domain.pads import Lifecycle, Pad, PadStatus, StatusFinding
from domain.text import name_key
from services import cards, coverage, impact
from services.cards import MissionCard, World
from services.changes import View
from services.coverage import StationCrew

_INSTANT = timedelta(microseconds=1)
_SUMMARY_MAX = 200
_STATUS_RANK = {PadStatus.OUT_OF_SERVICE: 0, PadStatus.RESTRICTED: 1, PadStatus.OPERATIONAL: 2}


async def facts_of(kind: BoardKind, view: View) -> BoardFacts:
    """What a board of that kind says now."""
    match kind:
        case BoardKind.MISSIONS:
            return await _missions(view)
        case BoardKind.PADS:
            return await _pads(view)
    return await _crew(view)


# --- missions ----------------------------------------------------------------------------------------------------------


async def _missions(view: View) -> MissionBoard:
    world = await cards.world_now(view.reader, view.workspace.id)
    impacts = await impact.impacts_now(view.reader, view.workspace.id, view.now)
    risks = {launch.mission.id: _risk(one.state, launch) for one in impacts.pads for launch in one.launches}
    found = [cards.gather(world, mission, view.now, {}, None) for mission in world.missions]
    shown = [_mission(card, risks.get(card.mission.id)) for card in sorted(found, key=_flying_and_soonest_first)]
    return MissionBoard(view.now, tuple(shown[:MISSIONS_MAX]), max(len(shown) - MISSIONS_MAX, 0))


def _flying_and_soonest_first(card: MissionCard) -> tuple[bool, bool, float, int, int]:
    soonest = schedule_key(card.next) if card.next else (True, 0.0, 0, card.mission.id)
    return (not card.phase.is_flying, *soonest)


def _mission(card: MissionCard, risk: BoardRisk | None) -> BoardMission:
    mission = card.mission
    held = next((event for event in mission.events if event.state is EventState.HELD), None)
    back = card.back if card.back is not None and card.back.state.is_open and card.back != card.next else None
    if back is not None and not card.phase.is_flying and not back.time.is_known:
        back = None
    launched_at = None if card.elapsed is None else card.asked_at - card.elapsed
    return BoardMission(
        mission_id=mission.id,
        mission=mission.name,
        phase=card.phase,
        outcome=mission.outcome,
        clearance=mission.clearance,
        lifted_off_at=launched_at,
        place=(card.station.called, card.docked_at) if card.station and card.docked_at else None,
        next=_event(card.next),
        back=_event(back),
        overdue=_event(next(iter(card.overdue), None)),
        held=_event(held),
        risk=risk,
    )


def _event(event: Event | None) -> BoardEvent | None:
    return None if event is None else BoardEvent(event.kind, event.name, event.planned)


def _risk(state: PadState, launch: WaitingLaunch) -> BoardRisk:
    deciding = state.finding.deciding
    return BoardRisk(
        pad=state.pad.name,
        status=state.finding.status,
        report=None if deciding is None else deciding.number,
        unconfirmed=state.finding.unconfirmed,
        blocked=launch.blocked,
        gap_low=launch.gap_low,
        gap_high=launch.gap_high,
    )


# --- pads --------------------------------------------------------------------------------------------------------------


async def _pads(view: View) -> PadBoard:
    world = await cards.world_now(view.reader, view.workspace.id)
    impacts = await impact.impacts_now(view.reader, view.workspace.id, view.now)
    shown = sorted(_known(world), key=_worst_first)
    return PadBoard(
        as_of=view.now,
        pads=tuple(_pad(pad, finding, world, impacts) for pad, finding in shown[:PADS_MAX]),
        gone=tuple(lost_capability(one) for one in impacts.gone),
        more=max(len(shown) - PADS_MAX, 0),
    )


def _known(world: World) -> Iterable[tuple[Pad, StatusFinding]]:
    for pad in world.pads.values():
        finding = world.pad_status(pad.id)
        if finding is not None and pad.lifecycle is not Lifecycle.RETIRED:
            yield pad, finding


def _worst_first(shown: tuple[Pad, StatusFinding]) -> tuple[int, bool, str, int]:
    pad, finding = shown
    return (_STATUS_RANK[finding.status], pad.lifecycle is not Lifecycle.ACTIVE, name_key(pad.name), pad.id)


def _pad(pad: Pad, finding: StatusFinding, world: World, impacts: Impacts) -> BoardPad:
    reports = [report for report in world.reports.get(pad.id, ()) if report.state.is_open]
    worst = finding.deciding or max(reports, key=_gravest, default=None)
    said = next((one for one in impacts.pads if one.state.pad.id == pad.id), None)
    shown = BoardPad(
        pad_id=pad.id,
        pad=pad.name,
        site=pad.site,
        lifecycle=pad.lifecycle,
        status=finding.status,
        unconfirmed=finding.unconfirmed,
        awaiting_return=finding.awaiting_return,
        restriction=pad.restriction,
        report=None if worst is None else _report(worst),
        more_reports=sum(report is not worst for report in reports),
    )
    return shown if said is None else _with_impact(shown, said)


def _gravest(report: DamageReport) -> tuple[int, int]:
    return (report.severity.rank, report.number)


def _report(report: DamageReport) -> BoardReport:
    summary = " ".join(report.summary.split())[:_SUMMARY_MAX]
    return BoardReport(report.number, report.severity, report.state, report.component, summary)


def _with_impact(shown: BoardPad, said: Impact) -> BoardPad:
    blocked = [one for one in said.blocked if one.blocked is not Blocked.NO]
    return replace(
        shown,
        expected=_return(said.expected),
        blocked=tuple(_blocked(one) for one in blocked[:LAUNCHES_MAX]),
        more_blocked=max(len(blocked) - LAUNCHES_MAX, 0),
    )


def _blocked(one: WaitingLaunch) -> BlockedLaunch:
    mission = one.mission
    return BlockedLaunch(mission.id, mission.name, mission.kind, one.launch, one.blocked, one.gap_low, one.gap_high)


def _return(expected: Expected) -> BoardReturn:
    """The range in whole days: an estimate that is counted from now would be another one with every look."""
    earliest = None if expected.earliest is None else _midnight(expected.earliest.at)
    latest = None if expected.latest is None else _midnight(expected.latest.at - _INSTANT) + timedelta(days=1)
    return BoardReturn(earliest, latest, expected.earliest is not None and expected.earliest.or_before)


def _midnight(at: datetime) -> datetime:
    return datetime.combine(at.astimezone(UTC).date(), time(0), UTC)


# --- crew --------------------------------------------------------------------------------------------------------------


async def _crew(view: View) -> CrewBoard:
    shown = [_station(crew, cover) for crew, cover in await coverage.covered_crews(view)]
    return CrewBoard(view.now, tuple(shown[:STATIONS_MAX]), max(len(shown) - STATIONS_MAX, 0))


def _station(crew: StationCrew, cover: Coverage) -> BoardStation:
    people = tuple(_person(crew, number) for number in range(len(crew.aboard)))
    return BoardStation(
        station=crew.station.name,
        aboard=people[:PEOPLE_MAX],
        more=max(len(people) - PEOPLE_MAX, 0),
        seated=len(cover.with_cover(Cover.SEAT)),
        emergency=_names(crew, cover, Cover.EMERGENCY),
        without=_names(crew, cover, Cover.NONE),
    )


def _person(crew: StationCrew, number: int) -> BoardPerson:
    one = crew.aboard[number]
    known = crew.names.get(one.stay.person_id)
    return BoardPerson(
        person=known.name if known else "?",
        agency=known.agency if known else None,
        role=one.stay.role,
        since_at=one.since_at,
        up=one.stay.up.name,
        down=one.stay.down.name if one.stay.down else None,
        ends=one.stay.ends if one.stay.down else None,
    )


def _names(crew: StationCrew, cover: Coverage, of: Cover) -> tuple[str, ...]:
    found = (crew.names.get(one.person.stay.person_id) for one in cover.with_cover(of))
    return tuple(person.name if person else "?" for person in found)
