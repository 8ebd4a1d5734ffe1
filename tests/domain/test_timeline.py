"""A mission laid out in time: order, scale and ticks hold for any dates, and the first plan is remembered."""

from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from domain.missions import Event, EventKind, EventState, Mission, MissionKind
from domain.schedule import Direction, EntryKind, LedgerEntry, direction_of, slip_days
from domain.timeline import TICKS_MAX, Row, Timeline, nearest_rows, ticks_between, timeline_of
from domain.when import UNKNOWN, Precision, When, at_precision

NOW = datetime(2025, 11, 27, 18, tzinfo=UTC)

instants = st.datetimes(datetime(1957, 1, 1), datetime(2199, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive
dated = st.builds(
    at_precision,
    instants,
    st.sampled_from([precision for precision in Precision if precision is not Precision.UNKNOWN]),
    no_earlier_than=st.booleans(),
)
whens = st.one_of(st.just(UNKNOWN), dated)


@st.composite
def missions(draw: st.DrawFn) -> tuple[Mission, list[LedgerEntry]]:
    events, ledger = [], []
    for number in range(draw(st.integers(0, 8))):
        state = draw(st.sampled_from(EventState))
        happened = state in {EventState.DONE, EventState.FAILED}
        first, latest = draw(whens), draw(whens)
        kind = draw(st.sampled_from(EventKind))
        events.append(Event(number + 1, kind, state, latest, draw(instants) if happened else None))
        ledger += [entry(number + 1, None, first), entry(number + 1, first, latest)]
    return Mission(1, "Any", MissionKind.OTHER, "Any", events=tuple(events)), ledger


def entry(event_id: int, before: When | None, after: When, kind: EntryKind = EntryKind.MOVE) -> LedgerEntry:
    direction = direction_of(before, after)
    return LedgerEntry(event_id, kind, before, after, direction, slip_days(before, after), None, None, None, NOW)


def mission(*events: Event) -> Mission:
    return Mission(1, "Soyuz MS-28", MissionKind.CREW, "Soyuz-2.1a", events=events)


def planned(number: int, when: When, kind: EventKind = EventKind.LAUNCH) -> Event:
    return Event(number, kind, EventState.PLANNED, when)


def day(text: str, *, net: bool = False) -> When:
    return at_precision(datetime.fromisoformat(text).replace(tzinfo=UTC), Precision.DAY, no_earlier_than=net)


def row_of(timeline: Timeline, number: int) -> Row:
    return next(row for row in timeline.rows if row.event.id == number)


# --- for any mission --------------------------------------------------------------------------------------------------


@given(missions(), instants)
def test_the_scale_holds_every_date_and_has_room_at_both_ends(
    told: tuple[Mission, list[LedgerEntry]], now: datetime
) -> None:
    laid_out = timeline_of(*told, now)
    scale = laid_out.scale
    assert scale.starts_at < scale.ends_at
    known = [
        at
        for row in laid_out.rows
        for at in (row.actual_at, *((row.original.at, row.current.at) if row.original and row.current else ()))
        if at is not None
    ]
    assert all(scale.starts_at < at < scale.ends_at for at in known)
    assert all(0 < scale.position(at) < 1 for at in known)
    assert scale.holds(now) or not any(row.state.is_open for row in laid_out.rows)


@given(missions(), instants)
def test_rows_stand_in_the_order_of_time_with_the_undated_at_the_end(
    told: tuple[Mission, list[LedgerEntry]], now: datetime
) -> None:
    laid_out = timeline_of(*told, now)
    begins = [row.event.time.opens_at for row in laid_out.rows]
    dates = [at for at in begins if at is not None]
    assert dates == sorted(dates)
    assert begins == [*dates, *[None] * (len(begins) - len(dates))]
    assert {row.event.id for row in laid_out.rows} == {event.id for event in told[0].events}


@given(instants, st.timedeltas(timedelta(minutes=10), timedelta(days=88_000)))
@example(datetime(2025, 1, 31, tzinfo=UTC), timedelta(days=30))
@example(datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC), timedelta(minutes=10))
def test_ticks_are_few_round_and_evenly_sought_on_any_scale(starts_at: datetime, width: timedelta) -> None:
    ends_at = min(starts_at + width, datetime(2205, 1, 1, tzinfo=UTC))
    _, ticks = ticks_between(starts_at, ends_at)
    assert 2 <= len(ticks) <= TICKS_MAX
    assert list(ticks) == sorted(set(ticks))
    assert all(starts_at <= at <= ends_at and at.second == 0 for at in ticks)


@given(missions(), instants, st.integers(1, 9))
def test_the_nearest_rows_are_neighbours_and_as_many_as_asked_for(
    told: tuple[Mission, list[LedgerEntry]], now: datetime, limit: int
) -> None:
    laid_out = timeline_of(*told, now)
    near = nearest_rows(laid_out, now, limit)
    assert len(near) == min(limit, len(laid_out.rows))
    start = laid_out.rows.index(near[0]) if near else 0
    assert near == laid_out.rows[start : start + len(near)]


# --- what is remembered and measured ----------------------------------------------------------------------------------


def test_a_move_keeps_the_first_plan_and_says_how_far_the_date_lies_from_it() -> None:
    first, between, latest = day("2025-12-19"), day("2026-01-10"), day("2026-03-22", net=True)
    ledger = [entry(1, None, first, EntryKind.PLAN), entry(1, first, between), entry(1, between, latest)]
    row = row_of(timeline_of(mission(planned(1, latest)), ledger, NOW), 1)
    assert (row.original, row.current, row.was_moved, row.runs_on) == (first, latest, True, True)
    assert row.drift is not None
    assert (row.drift.direction, row.drift.days, row.drift.at_least) == (Direction.SLIP, 93, True)


def test_a_first_plan_without_a_date_gives_way_to_the_first_date() -> None:
    ledger = [entry(1, None, UNKNOWN, EntryKind.PLAN), entry(1, UNKNOWN, day("2026-01-10"))]
    row = row_of(timeline_of(mission(planned(1, day("2026-01-10"))), ledger, NOW), 1)
    assert row.original == day("2026-01-10")
    assert not row.was_moved
    assert row.drift is None


def test_what_lost_its_date_still_shows_where_it_was_first_planned() -> None:
    ledger = [entry(1, None, day("2025-12-21")), entry(1, day("2025-12-21"), UNKNOWN, EntryKind.DEPENDENT)]
    row = row_of(timeline_of(mission(planned(1, UNKNOWN)), ledger, NOW), 1)
    assert row.was_moved
    assert row.drift is not None
    assert row.drift.direction is Direction.LOST_DATE


def test_an_exact_plan_is_compared_to_the_second_and_a_vague_one_is_not() -> None:
    at = datetime(2025, 11, 27, 12, 34, 35, tzinfo=UTC)
    exact = When(datetime(2025, 11, 27, 12, 38, tzinfo=UTC), Precision.MINUTE)
    happened = [
        Event(1, EventKind.DOCKING, EventState.DONE, exact, at),
        Event(2, EventKind.LAUNCH, EventState.DONE, day("2025-11-27"), at),
    ]
    laid_out = timeline_of(mission(*happened), [], NOW)
    first, second = row_of(laid_out, 1).drift, row_of(laid_out, 2).drift
    assert first is not None
    assert first.span == timedelta(minutes=-3, seconds=-25)
    assert second is not None
    assert (second.span, second.days) == (None, 0)


def test_a_plan_taken_back_is_not_on_the_timeline() -> None:
    withdrawn = Event(1, EventKind.EVA, EventState.CANCELLED, None)
    assert timeline_of(mission(withdrawn), [entry(1, None, day("2026-01-10"))], NOW).rows == ()


def test_now_is_left_out_once_a_mission_is_over() -> None:
    landed = datetime(2011, 3, 16, 7, 54, tzinfo=UTC)
    over = Event(1, EventKind.LANDING, EventState.DONE, None, landed)
    assert not timeline_of(mission(over), [], NOW).scale.holds(NOW)


def test_one_event_at_this_very_second_has_a_before_and_an_after() -> None:
    scale = timeline_of(mission(planned(1, When(NOW, Precision.SECOND))), [], NOW).scale
    assert scale.position(NOW) == 0.5
    assert len(scale.ticks) >= 2
