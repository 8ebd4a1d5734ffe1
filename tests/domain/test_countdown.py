"""Which reminders a plan gives, when each is due, and what it may say."""

from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.countdown import (
    CONFIRMATION_GRACE,
    DEFAULT_OFFSETS,
    OFFSET_MAX,
    Morning,
    ReminderKind,
    ReminderState,
    format_offsets,
    parse_offsets,
    reminders_for,
)
from domain.errors import InvalidInput
from domain.missions import EventKind
from domain.when import When
from domain.when_text import parse_when
from tests.domain.test_when import whens

NOW = datetime(2025, 11, 27, 18, tzinfo=UTC)
UTC_NINE = Morning(ZoneInfo("UTC"), 9)
LANDING = DEFAULT_OFFSETS[EventKind.LANDING]


def due(text: str, offsets: str, morning: Morning = UTC_NINE, now: datetime = NOW) -> list[str]:
    return [
        f"{reminder.due_at:%Y-%m-%dT%H:%M} {reminder.kind}"
        + ("" if reminder.state is ReminderState.PENDING else f" {reminder.state}")
        for reminder in reminders_for(parse_when(text, now), parse_offsets(offsets), morning, now)
    ]


RULES = {
    "a minute is counted down to exactly": (
        "2026-03-22T11:59Z",
        "7d 1d 12h 1h 10m 0",
        ["2026-03-15T11:59 countdown", "2026-03-21T11:59 countdown", "2026-03-21T23:59 countdown",
         "2026-03-22T10:59 countdown", "2026-03-22T11:49 countdown", "2026-03-22T11:59 countdown",
         "2026-03-22T12:15 question"],
    ),
    "no earlier than opens a window and asks nothing": (
        "NET 2026-03-22T11:59Z",
        "1h 0",
        ["2026-03-22T10:59 countdown", "2026-03-22T11:59 opens"],
    ),
    "a day gives whole days in the morning": (
        "2026-07-27",
        "7d 1d 12h 1h 10m 0",
        ["2026-07-20T09:00 countdown", "2026-07-26T09:00 countdown", "2026-07-27T09:00 opens",
         "2026-07-28T00:15 question"],
    ),
    "no earlier than a day asks nothing": (
        "NET 2026-03-22",
        "1d 0",
        ["2026-03-21T09:00 countdown", "2026-03-22T09:00 opens"],
    ),
    "a week has one notice seven days before and one when it opens": (
        "2026-W31",
        "30d 1d 1h 0",
        ["2026-07-20T09:00 countdown", "2026-07-27T09:00 opens", "2026-08-03T00:15 question"],
    ),
    "a month has one notice thirty days before and one when it opens": (
        "2026-07",
        "7d 1h 0",
        ["2026-06-01T09:00 countdown", "2026-07-01T09:00 opens", "2026-08-01T00:15 question"],
    ),
    "a quarter likewise": (
        "Q3 2026",
        "7d 1h 0",
        ["2026-06-01T09:00 countdown", "2026-07-01T09:00 opens", "2026-10-01T00:15 question"],
    ),
    "a half year likewise": (
        "H2 2026",
        "1h 0",
        ["2026-06-01T09:00 countdown", "2026-07-01T09:00 opens", "2027-01-01T00:15 question"],
    ),
    "a year likewise": (
        "2027",
        "1h 0",
        ["2026-12-02T09:00 countdown", "2027-01-01T09:00 opens", "2028-01-01T00:15 question"],
    ),
    "no date yet gives nothing": ("unknown", "7d 0", []),
    "what has passed is recorded as skipped, and asked about at once when all of it has": (
        "2025-11-27T12:00Z",
        "1h 0",
        ["2025-11-27T11:00 countdown skipped", "2025-11-27T12:00 countdown skipped", "2025-11-27T18:00 question"],
    ),
    "what is past of a plan near at hand is skipped": (
        "2025-11-27T18:30Z",
        "1h 10m 0",
        ["2025-11-27T17:30 countdown skipped", "2025-11-27T18:20 countdown", "2025-11-27T18:30 countdown",
         "2025-11-27T18:46 question"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "offsets", "expected"), RULES.values(), ids=RULES)
def test_the_countdown_rules(text: str, offsets: str, expected: list[str]) -> None:
    assert due(text, offsets) == expected


def test_an_hour_gives_long_offsets_and_its_opening() -> None:
    hour = When(datetime(2026, 3, 22, 11, tzinfo=UTC), parse_when("2026", NOW).precision.HOUR)
    found = reminders_for(hour, parse_offsets("1d 3h 179m 1h 10m 0"), UTC_NINE, NOW)
    assert [(reminder.kind.value, f"{reminder.due_at:%dT%H:%M}") for reminder in found] == [
        ("countdown", "21T11:00"),
        ("countdown", "22T08:00"),
        ("opens", "22T11:00"),
        ("question", "22T12:15"),
    ]


@pytest.mark.parametrize(
    ("zone", "mornings"),
    [
        ("Asia/Almaty", ["2026-03-28T04:00", "2026-03-29T04:00", "2026-03-30T04:00"]),
        ("Europe/Berlin", ["2026-03-28T08:00", "2026-03-29T07:00", "2026-03-30T07:00"]),
        ("America/New_York", ["2026-03-28T13:00", "2026-03-29T13:00", "2026-03-30T13:00"]),
        ("Pacific/Apia", ["2026-03-27T20:00", "2026-03-28T20:00", "2026-03-29T20:00"]),
        ("Australia/Lord_Howe", ["2026-03-27T22:00", "2026-03-28T22:00", "2026-03-29T22:00"]),
    ],
)
def test_day_notices_come_at_nine_in_the_workspace_through_a_change_of_the_clocks(
    zone: str, mornings: list[str]
) -> None:
    found = due("2026-03-30", "2d 1d 0", Morning(ZoneInfo(zone), 9))
    assert [line.split()[0] for line in found[:3]] == mornings


def test_a_morning_hour_that_a_spring_change_skips_comes_right_after_the_gap() -> None:
    assert due("2026-03-29", "0", Morning(ZoneInfo("Europe/Berlin"), 2))[0] == "2026-03-29T01:00 opens"


def test_a_question_waits_long_enough_to_type_the_confirmation() -> None:
    (question,) = [
        r for r in reminders_for(parse_when("20:00", NOW), (), UTC_NINE, NOW) if r.kind is ReminderKind.QUESTION
    ]
    assert question.due_at == datetime(2025, 11, 27, 20, 1, tzinfo=UTC) + CONFIRMATION_GRACE


@given(whens, st.sampled_from(list(DEFAULT_OFFSETS.values())))
def test_every_plan_keeps_the_promises_of_all_plans(when: When, offsets: tuple[timedelta, ...]) -> None:
    found = reminders_for(when, offsets, UTC_NINE, NOW)
    assert all(one.due_at <= other.due_at for one, other in pairwise(found))
    assert sum(r.kind is ReminderKind.QUESTION for r in found) == (0 if when.no_earlier_than else 1)
    assert sum(not r.offset and r.kind is not ReminderKind.QUESTION for r in found) == 1
    for reminder in found:
        assert (reminder.state is ReminderState.SKIPPED) <= (reminder.due_at <= NOW)
        if reminder.state is ReminderState.PENDING:
            assert reminder.due_at >= NOW
    assert len({(r.kind, r.offset, r.due_at) for r in found}) == len(found)


# --- offsets ----------------------------------------------------------------------------------------------------------

offsets = st.integers(0, OFFSET_MAX // timedelta(minutes=1)).map(lambda minutes: timedelta(minutes=minutes))


@given(st.sets(offsets, max_size=19))
def test_written_offsets_read_back_as_themselves(wanted: set[timedelta]) -> None:
    assert set(parse_offsets(format_offsets(wanted))) == wanted | {timedelta(0)}


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("30d 7d 12h 10m 0", "30d 7d 12h 10m 0"),
        ("1h, L-1d, r-2w", "14d 1d 1h 0"),
        ("24h 1d 60min", "1d 1h 0"),
        ("", "0"),
        ("90m 36h", "36h 90m 0"),
    ],
)
def test_offsets_are_written_longest_first_with_zero_among_them(typed: str, written: str) -> None:
    assert format_offsets(parse_offsets(typed)) == written


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("soon", "offset_unclear"),
        ("5", "offset_unclear"),
        ("1.5h", "offset_unclear"),
        ("--1d", "offset_unclear"),
        ("731d", "offset_too_long"),
        ("99999w", "offset_too_long"),
        (" ".join(f"{n}h" for n in range(1, 21)), "too_many_offsets"),
    ],
)
def test_offsets_that_say_nothing_or_too_much_are_refused(typed: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_offsets(typed)
    assert refusal.value.code == code


@given(st.text(max_size=40))
def test_any_text_is_offsets_or_an_invalid_input(text: str) -> None:
    with suppress(InvalidInput):
        assert timedelta(0) in parse_offsets(text)


def test_every_kind_of_event_has_its_default() -> None:
    assert {kind: format_offsets(DEFAULT_OFFSETS[kind]) for kind in EventKind} == {
        EventKind.LANDING: "30d 14d 7d 3d 1d 12h 1h 0",
        EventKind.LAUNCH: "7d 1d 12h 1h 10m 0",
        EventKind.EVA: "7d 1d 1h 0",
        **dict.fromkeys(
            [EventKind.DOCKING, EventKind.UNDOCKING, EventKind.RELOCATION, EventKind.DEORBIT, EventKind.MILESTONE],
            "1d 1h 10m 0",
        ),
    }


@pytest.mark.parametrize(
    ("due", "again"),
    [
        ("2016-10-15T23:30-03:00", "2016-10-16T23:30-02:00"),  # a day of 23 hours: 24 hours later it is over
        ("2016-02-20T00:10-02:00", "2016-02-21T00:10-03:00"),  # a day of 25 hours: 24 hours later it is still the same
        ("2016-10-14T00:10-03:00", "2016-10-15T00:10-03:00"),
        ("2016-10-15T00:10-03:00", "2016-10-16T01:00-02:00"),  # that minute is left out: the first one after it
    ],
    ids=["23 hours", "25 hours", "24 hours", "a minute that does not exist"],
)
def test_what_is_repeated_daily_comes_once_on_each_local_day(due: str, again: str) -> None:
    morning = Morning(ZoneInfo("America/Sao_Paulo"), 9)
    due_at = datetime.fromisoformat(due)
    at = due_at.astimezone(morning.zone).time()
    assert morning.again_after(due_at, due_at, at) == datetime.fromisoformat(again)


@pytest.mark.parametrize(
    ("due", "at", "again"),
    [
        ("2025-03-28T23:13-02:00", "23:13", "2025-03-30T00:00-01:00"),  # that night's 23:13 is left out: midnight
        ("2025-03-30T00:00-01:00", "23:13", "2025-03-30T23:13-01:00"),  # and that of the new day comes all the same
        ("2025-03-30T23:13-01:00", "23:13", "2025-03-31T23:13-01:00"),
        ("2025-03-30T10:00-01:00", "23:13", "2025-03-31T10:00-01:00"),  # it came at another time before: it keeps that
    ],
    ids=["into the gap", "out of it", "after it", "not its own time"],
)
def test_a_gap_over_midnight_changes_one_day_of_what_is_repeated(due: str, at: str, again: str) -> None:
    morning = Morning(ZoneInfo("America/Scoresbysund"), 9)
    due_at = datetime.fromisoformat(due)
    assert morning.again_after(due_at, due_at, time.fromisoformat(at)) == datetime.fromisoformat(again)


def test_what_a_gap_put_off_comes_at_its_own_time_again() -> None:
    morning = Morning(ZoneInfo("Europe/Berlin"), 9)
    into_gap = datetime.fromisoformat("2026-03-29T03:00+02:00")
    assert morning.again_after(into_gap, into_gap, time(2, 30)) == datetime.fromisoformat("2026-03-30T02:30+02:00")
