"""What repeats comes once on each of its local days, in order, whatever a zone does to its clocks."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.recurrence import Repeat, Series
from domain.when_text import wall_time

ZONES = sorted(available_timezones() - {"localtime"})
TEN_YEARS = timedelta(days=3653)
DAY = timedelta(days=1)


def series(repeat: Repeat, day: str, clock: str, zone: str) -> Series:
    return Series(repeat, date.fromisoformat(day), time.fromisoformat(clock), ZoneInfo(zone))


def local_from(one: Series, count: int) -> list[str]:
    """The first occurrences as the zone's clock shows them."""
    found, at = [], wall_time(one.begins_on, time.min, UTC) - 2 * DAY
    for _ in range(count):
        at = one.after(at)
        found.append(f"{at.astimezone(one.zone):%a %Y-%m-%d %H:%M %z}")
    return found


def intended_days(repeat: Repeat, begins_on: date, until: date) -> list[date]:
    """Said in another way than the rule: every day of the span that the repeat means."""
    days = [begins_on + n * DAY for n in range((until - begins_on).days + 1)]
    match repeat:
        case Repeat.DAILY:
            return days
        case Repeat.WEEKDAYS:
            return [day for day in days if day.isoweekday() <= 5]
        case Repeat.WEEKLY:
            return days[::7]
    is_last = {day for day in days if (day + DAY).day == 1}
    wanted = begins_on.day
    return [day for day in days if day.day == wanted or (day in is_last and day.day < wanted)]


