"""What a move did to a date, judged on what the two times say."""

from datetime import UTC, datetime

import pytest
from hypothesis import given

from domain.schedule import Direction, EntryKind, LedgerEntry, direction_of, slip_days, slip_totals
from domain.when import When
from domain.when_text import parse_when
from tests.domain.test_when import whens

NOW = datetime(2025, 11, 27, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "after", "direction", "days"),
    [
        (None, "2026-07", "set", None),
        (None, "unknown", "lost_date", None),
        ("unknown", "2026-07", "set", None),
        ("2026-07", "unknown", "lost_date", None),
        ("2025-12-19", "2025-12-21", "slip", 2),
        ("2025-12-21", "2025-12-19", "pull_in", -2),
        ("2025-12-19", "2026-03", "slip", None),
        ("2025-12-19", "NET 2026-03", "slip", None),
        ("NET 2026-03", "2026-03-22T11:59Z", "sharper", None),
        ("NET 2026-03", "2026-04-01", "slip", None),
        ("NET 2026-03-22", "2026-03-22", "sharper", 0),
        ("2026-03-22", "NET 2026-03-22", "coarser", 0),
        ("2026-07", "2026-07-27", "sharper", None),
        ("2026-07-27", "2026-07", "coarser", None),
        ("2026-07", "2026-08", "slip", None),
        ("2026-08", "2026-07", "pull_in", None),
        ("2026-Q3", "2026-H2", "coarser", None),
        ("2026-03-22T11:59Z", "2026-03-22T12:10Z", "slip", 0),
        ("2026-03-22T23:50Z", "2026-03-23T00:10Z", "slip", 1),
        ("2026-07-27", "2026-07-27T05:00Z", "sharper", 0),
    ],
)
def test_a_move_has_the_direction_that_its_dates_say(
    before: str | None, after: str, direction: str, days: int | None
) -> None:
    old = None if before is None else parse_when(before, NOW)
    new = parse_when(after, NOW)
    assert (direction_of(old, new).value, slip_days(old, new)) == (direction, days)


OPPOSITE = {
    Direction.SLIP: Direction.PULL_IN,
    Direction.PULL_IN: Direction.SLIP,
    Direction.SHARPER: Direction.COARSER,
    Direction.COARSER: Direction.SHARPER,
}


@given(whens, whens)
def test_the_way_back_has_the_opposite_direction(one: When, other: When) -> None:
    if one != other:
        assert direction_of(other, one) is OPPOSITE[direction_of(one, other)]


@given(whens, whens)
def test_days_moved_there_and_back_cancel(one: When, other: When) -> None:
    there, back = slip_days(one, other), slip_days(other, one)
    assert (there is None) == (back is None)
    assert (there or 0) + (back or 0) == 0


# --- days slipped -----------------------------------------------------------------------------------------------------


def entry(kind: str, before: str | None, after: str, cause: str | None = None) -> LedgerEntry:
    old = None if before is None else parse_when(before, NOW)
    new = parse_when(after, NOW)
    return LedgerEntry(
        1, EntryKind(kind), old, new, direction_of(old, new), slip_days(old, new), "why", cause, None, NOW
    )


PLAN = entry("plan", None, "2025-12-19")


@pytest.mark.parametrize(
    ("entries", "days", "by_cause", "unmeasured"),
    [
        ([PLAN], 0, (), 0),
        ([PLAN, entry("move", "2025-12-19", "2025-12-21", "wind")], 2, (("wind", 2),), 0),
        (
            [
                PLAN,
                entry("move", "2025-12-19", "2025-12-21", "wind"),
                entry("move", "2025-12-21", "2025-12-20", "Wind"),
                entry("adoption", "2025-12-20", "2025-12-25"),
            ],
            6,
            (("why", 5), ("wind", 1)),
            0,
        ),
        ([PLAN, entry("move", "2025-12-19", "NET 2026-03", "pad")], 0, (), 1),
        (
            [
                PLAN,
                entry("move", "2025-12-19", "NET 2026-03", "pad"),
                entry("move", "NET 2026-03", "2026-03-22T11:59Z", "cabin restored"),
            ],
            93,
            (("pad", 93),),
            0,
        ),
        (
            [
                PLAN,
                entry("dependent", "2025-12-19", "unknown", "pad"),
                entry("move", "unknown", "2025-12-24", "new date"),
            ],
            5,
            (("pad", 5),),
            0,
        ),
        ([entry("plan", None, "2026-07"), entry("move", "2026-07", "2026-07-27")], 0, (), 1),
        (
            [PLAN, entry("move", "2025-12-19", "unknown", "weather"), entry("plan", None, "2025-12-22")],
            3,
            (("weather", 3),),
            0,
        ),
        ([PLAN, entry("plan", None, "2025-12-25")], 0, (), 0),
        (
            [PLAN, entry("move", "2025-12-19", "2025-12-21", "typo"), entry("undo", "2025-12-21", "2025-12-19")],
            0,
            (),
            0,
        ),
        ([PLAN, entry("undo", "2025-12-19", "unknown")], 0, (), 0),
        ([PLAN, entry("dependent", "2025-12-19", "unknown"), entry("undo", "unknown", "2025-12-19")], 0, (), 0),
        ([PLAN, entry("correction", "2025-12-19", "2025-12-25")], 0, (), 0),
        (
            [
                PLAN,
                entry("move", "2025-12-19", "2025-12-21", "wind"),
                entry("move", "2025-12-21", "2025-12-19", "luck"),
            ],
            0,
            (("luck", -2), ("wind", 2)),
            0,
        ),
    ],
)
def test_days_slipped_are_counted_from_exact_day_to_exact_day_and_by_what_took_the_day_away(
    entries: list[LedgerEntry], days: int, by_cause: tuple[tuple[str, int], ...], unmeasured: int
) -> None:
    totals = slip_totals(entries)
    assert (totals.days, totals.by_cause, totals.unmeasured) == (days, by_cause, unmeasured)
