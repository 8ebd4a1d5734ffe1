"""What became of a subject between two digests, in one line: its state then against its state now.

However often it changed in between, only what is different in the end is news; what was taken back is none. Pure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from domain.assessments import Assessment
from domain.damage import DamageReport
from domain.digest_facts import (
    AssessmentNews,
    CrewMove,
    DateChanged,
    EventTurned,
    ForecastNews,
    InspectionNews,
    MissionNews,
    NamedEvent,
    PadNews,
    RepairNews,
    ReportNews,
    ReturnNews,
    StatementNews,
)
from domain.forecasts import Forecast
from domain.inspections import Inspection
from domain.missions import Event, EventState, Mission, Phase, Seat, phase_of
from domain.pads import Pad, status_of
from domain.repairs import RepairTask
from domain.returns import ReturnRequest, ReturnState
from domain.statements import Draft, DraftState

TEXT_MAX = 200
"""So much of a member's free text is kept in a line."""

_OVER = {Phase.ENDED, Phase.CANCELLED}
_GRAVE = {EventState.FAILED}


def of_mission(before: Mission | None, after: Mission, people: Mapping[int, str]) -> MissionNews | None:
    """What became of a mission; None when nothing did that is worth a line. `people` are names by person id."""
    known = {event.id: event for event in before.events} if before else {}
    phase = phase_of(after)
    was = phase_of(before) if before else None
    found = MissionNews(
        mission=after.name,
        is_new=before is None,
        turned=tuple(_turned(after, known)),
        dates=tuple(_dates(after, known)),
        crew=tuple((people.get(person_id, "?"), move) for person_id, move in _crew(before, after)),
        phase=phase if phase in _OVER and phase is not was else None,
        clearance=after.clearance if before and before.clearance is not after.clearance else None,
    )
    return found if found.is_new or _says_something(found) else None


def heard_although_muted(found: MissionNews) -> MissionNews | None:
    """Of a muted mission's news what its channels hear all the same: what went wrong, or was said to."""
    left = replace(
        found,
        is_new=False,
        turned=tuple(one for one in found.turned if one.state in _GRAVE),
        dates=(),
        crew=(),
        phase=found.phase if found.phase is Phase.CANCELLED else None,
    )
    return left if _says_something(left) else None


def of_pad(before: Pad | None, after: Pad) -> PadNews | None:
    """A pad that is new, or stands otherwise than it did. What reports do to it stays with it until its return to service."""
    was = None if before is None else status_of(before, ()).status
    status = status_of(after, ()).status
    is_same = before is not None and (was, before.lifecycle) == (status, after.lifecycle)
    lifecycle_before = before.lifecycle if before else after.lifecycle
    return None if is_same else PadNews(after.name, was, status, after.lifecycle, lifecycle_before)


def of_report(before: DamageReport | None, after: DamageReport, pad: str) -> ReportNews | None:
    """A damage report that is new, moved along, was judged anew, or taken on."""
    was_taken_on = after.acknowledged_at is not None and (before is None or before.acknowledged_at is None)
    if before and (before.severity, before.state) == (after.severity, after.state) and not was_taken_on:
        return None
    return ReportNews(
        report=after.number,
        pad=pad,
        summary=_brief(after.summary),
        severity=after.severity,
        state=after.state,
        severity_before=before.severity if before else None,
        state_before=before.state if before else None,
        was_taken_on=was_taken_on,
    )


def of_repair(before: RepairTask | None, after: RepairTask, pad: str) -> RepairNews | None:
    """A repair task that is new, moved along, or is due at another time."""
    if before and (before.state, before.progress, before.due) == (after.state, after.progress, after.due):
        return None
    return RepairNews(
        task=after.number,
        title=_brief(after.title),
        pad=pad,
        state=after.state,
        state_before=before.state if before else None,
        progress=after.progress,
        progress_before=before.progress if before else 0,
        due=after.due,
        due_before=before.due if before else after.due,
    )


def of_statement(before: Draft | None, after: Draft) -> StatementNews | None:
    """A statement that was approved."""
    if after.state is not DraftState.APPROVED or (before and before.state is DraftState.APPROVED):
        return None
    return StatementNews(after.number, _brief(after.text), after.corrects)


def of_assessment(before: Assessment | None, after: Assessment) -> AssessmentNews | None:
    """An assessment that is new, or was adopted."""
    is_adopted = after.adopted_at is not None
    if before is not None and (before.adopted_at is not None) == is_adopted:
        return None
    return AssessmentNews(after.number, after.report_number, after.tier, after.severity, is_adopted)


def of_forecast(before: Forecast | None, after: Forecast, pad: str) -> ForecastNews | None:
    """A new forecast of a pad's return."""
    return None if before else ForecastNews(pad, after.tier, after.earliest, after.latest)


def of_inspection(before: Inspection | None, after: Inspection, pad: str) -> InspectionNews | None:
    """A new inspection."""
    return None if before else InspectionNews(pad, after.result)


def of_return(after: ReturnRequest, pad: str) -> ReturnNews | None:
    """A return to service that waits for a second person. Once decided, the pad's own line tells."""
    return ReturnNews(pad, after.number) if after.state is ReturnState.WAITING else None


def people_in(before: Mission | None, after: Mission) -> set[int]:
    """Whose seats changed."""
    return {person_id for person_id, _ in _crew(before, after)}


def named(mission: Mission, event: Event) -> NamedEvent:
    """An event as a digest names it."""
    return NamedEvent(mission.name, event.kind, event.name)


def _says_something(found: MissionNews) -> bool:
    return bool(found.turned or found.dates or found.crew or found.phase or found.clearance)


def _turned(after: Mission, known: Mapping[int, Event]) -> Iterator[EventTurned]:
    """Events in another state than they were, in the order in which they happened."""
    for event in sorted(after.events, key=lambda event: (event.actual_at is None, event.actual_at, event.id)):
        before = known.get(event.id)
        is_corrected = event.state is EventState.DONE and before is not None and before.actual_at != event.actual_at
        was = before.state if before else EventState.PLANNED
        if event.was_withdrawn and before is None:
            continue
        if event.state is not was or is_corrected:
            yield EventTurned(named(after, event), event.state, event.actual_at)


def _dates(after: Mission, known: Mapping[int, Event]) -> Iterator[DateChanged]:
    """Dates of events that may still happen and are others than they were."""
    for event in after.events:
        before = known.get(event.id)
        if event.state.is_open and (before is None or before.planned != event.planned):
            yield DateChanged(named(after, event), before.planned if before else None, event.planned)


def _crew(before: Mission | None, after: Mission) -> Iterator[tuple[int, CrewMove]]:
    was = {seat.person_id: seat for seat in before.crew} if before else {}
    for seat in after.crew:
        move = _seat_move(was.get(seat.person_id), seat)
        if move is not None:
            yield seat.person_id, move
    now = {seat.person_id for seat in after.crew}
    for person_id, seat in was.items():
        if person_id not in now:
            yield person_id, CrewMove.LEFT if seat.goes_up else CrewMove.NOT_DOWN


def _seat_move(before: Seat | None, after: Seat) -> CrewMove | None:
    if after.goes_up and (before is None or not before.goes_up):
        return CrewMove.FLIES
    was_down = before is not None and before.comes_down
    if was_down == after.comes_down:
        return None
    return CrewMove.COMES_DOWN if after.comes_down else CrewMove.NOT_DOWN


def _brief(text: str) -> str:
    """Free text on one line, not much longer than will be shown."""
    return " ".join(text.split())[:TEXT_MAX]
