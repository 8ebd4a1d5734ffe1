"""The gate: closed by anything that is not proved, open only when nothing is left, and never by fewer than two people."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.damage import DamageReport, ReportState, Severity, reported
from domain.errors import Conflict
from domain.inspections import Inspection, InspectionResult
from domain.pads import Lifecycle, Pad, PadStatus
from domain.repairs import RepairTask, TaskState
from domain.returns import (
    Obstacle,
    ReturnRequest,
    ReturnState,
    confirm,
    decline,
    gate_of,
    is_damage,
    require_away,
    returned,
    void,
)

NOON = datetime(2025, 11, 27, 12, tzinfo=UTC)
AWAY = Pad(20, "Site 31/6", "Baikonur", latched=PadStatus.OUT_OF_SERVICE)


def after(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def report(number: int = 1, **fields: object) -> DamageReport:
    found = reported(DamageReport(number, 20, Severity.CRITICAL, "bent", NOON, NOON, 7))
    return replace(found, **fields)  # type: ignore[arg-type]


CLOSED = report(state=ReportState.CLOSED, settled_at=after(3))
VERIFIED = RepairTask(1, 1, "weld", TaskState.VERIFIED, done_at=after(1), done_by=7, verified_by=8)
PASSED = Inspection(1, 20, InspectionResult.PASSED, None, 9, after(2))


def obstacles(
    *,
    pad: Pad = AWAY,
    reports: tuple[DamageReport, ...] = (CLOSED,),
    tasks: tuple[RepairTask, ...] = (VERIFIED,),
    inspection: Inspection | None = PASSED,
    touched_since: bool = False,
) -> list[tuple[Obstacle, str]]:
    gate = gate_of(pad, reports, tasks, inspection, touched_since=touched_since)
    return [(one.obstacle, one.subject) for one in gate.hindrances]


def test_with_everything_proved_only_the_second_persons_word_is_left() -> None:
    assert obstacles() == []
    assert gate_of(AWAY, (CLOSED,), (VERIFIED,), PASSED, touched_since=False).is_open


@pytest.mark.parametrize("state", [state for state in ReportState if state.is_open])
def test_a_report_that_holds_the_pad_must_be_over_whatever_it_says_of_its_severity(state: ReportState) -> None:
    milder = replace(CLOSED, state=state, severity=Severity.MINOR)
    assert obstacles(reports=(milder,)) == [(Obstacle.REPORT_OPEN, "DR-1")]


@pytest.mark.parametrize(
    ("state", "obstacle"),
    [
        (TaskState.PLANNED, Obstacle.TASK_OPEN),
        (TaskState.IN_WORK, Obstacle.TASK_OPEN),
        (TaskState.BLOCKED, Obstacle.TASK_OPEN),
        (TaskState.DONE, Obstacle.TASK_UNVERIFIED),
    ],
)
def test_work_that_is_not_verified_is_in_the_way(state: TaskState, obstacle: Obstacle) -> None:
    assert obstacles(tasks=(replace(VERIFIED, state=state),)) == [(obstacle, "RT-1")]


def test_who_did_the_work_is_named_as_the_one_who_cannot_verify_it() -> None:
    gate = gate_of(AWAY, (CLOSED,), (replace(VERIFIED, state=TaskState.DONE),), PASSED, touched_since=False)
    assert gate.hindrances[0].but_not == 7


def test_cancelled_work_is_not_in_the_way_but_stays_to_be_seen() -> None:
    cancelled = replace(VERIFIED, state=TaskState.CANCELLED, cancelled_for="not needed")
    gate = gate_of(AWAY, (CLOSED,), (cancelled,), PASSED, touched_since=False)
    assert gate.is_open
    assert gate.tasks == (cancelled,)


@pytest.mark.parametrize(
    ("inspection", "touched", "found"),
    [
        (None, False, [(Obstacle.NOT_INSPECTED, "")]),
        (replace(PASSED, result=InspectionResult.FAILED), False, [(Obstacle.INSPECTION_FAILED, "IN-1")]),
        (PASSED, True, [(Obstacle.INSPECTION_OLD, "IN-1")]),
        (replace(PASSED, inspected_at=after(-9)), False, []),  # a clock that was set back: the journal's order counts
    ],
)
def test_an_inspection_counts_when_it_passed_and_nothing_was_damaged_or_worked_on_since(
    inspection: Inspection | None, touched: bool, found: list[tuple[Obstacle, str]]
) -> None:
    assert obstacles(inspection=inspection, touched_since=touched) == found


@pytest.mark.parametrize("state", ReportState)
def test_a_report_speaks_of_damage_that_is_there_until_it_is_repaired_or_over(state: ReportState) -> None:
    over = {ReportState.REPAIRED, ReportState.CLOSED, ReportState.REJECTED}
    assert is_damage(replace(CLOSED, state=state)) is (state not in over)


def test_a_standing_restriction_and_a_pad_that_is_not_active_are_in_the_way() -> None:
    pad = replace(AWAY, restriction="wind", lifecycle=Lifecycle.RETIRED)
    assert obstacles(pad=pad) == [(Obstacle.RESTRICTED, ""), (Obstacle.NOT_ACTIVE, "")]


def test_a_pad_in_service_has_nothing_to_return_to() -> None:
    back = returned(AWAY, after(4))
    assert (back.latched, back.returned_at, back.is_away) == (PadStatus.OPERATIONAL, after(4), False)
    with pytest.raises(Conflict) as refusal:
        require_away(back)
    assert refusal.value.code == "pad_in_service"


REQUEST = ReturnRequest(5, 20, 7, after(4), 99)


@pytest.mark.parametrize(
    ("request_", "by", "changed", "code"),
    [
        (REQUEST, 7, False, "return_of_your_own"),
        (REQUEST, 8, True, "return_outdated"),
        *((replace(REQUEST, state=state), 8, False, "return_decided") for state in ReturnState if state != "waiting"),
    ],
)
def test_only_another_person_confirms_only_what_waits_and_only_if_nothing_changed(
    request_: ReturnRequest, by: int, changed: bool, code: str
) -> None:
    with pytest.raises(Conflict) as refusal:
        confirm(request_, by, after(5), changed_since=changed)
    assert refusal.value.code == code


def test_a_request_is_confirmed_declined_withdrawn_or_made_void_once() -> None:
    assert confirm(REQUEST, 8, after(5), changed_since=False).state is ReturnState.CONFIRMED
    assert decline(REQUEST, 8, after(5)).state is ReturnState.DECLINED
    assert decline(REQUEST, 7, after(5)).state is ReturnState.WITHDRAWN
    assert void(REQUEST, after(5)).state is ReturnState.VOID
    with pytest.raises(Conflict):
        decline(decline(REQUEST, 8, after(5)), 8, after(6))


HOURS = st.integers(0, 20)
REPORTS = st.builds(
    lambda number, severity, state, held: report(number, severity=severity, state=state, held_since=after(held)),
    st.integers(1, 4),
    st.sampled_from(Severity),
    st.sampled_from(ReportState),
    HOURS,
)
TASKS = st.builds(
    lambda number, state, hours: RepairTask(
        number, 1, "work", state, done_at=after(hours) if state in {TaskState.DONE, TaskState.VERIFIED} else None
    ),
    st.integers(1, 9),
    st.sampled_from(TaskState),
    HOURS,
)
INSPECTIONS = st.one_of(
    st.none(),
    st.builds(
        lambda result, hours: Inspection(1, 20, result, None, 9, after(hours)),
        st.sampled_from(InspectionResult),
        HOURS,
    ),
)
PADS = st.builds(
    lambda lifecycle, restriction: replace(AWAY, lifecycle=lifecycle, restriction=restriction),
    st.sampled_from(Lifecycle),
    st.sampled_from((None, "wind")),
)


@given(PADS, st.lists(REPORTS, max_size=4), st.lists(TASKS, max_size=5), INSPECTIONS, st.booleans())
def test_an_open_gate_proves_every_condition_and_a_closed_one_names_what_fails(
    pad: Pad, reports: list[DamageReport], tasks: list[RepairTask], inspection: Inspection | None, touched: bool
) -> None:
    gate = gate_of(pad, reports, tasks, inspection, touched_since=touched)
    proved = (
        pad.lifecycle is Lifecycle.ACTIVE
        and pad.restriction is None
        and not any(report.state.is_open for report in reports)
        and all(task.state in {TaskState.VERIFIED, TaskState.CANCELLED} for task in tasks)
        and inspection is not None
        and inspection.result is InspectionResult.PASSED
        and not touched
    )
    assert gate.is_open is proved


@given(PADS, st.lists(REPORTS, max_size=3), st.lists(TASKS, max_size=4), INSPECTIONS, REPORTS, TASKS)
def test_more_damage_or_more_work_never_opens_the_gate(
    pad: Pad,
    reports: list[DamageReport],
    tasks: list[RepairTask],
    inspection: Inspection | None,
    more: DamageReport,
    work: RepairTask,
) -> None:
    for touched in (False, True):
        if not gate_of(pad, reports, tasks, inspection, touched_since=touched).is_open:
            assert not gate_of(pad, [*reports, more], tasks, inspection, touched_since=touched).is_open
            assert not gate_of(pad, reports, [*tasks, work], inspection, touched_since=touched).is_open
