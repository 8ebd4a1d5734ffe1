"""When people want to be reminded, as they type it."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.reminder_text import AHEAD_MAX, read_phrase

NOW = datetime(2025, 11, 27, 18, 0, 40, 5, tzinfo=UTC)
"""A Thursday; 19:00:40 in Berlin."""
BERLIN = ZoneInfo("Europe/Berlin")


def meant(typed: str, now: datetime = NOW, zone: ZoneInfo = BERLIN) -> str:
    """What a phrase means, as Berlin's clock shows it."""
    return f"{read_phrase(typed).placed(now, zone, time(8)).at.astimezone(BERLIN):%a %d.%m.%Y %H:%M:%S}"


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("in 20 minutes", "Thu 27.11.2025 19:20:40"),
        ("in an hour", "Thu 27.11.2025 20:00:40"),
        ("In half an hour", "Thu 27.11.2025 19:30:40"),
        ("in 1h 30m", "Thu 27.11.2025 20:30:40"),
        ("+2h", "Thu 27.11.2025 21:00:40"),
        ("in 3 days", "Sun 30.11.2025 19:00:40"),
        ("in 1 hour and 30 minutes", "Thu 27.11.2025 20:30:40"),
        ("in 2 days at 9am", "Sat 29.11.2025 09:00:00"),
        ("in a week", "Thu 04.12.2025 19:00:40"),
        ("day after tomorrow", "Sat 29.11.2025 08:00:00"),
        ("friday at 9", "Fri 28.11.2025 09:00:00"),
        ("at 18 tomorrow", "Fri 28.11.2025 18:00:00"),
        ("tomorrow at midnight", "Fri 28.11.2025 00:00:00"),
        ("27 nov 23:30", "Thu 27.11.2025 23:30:00"),
        ("1 december", "Mon 01.12.2025 08:00:00"),
        ("July 27 10:30", "Mon 27.07.2026 10:30:00"),
        ("the 1st of December at 9", "Mon 01.12.2025 09:00:00"),
        ("29 february", "Tue 29.02.2028 08:00:00"),
        ("31st", "Wed 31.12.2025 08:00:00"),
        ("on the 5th 7:30", "Fri 05.12.2025 07:30:00"),
        ("23:30", "Thu 27.11.2025 23:30:00"),
        ("18:30", "Fri 28.11.2025 18:30:00"),
        ("at 18:30:15", "Fri 28.11.2025 18:30:15"),
        ("9am", "Fri 28.11.2025 09:00:00"),
        ("12am", "Fri 28.11.2025 00:00:00"),
        ("12:15 pm", "Fri 28.11.2025 12:15:00"),
        ("noon", "Fri 28.11.2025 12:00:00"),
        ("today 23:15", "Thu 27.11.2025 23:15:00"),
        ("tomorrow 9:00", "Fri 28.11.2025 09:00:00"),
        ("tomorrow at 9am", "Fri 28.11.2025 09:00:00"),
        ("9am tomorrow", "Fri 28.11.2025 09:00:00"),
        ("tomorrow noon", "Fri 28.11.2025 12:00:00"),
        ("tomorrow", "Fri 28.11.2025 08:00:00"),
        ("monday 14:00", "Mon 01.12.2025 14:00:00"),
        ("on Mon at 2 pm", "Mon 01.12.2025 14:00:00"),
        ("friday", "Fri 28.11.2025 08:00:00"),
        ("thursday 23:00", "Thu 27.11.2025 23:00:00"),
        ("thursday 9:00", "Thu 04.12.2025 09:00:00"),
        ("next thursday 23:00", "Thu 04.12.2025 23:00:00"),
        ("next friday 9am", "Fri 28.11.2025 09:00:00"),
        ("2026-07-27", "Mon 27.07.2026 08:00:00"),
        ("2026-07-27 10:30", "Mon 27.07.2026 10:30:00"),
        ("27 July 2026 10:30", "Mon 27.07.2026 10:30:00"),
        ("July 27, 2026 at 10:30pm", "Mon 27.07.2026 22:30:00"),
        ("2026-07-27T10:30Z", "Mon 27.07.2026 12:30:00"),
        ("2026-07-27 10:30+03:00", "Mon 27.07.2026 09:30:00"),
        ("23:30 MSK", "Thu 27.11.2025 21:30:00"),
        ("18:30 msk", "Fri 28.11.2025 16:30:00"),
        ("tomorrow 9:00 Europe/Moscow", "Fri 28.11.2025 07:00:00"),
        ("9am tomorrow MSK", "Fri 28.11.2025 07:00:00"),
        ("tomorrow morning", "Fri 28.11.2025 08:00:00"),
        ("friday morning", "Fri 28.11.2025 08:00:00"),
        ("9:00 America/New York", "Fri 28.11.2025 15:00:00"),
        ("2026-03-29 02:30", "Sun 29.03.2026 03:00:00"),
        ("2026-10-25 02:30", "Sun 25.10.2026 02:30:00"),
    ],
)
def test_what_people_type_means_what_they_would_expect(typed: str, wanted: str) -> None:
    assert meant(typed) == wanted


