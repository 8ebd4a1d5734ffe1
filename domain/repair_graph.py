"""The order of repair tasks: cycles that must not be, tasks in the order of work, and when all of it may be done.

The estimate is the longest path through what is open. Its rules: a task starts when those before it are over and its parts are
there; it takes the days that are left of its estimate, or else ends within its due date; what nobody can date has no latest end.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.expected import Estimate, Window
from domain.materials import Material, MaterialState
from domain.repairs import RepairTask, TaskState
from domain.when import When

_FAR = datetime.max.replace(tzinfo=UTC)
_INSTANT = timedelta(microseconds=1)


def cycle_in(after: Mapping[int, Sequence[int]]) -> tuple[int, ...] | None:
    """A cycle among tasks, each of which waits for those in `after`; None when there is none.

    Each task of the cycle waits for the next one, and the last for the first.
    """
    finished: set[int] = set()
    for first in sorted(after):
        path: dict[int, Iterator[int]] = {} if first in finished else {first: iter(after[first])}
        while path:
            here = next(reversed(path))
            following = next((number for number in path[here] if number not in finished), None)
            if following is None:
                finished.add(here)
                del path[here]
            elif following in path:
                walked = list(path)
                return _from_its_least(walked[walked.index(following) :])
            else:
                path[following] = iter(after.get(following, ()))
    return None


def in_order(tasks: Iterable[RepairTask]) -> tuple[RepairTask, ...]:
    """The tasks in the order in which they can be done, by number where there is a choice. Raises ValueError for a cycle."""
    known = {task.number: task for task in tasks}
    before = {number: {other for other in task.after if other in known} for number, task in known.items()}
    behind = defaultdict(list)
    for number, others in before.items():
        for other in others:
            behind[other].append(number)
    free = [number for number, others in before.items() if not others]
    heapq.heapify(free)
    ordered = []
    while free:
        number = heapq.heappop(free)
        ordered.append(known[number])
        for follower in behind[number]:
            before[follower].remove(number)
            if not before[follower]:
                heapq.heappush(free, follower)
    if len(ordered) < len(known):
        raise ValueError("repair tasks wait for each other in a circle")
    return tuple(ordered)


def estimate_of(tasks: Iterable[RepairTask], now: datetime) -> Estimate | None:
    """When these repairs may be done: the longest path through the open ones. None when none is open.

    Raises ValueError when they wait for each other in a circle.
    """
    ordered = in_order(task for task in tasks if task.state.is_open)
    if not ordered:
        return None
    early = _walk(ordered, now, is_late=False)
    late = _walk(ordered, now, is_late=True)
    open_ended = tuple(task.number for task in ordered if late[task.number].is_open_ended)
    runs = early if open_ended else late
    path = _longest(ordered, runs)
    deciding = open_ended[0] if open_ended else max(path, key=lambda number: runs[number].span)
    latest = None if open_ended else max(run.ends_at for run in late.values())
    return Estimate(Window(max(run.ends_at for run in early.values()), latest), path, deciding, open_ended)


@dataclass(frozen=True, slots=True)
class _Run:
    """When a task would end. `held_by` is the task before it that decides when it starts; None when its parts do, or nothing.

    `span` is how much of the path is its own: the work, and the wait for its parts.
    """

    ends_at: datetime
    span: timedelta
    held_by: int | None
    is_open_ended: bool


def _walk(ordered: Sequence[RepairTask], now: datetime, *, is_late: bool) -> dict[int, _Run]:
    runs: dict[int, _Run] = {}
    for task in ordered:
        last = max((n for n in task.after if n in runs), key=lambda n: (runs[n].ends_at, -n), default=None)
        free_at = now if last is None else runs[last].ends_at
        parts = [_arrival(part, now, is_late=is_late) for part in task.awaited]
        ready_at = max([free_at, *(at for at in parts if at is not None)])
        dated_at = _end(task, ready_at, now, is_late=is_late)
        ends_at = dated_at or ready_at
        held_by = last if ready_at == free_at else None
        span = ends_at - (now if held_by is None else free_at)
        is_open_ended = task.state is TaskState.BLOCKED or dated_at is None or None in parts
        runs[task.number] = _Run(ends_at, span, held_by, is_open_ended)
    return runs


def _arrival(part: Material, now: datetime, *, is_late: bool) -> datetime | None:
    """When a part that is not there is there; None when nobody can say."""
    if part.state is not MaterialState.ON_ORDER:
        return None
    return _reading(part.expected, now, is_late=is_late)


def _end(task: RepairTask, ready_at: datetime, now: datetime, *, is_late: bool) -> datetime | None:
    if task.days is not None:
        return _after_days(ready_at, -(-task.days * (100 - task.progress) // 100))
    due_at = _reading(task.due, now, is_late=is_late)
    return None if due_at is None else max(ready_at, due_at)


def _reading(stated: When | None, now: datetime, *, is_late: bool) -> datetime | None:
    """The first or the last instant of what is stated; None when it says nothing, or lies behind and has not come true."""
    if stated is None or stated.at is None:
        return None
    if stated.closes_at is None:
        return None if is_late else stated.at
    if stated.closes_at <= now:
        return None
    return stated.closes_at - _INSTANT if is_late else stated.at


def _after_days(start: datetime, days: int) -> datetime:
    try:
        return start + timedelta(days=days)
    except OverflowError:
        return _FAR


def _longest(ordered: Sequence[RepairTask], runs: Mapping[int, _Run]) -> tuple[int, ...]:
    """The path to the last end, in the order of work."""
    places = {task.number: place for place, task in enumerate(ordered)}
    here: int | None = max(runs, key=lambda number: (runs[number].ends_at, places[number]))
    path = []
    while here is not None:
        path.append(here)
        here = runs[here].held_by
    return tuple(reversed(path))


def _from_its_least(cycle: Sequence[int]) -> tuple[int, ...]:
    start = cycle.index(min(cycle))
    return (*cycle[start:], *cycle[:start])
