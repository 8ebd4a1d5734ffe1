"""A planned time is as exact as it is known: intervals, and what comes before what."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.when import (
    UNKNOWN,
    Precision,
    When,
    at_precision,
    checked_instant,
    days_between,
    exactly,
    floor,
    interval_end,
)

KNOWN = [precision for precision in Precision if precision is not Precision.UNKNOWN]
instants = st.datetimes(datetime(1957, 1, 15), datetime(2200, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001
whens = st.builds(
    lambda at, precision, net: at_precision(at, precision, no_earlier_than=net),
    instants,
    st.sampled_from(KNOWN),
    st.booleans(),
)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@given(instants, st.sampled_from(KNOWN))
def test_the_start_of_an_interval_is_its_own_start(at: datetime, precision: Precision) -> None:
    start = floor(at, precision)
    assert floor(start, precision) == start


@given(instants, st.sampled_from(KNOWN))
def test_an_instant_lies_in_the_interval_it_is_cut_to(at: datetime, precision: Precision) -> None:
    start = floor(at, precision)
    assert start <= at < interval_end(start, precision)


@given(instants, st.sampled_from(KNOWN))
def test_the_end_of_an_interval_is_the_start_of_the_next(at: datetime, precision: Precision) -> None:
    end = interval_end(floor(at, precision), precision)
    assert floor(end, precision) == end


@pytest.mark.parametrize(
    ("precision", "start", "end"),
    [
        (Precision.SECOND, utc(2026, 12, 31, 23, 59, 58), utc(2026, 12, 31, 23, 59, 59)),
        (Precision.MINUTE, utc(2026, 12, 31, 23, 59), utc(2027, 1, 1)),
        (Precision.HOUR, utc(2026, 12, 31, 23), utc(2027, 1, 1)),
        (Precision.DAY, utc(2026, 12, 31), utc(2027, 1, 1)),
        (Precision.WEEK, utc(2026, 12, 28), utc(2027, 1, 4)),
        (Precision.MONTH, utc(2026, 12, 1), utc(2027, 1, 1)),
        (Precision.QUARTER, utc(2026, 10, 1), utc(2027, 1, 1)),
        (Precision.HALF, utc(2026, 7, 1), utc(2027, 1, 1)),
        (Precision.YEAR, utc(2026, 1, 1), utc(2027, 1, 1)),
    ],
)
def test_an_instant_near_new_year_is_cut_to_each_precision(
    precision: Precision, start: datetime, end: datetime
) -> None:
    when = at_precision(utc(2026, 12, 31, 23, 59, 58), precision)
    assert (when.opens_at, when.closes_at) == (start, end)


def test_july_is_not_midnight_on_the_first_of_july() -> None:
    july = at_precision(utc(2026, 7, 27), Precision.MONTH)
    assert (july.at, july.closes_at) == (utc(2026, 7, 1), utc(2026, 8, 1))


def test_no_earlier_than_has_no_end_but_keeps_the_interval_it_names() -> None:
    net = at_precision(utc(2026, 3, 22), Precision.DAY, no_earlier_than=True)
    assert net.closes_at is None
    assert net.stated_end_at == utc(2026, 3, 23)


def test_no_date_yet_has_no_instant_at_all() -> None:
    assert not UNKNOWN.is_known
    assert (UNKNOWN.opens_at, UNKNOWN.closes_at, UNKNOWN.stated_end_at) == (None, None, None)


@pytest.mark.parametrize(
    ("at", "precision"),
    [(None, Precision.DAY), (utc(2026, 1, 1), Precision.UNKNOWN), (utc(2026, 1, 1, 12), Precision.DAY)],
)
def test_a_time_that_contradicts_its_precision_cannot_be_made(at: datetime | None, precision: Precision) -> None:
    with pytest.raises(ValueError, match=r"precision|start"):
        When(at, precision)


@pytest.mark.parametrize(
    ("one", "other", "certainly", "possibly"),
    [
        ("2026-07-01", "2026-07-02", True, True),
        ("2026-07-02", "2026-07-01", False, False),
        ("2026-07", "2026-07-27", False, True),
        ("2026-07-27", "2026-07", False, True),
        ("2026-06", "2026-07", True, True),
        ("NET 2026-06", "2026-07", False, True),
        ("2026-06", "NET 2026-07", True, True),
        ("2026-08", "NET 2026-07", False, True),
        ("unknown", "2026-07", False, True),
        ("2026-07", "unknown", False, True),
        ("2026-07-01", "2026-07-01", False, True),
    ],
)
def test_what_comes_before_what_is_judged_on_intervals(one: str, other: str, certainly: bool, possibly: bool) -> None:
    from domain.when_text import parse_when

    first, second = (parse_when(text, utc(2025, 11, 27)) for text in (one, other))
    assert (first.certainly_before(second), first.possibly_before(second)) == (certainly, possibly)


@given(whens, whens)
def test_certainly_before_is_also_possibly_before_and_never_both_ways(one: When, other: When) -> None:
    if one.certainly_before(other):
        assert one.possibly_before(other)
        assert not other.certainly_before(one)


@given(whens, whens)
def test_not_possibly_before_means_certainly_not_earlier(one: When, other: When) -> None:
    if not one.possibly_before(other):
        assert other.certainly_before(one)


def test_the_same_second_is_not_before_itself() -> None:
    at = exactly(utc(2025, 11, 27, 9, 27, 57))
    assert not at.certainly_before(at)


@pytest.mark.parametrize("year", [1956, 2201])
def test_years_outside_space_flight_are_refused(year: int) -> None:
    with pytest.raises(InvalidInput) as refusal:
        at_precision(utc(year, 6, 1), Precision.DAY)
    assert refusal.value.code == "when_out_of_range"


def test_a_naive_time_is_a_fault_of_ours_not_of_the_member() -> None:
    with pytest.raises(ValueError, match="naive"):
        checked_instant(datetime(2026, 1, 1))  # noqa: DTZ001


def test_days_between_counts_calendar_days_in_utc() -> None:
    late_in_moscow = datetime(2026, 7, 28, 2, tzinfo=timezone(timedelta(hours=3)))
    assert days_between(utc(2025, 11, 27, 9, 27, 57), late_in_moscow) == 242
    assert days_between(utc(2026, 1, 1), utc(2026, 7, 27)) == 207
    assert days_between(utc(2026, 7, 27), utc(2026, 7, 26, 23, 59)) == -1


def test_precisions_are_ordered_finest_first() -> None:
    assert [precision.rank for precision in Precision] == sorted(precision.rank for precision in Precision)
    assert Precision.MINUTE.is_at_least(Precision.DAY)
    assert not Precision.MONTH.is_at_least(Precision.DAY)
