"""The real clock: aware, in UTC, and quick to return when there is nothing to wait for."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.clock import SystemClock
from domain.clock import Clock


def test_now_is_the_present_instant_in_utc() -> None:
    clock: Clock = SystemClock()
    before = datetime.now(UTC)
    now = clock.now()
    assert now.utcoffset() == timedelta(0)
    assert before <= now <= datetime.now(UTC)


async def test_sleeping_no_time_or_less_returns_at_once_but_lets_others_run() -> None:
    ran: list[int] = []
    asyncio.get_running_loop().call_soon(ran.append, 1)
    await asyncio.wait_for(SystemClock().sleep(-3600), 5)
    assert ran == [1]


async def test_sleeping_takes_at_least_the_time_asked_for() -> None:
    clock = SystemClock()
    begun_s = clock.monotonic_s()
    await clock.sleep(0.02)
    # The loop may wake early by its clock's resolution.
    assert clock.monotonic_s() - begun_s >= 0.019
