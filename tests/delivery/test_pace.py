"""No more requests in any second than are allowed, in order, however long each is on its way."""

import asyncio
from dataclasses import dataclass, field

import pytest

from bot.pace import WINDOW_S, Pace


@dataclass
class Stopwatch:
    """Real time that goes on only while somebody sleeps."""

    now_s: float = 100.0
    sleepers: list[tuple[float, asyncio.Event]] = field(default_factory=list)

    def monotonic_s(self) -> float:
        return self.now_s

    async def sleep(self, delay_s: float) -> None:
        await self.at(self.now_s + delay_s)

    async def at(self, until_s: float) -> None:
        """Sleep until then; when everybody sleeps, the first of them is woken."""
        woken = asyncio.Event()
        self.sleepers.append((until_s, woken))
        while not woken.is_set():
            await asyncio.sleep(0)
            first_s, first = min(self.sleepers, key=lambda one: one[0])
            if first is woken:
                self.sleepers.remove((first_s, first))
                self.now_s = max(self.now_s, first_s)
                return


async def requests(pace: Pace, watch: Stopwatch, count: int, takes_s: float) -> list[tuple[float, float]]:
    """Make them all at once; when each began and ended."""
    made: list[tuple[float, float]] = []

    async def one() -> None:
        async with pace.turn():
            began_s = watch.now_s
            if takes_s:
                await watch.sleep(takes_s)
            made.append((began_s, watch.now_s))

    async with asyncio.TaskGroup() as together:
        for _ in range(count):
            together.create_task(one())
    return made


@pytest.mark.parametrize("takes_s", [0.0, 0.3, 4.0])
async def test_no_second_sees_more_requests_than_are_allowed(takes_s: float) -> None:
    watch = Stopwatch()
    made = await requests(Pace(5, watch), watch, 23, takes_s)
    ends = sorted(ended for _, ended in made)
    begins = sorted(began for began, _ in made)
    # Wherever on its way a request arrives: the sixth begins a second after the first has ended.
    assert all(later >= earlier + WINDOW_S - 1e-9 for earlier, later in zip(ends, begins[5:], strict=False))
    assert begins[:5] == [100.0] * 5
    assert begins[-1] == pytest.approx(100.0 + 4 * (WINDOW_S + takes_s))


async def test_after_a_quiet_second_nobody_waits() -> None:
    watch = Stopwatch()
    pace = Pace(3, watch)
    await requests(pace, watch, 3, 0.0)
    watch.now_s += WINDOW_S
    assert await requests(pace, watch, 1, 0.0) == [(100.0 + WINDOW_S, 100.0 + WINDOW_S)]


async def test_whoever_gives_up_waiting_leaves_the_place_as_it_was() -> None:
    watch = Stopwatch()
    pace = Pace(1, watch)
    await requests(pace, watch, 1, 0.0)
    never = asyncio.Event()
    watch.sleepers.append((0.0, never))  # time stands still

    async def wait() -> None:
        async with pace.turn():
            raise AssertionError("it was not its turn")

    waiting = asyncio.ensure_future(wait())
    for _ in range(3):
        await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    watch.sleepers.clear()
    assert await requests(pace, watch, 1, 0.0) == [(100.0 + WINDOW_S, 100.0 + WINDOW_S)]
