"""A mission's phase, order and clock come from its events, and only along allowed paths."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from domain.errors import Conflict, InvalidInput, OpsError
from domain.missions import (
    Event,
    EventKind,
    EventState,
    Mission,
    MissionKind,
    Outcome,
    Phase,
    docked_port_id,
    duration_difference_days,
    elapsed,
    ended_at,
    is_overdue,
    last_event,
    lifted_off_at,
    next_event,
    phase_of,
    return_event,
)
from domain.order import order_findings, require_possible_order
from domain.plans import (
    EVENTS_MAX,
    checked_duration,
    checked_seats,
    complete_event,
    move_event,
    plan_event,
    shifted_dates,
)
from domain.seats import give_seat
from domain.when import UNKNOWN, When
from domain.when_text import parse_when

NOW = datetime(2025, 11, 1, tzinfo=UTC)
LIFT_OFF = datetime(2025, 11, 27, 9, 27, 57, tzinfo=UTC)
DOCKED = datetime(2025, 11, 27, 12, 34, 35, tzinfo=UTC)
ON = EventKind


def when(text: str) -> When:
    return parse_when(text, NOW)


def planned(event_id: int, kind: EventKind, text: str) -> Event:
    return Event(event_id, kind, EventState.PLANNED, when(text))


def mission(*events: Event, **fields: object) -> Mission:
    return replace(Mission(1, "Soyuz MS-28", MissionKind.CREW, "Soyuz-2.1a", events=events), **fields)  # type: ignore[arg-type]


def docked_mission() -> Mission:
    ms28 = mission(planned(1, ON.LAUNCH, "2025-11-27T09:27:57Z"), planned(2, ON.DOCKING, "2025-11-27T12:38Z"))
    ms28 = complete_event(ms28, ms28.events[0], LIFT_OFF)
    return complete_event(ms28, replace(ms28.events[1], port_id=7), DOCKED)


def refused(code: str) -> "pytest.RaisesExc[OpsError]":
    return pytest.raises(OpsError, check=lambda error: error.code == code)


# --- the phase --------------------------------------------------------------------------------------------------------

ALLOWED = {
    Phase.PLANNED: {Phase.IN_FLIGHT},
    Phase.IN_FLIGHT: {Phase.DOCKED, Phase.ENDED},
    Phase.DOCKED: {Phase.FREE_FLIGHT, Phase.ENDED},
    Phase.FREE_FLIGHT: {Phase.DOCKED, Phase.ENDED},
    Phase.ENDED: set(),
}


class MissionLife(RuleBasedStateMachine):
    """Anyone plans, moves and completes anything at any time: refusals change nothing, phases keep to their paths."""

    def __init__(self) -> None:
        super().__init__()
        self.mission = mission()
        self.phase = Phase.PLANNED
        self.next_id = 1

    def change(self, after: Mission) -> None:
        before, self.mission, self.phase = self.phase, after, phase_of(after)
        assert self.phase is before or self.phase in ALLOWED[before]

    @rule(
        kind=st.sampled_from(EventKind),
        text=st.sampled_from(["unknown", "2025-12-19", "2026-03", "NET 2026-03-22", "Q3 2026", "2026-07-27T05:00Z"]),
    )
    def plan(self, kind: EventKind, text: str) -> None:
        event = planned(self.next_id, kind, text)
        self.next_id += 1
        try:
            self.change(plan_event(self.mission, event))
        except (Conflict, InvalidInput):
            return
        assert self.mission.event(event.id) == event

    @precondition(lambda self: bool(self.mission.events))
    @rule(
        data=st.data(), text=st.sampled_from(["unknown", "2025-12-20", "2026-07", "NET 2026-01", "2026-08-01T12:00Z"])
    )
    def move(self, data: st.DataObject, text: str) -> None:
        event = data.draw(st.sampled_from(self.mission.events))
        try:
            after, undated = move_event(self.mission, event, when(text))
        except (Conflict, InvalidInput):
            return
        assert all(after.event(loser.id).planned == UNKNOWN for loser in undated)  # type: ignore[union-attr]
        self.change(after)
        assert self.phase is phase_of(after)

    @precondition(lambda self: bool(self.mission.events))
    @rule(data=st.data(), day=st.integers(0, 300))
    def done(self, data: st.DataObject, day: int) -> None:
        event = data.draw(st.sampled_from(self.mission.events))
        try:
            self.change(complete_event(self.mission, event, LIFT_OFF + timedelta(days=day)))
        except (Conflict, InvalidInput):
            return
        assert self.mission.event(event.id).state is EventState.DONE  # type: ignore[union-attr]

    @invariant()
    def an_ended_mission_has_nothing_open(self) -> None:
        if self.phase is Phase.ENDED:
            assert not any(event.state.is_open for event in self.mission.events)
            assert self.mission.outcome is Outcome.NOMINAL

    @invariant()
    def nothing_that_flies_happened_before_lift_off(self) -> None:
        start = lifted_off_at(self.mission)
        for event in self.mission.events:
            if event.actual_at is not None and event.kind not in {ON.LAUNCH, ON.MILESTONE}:
                assert start is not None
                assert event.actual_at >= start

    @invariant()
    def only_a_docked_spacecraft_is_at_a_port(self) -> None:
        moves = [event for event in self.mission.events if event.actual_at and event.kind in {ON.DOCKING, ON.UNDOCKING}]
        if self.phase is Phase.DOCKED:
            dockings = sum(event.kind is ON.DOCKING for event in moves)
            assert dockings == len(moves) - dockings + 1

    @invariant()
    def the_plan_holds_nothing_that_is_certainly_out_of_order(self) -> None:
        open_pairs = [
            finding
            for finding in order_findings(self.mission.events)
            if finding.certain and finding.earlier.state.is_open and finding.later.state.is_open
        ]
        assert open_pairs == []


MissionLife.TestCase.settings = settings(max_examples=120, stateful_step_count=25)
TestMissionLife = MissionLife.TestCase


@pytest.mark.parametrize(
    ("state", "phase"),
    [
        (EventState.PLANNED, Phase.PLANNED),
        (EventState.HELD, Phase.ON_HOLD),
        (EventState.SCRUBBED, Phase.SCRUBBED),
        (EventState.CANCELLED, Phase.CANCELLED),
        (EventState.FAILED, Phase.ENDED),
    ],
)
def test_before_lift_off_the_launch_decides_the_phase(state: EventState, phase: Phase) -> None:
    assert phase_of(mission(Event(1, ON.LAUNCH, state, when("2025-12-19")))) is phase


def test_a_launch_plan_that_was_taken_back_does_not_cancel_the_mission() -> None:
    withdrawn = Event(1, ON.LAUNCH, EventState.CANCELLED)
    assert phase_of(mission(withdrawn)) is Phase.PLANNED
    assert phase_of(mission(Event(1, ON.LAUNCH, EventState.SCRUBBED, when("2025-12")), replace(withdrawn, id=2))) is (
        Phase.SCRUBBED
    )


def test_a_new_launch_after_a_scrub_is_planned_again() -> None:
    scrubbed = Event(1, ON.LAUNCH, EventState.SCRUBBED, when("2025-12-19"))
    assert phase_of(mission(scrubbed, planned(2, ON.LAUNCH, "2026-03"))) is Phase.PLANNED


@pytest.mark.parametrize(
    ("outcome", "phase"),
    [
        (Outcome.LOST, Phase.ENDED),
        (Outcome.ABORTED, Phase.ENDED),
        (Outcome.PARTIAL, Phase.DOCKED),
        (None, Phase.DOCKED),
    ],
)
def test_a_loss_ends_a_mission_wherever_it_was(outcome: Outcome | None, phase: Phase) -> None:
    assert phase_of(replace(docked_mission(), outcome=outcome)) is phase


def test_hold_after_lift_off_does_not_put_a_mission_on_hold() -> None:
    held = replace(docked_mission().with_event(Event(3, ON.UNDOCKING, EventState.HELD, when("2026-07"))))
    assert phase_of(held) is Phase.DOCKED


def test_undocking_makes_free_flight_and_docking_again_ends_it() -> None:
    away = complete_event(docked_mission(), planned(3, ON.UNDOCKING, "2026-07"), DOCKED + timedelta(days=1))
    assert (phase_of(away), docked_port_id(away)) == (Phase.FREE_FLIGHT, None)
    again = plan_event(away, planned(4, ON.DOCKING, "2026-07"))
    back = complete_event(again, replace(again.events[-1], port_id=8), DOCKED + timedelta(days=2))
    assert (phase_of(back), docked_port_id(back)) == (Phase.DOCKED, 8)


def test_a_relocation_changes_the_port() -> None:
    moved = complete_event(
        docked_mission(), Event(3, ON.RELOCATION, EventState.PLANNED, port_id=9), DOCKED + timedelta(days=1)
    )
    assert (phase_of(moved), docked_port_id(moved)) == (Phase.DOCKED, 9)


@pytest.mark.parametrize("kind", [ON.UNDOCKING, ON.RELOCATION])
def test_only_a_docked_spacecraft_leaves_or_changes_its_port(kind: EventKind) -> None:
    flying = complete_event(mission(planned(1, ON.LAUNCH, "2025-11-27")), planned(1, ON.LAUNCH, "2025-11-27"), LIFT_OFF)
    with refused("not_docked"):
        complete_event(flying, planned(3, kind, "2026-07"), DOCKED)


@pytest.mark.parametrize("kind", [ON.UNDOCKING, ON.RELOCATION, ON.LANDING, ON.DEORBIT])
def test_nothing_moves_away_before_it_arrived(kind: EventKind) -> None:
    with refused("order_impossible"):
        complete_event(docked_mission(), planned(3, kind, "2026-07"), DOCKED - timedelta(minutes=1))


def test_a_docked_spacecraft_does_not_dock() -> None:
    with refused("already_docked"):
        complete_event(docked_mission(), planned(3, ON.DOCKING, "2026-07"), DOCKED + timedelta(days=1))


def test_nothing_flies_before_lift_off() -> None:
    ms28 = mission(planned(1, ON.LAUNCH, "2025-11-27"), planned(2, ON.DOCKING, "2025-11-27"))
    with refused("not_launched_yet"):
        complete_event(ms28, ms28.events[1], DOCKED)
    with refused("before_launch"):
        complete_event(complete_event(ms28, ms28.events[0], LIFT_OFF), ms28.events[1], LIFT_OFF - timedelta(seconds=1))


def test_what_is_over_cannot_be_done_again() -> None:
    with refused("event_not_open"):
        complete_event(docked_mission(), docked_mission().events[1], DOCKED)


def test_landing_ends_the_mission_and_cancels_what_can_no_longer_happen() -> None:
    ms28 = plan_event(docked_mission(), planned(3, ON.EVA, "2026-08"))
    landed = complete_event(ms28, planned(4, ON.LANDING, "2026-07-27"), datetime(2026, 7, 27, 5, tzinfo=UTC))
    assert (phase_of(landed), landed.outcome) == (Phase.ENDED, Outcome.NOMINAL)
    assert landed.event(3) == replace(ms28.events[2], state=EventState.CANCELLED)
    for change in (
        lambda: plan_event(landed, planned(9, ON.EVA, "2026-09")),
        lambda: move_event(landed, landed.events[2], when("2026-09")),
        lambda: complete_event(landed, landed.events[2], DOCKED),
        lambda: give_seat(landed, 5, "Commander"),
    ):
        with refused("mission_over"):
            change()


# --- planning ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [ON.LAUNCH, ON.DOCKING, ON.UNDOCKING, ON.LANDING, ON.DEORBIT])
def test_what_happens_once_is_planned_once(kind: EventKind) -> None:
    with refused("event_already_planned"):
        plan_event(mission(planned(1, kind, "2026-07")), planned(2, kind, "2026-08"))


@pytest.mark.parametrize("kind", [ON.EVA, ON.MILESTONE, ON.RELOCATION])
def test_spacewalks_milestones_and_relocations_may_be_planned_several_times(kind: EventKind) -> None:
    assert len(plan_event(mission(planned(1, kind, "2026-07")), planned(2, kind, "2026-08")).events) == 2


def test_a_flight_that_has_launched_is_not_planned_to_launch() -> None:
    with refused("event_already_done"):
        plan_event(docked_mission(), planned(9, ON.LAUNCH, "2026-08"))


def test_a_mission_has_a_limit_of_events_through_either_door() -> None:
    full = replace(
        docked_mission(),
        events=(*docked_mission().events, *(planned(n, ON.EVA, "2026-04") for n in range(3, EVENTS_MAX + 1))),
    )
    with refused("too_many_events"):
        plan_event(full, planned(99, ON.EVA, "2026-05"))
    with refused("too_many_events"):
        complete_event(full, Event(99, ON.EVA, EventState.PLANNED), DOCKED + timedelta(days=1))


@pytest.mark.parametrize(
    ("launch", "kind", "later", "expected"),
    [
        ("2025-12-19", ON.DOCKING, "2025-12-21", None),
        ("2025-12-19", ON.DOCKING, "2025-12-18", "refused"),
        ("2025-12-19", ON.DOCKING, "2025-12-19", None),
        ("2025-12-19", ON.DOCKING, "2025-12", "said"),
        ("2026-07", ON.LANDING, "2026-07-27", "said"),
        ("2026-07", ON.LANDING, "2026-06-30", "refused"),
        ("NET 2026-03", ON.DOCKING, "2026-03-24", "said"),
        ("unknown", ON.DOCKING, "2026-03-24", None),
        ("2026-03", ON.MILESTONE, "2026-01-10", None),
    ],
)
def test_what_is_certainly_out_of_order_is_refused_and_what_may_be_is_said(
    launch: str, kind: EventKind, later: str, expected: str | None
) -> None:
    event = planned(2, kind, later)
    if expected == "refused":
        with refused("order_impossible"):
            plan_event(mission(planned(1, ON.LAUNCH, launch)), event)
        return
    after = plan_event(mission(planned(1, ON.LAUNCH, launch)), event)
    doubts = require_possible_order(after, event)
    assert [finding.certain for finding in doubts] == ([False] if expected == "said" else [])


def test_a_launch_move_takes_the_date_of_what_it_makes_impossible_and_of_nothing_else() -> None:
    ms33 = mission(
        planned(1, ON.LAUNCH, "2025-12-19"),
        planned(2, ON.DOCKING, "2025-12-21"),
        planned(3, ON.UNDOCKING, "2026-03"),
        planned(4, ON.DEORBIT, "unknown"),
    )
    after, undated = move_event(ms33, ms33.events[0], when("NET 2026-03"))
    assert [event.id for event in undated] == [2]
    assert [event.planned for event in after.events] == [when("NET 2026-03"), UNKNOWN, when("2026-03"), UNKNOWN]


def test_any_other_move_into_the_impossible_is_refused() -> None:
    ms33 = mission(planned(1, ON.LAUNCH, "2025-12-19"), planned(2, ON.DOCKING, "2025-12-21"))
    with refused("order_impossible"):
        move_event(ms33, ms33.events[1], when("2025-12-01"))


def test_a_move_to_the_same_date_is_refused_because_it_says_nothing() -> None:
    ms33 = mission(planned(1, ON.LAUNCH, "2025-12-19"))
    with refused("move_changes_nothing"):
        move_event(ms33, ms33.events[0], when("2025-12-19"))


# --- the clock --------------------------------------------------------------------------------------------------------


def test_mission_elapsed_time_runs_from_the_actual_launch() -> None:
    met = timedelta(days=34, hours=14, minutes=32, seconds=3)
    assert elapsed(docked_mission(), datetime(2026, 1, 1, tzinfo=UTC)) == met
    assert elapsed(mission(planned(1, ON.LAUNCH, "2025-12-19")), NOW) is None


def test_mission_elapsed_time_stops_at_the_end() -> None:
    end = LIFT_OFF + timedelta(days=242)
    landed = complete_event(docked_mission(), planned(3, ON.LANDING, "2026-07-27"), end)
    assert ended_at(landed) == end
    assert elapsed(landed, end + timedelta(days=99)) == timedelta(days=242)


@pytest.mark.parametrize(
    ("landing", "difference"),
    [
        ("2026-07-27", 0),
        ("2026-07-26", -1),
        ("2026-07-27T23:00Z", 0),
        ("2026-08-03", 7),
        ("2026-07", None),
        ("unknown", None),
    ],
)
def test_launch_plus_242_days_is_compared_with_the_planned_landing(landing: str, difference: int | None) -> None:
    ms28 = replace(plan_event(docked_mission(), planned(3, ON.LANDING, landing)), duration_days=242)
    assert duration_difference_days(ms28) == difference


def test_without_a_duration_or_a_return_there_is_nothing_to_compare() -> None:
    assert duration_difference_days(replace(docked_mission(), duration_days=242)) is None
    assert duration_difference_days(plan_event(docked_mission(), planned(3, ON.LANDING, "2026-07-27"))) is None


@pytest.mark.parametrize(
    ("text", "minutes_after_the_day", "overdue"),
    [("2025-12-19", -1, False), ("2025-12-19", 0, True), ("NET 2025-12-19", 9999, False), ("unknown", 0, False)],
)
def test_an_event_is_overdue_when_all_of_its_time_has_passed(
    text: str, minutes_after_the_day: int, overdue: bool
) -> None:
    now = datetime(2025, 12, 20, tzinfo=UTC) + timedelta(minutes=minutes_after_the_day)
    assert is_overdue(planned(1, ON.LAUNCH, text), now) is overdue


def test_a_held_event_is_not_asked_about() -> None:
    held = replace(planned(1, ON.LAUNCH, "2025-12-19"), state=EventState.HELD)
    assert not is_overdue(held, datetime(2026, 1, 1, tzinfo=UTC))


def test_last_next_and_return_are_read_from_the_events() -> None:
    ms28 = docked_mission()
    for event in (
        planned(3, ON.EVA, "2026-04"),
        planned(4, ON.LANDING, "2026-07-27"),
        planned(5, ON.MILESTONE, "unknown"),
    ):
        ms28 = plan_event(ms28, event)
    assert [event.id if event else None for event in (last_event(ms28), next_event(ms28), return_event(ms28))] == [
        2,
        3,
        4,
    ]
    assert return_event(docked_mission()) is None


# --- seats and bounds -------------------------------------------------------------------------------------------------


def test_a_full_flight_takes_nobody_and_nobody_twice() -> None:
    ms28 = give_seat(mission(seats=1), 1, "Commander")
    with refused("already_assigned"):
        give_seat(replace(ms28, seats=3), 1, "Commander")
    with refused("no_seat_left"):
        give_seat(ms28, 2, "Flight Engineer")


@pytest.mark.parametrize("wrong", [-1, 2**31, 2**63])
def test_numbers_out_of_range_are_refused(wrong: int) -> None:
    with refused("number_out_of_range"):
        checked_seats(wrong)
    with refused("number_out_of_range"):
        checked_duration(wrong)


@pytest.mark.parametrize(
    ("launch", "to", "docking", "follows"),
    [
        ("2025-12-20T06:00Z", "2025-12-22T07:30Z", "2025-12-22T10:00Z", "2025-12-24T11:30Z"),
        ("2025-12-20", "2025-12-22T07:30Z", "2025-12-22T10:00Z", "2025-12-24"),
        ("2025-12-20T06:00Z", "2025-12-22", "2025-12-22T10:00Z", "2025-12-24"),
        ("2025-12-20", "NET 2025-12-22", "2025-12-22", "NET 2025-12-24"),
    ],
)
def test_a_date_that_follows_its_launch_is_no_finer_than_the_launch(
    launch: str, to: str, docking: str, follows: str
) -> None:
    dates = {EventKind.LAUNCH: launch, EventKind.DOCKING: docking}
    events = tuple(
        Event(number, kind, EventState.PLANNED, when(date)) for number, (kind, date) in enumerate(dates.items(), 1)
    )
    before = Mission(1, "Progress MS-33", MissionKind.CARGO, "Soyuz-2.1a", events=events)
    moved = before.with_event(replace(events[0], planned=when(to))).with_event(replace(events[1], planned=UNKNOWN))
    assert [date for _, date in shifted_dates(before, moved)] == [when(follows)]
