"""When the day turns for a board: at local midnight, through every change of the clocks, and at midnight UTC."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.boards import next_turn_at

ZONES = (
    "UTC",
    "Europe/Moscow",
    "America/Santiago",
    "Africa/Cairo",
    "Asia/Beirut",
    "America/Havana",
    "Pacific/Apia",
    "Asia/Kathmandu",
    "Pacific/Chatham",
    "America/New_York",
)


INSTANTS = st.integers(0, 25 * 365 * 86_400).map(lambda s: datetime(2010, 1, 1, tzinfo=UTC) + timedelta(seconds=s))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "after", "turns"),
    [
        ("UTC", "2025-11-27T18:00", "2025-11-28T00:00"),
        ("UTC", "2025-11-28T00:00", "2025-11-29T00:00"),
        ("Europe/Moscow", "2025-11-27T18:00", "2025-11-27T21:00"),
        ("Europe/Moscow", "2025-11-27T21:00", "2025-11-28T00:00"),
        # Midnight does not exist there on the day the clocks go forward: the day begins at one.
        ("Africa/Cairo", "2025-04-24T12:00", "2025-04-24T22:00"),
        ("America/Santiago", "2025-09-07T03:59", "2025-09-07T04:00"),
        # A whole day is left out.
        ("Pacific/Apia", "2011-12-30T09:00", "2011-12-30T10:00"),
    ],
)
def test_the_next_turn_is_the_nearer_of_the_two_midnights(zone: str, after: str, turns: str) -> None:
    assert next_turn_at(zone, at(after)) == at(turns)


@given(st.sampled_from(ZONES), INSTANTS)
def test_no_day_passes_without_a_turn_and_each_turn_begins_a_day(zone: str, after: datetime) -> None:
    turn = next_turn_at(zone, after)
    assert timedelta(0) < turn - after <= timedelta(days=1)
    just_before = turn - timedelta(microseconds=1)
    days = [(one.astimezone(ZoneInfo(zone)).date(), one.astimezone(UTC).date()) for one in (just_before, turn)]
    assert days[0] != days[1]
