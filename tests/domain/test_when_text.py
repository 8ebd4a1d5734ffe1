"""How people write times, and what is refused. Nothing is guessed."""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.when import Precision, When, at_precision
from domain.when_text import named_zone, parse_instant, parse_when, wall_time

NOW = datetime(2025, 11, 27, 18, 0, 30, tzinfo=UTC)
KNOWN = [precision for precision in Precision if precision is not Precision.UNKNOWN]


def spelled(when: When) -> str:
    return f"{'NET ' if when.no_earlier_than else ''}{when.at:%Y-%m-%dT%H:%M:%S} {when.precision}" if when.at else "no"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-07-27", "2026-07-27T00:00:00 day"),
        ("2026-7-2", "2026-07-02T00:00:00 day"),
        ("27 July 2026", "2026-07-27T00:00:00 day"),
        ("27 jul. 2026", "2026-07-27T00:00:00 day"),
        ("July 27, 2026", "2026-07-27T00:00:00 day"),
        ("sept 3 2026", "2026-09-03T00:00:00 day"),
        ("2026-07", "2026-07-01T00:00:00 month"),
        ("July 2026", "2026-07-01T00:00:00 month"),
        ("2026", "2026-01-01T00:00:00 year"),
        ("Q3 2026", "2026-07-01T00:00:00 quarter"),
        ("2026-Q3", "2026-07-01T00:00:00 quarter"),
        ("2026q4", "2026-10-01T00:00:00 quarter"),
        ("H2 2026", "2026-07-01T00:00:00 half"),
        ("2026-W31", "2026-07-27T00:00:00 week"),
        ("2026w01", "2025-12-29T00:00:00 week"),
        ("unknown", "no"),
        ("TBD", "no"),
        ("No date yet", "no"),
        ("NET 2026-03-22", "NET 2026-03-22T00:00:00 day"),
        ("no earlier than March 2026", "NET 2026-03-01T00:00:00 month"),
        ("net 2026-03-22T11:59Z", "NET 2026-03-22T11:59:00 minute"),
        ("2025-11-27T09:27:57Z", "2025-11-27T09:27:57 second"),
        ("2025-11-27 09:27", "2025-11-27T09:27:00 minute"),
        ("2025-11-27T09:27:57.250Z", "2025-11-27T09:27:57 second"),
        ("2025-11-27T12:27:57+03:00", "2025-11-27T09:27:57 second"),
        ("2025-11-27 12:28 UTC+3", "2025-11-27T09:28:00 minute"),
        ("12:28 MSK", "2025-11-27T09:28:00 minute"),
        ("12:28", "2025-11-27T12:28:00 minute"),
        ("27 November 2025, 12:28 msk", "2025-11-27T09:28:00 minute"),
        ("2026-07-27 08:00 Asia/Almaty", "2026-07-27T03:00:00 minute"),
        ("2026-07-27 08:00 america/new york", "2026-07-27T12:00:00 minute"),
        ("NET 2026-07-27 08:00 America/New_York", "NET 2026-07-27T12:00:00 minute"),
        ("2026-07-27 12:00 America/Port-au-Prince", "2026-07-27T16:00:00 minute"),
        ("tomorrow 01:00 MSK", "2025-11-27T22:00:00 minute"),
        ("tomorrow", "2025-11-28T00:00:00 day"),
        ("today", "2025-11-27T00:00:00 day"),
        ("now", "2025-11-27T18:00:30 second"),
        ("in 3 days", "2025-11-30T00:00:00 day"),
        ("in 2 weeks 1 day", "2025-12-12T00:00:00 day"),
        ("+2h", "2025-11-27T20:00:00 minute"),
        ("in 1 day 6 hours", "2025-11-29T00:00:00 minute"),
        ("  2026-07-27  ", "2026-07-27T00:00:00 day"),
    ],
)
def test_a_written_time_is_understood(typed: str, meant: str) -> None:
    assert spelled(parse_when(typed, NOW)) == meant


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "when_unclear"),
        ("soon", "when_unclear"),
        ("next tuesday", "when_unclear"),
        ("27/07/2026", "when_unclear"),
        ("NET unknown", "when_unclear"),
        ("in three days", "when_unclear"),
        ("in 3 fortnights", "when_unclear"),
        ("Smarch 2026", "when_unclear"),
        ("2026-07-27 " * 10, "when_unclear"),
        ("2026-13", "when_impossible"),
        ("2026-02-30", "when_impossible"),
        ("2026-W54", "when_impossible"),
        ("25:00", "when_impossible"),
        ("2026-07-27 12:60", "when_impossible"),
        ("in 99999 weeks", "when_impossible"),
        ("0000", "when_impossible"),
        ("1899-01-01", "when_out_of_range"),
        ("9999", "when_out_of_range"),
        ("12:00 IST", "zone_unknown"),
        ("12:00 Mars/Jezero", "zone_unknown"),
        ("12:00 +15:00", "zone_unknown"),
        ("12:00 +05:99", "zone_unknown"),
        ("12:00 ../../etc/localtime", "zone_unknown"),
        ("12:00 right/UTC", "zone_unknown"),
        ("12:00 localtime", "zone_unknown"),
    ],
)
def test_what_is_unclear_or_impossible_is_refused_with_its_code(typed: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_when(typed, NOW)
    assert refusal.value.code == code


def iso_forms(at: datetime, precision: Precision) -> list[str]:
    year, week, _ = at.isocalendar()
    return {
        Precision.SECOND: [f"{at:%Y-%m-%dT%H:%M:%SZ}", f"{at:%Y-%m-%d %H:%M:%S}", at.isoformat()],
        Precision.MINUTE: [f"{at:%Y-%m-%dT%H:%MZ}", f"{at:%Y-%m-%d %H:%M} UTC"],
        Precision.DAY: [f"{at:%Y-%m-%d}", f"{at.day} {at:%B} {at.year}", f"{at:%b} {at.day}, {at.year}"],
        Precision.WEEK: [f"{year}-W{week:02}", f"{year}w{week}"],
        Precision.MONTH: [f"{at:%Y-%m}", f"{at:%B %Y}"],
        Precision.QUARTER: [f"{at.year}-Q{at.month // 3 + 1}", f"Q{at.month // 3 + 1} {at.year}"],
        Precision.HALF: [f"{at.year}-H{at.month // 6 + 1}"],
        Precision.YEAR: [f"{at.year}"],
    }.get(precision, [])


@given(
    st.datetimes(datetime(1957, 1, 15), datetime(2200, 12, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(KNOWN),
    st.booleans(),
)
def test_every_written_form_of_a_time_reads_back_as_that_time(at: datetime, precision: Precision, net: bool) -> None:
    when = at_precision(at, precision, no_earlier_than=net)
    assert when.at is not None
    for form in iso_forms(when.at, precision):
        assert parse_when(f"NET {form}" if net else form, NOW) == when


@given(st.text(max_size=70))
def test_any_text_is_a_time_or_an_invalid_input(text: str) -> None:
    with suppress(InvalidInput):
        assert isinstance(parse_when(text, NOW), When)


_PIECES = ["net ", "in ", "+", "-", ":", "12", "2026", "-02-30", "T", "Z", "w", "q3 ", "days", "/", "٣", "²", " ", "MSK",
           "Europe/", "\x00", "\ud800", "ß", "İ", "99999", "h"]  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES), max_size=9).map("".join))
