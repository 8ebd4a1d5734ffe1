"""What the first timeline costs everyone else: how late an event loop is while it is drawn in a thread, and the memory it leaves.

A loop that wakes every 5 ms notes how late each waking is: at rest, during the first picture (which imports Pillow), and during
the next ones. It asserts nothing: figures depend on the machine.

    python -m benchmarks.first_chart
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import discord  # noqa: F401 - the bot's own weight, which the picture's is added to

from cogs.charts.chart import Bar, Chart, ChartRow, Lane, Symbol, Tick

TICK_S = 0.005
ROWS = 8


def sample() -> Chart:
    """A chart of the usual size."""
    rows = tuple(
        ChartRow(
            f"EVA {number}: Solntse-Terahertz installation",
            "planned · no earlier than 22 Mar 2026",
            ("first planned for 19 Dec 2025", "at least 93 days later than first planned"),
            Symbol.RUNS_ON,
            (
                Lane((Bar(0.1, 0.2, Symbol.FIRST_PLAN),)),
                Lane((Bar(0.5 + number / 30, 1.0, Symbol.PLANNED, runs_on=True),)),
            ),
            moved=True,
        )
        for number in range(ROWS)
    )
    ticks = tuple(Tick(number / 8, f"{number} Jan", "2026") for number in range(1, 8))
    legend = ((Symbol.PLANNED, "plan"), (Symbol.FIRST_PLAN, "first plan"), (Symbol.RUNS_ON, "no earlier than"))
    return Chart("Progress MS-33", "Planned", rows, ticks, "UTC", 0.3, "now: 12 Dec 2025 10:00 UTC", legend)


def draw_sample() -> int:
    """What the bot does in its thread."""
    from cogs.charts.drawing import draw

    return len(draw(sample()))


def resident_mb() -> float:
    """Memory of this process (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


async def measured(what: str, work: Awaitable[object], before_mb: float) -> None:
    """Print how late the loop woke while `work` ran."""
    late: list[float] = []
    running = asyncio.ensure_future(work)
    begun = time.perf_counter()
    while not running.done():
        asked = time.perf_counter()
        await asyncio.sleep(TICK_S)
        late.append((time.perf_counter() - asked - TICK_S) * 1000)
    took = (time.perf_counter() - begun) * 1000
    middle = statistics.median(late)
    print(f"{what:<16}{took:>8.0f} ms  late: median {middle:>5.1f}  worst {max(late):>6.1f} ms", end="")
    print(f"  memory {resident_mb() - before_mb:+.1f} MB")


async def main() -> None:
    """Measure, in the order in which a bot meets them."""
    before_mb = resident_mb()
    run = partial(asyncio.get_running_loop().run_in_executor, ThreadPoolExecutor(max_workers=1))
    await measured("at rest", asyncio.sleep(0.5), before_mb)
    await measured("first picture", run(draw_sample), before_mb)
    for number in (2, 3):
        await measured(f"picture {number}", run(draw_sample), before_mb)
    ten = asyncio.gather(*(run(draw_sample) for _ in range(10)))
    await measured("ten at once", ten, before_mb)


if __name__ == "__main__":
    asyncio.run(main())
