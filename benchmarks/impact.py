"""What `/pad impact` costs as the manifest grows: 5,000 missions and 50 pads against 10 missions and 2 pads, all pads against one.

    python -m benchmarks.impact [--missions 10 5000] [--pads 2 50] [--rounds 5]

Every pad is out of service, with a forecast. The two questions of a pair are put in turn, round after round, in one process on one
core; each round's ratio is of that round's medians. Nothing is asserted: see docs/speed.md.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from rich.console import Console

from benchmarks.filling import MEMBER, NOW, WORKSPACE, Size, fill
from benchmarks.house import StillClock, attend, desks_over
from benchmarks.pairs import Compared, Goal, Round, table_of
from domain.capabilities import Capability, Standing
from domain.damage import Severity
from domain.missions import MissionKind
from domain.sources import Tier
from services.actors import Actor
from services.damage import ReportDamage
from services.desks import Desks
from services.forecasts import ForecastReturn
from services.missions import CreateMission
from storage.database import open_database
from storage.migrations import upgrade

Ask = Callable[[], Awaitable[object]]
_ROUND_S = 1.0
_AT_LEAST = 7
_AT_MOST = 200


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description="What the impact of closed pads costs as the manifest grows.")
    parser.add_argument("--missions", type=int, nargs=2, default=[10, 5_000], help="few and many missions")
    parser.add_argument(
        "--pads", type=int, nargs=2, default=[2, 50], help="few and many pads, every one of them closed"
    )
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    few, many = (Size(missions, 1, missions, pads) for missions, pads in zip(asked.missions, asked.pads, strict=True))
    with tempfile.TemporaryDirectory(prefix="gantry-benchmark-") as directory:
        compared = asyncio.run(_measure(few, many, Path(directory), asked.rounds))
    Console().print(table_of("the impact of closed pads", compared))


async def _measure(few: Size, many: Size, directory: Path, rounds: int) -> Sequence[Compared]:
    async with _closed(directory / "few.db", few) as small, _closed(directory / "many.db", many) as large:
        size, small_size = (f"{one.missions:,} missions, {one.pads} pads" for one in (many, few))
        pairs = (
            (f"/pad impact, one pad: {size}", small_size, Goal(at_most=10.0), _one(large), _one(small)),
            (f"/pad impact, all pads: {size}", small_size, Goal(at_most=60.0), _all(large), _all(small)),
            (f"/pad impact, all pads: {size}", "one pad", Goal(at_most=20.0), _all(large), _one(large)),
            (f"/mission status, at risk: {size}", small_size, Goal(at_most=1.2), _status(large), _status(small)),
        )
        return [
            _compared(work, against, goal, [await _round(ours, other) for _ in range(rounds)])
            for work, against, goal, ours, other in pairs
        ]


def _one(desks: Desks) -> Ask:
    return lambda: desks.impact.impact(_actor(), "Site 1")


def _all(desks: Desks) -> Ask:
    return lambda: desks.impact.impact(_actor())


def _status(desks: Desks) -> Ask:
    return lambda: desks.missions.status(_actor(), "Waiting 1")


async def _round(ours: Ask, other: Ask) -> Round:
    """The medians of two questions, put in turn until the time is spent.

    Pairs are measured one after another: a heavy question would have the next one find the caches empty.
    """
    times: tuple[list[float], list[float]] = ([], [])
    ends_s = time.perf_counter() + _ROUND_S
    while len(times[0]) < _AT_LEAST or (len(times[0]) < _AT_MOST and time.perf_counter() < ends_s):
        for ask, taken in zip((ours, other), times, strict=True):
            started_s = time.perf_counter()
            await ask()
            taken.append(time.perf_counter() - started_s)
    return Round(statistics.median(times[0]), statistics.median(times[1]))


def _compared(work: str, against: str, goal: Goal, rounds: Sequence[Round]) -> Compared:
    ours, other = (
        statistics.median(values) * 1e3 for values in zip(*((r.ours, r.against) for r in rounds), strict=True)
    )
    return Compared(work, against, goal, rounds, f"{ours:.2f} / {other:.2f} ms")


@asynccontextmanager
async def _closed(path: Path, size: Size) -> AsyncIterator[Desks]:
    """Desks over a workspace of that size in which every pad is out of service, and at least one mission waits for each."""
    await upgrade(path, backup_dir=path.parent, now=NOW)
    await fill(path, size, lambda: None)
    async with open_database(path, attend) as database:
        desks = desks_over(database, StillClock(NOW), path.parent)
        for number in range(1, size.pads + 1):
            pad = f"Site {number}"
            await desks.missions.create(
                _actor(), CreateMission(f"Waiting {number}", "Soyuz-2.1a", MissionKind.CREW, pad=pad, launch="2026-04")
            )
            await desks.damage.report(_actor(), ReportDamage(pad, Severity.CRITICAL, "the service cabin fell"))
            await desks.forecasts.forecast(
                _actor(), ForecastReturn(pad, "the operator", Tier.OFFICIAL, earliest="2026-02", latest="2026-06")
            )
        yield desks


def _actor() -> Actor:
    """Somebody who may do everything that is asked here: `fill` grants each capability to a role from 500 on."""
    roles = frozenset(range(500, 500 + len(Capability)))
    return Actor(WORKSPACE, MEMBER, "planner", Standing(roles, manages_server=False), 1)


if __name__ == "__main__":
    main()
