"""What a move did to a date, judged on what the two times say."""

from datetime import UTC, datetime

import pytest
from hypothesis import given

from domain.schedule import Direction, direction_of, slip_days
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
