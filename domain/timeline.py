"""A mission's dates laid out in time: what was first planned, what is planned now, what happened, and a scale to read them by.

Pure arithmetic on intervals; it knows nothing of words, colours or pixels.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum

from domain.missions import Event, EventState, Mission, is_overdue, schedule_key
from domain.schedule import Direction, EntryKind, LedgerEntry, direction_of, slip_days
from domain.when import Precision, When, exactly

TICKS_MAX = 7
SHORTEST = timedelta(minutes=10)
"""A scale is never shorter than this, so that one event alone still has a before and an after."""
_MARGIN = 0.05
_OPEN_MARGIN = 0.15


@dataclass(frozen=True, slots=True)
class Drift:
    """How far a date lies from the first plan. `days` is signed, None when either is coarser than a day.

    `span` is the exact difference, where the first plan was exact and it happened. `at_least` is said of a "no earlier than".
    """

    direction: Direction
    days: int | None
    span: timedelta | None = None
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One event of a timeline. `original` is what was first planned, None when it never was; `current` the latest plan."""

    event: Event
    original: When | None
    current: When | None
    drift: Drift | None
    overdue: bool

    @property
    def actual_at(self) -> datetime | None:
        """When it happened or failed."""
        return self.event.actual_at

    @property
    def state(self) -> EventState:
        """Where the event stands."""
        return self.event.state

    @property
    def was_moved(self) -> bool:
        """True when the latest plan is not the first one."""
        return self.original is not None and self.original != self.current

    @property
    def runs_on(self) -> bool:
        """True when what is planned has no end: an open event "no earlier than"."""
        return self.state.is_open and self.current is not None and self.current.is_known and not self.current.closes_at


class TickUnit(Enum):
    """What one step of a scale is counted in."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Scale:
    """The time that is shown, and where to put marks on it."""

    starts_at: datetime
    ends_at: datetime
    unit: TickUnit
    ticks: tuple[datetime, ...]

    def position(self, at: datetime) -> float:
        """Where an instant lies: 0 at the start, 1 at the end; outside the scale, the nearer of the two."""
        return min(max((at - self.starts_at) / (self.ends_at - self.starts_at), 0.0), 1.0)

    def holds(self, at: datetime) -> bool:
        """True when the instant lies on the scale."""
        return self.starts_at <= at <= self.ends_at


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything planned and done, in the order of time, with a scale that holds all of it."""

    rows: tuple[Row, ...]
    scale: Scale


def timeline_of(mission: Mission, ledger: Iterable[LedgerEntry], now: datetime) -> Timeline:
    """Lay a mission out. Plans taken back are left out. `now` is on the scale as long as anything is still open."""
    first = first_plans(ledger)
    known = sorted((event for event in mission.events if not event.was_withdrawn), key=schedule_key)
    rows = tuple(_row(event, first.get(event.id, event.planned), now) for event in known)
    return Timeline(rows, scale_of(rows, now))


def first_plans(ledger: Iterable[LedgerEntry]) -> Mapping[int, When]:
    """What was first planned for each event; a first plan without a date gives way to the first date."""
    first: dict[int, When] = {}
    plans = (entry for entry in ledger if entry.kind is not EntryKind.CORRECTION)
    for entry in sorted(plans, key=lambda entry: entry.recorded_at):
        if entry.event_id not in first or not first[entry.event_id].is_known:
            first[entry.event_id] = entry.after
    return first


