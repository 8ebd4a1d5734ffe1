"""Repairs in their order: no circles, and an estimate that is the longest path through what is open."""

from collections import UserDict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.expected import Estimate
from domain.materials import Material, MaterialState
from domain.repair_graph import cycle_in, estimate_of, in_order
from domain.repairs import RepairTask, TaskState
from domain.when import Precision, When, at_precision
from domain.when_text import parse_when

NOW = datetime(2025, 12, 1, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)


def task(number: int, *after: int, days: int | None = None, due: str | None = None, **more: object) -> RepairTask:
    return RepairTask(number, 1, f"task {number}", days=days, due=when(due), after=after, **more)  # type: ignore[arg-type]


def when(text: str | None) -> When | None:
    return None if text is None else parse_when(text, NOW)


def part(state: MaterialState, expected: str | None = None) -> tuple[Material, ...]:
    return (Material("frame", state, None, when(expected)),)


def estimate(*tasks: RepairTask) -> Estimate:
    found = estimate_of(tasks, NOW)
    assert found is not None
    return found


def day_of(at: datetime | None) -> str | None:
    return None if at is None else f"{at:%Y-%m-%d %H:%M}"


# --- circles ----------------------------------------------------------------------------------------------------------


def test_a_circle_is_named_in_its_order() -> None:
    assert cycle_in({1: (3,), 2: (1,), 3: (2,), 4: (1,)}) == (1, 3, 2)
    assert cycle_in({1: (1,)}) == (1,)
    assert cycle_in({1: (2, 3), 2: (3,), 3: ()}) is None
    assert cycle_in({5: (9,)}) is None


def test_a_long_chain_is_no_circle_and_a_long_circle_is_found() -> None:
    chain = {number: (number + 1,) for number in range(5_000)}
    assert cycle_in(chain) is None
    assert cycle_in(chain | {5_000: (0,)}) == tuple(range(5_001))


class Counted(UserDict[int, tuple[int, ...]]):
    """Counts how often it is asked what a task waits for."""

    asked = 0

    def __getitem__(self, number: int) -> tuple[int, ...]:
        """Count it."""
        self.asked += 1
        return super().__getitem__(number)


def test_each_task_is_walked_through_once_however_many_ways_lead_to_it() -> None:
    after = Counted({number: tuple(range(number + 1, 16)) for number in range(16)})
    assert cycle_in(after) is None
    assert after.asked <= 16


EDITS = st.lists(st.tuples(st.integers(1, 7), st.lists(st.integers(1, 7), max_size=4)), max_size=30)


@given(EDITS)
def test_no_accepted_sequence_of_edits_makes_a_circle_and_every_refused_one_would_have(
    edits: list[tuple[int, list[int]]],
) -> None:
    stands: dict[int, Sequence[int]] = dict.fromkeys(range(1, 8), ())
    for number, after in edits:
        wanted = stands | {number: after}
        cycle = cycle_in(wanted)
        if cycle is None:
            stands = wanted
            continue
        assert all(following in wanted[here] for here, following in zip(cycle, (*cycle[1:], cycle[0]), strict=True))
        assert len(set(cycle)) == len(cycle)
        assert number in cycle, "only what is new can close a circle"
    tasks = [task(number, *after) for number, after in stands.items()]
    assert len(in_order(tasks)) == 7  # which refuses a circle


def test_tasks_come_in_the_order_of_work_and_by_number_where_there_is_a_choice() -> None:
    tasks = [task(1, 4), task(2), task(3, 1, 2), task(4)]
    assert [found.number for found in in_order(tasks)] == [2, 4, 1, 3]


def test_a_circle_among_stored_tasks_is_an_error_and_does_not_hang() -> None:
    with pytest.raises(ValueError, match="circle"):
        estimate_of([task(1, 2, days=1), task(2, 1, days=1)], NOW)


# --- the estimate, case by case -------------------------------------------------------------------------------------------


def test_nothing_open_has_no_estimate() -> None:
    assert estimate_of([], NOW) is None
    assert estimate_of([task(1, days=3, state=state) for state in TaskState if not state.is_open], NOW) is None


