"""A repair task's life: what may follow what, who verifies, and the list of its materials."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import Conflict, InvalidInput, OpsError
from domain.materials import MATERIALS_MAX, Material, MaterialState, with_material
from domain.repairs import (
    RepairTask,
    TaskState,
    block,
    cancel,
    checked_days,
    complete,
    progress_to,
    require_changeable,
    start,
    unblock,
    verify,
    waits_for,
)
from domain.when_text import parse_when

AT = datetime(2025, 12, 1, 9, tzinfo=UTC)
LATER = AT + timedelta(days=3)
DOER, OTHER = 5, 6
TRENCH = RepairTask(1, 1, "clear the flame trench")
CABIN = RepairTask(3, 1, "install the new service cabin", after=(1, 2))
FRAME = Material("cabin frame", MaterialState.ON_ORDER, "2", parse_when("2026-02", AT))


def refused(code: str) -> "pytest.RaisesExc[OpsError]":
    return pytest.raises(OpsError, check=lambda error: error.code == code)


def in_state(state: TaskState) -> RepairTask:
    """The trench, brought into a state as work would."""
    begun = progress_to(TRENCH, 40, AT)
    done = complete(begun, AT, DOER, {})
    return {
        TaskState.PLANNED: TRENCH,
        TaskState.IN_WORK: begun,
        TaskState.BLOCKED: block(begun, "water in the trench"),
        TaskState.DONE: done,
        TaskState.VERIFIED: verify(done, AT, OTHER),
        TaskState.CANCELLED: cancel(begun, "another pad is used"),
    }[state]


STEPS: dict[str, Callable[[RepairTask], RepairTask]] = {
    "start": lambda task: start(task, LATER),
    "progress": lambda task: progress_to(task, 50, LATER),
    "block": lambda task: block(task, "no crane"),
    "unblock": unblock,
    "complete": lambda task: complete(task, LATER, DOER, {}),
    "verify": lambda task: verify(task, LATER, OTHER),
    "cancel": lambda task: cancel(task, "not needed"),
}
# What each step makes of each state: the state after it, or the code of the refusal.
TABLE = """
          planned           in_work           blocked         done           verified       cancelled
