"""A digest comes once for each local day, at its wall time, through every change of the clocks, zones and quiet hours."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.countdown import QuietHours
from domain.digest_times import DailyTime, Digest, Told, parse_minute, shown_minute
from domain.errors import InvalidInput

DAY = timedelta(days=1)
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",  # until 2019 the clocks changed at midnight
    "America/Santiago",
    "America/Havana",
    "Asia/Beirut",
    "Africa/Cairo",
    "Australia/Lord_Howe",  # half an hour
    "Pacific/Chatham",
    "America/Nuuk",  # a spring gap that ends at midnight
    "Pacific/Apia",  # skipped 30 December 2011
    "Pacific/Kwajalein",
    "Asia/Kathmandu",
)
MINUTES = (0, 30, 150, 540, 1410, 1439)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("09:00", "09:00"), ("9", "09:00"), ("9am", "09:00"), (" 9 AM ", "09:00"), ("9:30 pm", "21:30"), ("21.45", "21:45"),
        ("12am", "00:00"), ("12 p.m.", "12:00"), ("00:00", "00:00"), ("23:59", "23:59"),
    ],
)  # fmt: skip
def test_a_time_is_read_as_people_write_it(typed: str, shown: str) -> None:
    assert shown_minute(parse_minute(typed)) == shown


@pytest.mark.parametrize(
    "typed", ["", "24", "24:00", "9:60", "13pm", "0am", "noon", "0900", "9:0", "-9", "٩", "09:00 UTC"]
)
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_minute(typed)
    assert refused.value.code == "digest_time_unclear"


def days_that_exist(zone: ZoneInfo, first: date, last: date) -> list[date]:
    """The local days of a stretch, found the dull way: hour by hour."""
    hours = [datetime.combine(first, time(), UTC) + timedelta(hours=n) for n in range(((last - first).days + 3) * 24)]
    found = {hour.astimezone(zone).date() for hour in hours}
    return sorted(day for day in found if first < day < last)


@pytest.mark.parametrize(
    ("name", "year"), [("Pacific/Apia", 2011), *((name, year) for name in ZONES for year in (2018, 2026))]
)
def test_each_local_day_has_one_digest_at_its_wall_time_in_awkward_zones(name: str, year: int) -> None:
    zone = ZoneInfo(name)
    for minute in MINUTES:
        times = DailyTime(minute, zone)
        now, last, seen = datetime(year, 1, 1, tzinfo=UTC), None, []
        while now.year == year:
            one = times.next_after(now, last)
            assert one.due_at > now
            assert times.latest_by(one.due_at) == one
            seen.append(one)
            now, last = one.due_at, one.day
        days = [one.day for one in seen]
        assert days == sorted(set(days))
        inner = days_that_exist(zone, days[0], days[-1])
        assert days[1:-1] == inner
        wanted = time(minute // 60, minute % 60)
        moved = [one for one in seen if one.due_at.astimezone(zone).time() != wanted]
        assert len(moved) <= 2, "only what falls into a spring gap comes at another time: at its end"


def test_a_gap_goes_to_its_end_and_a_fold_to_its_first() -> None:
    berlin = DailyTime(150, ZoneInfo("Europe/Berlin"))
    assert berlin.next_after(at("2026-03-28T12:00"), None).due_at == at("2026-03-29T01:00")
    assert berlin.next_after(at("2026-10-24T12:00"), None).due_at == at("2026-10-25T00:30")
    assert berlin.next_after(at("2026-10-25T00:30"), date(2026, 10, 25)).due_at == at("2026-10-26T01:30")


def test_quiet_hours_put_a_digest_off_to_their_end_and_it_counts_there() -> None:
    zone = ZoneInfo("UTC")
    late = DailyTime(23 * 60, zone, QuietHours(zone, 22, 7))
    one = late.next_after(at("2026-03-01T12:00"), None)
    assert (one.due_at, one.day) == (at("2026-03-02T07:00"), date(2026, 3, 2))
    early = DailyTime(6 * 60, zone, QuietHours(zone, 22, 7))
    assert early.next_after(at("2026-03-01T12:00"), None).due_at == at("2026-03-02T07:00")
    assert DailyTime(540, zone, QuietHours(zone, 22, 7)).next_after(at("2026-03-01T12:00"), None).due_at == at(
        "2026-03-02T09:00"
    )


def test_a_day_that_had_its_digest_gets_no_second_one_at_a_later_time() -> None:
    later = DailyTime(15 * 60, ZoneInfo("UTC"))
    assert later.next_after(at("2026-03-01T10:00"), date(2026, 3, 1)).due_at == at("2026-03-02T15:00")
    assert later.next_after(at("2026-03-01T10:00"), date(2026, 2, 28)).due_at == at("2026-03-01T15:00")


def test_a_digest_without_a_zone_lives_in_its_workspaces() -> None:
    digest = Digest(1, 540, None, False, date(2026, 3, 1), at("2026-03-01T09:00"), Told(0, at("2026-03-01T00:00")))
    assert digest.times("Asia/Tokyo", None).zone == ZoneInfo("Asia/Tokyo")
    assert replace(digest, zone="Europe/Berlin").times("Asia/Tokyo", None).zone == ZoneInfo("Europe/Berlin")


@settings(max_examples=200, deadline=None)
@given(
    name=st.sampled_from(ZONES),
    minute=st.integers(0, 1439),
    start=st.datetimes(datetime(2010, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 - made aware below
    quiet=st.none() | st.tuples(st.integers(0, 23), st.integers(0, 23)).filter(lambda hours: hours[0] != hours[1]),
)
def test_whenever_one_looks_the_next_lies_ahead_and_the_latest_behind(
    name: str, minute: int, start: datetime, quiet: tuple[int, int] | None
) -> None:
    zone, now = ZoneInfo(name), start.replace(tzinfo=UTC)
    times = DailyTime(minute, zone, QuietHours(zone, *quiet) if quiet else None)
    latest = times.latest_by(now)
    following = times.next_after(now, latest.day)
    assert latest.due_at <= now < following.due_at
    assert latest.day < following.day
    assert following.due_at - latest.due_at < 3 * DAY