def test_any_heap_of_time_like_pieces_is_a_time_or_an_invalid_input(text: str) -> None:
    with suppress(InvalidInput):
        assert isinstance(parse_when(text, NOW), When)


def test_every_zone_is_found_whatever_the_case_of_its_letters() -> None:
    names = available_timezones() - {"localtime"}
    wrong = [name for name in names for typed in (name, name.lower(), name.upper()) if named_zone(typed).key != name]
    assert wrong == []


# --- gaps and folds ----------------------------------------------------------------------------------------------------

# (zone, wall time that a forward change skips, first valid instant after it): half an hour, an hour, two, a whole day.
GAPS = [
    ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29T01:00"),
    ("America/New_York", "2026-03-08 02:30", "2026-03-08T07:00"),
    ("Africa/Cairo", "2026-04-24 00:30", "2026-04-23T22:00"),
    ("Asia/Beirut", "2026-03-29 00:00", "2026-03-28T22:00"),
    ("America/Sao_Paulo", "2018-11-04 00:00", "2018-11-04T03:00"),
    ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03T15:30"),
    ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30T10:00"),
    ("Asia/Tehran", "2022-03-22 00:30", "2022-03-21T20:30"),
    ("Africa/Casablanca", "2026-03-22 02:30", "2026-03-22T02:00"),
    ("America/Havana", "2026-03-08 00:30", "2026-03-08T05:00"),
    ("Atlantic/Azores", "2026-03-29 00:30", "2026-03-29T01:00"),
    ("Antarctica/Troll", "2026-03-29 01:30", "2026-03-29T01:00"),
]
# (zone, wall time that a backward change repeats, the first of its two instants)
FOLDS = [
    ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25T00:30"),
    ("America/New_York", "2026-11-01 01:30", "2026-11-01T05:30"),
    ("Africa/Cairo", "2026-10-29 23:30", "2026-10-29T20:30"),
    ("Asia/Beirut", "2026-10-24 23:30", "2026-10-24T20:30"),
    ("America/Sao_Paulo", "2019-02-16 23:30", "2019-02-17T01:30"),
    ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04T14:45"),
    ("Pacific/Apia", "2021-04-04 03:30", "2021-04-03T13:30"),
    ("Asia/Tehran", "2022-09-21 23:30", "2022-09-21T19:00"),
    ("Africa/Casablanca", "2026-02-15 02:30", "2026-02-15T01:30"),
    ("America/Havana", "2026-11-01 00:30", "2026-11-01T04:30"),
    ("Atlantic/Azores", "2026-10-25 00:30", "2026-10-25T00:30"),
    ("Antarctica/Troll", "2026-10-25 01:30", "2026-10-24T23:30"),
]