CASES: dict[
    str, tuple[tuple[RepairTask, ...], tuple[str | None, str | None, tuple[int, ...], int, tuple[int, ...]]]
] = {
    "days count from now": (
        (task(1, days=3),),
        ("2025-12-04 09:30", "2025-12-04 09:30", (1,), 1, ()),
    ),
    "what is done of them does not, in whole days": (
        (task(1, days=10, progress=55),),
        ("2025-12-06 09:30", "2025-12-06 09:30", (1,), 1, ()),
    ),
    "one after the other": (
        (task(1, days=3), task(2, 1, days=5), task(3, days=6)),
        ("2025-12-09 09:30", "2025-12-09 09:30", (1, 2), 2, ()),
    ),
    "what is over holds nothing up": (
        (task(1, days=30, state=TaskState.DONE), task(2, 1, 4, days=5), task(4, days=9, state=TaskState.CANCELLED)),
        ("2025-12-06 09:30", "2025-12-06 09:30", (2,), 2, ()),
    ),
    "without days it ends within its due date": (
        (task(1, due="2026-02"),),
        ("2026-02-01 00:00", "2026-02-28 23:59", (1,), 1, ()),
    ),
    "and not before it can start": (
        (task(1, days=20), task(2, 1, due="2025-12-05")),
        ("2025-12-21 09:30", "2025-12-21 09:30", (1, 2), 1, ()),
    ),
    "days are worth more than a due date": (
        (task(1, days=2, due="2026-02"),),
        ("2025-12-03 09:30", "2025-12-03 09:30", (1,), 1, ()),
    ),
    "a due date behind us says nothing": (
        (task(1, due="2025-11-30"),),
        ("2025-12-01 09:30", None, (1,), 1, (1,)),
    ),
    "neither days nor a due date": (
        (task(1, days=4), task(2, 1), task(3, due="unknown")),
        ("2025-12-05 09:30", None, (1, 2), 2, (2, 3)),
    ),
    "blocked": (
        (task(1, days=4, state=TaskState.BLOCKED),),
        ("2025-12-05 09:30", None, (1,), 1, (1,)),
    ),
    "a part on order allows a start as soon and as late as it comes": (
        (task(1, days=4), task(2, 1, days=2, materials=part(MaterialState.ON_ORDER, "2025-12-20"))),
        ("2025-12-22 00:00", "2025-12-22 23:59", (2,), 2, ()),
    ),
    "a part on hand holds nothing up": (
        (task(1, days=4, materials=part(MaterialState.ON_HAND)),),
        ("2025-12-05 09:30", "2025-12-05 09:30", (1,), 1, ()),
    ),
    "a part that nobody ordered": (
        (task(1, days=4, materials=part(MaterialState.NEEDED)),),
        ("2025-12-05 09:30", None, (1,), 1, (1,)),
    ),
    "a part on order without a date": (
        (task(1, days=4, materials=part(MaterialState.ON_ORDER)),),
        ("2025-12-05 09:30", None, (1,), 1, (1,)),
    ),
    "a part no earlier than": (
        (task(1, days=4, materials=part(MaterialState.ON_ORDER, "NET 2026-01-10")),),
        ("2026-01-14 00:00", None, (1,), 1, (1,)),
    ),
    "a part that should have come": (
        (task(1, days=4, materials=part(MaterialState.ON_ORDER, "2025-11-20")),),
        ("2025-12-05 09:30", None, (1,), 1, (1,)),
    ),
    "the wait for a part is its task's own": (
        (task(1, days=9, materials=part(MaterialState.ON_ORDER, "2026-03-01")), task(2, 1, days=30)),
        ("2026-04-09 00:00", "2026-04-09 23:59", (1, 2), 1, ()),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_estimate_follows_its_rules(case: str) -> None:
    tasks, expected = CASES[case]
    found = estimate(*tasks)
    window = (day_of(found.window.earliest), day_of(found.window.latest))
    assert (*window, found.path, found.deciding, found.open_ended) == expected


def test_thousands_of_tasks_in_a_chain_are_one_path() -> None:
    chain = [task(number, *([number - 1] if number > 1 else []), days=1) for number in range(1, 5_001)]
    found = estimate(*chain)
    assert found.window.latest == NOW + 5_000 * DAY
    assert found.path == tuple(range(1, 5_001))


def test_what_would_end_after_the_calendar_does_ends_with_it() -> None:
    chain = [task(number, *([number - 1] if number > 1 else []), days=3650) for number in range(1, 1_001)]
    assert estimate(*chain).window.latest == datetime.max.replace(tzinfo=UTC)


# --- the estimate, whatever the tasks -------------------------------------------------------------------------------------


STATED = st.builds(
    at_precision,
    st.datetimes(datetime(2025, 10, 1), datetime(2026, 6, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds are naive
    st.sampled_from([Precision.MINUTE, Precision.DAY, Precision.WEEK, Precision.MONTH, Precision.QUARTER]),
)
EXPECTED = st.one_of(
    st.none(), STATED, STATED.map(lambda stated: When(stated.at, stated.precision, no_earlier_than=True))
)
PARTS = st.one_of(
    st.builds(Material, st.just("a"), st.just(MaterialState.ON_ORDER), st.none(), EXPECTED),
    st.builds(Material, st.just("b"), st.sampled_from([MaterialState.NEEDED, MaterialState.ON_HAND])),
)


@st.composite
def plans(draw: st.DrawFn, *, most: int = 7) -> list[RepairTask]:
    """Tasks of any kind without a circle, in any order."""
    count = draw(st.integers(1, most))
    numbers = draw(st.permutations(range(1, count + 1)))
    made = []
    for place, number in enumerate(numbers):
        made.append(
            RepairTask(
                number,
                1,
                f"task {number}",
                state=draw(st.sampled_from([*TaskState, TaskState.PLANNED, TaskState.IN_WORK])),
                due=draw(st.one_of(st.none(), STATED)),
                days=draw(st.one_of(st.none(), st.integers(1, 200))),
                progress=draw(st.integers(0, 100)),
                after=tuple(draw(st.lists(st.sampled_from(numbers[:place]), unique=True))) if place else (),
                materials=tuple(draw(st.lists(PARTS, max_size=2, unique_by=lambda made: made.item))),
            )
        )
    return draw(st.permutations(made))


def ends(tasks: Sequence[RepairTask]) -> tuple[datetime, datetime]:
    """Both ends of the estimate, an unknown latest one as far away as can be; now when nothing is left."""
    found = estimate_of(tasks, NOW)
    if found is None:
        return NOW, NOW
    assert found.window.earliest is not None
    return found.window.earliest, found.window.latest or datetime.max.replace(tzinfo=UTC)


def paths(tasks: Sequence[RepairTask]) -> Iterator[list[RepairTask]]:
    """Every way through the open tasks, from one that may come first to any that may follow, walked one by one."""
    still_open = [one for one in tasks if one.state.is_open]

    def follow(path: list[RepairTask]) -> Iterator[list[RepairTask]]:
        yield path
        for following in still_open:
            if path[-1].number in following.after:
                yield from follow([*path, following])

    for first in still_open:
        yield from follow([first])


def arrival(material: Material, *, late: bool) -> datetime | None:
    """When a part may be there; None when nobody can say."""
    stated = material.expected
    if material.state is MaterialState.ON_HAND:
        return NOW
    if stated is None or (stated.closes_at is not None and stated.closes_at <= NOW):
        return None if late else NOW
    if late:
        return None if stated.closes_at is None else stated.closes_at - INSTANT
    return stated.at


def finish(one: RepairTask, start: datetime, *, late: bool) -> datetime | None:
    """When a task that starts then may end; None when nobody can say."""
    if late and one.state is TaskState.BLOCKED:
        return None
    if one.days is not None:
        left = one.days * (100 - one.progress)
        return start + DAY * (left // 100 + bool(left % 100))
    if one.due is None or one.due.closes_at is None or one.due.closes_at <= NOW:
        return None if late else start
    assert one.due.at is not None
    return max(start, one.due.closes_at - INSTANT if late else one.due.at)


def along(path: Sequence[RepairTask], *, late: bool) -> datetime | None:
    """When a path of tasks would end if only they were to do; None when nobody can say. Written from the rules anew."""
    here: datetime | None = NOW
    for one in path:
        bounds = [here, *(arrival(material, late=late) for material in one.materials)]
        known = [at for at in bounds if at is not None]
        here = None if len(known) < len(bounds) else finish(one, max(known), late=late)
        if here is None:
            return None
    return here


@given(plans())
def test_the_estimate_is_the_longest_of_all_paths(tasks: list[RepairTask]) -> None:
    found = estimate_of(tasks, NOW)
    early = [along(path, late=False) for path in paths(tasks)]
    late = [along(path, late=True) for path in paths(tasks)]
    if found is None:
        assert early == []
        return
    assert found.window.earliest == max(at for at in early if at is not None)
    assert found.window.latest == (None if None in late else max(at for at in late if at is not None))


@given(plans())
def test_the_path_is_one_and_leads_to_the_end_that_is_stated(tasks: list[RepairTask]) -> None:
    found = estimate_of(tasks, NOW)
    assume(found is not None)
    assert found is not None
    by_number = {one.number: one for one in tasks}
    path = [by_number[number] for number in found.path]
    assert all(one.state.is_open for one in path)
    assert all(before.number in following.after for before, following in pairwise(path))
    is_dated = found.window.latest is not None
    assert along(path, late=is_dated) == (found.window.latest if is_dated else found.window.earliest)
    assert (found.open_ended == ()) is is_dated
    assert found.deciding == (found.open_ended[0] if found.open_ended else found.deciding)
    assert found.deciding in (found.path if is_dated else found.open_ended)


@given(plans())
def test_the_estimate_never_ends_before_a_single_task_could(tasks: list[RepairTask]) -> None:
    early, late = ends(tasks)
    assert early <= late
    for one in tasks:
        alone = ends([one])
        assert early >= alone[0]
        assert late >= alone[1]


@given(plans(), st.data())
def test_more_work_another_dependency_or_a_late_part_never_makes_it_earlier(
    tasks: list[RepairTask], data: st.DataObject
) -> None:
    number = data.draw(st.sampled_from([one.number for one in tasks]))
    others = [one for one in tasks if one.number != number]
    here = next(one for one in tasks if one.number == number)
    may_precede = [
        one.number
        for one in others
        if cycle_in({t.number: t.after for t in others} | {number: (*here.after, one.number)}) is None
    ]
    changes = [replace(here, materials=(*here.materials, Material("late", MaterialState.NEEDED)))]
    changes.append(replace(here, materials=(*here.materials, data.draw(PARTS))))
    if here.days is not None:
        changes.append(replace(here, days=here.days + data.draw(st.integers(1, 50))))
    if may_precede:
        changes.append(replace(here, after=tuple({*here.after, data.draw(st.sampled_from(may_precede))})))
    before = ends(tasks)
    for changed in changes:
        after = ends([*others, changed])
        assert after[0] >= before[0]
        assert after[1] >= before[1]


@given(plans(), st.data())
def test_finishing_or_cancelling_a_task_or_moving_it_on_never_makes_it_later(
    tasks: list[RepairTask], data: st.DataObject
) -> None:
    here = data.draw(st.sampled_from(tasks))
    others = [one for one in tasks if one.number != here.number]
    before = ends(tasks)
    for state in (TaskState.DONE, TaskState.CANCELLED):
        after = ends([*others, replace(here, state=state)] if here.state.is_open else tasks)
        assert after[0] <= before[0]
        assert after[1] <= before[1]
    further = ends([*others, replace(here, progress=data.draw(st.integers(here.progress, 100)))])
    assert further[0] <= before[0]
    assert further[1] <= before[1]


@given(plans(), st.randoms(use_true_random=False))
def test_the_order_in_which_tasks_are_given_does_not_matter(tasks: list[RepairTask], dice: object) -> None:
    shuffled = list(tasks)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert estimate_of(shuffled, NOW) == estimate_of(tasks, NOW)
