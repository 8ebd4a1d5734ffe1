"""No more turns in any second than are allowed, in order, and none later than it must be."""

import asyncio

from bot.pace import WINDOW_S, Pace


class Stopwatch:
    """Real time that goes on only while somebody sleeps."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def monotonic_s(self) -> float:
        return self.now_s

    async def sleep(self, delay_s: float) -> None:
        until_s = self.now_s + delay_s
        await asyncio.sleep(0)
        self.now_s = max(self.now_s, until_s)


async def test_no_second_has_more_turns_than_are_allowed() -> None:
    watch = Stopwatch()
    pace, turns = Pace(5, watch), []
    for _ in range(23):
        await pace.turn()
        turns.append(watch.now_s)
    assert turns == sorted(turns)
    assert all(later - earlier >= WINDOW_S for earlier, later in zip(turns, turns[5:], strict=False))
    assert turns[:5] == [100.0] * 5
    assert turns[-1] - turns[0] == 4 * WINDOW_S


async def test_turns_asked_for_at_once_are_given_one_after_another() -> None:
    watch = Stopwatch()
    pace = Pace(2, watch)
    given: list[tuple[int, float]] = []

    async def take(number: int) -> None:
        await pace.turn()
        given.append((number, watch.now_s))

    async with asyncio.TaskGroup() as together:
        for number in range(6):
            together.create_task(take(number))
    assert [number for number, _ in given] == list(range(6))
    assert [at_s - 100.0 for _, at_s in given] == [0.0, 0.0, 1.0, 1.0, 2.0, 2.0]


async def test_after_a_quiet_second_nobody_waits() -> None:
    watch = Stopwatch()
    pace = Pace(3, watch)
    for _ in range(3):
        await pace.turn()
    watch.now_s += WINDOW_S
    await pace.turn()
    assert watch.now_s == 100.0 + WINDOW_S