def test_tomorrow_is_tomorrow_where_the_member_lives() -> None:
    late = datetime(2025, 11, 27, 23, 30, tzinfo=UTC)
    assert meant("tomorrow 9:00", late) == "Sat 29.11.2025 09:00:00"
    assert meant("tomorrow 9:00", late, ZoneInfo("America/New_York")) == "Fri 28.11.2025 15:00:00"


def test_the_first_of_two_equal_wall_times_is_meant() -> None:
    assert read_phrase("2026-10-25 02:30").placed(NOW, BERLIN, time(8)).at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "reminder_unclear"),
        ("hello", "reminder_unclear"),
        ("9", "reminder_unclear"),
        ("2026-07", "reminder_unclear"),
        ("unknown", "reminder_unclear"),
        ("NET 2026-03-22", "reminder_unclear"),
        ("in 20 bananas", "reminder_unclear"),
        ("9:00 " + "x" * 80, "reminder_unclear"),
        ("25:00", "when_impossible"),
        ("13pm", "when_impossible"),
        ("0am", "when_impossible"),
        ("2026-02-30 9:00", "when_impossible"),
        ("in 999999 days", "when_impossible"),
        ("31 february", "when_impossible"),
        ("32nd", "when_impossible"),
        ("tomorrow at 25", "when_impossible"),
        ("27 november 9:00", "reminder_in_past"),
        ("november", "reminder_unclear"),
        ("in 2 hours 9:00", "reminder_unclear"),
        ("9:00 Europe/Atlantis", "zone_unknown"),
        ("9am tomorrow Atlantis", "zone_unknown"),
        ("at 9 in the morning", "reminder_unclear"),
        ("10:30 27.07", "reminder_unclear"),
        ("today 9:00", "reminder_in_past"),
        ("2025-11-27 18:59", "reminder_in_past"),
        ("in 0 minutes", "reminder_in_past"),
        ("2036-01-01 9:00", "reminder_too_far"),
        ("in 4000 days", "reminder_too_far"),
    ],
)
def test_what_cannot_be_a_reminder_is_refused_with_its_reason(typed: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        meant(typed)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("typed", "once", "repeating"),
    [
        ("in 20 minutes", False, True),
        ("tomorrow 9:00", True, True),
        ("monday", True, True),
        ("18:30 MSK", False, False),
        ("tomorrow 9:00 Europe/Moscow", False, False),
    ],
)
def test_only_a_wall_time_that_names_no_zone_needs_to_know_whose_it_is(typed: str, once: bool, repeating: bool) -> None:
    phrase = read_phrase(typed)
    assert phrase.needs_zone(repeats=False) is once
    assert phrase.needs_zone(repeats=True) is repeating


WORDS = (
    "in",
    "next",
    "mon",
    "9",
    ":",
    "30",
    "am",
    "t",
    "2026-07-27",
    "+2h",
    "z",
    "noon",
    "at",
    "and 30m",
    "nov",
    "27",
    "1st",
    "in 2d",
)


@given(st.one_of(st.text(max_size=70), st.lists(st.sampled_from(WORDS)).map(" ".join)))
def test_whatever_is_typed_is_a_moment_ahead_or_refused(typed: str) -> None:
    try:
        found = read_phrase(typed).placed(NOW, BERLIN, time(8))
    except InvalidInput:
        return
    assert NOW < found.at <= NOW + AHEAD_MAX