start     in_work           task_started      task_blocked    in_work        in_work        in_work
progress  in_work           in_work           task_blocked    task_not_open  task_not_open  task_not_open
block     blocked           blocked           task_blocked    task_not_open  task_not_open  task_not_open
unblock   task_not_blocked  task_not_blocked  in_work         task_not_blocked  task_not_blocked  task_not_blocked
complete  done              done              task_blocked    task_not_open  task_not_open  task_not_open
verify    task_not_done     task_not_done     task_not_done   verified       task_not_done  task_not_done
cancel    cancelled         cancelled         cancelled       task_not_open  task_stands    task_stands
"""
CASES = [
    (step, TaskState(state), outcome)
    for step, *outcomes in (line.split() for line in TABLE.strip().splitlines()[1:])
    for state, outcome in zip(TABLE.split()[:6], outcomes, strict=True)
]


@pytest.mark.parametrize(("step", "state", "outcome"), CASES)
def test_what_may_follow_what(step: str, state: TaskState, outcome: str) -> None:
    try:
        found = STEPS[step](in_state(state)).state.value
    except Conflict as refusal:
        found = refusal.code
    assert found == outcome


def test_the_first_progress_starts_the_work_and_all_of_it_is_still_not_done() -> None:
    assert progress_to(TRENCH, 0, AT) == TRENCH
    begun = progress_to(TRENCH, 10, AT)
    assert (begun.state, begun.started_at) == (TaskState.IN_WORK, AT)
    assert progress_to(begun, 100, LATER).state is TaskState.IN_WORK
    assert progress_to(begun, 100, LATER).started_at == AT


@pytest.mark.parametrize("percent", [-1, 101, 2**63])
def test_progress_outside_a_hundred_percent_is_refused(percent: int) -> None:
    with pytest.raises(InvalidInput):
        progress_to(TRENCH, percent, AT)


def test_a_task_that_was_never_started_is_planned_again_once_unblocked() -> None:
    waiting = block(TRENCH, "no crane")
    assert waiting.blocked_by == "no crane"
    assert unblock(waiting) == TRENCH


def test_a_block_says_why_to_whoever_would_go_on() -> None:
    with refused("task_blocked") as refusal:
        complete(in_state(TaskState.BLOCKED), AT, DOER, {})
    assert refusal.value.params["reason_text"] == "water in the trench"


def test_a_task_waits_for_every_task_before_it_but_not_for_a_cancelled_one() -> None:
    done = in_state(TaskState.DONE)
    with pytest.raises(Conflict, check=lambda error: error.params["other"] == "RT-2"):
        complete(CABIN, AT, 5, {1: done, 2: RepairTask(2, 1, "bring in service cabin parts"), 3: CABIN})
    cancelled = RepairTask(2, 1, "bring in service cabin parts", state=TaskState.CANCELLED)
    finished = complete(CABIN, AT, 5, {1: done, 2: cancelled, 3: CABIN})
    assert (finished.state, finished.progress, finished.done_at, finished.done_by) == (TaskState.DONE, 100, AT, 5)


def test_work_may_begin_early_and_what_it_waits_for_is_known() -> None:
    tasks = {1: TRENCH, 2: replace(in_state(TaskState.CANCELLED), number=2), 3: CABIN}
    assert start(CABIN, AT).state is TaskState.IN_WORK
    assert waits_for(CABIN, tasks) == (TRENCH,)


def test_nobody_verifies_their_own_work() -> None:
    done = in_state(TaskState.DONE)
    with refused("verifier_did_it"):
        verify(done, LATER, DOER)
    checked = verify(done, LATER, OTHER)
    assert (checked.verified_at, checked.verified_by, checked.done_by) == (LATER, OTHER, DOER)


@pytest.mark.parametrize(
    ("state", "progress"), [(TaskState.DONE, 0), (TaskState.VERIFIED, 0), (TaskState.CANCELLED, 40)]
)
def test_what_is_reopened_keeps_nothing_of_how_it_ended(state: TaskState, progress: int) -> None:
    again = start(in_state(state), LATER)
    assert again == replace(TRENCH, state=TaskState.IN_WORK, started_at=AT, progress=progress)


@pytest.mark.parametrize("state", TaskState)
def test_what_was_verified_or_cancelled_changes_only_once_reopened(state: TaskState) -> None:
    if state in {TaskState.VERIFIED, TaskState.CANCELLED}:
        with refused("task_stands"):
            require_changeable(in_state(state))
    else:
        require_changeable(in_state(state))


@pytest.mark.parametrize("days", [0, 3651, 2**63])
def test_an_estimate_outside_ten_years_is_refused(days: int) -> None:
    with pytest.raises(InvalidInput):
        checked_days(days)


@pytest.mark.parametrize(
    ("due", "now", "overdue"),
    [
        ("2025-12", "2025-12-31T23:59", False),
        ("2025-12", "2026-01-01T00:00", True),
        ("2025-12-15 10:00", "2025-12-15T10:00", False),
        ("2025-12-15 10:00", "2025-12-15T10:01", True),
        ("unknown", "2030-01-01T00:00", False),
    ],
)
def test_a_task_is_overdue_once_its_whole_stated_time_is_over(due: str, now: str, overdue: bool) -> None:
    task = replace(TRENCH, due=parse_when(due, AT))
    assert task.is_overdue(datetime.fromisoformat(now).replace(tzinfo=UTC)) is overdue
    assert not replace(task, state=TaskState.DONE).is_overdue(datetime(2040, 1, 1, tzinfo=UTC))


# --- materials --------------------------------------------------------------------------------------------------------


def said(state: MaterialState, **more: object) -> Material:
    return Material("Cabin-Frame", state, **more)  # type: ignore[arg-type]


def test_a_part_is_one_part_however_it_is_spelled_and_keeps_what_nothing_was_said_about() -> None:
    assert with_material((), FRAME) == (FRAME,)
    arrived = with_material((FRAME,), said(MaterialState.ON_HAND))
    assert arrived == (Material("cabin frame", MaterialState.ON_HAND, "2"),)
    more = with_material((FRAME,), said(MaterialState.ON_ORDER, quantity="3"))
    assert more == (replace(FRAME, quantity="3"),)
    ordered_anew = with_material(arrived, said(MaterialState.ON_ORDER))
    assert ordered_anew == (Material("cabin frame", MaterialState.ON_ORDER, "2"),)


def test_parts_are_listed_by_name() -> None:
    listed = with_material((FRAME,), Material("Bolts", MaterialState.NEEDED))
    assert [material.item for material in listed] == ["Bolts", "cabin frame"]


def test_what_is_not_needed_comes_off_the_list() -> None:
    assert with_material((FRAME,), said(MaterialState.NOT_NEEDED)) == ()
    with refused("material_unknown"):
        with_material((), said(MaterialState.NOT_NEEDED))


@pytest.mark.parametrize("state", [MaterialState.NEEDED, MaterialState.ON_HAND, MaterialState.NOT_NEEDED])
def test_only_what_is_on_order_is_expected(state: MaterialState) -> None:
    with refused("expected_needs_order"):
        with_material((FRAME,), said(state, expected=FRAME.expected))


def test_saying_again_what_is_recorded_is_refused() -> None:
    with refused("material_unchanged"):
        with_material((FRAME,), said(MaterialState.ON_ORDER, expected=FRAME.expected))


def test_a_list_holds_only_so_much_but_what_is_on_it_may_change() -> None:
    full = tuple(Material(f"part {number:02}", MaterialState.NEEDED) for number in range(MATERIALS_MAX))
    with refused("too_many_materials"):
        with_material(full, FRAME)
    assert len(with_material(full, Material("Part 07", MaterialState.ON_HAND))) == MATERIALS_MAX


def test_only_what_is_not_on_hand_is_awaited() -> None:
    parts = tuple(Material(state.value, state) for state in MaterialState if state is not MaterialState.NOT_NEEDED)
    assert [part.item for part in replace(TRENCH, materials=parts).awaited] == ["needed", "on_order"]
