"""What goes otherwise than planned: holds, scrubs, failures, cancellations, corrections. No mixture of them contradicts itself."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from domain import endings
from domain.errors import Conflict, InvalidInput, OpsError
from domain.missions import (
    Clearance,
    Event,
    EventKind,
    EventState,
    Mission,
    MissionKind,
    Outcome,
    Phase,
    elapsed,
    ended_at,
    lifted_off_at,
    phase_of,
)
from domain.order import order_findings
from domain.plans import complete_event, move_event, next_attempt, plan_event
from domain.when import UNKNOWN, When
from domain.when_text import parse_when

NOW = datetime(2018, 10, 1, tzinfo=UTC)
LIFT_OFF = datetime(2018, 10, 11, 8, 40, 15, tzinfo=UTC)
ABORT = datetime(2018, 10, 11, 8, 42, 17, tzinfo=UTC)
DOCKED = LIFT_OFF + timedelta(hours=6)
ON = EventKind
LAUNCH, DOCKING, UNDOCKING, LANDING, EVA = 1, 2, 3, 4, 5
"""Ids of the events of the flights below."""
NEW = 99


def when(text: str) -> When:
    return parse_when(text, NOW)


def planned(event_id: int, kind: EventKind, text: str) -> Event:
    return Event(event_id, kind, EventState.PLANNED, when(text))


def flight(kind: MissionKind = MissionKind.CREW) -> Mission:
    """A flight as it is planned: launch, docking, undocking, landing."""
    events = (
        planned(LAUNCH, ON.LAUNCH, "2018-10-11T08:40:15Z"),
        planned(DOCKING, ON.DOCKING, "2018-10-11T14:44Z"),
        planned(UNDOCKING, ON.UNDOCKING, "2019-04"),
        planned(LANDING, ON.LANDING, "2019-04"),
    )
    return Mission(1, "Soyuz MS-10", kind, "Soyuz-FG", events=events)


def the(mission: Mission, event_id: int) -> Event:
    event = mission.event(event_id)
    assert event is not None
    return event


def done(mission: Mission, event_id: int, at: datetime) -> Mission:
    return complete_event(mission, the(mission, event_id), at)


def launched(kind: MissionKind = MissionKind.CREW) -> Mission:
    return done(flight(kind), LAUNCH, LIFT_OFF)


def docked(kind: MissionKind = MissionKind.CREW) -> Mission:
    return done(launched(kind), DOCKING, DOCKED)


def landed() -> Mission:
    away = done(docked(), UNDOCKING, DOCKED + timedelta(days=170))
    return done(away, LANDING, DOCKED + timedelta(days=170, hours=3))


def failed(mission: Mission, event_id: int, outcome: Outcome | None = None, at: datetime = ABORT) -> Mission:
    return endings.fail(mission, the(mission, event_id), at, outcome, NEW)


def states(mission: Mission) -> dict[int, EventState]:
    return {event.id: event.state for event in mission.events}


def refused(code: str) -> "pytest.RaisesExc[OpsError]":
    return pytest.raises(OpsError, check=lambda error: error.code == code)


# --- hold and resume --------------------------------------------------------------------------------------------------


def test_a_hold_stops_the_next_planned_event_and_keeps_its_date() -> None:
    held, event = endings.hold(flight())
    assert (event.id, event.state, event.planned) == (LAUNCH, EventState.HELD, the(flight(), LAUNCH).planned)
    assert phase_of(held) is Phase.ON_HOLD
    with refused("already_held"):
        endings.hold(held)


def test_a_hold_in_flight_is_of_the_event_and_not_of_the_mission() -> None:
    held, event = endings.hold(launched())
    assert (event.id, phase_of(held)) == (DOCKING, Phase.IN_FLIGHT)


def test_nothing_is_held_where_nothing_is_planned() -> None:
    with refused("nothing_to_hold"):
        endings.hold(Mission(1, "Soyuz MS-29", MissionKind.CREW, "Soyuz-2.1a"))
    with refused("nothing_held"):
        endings.resume(flight(), None)


def test_a_resumed_event_has_its_old_date_or_the_new_one() -> None:
    held, _ = endings.hold(flight())
    again, event, undated = endings.resume(held, None)
    assert (again, event.state, undated) == (flight(), EventState.PLANNED, ())
    later, event, undated = endings.resume(held, when("2018-10-12T08:18Z"))
    assert (event.planned, [loser.id for loser in undated]) == (when("2018-10-12T08:18Z"), [DOCKING])
    assert the(later, DOCKING).planned == UNKNOWN


def test_an_event_is_not_resumed_into_the_impossible() -> None:
    held, _ = endings.hold(launched())
    with refused("order_impossible"):
        endings.resume(held, when("2019-06"))


# --- scrub, drop, cancel ----------------------------------------------------------------------------------------------


def test_a_scrub_with_a_date_plans_the_next_attempt_and_undates_what_it_makes_impossible() -> None:
    scrubbed, attempt, undated = endings.scrub(flight(), when("2018-10-12T08:18Z"), NEW)
    assert attempt is not None
    assert (attempt.id, attempt.attempt, attempt.planned) == (NEW, 2, when("2018-10-12T08:18Z"))
    assert [loser.id for loser in undated] == [DOCKING]
    assert states(scrubbed)[LAUNCH] is EventState.SCRUBBED
    assert phase_of(scrubbed) is Phase.PLANNED
    assert phase_of(complete_event(scrubbed, attempt, LIFT_OFF + timedelta(days=1))) is Phase.IN_FLIGHT


@pytest.mark.parametrize("next_date", [None, UNKNOWN])
def test_a_scrub_without_a_date_takes_the_date_of_all_that_hung_on_the_launch(next_date: When | None) -> None:
    scrubbed, attempt, undated = endings.scrub(flight(), next_date, NEW)
    assert (attempt, phase_of(scrubbed)) == (None, Phase.SCRUBBED)
    assert [loser.id for loser in undated] == [DOCKING, UNDOCKING, LANDING]
    again = plan_event(scrubbed, replace(planned(NEW, ON.LAUNCH, "2018-12"), attempt=next_attempt(scrubbed, ON.LAUNCH)))
    assert (phase_of(again), the(again, NEW).attempt) == (Phase.PLANNED, 2)


def test_only_a_launch_that_is_still_to_come_is_scrubbed() -> None:
    with refused("no_launch_to_scrub"):
        endings.scrub(launched(), None, NEW)


def test_a_dropped_event_is_out_of_the_plan_and_a_launch_is_not_dropped() -> None:
    assert states(endings.drop(flight(), the(flight(), UNDOCKING)))[UNDOCKING] is EventState.CANCELLED
    with refused("launch_is_not_dropped"):
        endings.drop(flight(), the(flight(), LAUNCH))
    with refused("event_not_open"):
        endings.drop(docked(), the(docked(), DOCKING))


@pytest.mark.parametrize("events", [flight().events, ()], ids=["planned", "nothing planned"])
def test_a_cancelled_mission_is_cancelled_whether_or_not_a_launch_was_planned(events: tuple[Event, ...]) -> None:
    cancelled = endings.cancel(replace(flight(), events=events), NEW)
    assert phase_of(cancelled) is Phase.CANCELLED
    assert set(states(cancelled).values()) == {EventState.CANCELLED}
    with refused("mission_over"):
        endings.cancel(cancelled, NEW)


def test_a_scrubbed_mission_can_be_cancelled_and_a_flying_one_cannot() -> None:
    scrubbed, _, _ = endings.scrub(flight(), None, NEW)
    assert phase_of(endings.cancel(scrubbed, NEW + 1)) is Phase.CANCELLED
    with refused("already_flying"):
        endings.cancel(launched(), NEW)


# --- failures ---------------------------------------------------------------------------------------------------------


def test_a_docking_that_failed_is_tried_again_as_the_next_attempt() -> None:
    missed = failed(launched(), DOCKING, at=DOCKED)
    assert (phase_of(missed), missed.outcome, states(missed)[DOCKING]) == (Phase.IN_FLIGHT, None, EventState.FAILED)
    assert next_attempt(missed, ON.DOCKING) == 2
    again = plan_event(missed, replace(planned(NEW, ON.DOCKING, "2018-10-14"), attempt=2))
    assert phase_of(done(again, NEW, DOCKED + timedelta(days=3))) is Phase.DOCKED


def test_of_spacewalks_only_those_of_one_name_are_attempts_at_the_same() -> None:
    walking = plan_event(docked(), replace(planned(EVA, ON.EVA, "2018-12"), name="EVA 1"))
    missed = endings.fail(walking, the(walking, EVA), DOCKED + timedelta(days=60), None, NEW)
    assert [next_attempt(missed, ON.EVA, name) for name in ("eva-1", "EVA 2", None)] == [2, 1, 1]


def test_a_vehicle_that_is_lost_ends_the_mission_and_everything_planned_for_it() -> None:
    lost = failed(launched(), LAUNCH, Outcome.LOST)
    assert (phase_of(lost), lost.outcome, ended_at(lost)) == (Phase.ENDED, Outcome.LOST, ABORT)
    assert not any(event.state.is_open for event in lost.events)
    assert elapsed(lost, NOW + timedelta(days=99)) == ABORT - LIFT_OFF


def test_after_an_abort_in_flight_only_the_crews_landing_is_left_and_it_has_no_date() -> None:
    aborted = failed(launched(), LAUNCH, Outcome.ABORTED)
    assert phase_of(aborted) is Phase.IN_FLIGHT
    assert [event.id for event in aborted.events if event.state.is_open] == [LANDING]
    assert the(aborted, LANDING).planned == UNKNOWN
    down = done(aborted, LANDING, ABORT + timedelta(minutes=18))
    assert (phase_of(down), down.outcome) == (Phase.ENDED, Outcome.ABORTED)
    assert elapsed(down, NOW + timedelta(days=99)) == timedelta(minutes=20, seconds=2)


def test_an_abort_enters_a_landing_that_was_never_planned() -> None:
    without = replace(launched(), events=launched().events[:2])
    aborted = failed(without, DOCKING, Outcome.ABORTED)
    assert (the(aborted, NEW).kind, the(aborted, NEW).planned) == (ON.LANDING, UNKNOWN)


def test_a_crew_that_is_called_home_from_a_station_still_has_to_undock() -> None:
    walking = plan_event(docked(), planned(EVA, ON.EVA, "2018-12"))
    aborted = endings.fail(walking, the(walking, EVA), DOCKED + timedelta(days=60), Outcome.ABORTED, NEW)
    assert [event.id for event in aborted.events if event.state.is_open] == [UNDOCKING, LANDING]
    assert phase_of(aborted) is Phase.DOCKED


def test_a_docked_cargo_ship_that_is_aborted_still_has_to_leave_its_port() -> None:
    cargo = done(launched(MissionKind.CARGO), DOCKING, DOCKED)
    aborted = endings.fail(cargo, the(cargo, UNDOCKING), DOCKED + timedelta(days=60), Outcome.ABORTED, NEW)
    assert phase_of(aborted) is Phase.DOCKED
    without = replace(cargo, events=cargo.events[:3])
    ended = endings.fail(without, the(without, UNDOCKING), DOCKED + timedelta(days=60), Outcome.ABORTED, NEW)
    assert (the(ended, NEW).kind, the(ended, NEW).planned) == (ON.DEORBIT, UNKNOWN)


def test_one_event_of_a_mission_is_on_hold_at_a_time() -> None:
    held, event = endings.hold(flight(), the(flight(), LANDING))
    assert event.kind is ON.LANDING
    with refused("already_held"):
        endings.hold(held, the(held, LAUNCH))


@pytest.mark.parametrize("kind", [MissionKind.CARGO, MissionKind.OTHER])
def test_an_abort_without_a_crew_ends_the_mission(kind: MissionKind) -> None:
    aborted = failed(launched(kind), LAUNCH, Outcome.ABORTED)
    assert (phase_of(aborted), ended_at(aborted)) == (Phase.ENDED, ABORT)
    assert not any(event.state.is_open for event in aborted.events)


@pytest.mark.parametrize("outcome", [Outcome.ABORTED, Outcome.LOST])
def test_a_launch_that_failed_on_its_pad_ends_the_mission_without_a_flight(outcome: Outcome) -> None:
    never = failed(flight(), LAUNCH, outcome)
    assert (phase_of(never), lifted_off_at(never), elapsed(never, NOW)) == (Phase.ENDED, None, None)
    assert not any(event.state.is_open for event in never.events)


@pytest.mark.parametrize("outcome", [None, Outcome.NOMINAL, Outcome.PARTIAL])
def test_a_launch_does_not_fail_on_its_pad_and_go_on(outcome: Outcome | None) -> None:
    with refused("launch_failure_needs_outcome"):
        failed(flight(), LAUNCH, outcome)


def test_a_partial_success_goes_on_and_stays_partial_to_the_end() -> None:
    partial = failed(launched(), DOCKING, Outcome.PARTIAL, at=DOCKED)
    assert (phase_of(partial), partial.outcome) == (Phase.IN_FLIGHT, Outcome.PARTIAL)
    assert done(partial, LANDING, DOCKED + timedelta(days=2)).outcome is Outcome.PARTIAL


def test_a_later_failure_never_makes_an_outcome_better() -> None:
    aborted = failed(launched(), LAUNCH, Outcome.ABORTED)
    milder = failed(aborted, LANDING, Outcome.PARTIAL, at=ABORT + timedelta(minutes=18))
    assert (milder.outcome, phase_of(milder)) == (Outcome.ABORTED, Phase.ENDED)
    graver = failed(aborted, LANDING, Outcome.LOST, at=ABORT + timedelta(minutes=18))
    assert (graver.outcome, ended_at(graver)) == (Outcome.LOST, ABORT + timedelta(minutes=18))


def test_an_aborted_flight_whose_landing_is_dropped_has_nothing_open() -> None:
    aborted = plan_event(failed(launched(), LAUNCH, Outcome.ABORTED), planned(EVA, ON.MILESTONE, "2018-12"))
    dropped = endings.drop(aborted, the(aborted, LANDING))
    assert phase_of(dropped) is Phase.ENDED
    assert not any(event.state.is_open for event in dropped.events)


def test_an_aborted_flight_whose_landing_fails_has_nothing_open() -> None:
    aborted = plan_event(failed(launched(), LAUNCH, Outcome.ABORTED), planned(EVA, ON.MILESTONE, "2018-12"))
    down = failed(aborted, LANDING, at=ABORT + timedelta(minutes=18))
    assert (phase_of(down), down.outcome) == (Phase.ENDED, Outcome.ABORTED)
    assert not any(event.state.is_open for event in down.events)


def test_nothing_fails_before_lift_off_or_after_it_happened() -> None:
    with refused("not_launched_yet"):
        failed(flight(), DOCKING)
    with refused("before_launch"):
        failed(launched(), DOCKING, at=LIFT_OFF - timedelta(seconds=1))
    with refused("event_not_open"):
        failed(docked(), DOCKING, at=DOCKED)
    with refused("event_not_open"):
        failed(launched(), LAUNCH, None)
    with refused("mission_over"):
        failed(landed(), EVA - 1)


# --- corrections ------------------------------------------------------------------------------------------------------


def corrected(mission: Mission, event_id: int, at: datetime | None) -> Mission:
    return endings.correct(mission, the(mission, event_id), at)


def test_a_recorded_time_is_put_right_and_the_clock_with_it() -> None:
    right = corrected(docked(), LAUNCH, LIFT_OFF - timedelta(seconds=15))
    assert elapsed(right, LIFT_OFF) == timedelta(seconds=15)


@pytest.mark.parametrize(
    ("event_id", "at", "code"),
    [
        (LAUNCH, DOCKED + timedelta(minutes=1), "before_launch"),
        (DOCKING, LIFT_OFF - timedelta(minutes=1), "before_launch"),
        (DOCKING, DOCKED + timedelta(days=171), "correction_impossible"),
        (UNDOCKING, DOCKED - timedelta(minutes=1), "correction_impossible"),
        (LANDING, DOCKED, "correction_impossible"),
        (LANDING, None, None),
        (UNDOCKING, None, "others_rest_on_it"),
        (DOCKING, None, "others_rest_on_it"),
        (LAUNCH, None, "others_rest_on_it"),
        (DOCKING, DOCKED, "correction_changes_nothing"),
    ],
)
def test_a_correction_that_would_make_the_record_impossible_is_refused(
    event_id: int, at: datetime | None, code: str | None
) -> None:
    if code is None:
        assert phase_of(corrected(landed(), event_id, at)) is Phase.FREE_FLIGHT
        return
    with refused(code):
        corrected(landed(), event_id, at)


def test_only_what_is_recorded_is_corrected() -> None:
    with refused("nothing_to_correct"):
        corrected(launched(), DOCKING, DOCKED)


def test_what_did_not_happen_after_all_is_open_again_with_its_date() -> None:
    again = corrected(docked(), DOCKING, None)
    assert again == launched()


def test_what_was_never_planned_is_open_without_a_date_when_it_did_not_happen() -> None:
    told = complete_event(docked(), Event(EVA, ON.EVA, EventState.PLANNED), DOCKED + timedelta(days=1))
    assert the(corrected(told, EVA, None), EVA) == Event(EVA, ON.EVA, EventState.PLANNED, UNKNOWN)


def test_a_landing_that_did_not_happen_takes_its_nominal_outcome_back() -> None:
    again = corrected(landed(), LANDING, None)
    assert (again.outcome, ended_at(again)) == (None, None)


def test_an_aborted_flight_that_has_not_landed_after_all_is_still_aborted() -> None:
    down = done(failed(launched(), LAUNCH, Outcome.ABORTED), LANDING, ABORT + timedelta(minutes=18))
    again = corrected(down, LANDING, None)
    assert (again.outcome, phase_of(again)) == (Outcome.ABORTED, Phase.IN_FLIGHT)


def test_a_failure_that_did_not_happen_takes_only_its_own_outcome_back() -> None:
    lost = failed(launched(), DOCKING, Outcome.LOST, at=DOCKED)
    again = corrected(lost, DOCKING, None)
    assert (again.outcome, again.failed_at, phase_of(again)) == (None, None, Phase.IN_FLIGHT)
    missed = failed(launched(), DOCKING, at=DOCKED)
    partial = endings.fail(missed, the(missed, UNDOCKING), DOCKED + timedelta(days=1), Outcome.PARTIAL, NEW)
    assert corrected(partial, DOCKING, None).outcome is Outcome.PARTIAL


def test_the_time_of_a_failure_moves_the_end_of_the_mission_with_it() -> None:
    lost = failed(launched(), DOCKING, Outcome.LOST, at=DOCKED)
    later = DOCKED + timedelta(hours=1)
    assert ended_at(corrected(lost, DOCKING, later)) == later
    with refused("before_launch"):
        corrected(lost, DOCKING, LIFT_OFF - timedelta(seconds=1))


def test_a_launch_cannot_have_come_after_the_failure_that_ended_it() -> None:
    with refused("after_failure"):
        corrected(failed(launched(), LAUNCH, Outcome.ABORTED), LAUNCH, ABORT + timedelta(seconds=1))


def test_a_loss_recorded_of_a_launch_that_never_was_is_taken_back_with_it() -> None:
    lost = failed(launched(), LAUNCH, Outcome.LOST)
    again = corrected(lost, LAUNCH, None)
    assert (phase_of(again), again.outcome, again.failed_at) == (Phase.PLANNED, None, None)


def test_in_a_mission_that_is_over_nothing_opens_again_but_its_end() -> None:
    walked = complete_event(docked(), Event(EVA, ON.EVA, EventState.PLANNED), DOCKED + timedelta(days=1))
    over = done(done(walked, UNDOCKING, DOCKED + timedelta(days=2)), LANDING, DOCKED + timedelta(days=3))
    without = corrected(over, EVA, None)
    assert phase_of(without) is Phase.ENDED
    assert the(without, EVA).was_withdrawn


def test_in_a_cancelled_mission_nothing_opens_again() -> None:
    reviewed = complete_event(flight(), Event(EVA, ON.MILESTONE, EventState.PLANNED), NOW)
    assert the(corrected(endings.cancel(reviewed, NEW), EVA, None), EVA).state is EventState.CANCELLED


def test_a_failed_attempt_is_not_opened_beside_the_next_one() -> None:
    missed = failed(launched(), DOCKING, at=DOCKED)
    again = plan_event(missed, planned(NEW, ON.DOCKING, "2018-10-14"))
    with refused("event_already_planned"):
        corrected(again, DOCKING, None)


def test_a_failed_attempt_is_withdrawn_when_the_next_one_has_succeeded() -> None:
    missed = failed(launched(), DOCKING, at=DOCKED)
    again = plan_event(missed, planned(NEW, ON.DOCKING, "2018-10-14"))
    there = done(again, NEW, DOCKED + timedelta(days=3))
    assert states(corrected(there, DOCKING, None))[DOCKING] is EventState.CANCELLED


def test_an_opened_event_has_no_date_that_has_become_impossible() -> None:
    late = move_event(docked(), the(docked(), UNDOCKING), when("2018-10-11T14:43Z"))[0]
    late = corrected(late, DOCKING, DOCKED - timedelta(hours=1))
    assert the(corrected(late, DOCKING, None), DOCKING).planned == UNKNOWN


# --- clearance --------------------------------------------------------------------------------------------------------


def test_a_clearance_has_its_reason_and_source_and_is_said_once() -> None:
    hurt = endings.clear(docked(), Clearance.EMERGENCY_ONLY, "coolant leak", "Roscosmos")
    assert (hurt.clearance, hurt.clearance_reason, hurt.clearance_source) == (
        Clearance.EMERGENCY_ONLY,
        "coolant leak",
        "Roscosmos",
    )
    with refused("clearance_unchanged"):
        endings.clear(hurt, Clearance.EMERGENCY_ONLY, "coolant leak", "Roscosmos")
    with refused("mission_over"):
        endings.clear(landed(), Clearance.NOT_CLEARED, "why", None)


# --- any mixture of it all --------------------------------------------------------------------------------------------

FORWARD = {
    Phase.PLANNED: {Phase.ON_HOLD, Phase.SCRUBBED, Phase.CANCELLED, Phase.IN_FLIGHT, Phase.ENDED},
    Phase.ON_HOLD: {Phase.PLANNED, Phase.SCRUBBED, Phase.CANCELLED, Phase.IN_FLIGHT, Phase.ENDED},
    Phase.SCRUBBED: {Phase.PLANNED, Phase.CANCELLED, Phase.IN_FLIGHT, Phase.ENDED},
    Phase.IN_FLIGHT: {Phase.DOCKED, Phase.ENDED},
    Phase.DOCKED: {Phase.FREE_FLIGHT, Phase.ENDED},
    Phase.FREE_FLIGHT: {Phase.DOCKED, Phase.ENDED},
    Phase.ENDED: set(),
    Phase.CANCELLED: set(),
}
DATES = ["unknown", "2018-10-12", "2018-12", "NET 2018-12-02", "2019-Q1", "2019-04-10T05:00Z"]
OVER = {Phase.ENDED, Phase.CANCELLED}


class FlightLife(RuleBasedStateMachine):
    """Anyone does anything at any time. Refusals change nothing, phases keep to their paths, only a correction goes back."""

    def __init__(self) -> None:
        super().__init__()
        self.mission = Mission(1, "Soyuz MS-10", MissionKind.CREW, "Soyuz-FG")
        self.last_id = 0

    def new_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def changed(self, after: Mission, *, back: bool = False) -> None:
        before, self.mission = self.mission, after
        was, is_ = phase_of(before), phase_of(after)
        assert back or is_ is was or is_ in FORWARD[was], (was, is_)
        if not back and before.outcome is not None:
            assert list(Outcome).index(after.outcome) >= list(Outcome).index(before.outcome)  # type: ignore[arg-type]

    def any_event(self, data: st.DataObject) -> Event:
        return data.draw(st.sampled_from(self.mission.events))

    @rule(kind=st.sampled_from(EventKind), text=st.sampled_from(DATES))
    def plan(self, kind: EventKind, text: str) -> None:
        event = replace(planned(self.new_id(), kind, text), attempt=next_attempt(self.mission, kind))
        self.attempt(lambda: plan_event(self.mission, event))

    @precondition(lambda self: bool(self.mission.events))
    @rule(data=st.data(), text=st.sampled_from(DATES))
    def move(self, data: st.DataObject, text: str) -> None:
        event = self.any_event(data)
        self.attempt(lambda: move_event(self.mission, event, when(text))[0])

    @precondition(lambda self: bool(self.mission.events))
    @rule(data=st.data(), day=st.integers(0, 300))
    def done(self, data: st.DataObject, day: int) -> None:
        event = self.any_event(data)
        self.attempt(lambda: complete_event(self.mission, event, LIFT_OFF + timedelta(days=day)))

    @precondition(lambda self: bool(self.mission.events))
    @rule(data=st.data(), day=st.integers(0, 300), outcome=st.sampled_from([None, *Outcome]))
    def fail(self, data: st.DataObject, day: int, outcome: Outcome | None) -> None:
        event, landing_id = self.any_event(data), self.new_id()
        self.attempt(lambda: endings.fail(self.mission, event, LIFT_OFF + timedelta(days=day), outcome, landing_id))

    @precondition(lambda self: bool(self.mission.events))
    @rule(data=st.data(), day=st.none() | st.integers(0, 300))
    def correct(self, data: st.DataObject, day: int | None) -> None:
        event = self.any_event(data)
        at = None if day is None else LIFT_OFF + timedelta(days=day)
        self.attempt(lambda: endings.correct(self.mission, event, at), back=True)

    @rule()
    def hold(self) -> None:
        self.attempt(lambda: endings.hold(self.mission)[0])

    @rule(text=st.none() | st.sampled_from(DATES))
    def resume(self, text: str | None) -> None:
        self.attempt(lambda: endings.resume(self.mission, None if text is None else when(text))[0])

    @rule(text=st.none() | st.sampled_from(DATES))
    def scrub(self, text: str | None) -> None:
        new_id = self.new_id()
        self.attempt(lambda: endings.scrub(self.mission, None if text is None else when(text), new_id)[0])

    @precondition(lambda self: bool(self.mission.events))
    @rule(data=st.data())
    def drop(self, data: st.DataObject) -> None:
        event = self.any_event(data)
        self.attempt(lambda: endings.drop(self.mission, event))

    @precondition(lambda self: len(self.mission.events) > 3)
    @rule()
    def cancel(self) -> None:
        new_id = self.new_id()
        self.attempt(lambda: endings.cancel(self.mission, new_id))

    def attempt(self, change: Callable[[], Mission], *, back: bool = False) -> None:
        try:
            after = change()
        except (Conflict, InvalidInput):
            return
        self.changed(after, back=back)

    @invariant()
    def a_mission_that_is_over_has_nothing_open(self) -> None:
        if phase_of(self.mission) in OVER:
            assert not any(event.state.is_open for event in self.mission.events)

    @invariant()
    def a_loss_is_the_end_and_an_end_in_flight_has_an_outcome(self) -> None:
        phase = phase_of(self.mission)
        if self.mission.outcome is Outcome.LOST:
            assert phase is Phase.ENDED
        if phase is Phase.ENDED:
            assert self.mission.outcome is not None

    @invariant()
    def an_abort_goes_on_only_while_somebody_has_to_come_down(self) -> None:
        if self.mission.outcome is Outcome.ABORTED and phase_of(self.mission) is not Phase.ENDED:
            assert self.mission.open_event(ON.LANDING) is not None

    @invariant()
    def of_what_happens_once_at_most_one_is_open(self) -> None:
        open_kinds = [event.kind for event in self.mission.events if event.state.is_open and not event.kind.may_repeat]
        assert len(open_kinds) == len(set(open_kinds))

    @invariant()
    def what_is_open_is_planned_and_what_happened_has_its_time(self) -> None:
        for event in self.mission.events:
            assert not event.state.is_open or (event.planned is not None and event.actual_at is None)
            assert (event.actual_at is not None) is (event.state in {EventState.DONE, EventState.FAILED})

    @invariant()
    def nothing_that_flies_happened_before_lift_off(self) -> None:
        start = lifted_off_at(self.mission)
        for event in self.mission.events:
            if event.actual_at is not None and event.kind.needs_launch:
                assert start is not None
                assert event.actual_at >= start

    @invariant()
    def the_clock_never_runs_backwards(self) -> None:
        met = elapsed(self.mission, LIFT_OFF + timedelta(days=400))
        assert met is None or met >= timedelta(0)

    @invariant()
    def the_plan_holds_nothing_that_is_certainly_out_of_order(self) -> None:
        for finding in order_findings(self.mission.events):
            assert not (finding.certain and finding.earlier.state.is_open and finding.later.state.is_open)


FlightLife.TestCase.settings = settings(max_examples=150, stateful_step_count=30)
TestFlightLife = FlightLife.TestCase