def nearest_rows(timeline: Timeline, now: datetime, limit: int) -> tuple[Row, ...]:
    """At most `limit` rows, those nearest to now, in the order of time; undated ones come last in it."""
    rows = timeline.rows
    ahead = next((number for number, row in enumerate(rows) if row.event.time.opens_at is None), len(rows))
    here = next(
        (number for number, row in enumerate(rows[:ahead]) if (row.event.time.opens_at or now) > now),
        ahead,
    )
    first = max(min(here - limit // 2, len(rows) - limit), 0)
    return rows[first : first + limit]


def scale_of(rows: Iterable[Row], now: datetime) -> Scale:
    """A scale that holds every date of the rows, with room at both ends and more where something runs on."""
    rows = tuple(rows)
    instants = [at for row in rows for at in _instants(row)]
    if not instants or any(row.state.is_open for row in rows):
        instants.append(now)
    first, last = min(instants), max(instants)
    runs_on = any(row.runs_on and row.current and row.current.stated_end_at == last for row in rows)
    return scale_between(first, last, runs_on=runs_on)


def scale_between(first: datetime, last: datetime, *, runs_on: bool) -> Scale:
    """A scale that holds all from `first` to `last`, with room at both ends and more where something runs on beyond the last."""
    width = max(last - first, SHORTEST)
    starts_at = first - width * _MARGIN - (width - (last - first)) / 2
    ends_at = last + width * (_OPEN_MARGIN if runs_on else _MARGIN) + (width - (last - first)) / 2
    unit, ticks = ticks_between(starts_at, ends_at)
    return Scale(starts_at, ends_at, unit, ticks)


def ticks_between(starts_at: datetime, ends_at: datetime) -> tuple[TickUnit, tuple[datetime, ...]]:
    """Round instants between two, in the finest steps that give at most TICKS_MAX of them."""
    unit = TickUnit.YEAR
    ticks: tuple[datetime, ...] = ()
    for unit, step in _STEPS:
        if (ends_at - starts_at) / _SIZE[unit] / step > TICKS_MAX + 1:
            continue
        ticks = tuple(at for at in _multiples(starts_at, ends_at, unit, step) if starts_at <= at <= ends_at)
        if len(ticks) <= TICKS_MAX:
            break
    return unit, ticks


def _row(event: Event, original: When | None, now: datetime) -> Row:
    return Row(event, original, event.planned, _drift(event, original), is_overdue(event, now))


def _drift(event: Event, original: When | None) -> Drift | None:
    if original is None or not original.is_known:
        return None
    latest = event.time
    if event.actual_at is None:
        if latest == original:
            return None
        return Drift(direction_of(original, latest), slip_days(original, latest), at_least=latest.no_earlier_than)
    is_exact = original.precision.is_at_least(Precision.MINUTE) and not original.no_earlier_than
    span = event.actual_at - original.at if is_exact and original.at is not None else None
    happened = exactly(event.actual_at)
    return Drift(direction_of(original, happened), slip_days(original, happened), span)


def _instants(row: Row) -> Iterator[datetime]:
    for when in (row.original, row.current):
        if when is not None and when.at is not None and when.stated_end_at is not None:
            yield when.at
            yield when.at if when.precision.is_at_least(Precision.MINUTE) else when.stated_end_at
    if row.actual_at is not None:
        yield row.actual_at


_STEPS = (
    *((TickUnit.MINUTE, step) for step in (1, 2, 5, 10, 15, 30)),
    *((TickUnit.HOUR, step) for step in (1, 2, 3, 6, 12)),
    *((TickUnit.DAY, step) for step in (1, 2, 5, 10)),
    *((TickUnit.MONTH, step) for step in (1, 2, 3, 6)),
    *((TickUnit.YEAR, step) for step in (1, 2, 5, 10, 20, 50)),
)
_SIZE = {
    TickUnit.MINUTE: timedelta(minutes=1),
    TickUnit.HOUR: timedelta(hours=1),
    TickUnit.DAY: timedelta(days=1),
    TickUnit.MONTH: timedelta(days=28),
    TickUnit.YEAR: timedelta(days=365),
}


def _multiples(starts_at: datetime, ends_at: datetime, unit: TickUnit, step: int) -> Iterator[datetime]:
    """The unit's multiples of `step` around the two instants: minutes and hours of the day, days of the month, months, years."""
    start = starts_at.astimezone(UTC)
    if unit in {TickUnit.MINUTE, TickUnit.HOUR}:
        at = start.replace(hour=0, minute=0, second=0, microsecond=0)
        each = _SIZE[unit] * step
        at += (start - at) // each * each
        while at <= ends_at:
            yield at
            at += each
    elif unit is TickUnit.DAY:
        yield from _days(start, ends_at, step)
    else:
        yield from _months(start, ends_at, step if unit is TickUnit.MONTH else step * 12)


def _days(start: datetime, ends_at: datetime, step: int) -> Iterator[datetime]:
    """Days of the month 1, 1 + step, …; none so late that the next first would crowd it."""
    at = start.replace(hour=0, minute=0, second=0, microsecond=0)
    while at <= ends_at:
        if (at.day - 1) % step == 0 and (step == 1 or at.day <= 31 - step):
            yield at
        at += timedelta(days=1)


def _months(start: datetime, ends_at: datetime, step: int) -> Iterator[datetime]:
    number = (start.year * 12 + start.month - 1) // step * step
    while True:
        at = datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)
        if at > ends_at:
            return
        yield at
        number += step
