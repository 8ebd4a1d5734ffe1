"""The restart hold-off: no wait for a healthy bot, and a crash loop that can never cost the token."""

import asyncio
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.holdoff import HEALTHY_AFTER, MAX_DELAY_S, Holdoff, delay_s
from domain.errors import Unavailable

START = datetime(2025, 11, 27, 18, tzinfo=UTC)

moments = st.datetimes(datetime(2025, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


class MovableClock:
    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at

    async def sleep(self, delay_s: float) -> None:
        self.at += timedelta(seconds=max(0.0, delay_s))


def test_the_distance_doubles_with_every_unhealthy_start_up_to_ten_minutes() -> None:
    waits = [delay_s([START] * count, START) for count in range(14)]
    assert waits == [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600]


def test_time_that_has_passed_counts() -> None:
    assert delay_s([START] * 7, START + timedelta(seconds=60)) == 4
    assert delay_s([START] * 7, START + timedelta(seconds=64)) == 0


def test_starts_of_the_day_before_are_forgotten() -> None:
    assert delay_s([START] * 20, START + timedelta(hours=24)) == 0


@given(st.lists(moments, max_size=40).map(sorted), moments)
def test_a_wait_is_never_negative_nor_longer_than_the_limit_even_if_the_clock_was_set_back(
    starts: list[datetime], now: datetime
) -> None:
    assert 0 <= delay_s(starts, now) <= MAX_DELAY_S


@given(st.lists(st.floats(0, 4000), min_size=1, max_size=40))
def test_however_a_bot_crashes_it_never_starts_more_than_220_times_in_a_day(lifetimes_s: list[float]) -> None:
    """Each start lives some seconds and dies; one that lives to be healthy wipes the record."""
    now, recorded, starts = START, list[datetime](), list[datetime]()
    for number in range(440):
        now += timedelta(seconds=delay_s(recorded, now))
        recorded = [*recorded[-31:], now]
        starts.append(now)
        lifetime = timedelta(seconds=lifetimes_s[number % len(lifetimes_s)])
        now += lifetime
        if lifetime >= HEALTHY_AFTER:
            recorded.clear()
    for first, later in zip(starts, starts[220:], strict=False):
        assert later - first > timedelta(hours=24)


async def test_a_first_start_does_not_wait(tmp_path: Path) -> None:
    assert await Holdoff(tmp_path / "starts.json", MovableClock()).wait() == 0


async def test_a_crash_loop_waits_longer_each_time_across_processes(tmp_path: Path) -> None:
    clock = MovableClock()
    waits = []
    for _ in range(5):
        process = Holdoff(tmp_path / "starts.json", clock)
        waits.append(await process.wait())
        process.record_start()
    assert waits == [0, 1, 2, 4, 8]


async def test_a_start_that_stays_healthy_wipes_the_record_and_one_that_does_not_keeps_it(tmp_path: Path) -> None:
    clock = MovableClock()
    path = tmp_path / "starts.json"
    process = Holdoff(path, clock)
    for _ in range(8):
        process.record_start()
    clock.at += HEALTHY_AFTER - timedelta(seconds=1)
    process.note_healthy()
    clock.at = START
    assert await Holdoff(path, clock).wait() == 128
    clock.at = START + HEALTHY_AFTER
    process.note_healthy()
    clock.at = START
    assert await Holdoff(path, clock).wait() == 0


async def test_a_damaged_record_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "starts.json"
    for content in (b"", b"\xff\xfe", b"[]", b'{"starts_at": [7]}', b'{"starts_at": ["2025-11-27T18:00:00"]}'):
        path.write_bytes(content)
        assert await Holdoff(path, MovableClock()).wait() == 0


def test_a_start_that_cannot_be_recorded_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as caught:
        Holdoff(tmp_path / "missing" / "starts.json", MovableClock()).record_start()
    assert caught.value.code == "data_not_writable"


def test_the_record_stays_small_and_private(tmp_path: Path) -> None:
    path = tmp_path / "starts.json"
    process = Holdoff(path, MovableClock())
    for _ in range(200):
        process.record_start()
    assert path.stat().st_size < 2000
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_waiting_can_be_cut_short_by_a_stop(tmp_path: Path) -> None:
    class StoppedClock(MovableClock):
        async def sleep(self, delay_s: float) -> None:  # noqa: ARG002 - the protocol's signature
            await asyncio.Event().wait()

    process = Holdoff(tmp_path / "starts.json", StoppedClock())
    process.record_start()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(process.wait(), 0.01)
