"""A time is said as exactly as it is known and no more."""

from datetime import UTC, datetime, timedelta

import pytest

from cogs.render.words import days_away, duration, instant, opening, when, when_with_distance
from cogs.text import Locale
from domain.when import UNKNOWN, Precision, When, at_precision

AT = datetime(2026, 7, 29, 10, 30, 15, tzinfo=UTC)
SAID = {
    Precision.SECOND: "29 Jul 2026 10:30:15 UTC",
    Precision.MINUTE: "29 Jul 2026 10:30 UTC",
    Precision.HOUR: "29 Jul 2026, in the hour from 10:00 UTC",
    Precision.DAY: "29 Jul 2026",
    Precision.WEEK: "week of 27 Jul 2026",
    Precision.MONTH: "July 2026",
    Precision.QUARTER: "Q3 2026",
    Precision.HALF: "second half of 2026",
    Precision.YEAR: "2026",
}


def test_every_exactness_is_in_the_table() -> None:
    assert SAID.keys() == set(Precision) - {Precision.UNKNOWN}


@pytest.mark.parametrize("precision", sorted(SAID))
def test_a_planned_time_is_said_as_exactly_as_it_is_known(precision: Precision, english: Locale) -> None:
    assert when(english, at_precision(AT, precision)) == SAID[precision]
    net = at_precision(AT, precision, no_earlier_than=True)
    assert when(english, net) == f"no earlier than {SAID[precision]}"


def test_the_first_half_is_the_first(english: Locale) -> None:
    assert when(english, at_precision(AT.replace(month=6), Precision.HALF)) == "first half of 2026"


@pytest.mark.parametrize("nothing", [None, UNKNOWN])
def test_no_date_is_said_as_no_date(nothing: When | None, english: Locale) -> None:
    assert when(english, nothing) == when_with_distance(english, nothing, AT) == "no date yet"


def test_how_far_away_is_said_in_the_grain_that_is_known(english: Locale) -> None:
    now = AT - timedelta(days=3)
    unix = int(AT.timestamp())
    assert when_with_distance(english, at_precision(AT, Precision.SECOND), now).endswith(f"<t:{unix}:f> (<t:{unix}:R>)")
    assert when_with_distance(english, at_precision(AT, Precision.DAY), now) == "29 Jul 2026 (in 3 days)"
    assert when_with_distance(english, at_precision(AT, Precision.MONTH), now) == "July 2026"


def test_of_a_day_long_past_only_the_date_is_said(english: Locale) -> None:
    day = at_precision(AT, Precision.DAY)
    assert when_with_distance(english, day, AT + timedelta(days=60)) == "29 Jul 2026 (60 days ago)"
    assert when_with_distance(english, day, AT + timedelta(days=61)) == "29 Jul 2026"


def test_a_plain_day_is_today_and_anything_wider_opens(english: Locale) -> None:
    assert opening(english, at_precision(AT, Precision.DAY)) == "today"
    for wider in (at_precision(AT, Precision.DAY, no_earlier_than=True), at_precision(AT, Precision.MONTH), None):
        assert opening(english, wider) == "the window opens"


def test_an_instant_is_said_in_utc_whatever_zone_it_came_in(english: Locale) -> None:
    from zoneinfo import ZoneInfo

    moscow = AT.astimezone(ZoneInfo("Europe/Moscow"))
    assert instant(english, moscow) == instant(english, AT)
    assert instant(english, moscow).startswith("29 Jul 2026 10:30:15 UTC · <t:")


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, "today"), (1, "in 1 day"), (2, "in 2 days"), (-1, "1 day ago"), (-60, "60 days ago"), (-61, "")],
)
def test_days_away_are_counted_in_words(days: int, said: str, english: Locale) -> None:
    assert days_away(english, days) == said


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(0), "0 m"),
        (timedelta(seconds=59), "59 s"),
        (timedelta(seconds=60), "1 m"),
        (timedelta(minutes=59, seconds=59), "59 m"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=12), "12 h"),
        (timedelta(hours=1, seconds=59), "1 h"),
        (timedelta(hours=8, minutes=32), "8 h 32 m"),
        (timedelta(days=34, hours=14, minutes=32), "34 d 14 h 32 m"),
        (timedelta(days=-1, minutes=-5), "1 d 0 h 5 m"),
    ],
)
def test_a_duration_is_written_as_flight_control_writes_it(span: timedelta, said: str, english: Locale) -> None:
    assert duration(english, span) == said