def never_was(day: date, zone: ZoneInfo) -> bool:
    """True when no instant of a day's 24 UTC hours, and those around it, has that local date."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return all(
        (noon + timedelta(minutes=10 * step)).astimezone(zone).date() != day for step in range(-30 * 6, 30 * 6 + 1)
    )


def require_once_on_every_day(one: Series, found: Sequence[datetime], until: date) -> None:
    """`found` must be one firing for each intended local day, at its wall time or as near as its clock allows."""
    assert all(before < after for before, after in pairwise(found))
    days = intended_days(one.repeat, one.begins_on, until)
    assert isinstance(one.zone, ZoneInfo)
    by_day = [found_at.astimezone(one.zone).replace(tzinfo=None) for found_at in found]
    had = [day for day in days if not _is_odd(day, one.zone) or not never_was(day, one.zone)]
    assert len(by_day) == len(had)
    for day, local in zip(had, by_day, strict=True):
        if local != datetime.combine(day, one.at):
            assert timedelta(0) < local - datetime.combine(day, one.at) <= timedelta(hours=24)  # a gap, of any width
            assert found[by_day.index(local)] == wall_time(day, one.at, one.zone)


def _is_odd(day: date, zone: ZoneInfo) -> bool:
    """Worth the long look: the day's length is not 24 hours."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - DAY
    offsets = {(start + timedelta(hours=6 * step)).astimezone(zone).utcoffset() for step in range(13)}
    return len(offsets) > 1


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.sampled_from(Repeat),
    st.dates(date(1970, 1, 2), date(2036, 12, 31)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
def test_each_intended_local_day_of_ten_years_has_exactly_one_firing(
    zone: str, repeat: Repeat, begins_on: date, at: time
) -> None:
    one = Series(repeat, begins_on, at, ZoneInfo(zone))
    until = begins_on + TEN_YEARS
    starts = wall_time(begins_on, time.min, one.zone) - timedelta(microseconds=1)
    found = one.between(starts, wall_time(until, at, one.zone))
    if found and found[-1].astimezone(one.zone).date() > until:
        until = found[-1].astimezone(one.zone).date()
    require_once_on_every_day(one, found, until)


@pytest.mark.parametrize("clock", ["00:30", "02:30"])
def test_in_every_zone_there_is_the_hours_in_which_clocks_change_fire_once_a_day(clock: str) -> None:
    for zone in ZONES:
        one = series(Repeat.DAILY, "2025-12-31", clock, zone)
        starts = wall_time(one.begins_on, time.min, one.zone) - timedelta(microseconds=1)
        found = one.between(starts, wall_time(date(2026, 12, 31), one.at, one.zone))
        assert len(found) == 366, zone
        assert all(before < after for before, after in pairwise(found)), zone


def test_a_skipped_hour_comes_at_the_first_instant_after_it_and_the_next_day_as_always() -> None:
    assert local_from(series(Repeat.DAILY, "2026-03-28", "02:30", "Europe/Berlin"), 3) == [
        "Sat 2026-03-28 02:30 +0100",
        "Sun 2026-03-29 03:00 +0200",
        "Mon 2026-03-30 02:30 +0200",
    ]


def test_an_hour_that_comes_twice_fires_at_its_first() -> None:
    assert local_from(series(Repeat.DAILY, "2026-10-24", "02:30", "Europe/Berlin"), 3) == [
        "Sat 2026-10-24 02:30 +0200",
        "Sun 2026-10-25 02:30 +0200",
        "Mon 2026-10-26 02:30 +0100",
    ]


def test_a_gap_over_midnight_keeps_its_day() -> None:
    assert local_from(series(Repeat.DAILY, "2026-03-27", "23:30", "America/Scoresbysund"), 3) == [
        "Fri 2026-03-27 23:30 -0200",
        "Sun 2026-03-29 00:00 -0100",
        "Sun 2026-03-29 23:30 -0100",
    ]


def test_a_day_that_a_zone_never_had_has_none() -> None:
    assert local_from(series(Repeat.DAILY, "2011-12-29", "09:00", "Pacific/Apia"), 2) == [
        "Thu 2011-12-29 09:00 -1000",
        "Sat 2011-12-31 09:00 +1400",
    ]


def test_the_thirty_first_is_the_last_of_shorter_months_and_comes_back() -> None:
    found = local_from(series(Repeat.MONTHLY, "2027-12-31", "09:00", "UTC"), 5)
    assert [one.split()[1] for one in found] == ["2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"]


def test_weekdays_are_monday_to_friday() -> None:
    found = local_from(series(Repeat.WEEKDAYS, "2025-11-27", "09:00", "Europe/Moscow"), 4)
    assert [one.split()[0] for one in found] == ["Thu", "Fri", "Mon", "Tue"]


def test_a_week_is_counted_from_the_first_day() -> None:
    one = series(Repeat.WEEKLY, "2026-10-20", "09:00", "Europe/Berlin")
    assert local_from(one, 3) == [
        "Tue 2026-10-20 09:00 +0200",
        "Tue 2026-10-27 09:00 +0100",
        "Tue 2026-11-03 09:00 +0100",
    ]
    assert one.after(datetime(2026, 10, 24, tzinfo=UTC)) == datetime(2026, 10, 27, 8, tzinfo=UTC)


def test_it_begins_at_its_first_day_or_at_the_first_that_is_one_of_its_own() -> None:
    thursday = datetime(2025, 11, 27, 6, tzinfo=UTC)
    one = series(Repeat.WEEKDAYS, "2025-11-27", "09:00", "Europe/Moscow")
    assert one.first(thursday) == thursday
    saturday = series(Repeat.WEEKDAYS, "2025-11-29", "09:00", "Europe/Moscow")
    assert saturday.first(thursday + 2 * DAY) == thursday + 4 * DAY
    assert saturday.after(datetime(2020, 1, 1, tzinfo=UTC)) == thursday + 4 * DAY


def test_what_was_missed_is_everything_later_than_one_instant_and_not_later_than_the_other() -> None:
    one = series(Repeat.DAILY, "2025-11-27", "09:00", "UTC")
    first = datetime(2025, 11, 27, 9, tzinfo=UTC)
    assert one.between(first, first + 3 * DAY) == (first + DAY, first + 2 * DAY, first + 3 * DAY)
    assert one.between(first, first + DAY - timedelta(microseconds=1)) == ()