@pytest.mark.parametrize(("zone", "wall", "instant"), GAPS)
def test_a_wall_time_in_a_gap_is_the_first_valid_instant_after_it(zone: str, wall: str, instant: str) -> None:
    assert parse_when(f"{wall} {zone}", NOW).at == datetime.fromisoformat(f"{instant}+00:00")


@pytest.mark.parametrize(("zone", "wall", "instant"), FOLDS)
def test_a_wall_time_that_comes_twice_is_the_first_of_the_two(zone: str, wall: str, instant: str) -> None:
    assert parse_when(f"{wall} {zone}", NOW).at == datetime.fromisoformat(f"{instant}+00:00")


@given(
    st.sampled_from([zone for zone, _, _ in GAPS]),
    st.dates(date(1970, 1, 1), date(2040, 12, 31)),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
)
def test_a_wall_time_is_never_more_than_its_gap_away_and_days_keep_their_order(zone: str, day: date, at: time) -> None:
    zone_info = ZoneInfo(zone)
    instant = wall_time(day, at, zone_info)
    back = instant.astimezone(zone_info).replace(tzinfo=None)
    asked = datetime.combine(day, at)
    # Equal, or moved forward by a gap (Samoa once skipped a whole day).
    assert timedelta(0) <= back - asked <= timedelta(hours=24)
    assert wall_time(day + timedelta(days=1), at, zone_info) >= instant


# --- instants ----------------------------------------------------------------------------------------------------------


def test_leaving_the_time_out_means_now() -> None:
    assert parse_instant(None, NOW.replace(microsecond=5)) == NOW


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2025-11-27", "instant_needs_time"),
        ("NET 2025-11-27T09:00Z", "instant_needs_time"),
        ("unknown", "instant_needs_time"),
        ("2025-11-27T18:30Z", "instant_in_future"),
        ("+2h", "instant_in_future"),
    ],
)
def test_what_happened_needs_a_time_of_day_that_has_passed(typed: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_instant(typed, NOW)
    assert refusal.value.code == code


def test_a_member_whose_watch_is_a_minute_fast_is_believed() -> None:
    assert parse_instant("18:01", NOW) == datetime(2025, 11, 27, 18, 1, tzinfo=UTC)
