"""What `/pad impact` costs as the manifest grows: 5,000 missions and 50 pads against 10 missions and 2 pads, all pads against one.

    python -m benchmarks.impact [--missions 10 5000] [--pads 2 50] [--rounds 5]

Every pad is out of service, with a forecast. The questions are put in turn, round after round, to desks over both databases in one
process on one core; each round's ratio is of that round's medians. Nothing is asserted: see docs/speed.md.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console

from benchmarks.filling import MEMBER, NOW, WORKSPACE, Size, fill
from benchmarks.pairs import Compared, Goal, Round, table_of
from cogs.pictures.thumbnail import thumbnail
from domain.capabilities import Capability, Standing
from domain.damage import Severity
from domain.missions import MissionKind
from domain.sources import Tier
from services.actors import Actor
from services.damage import ReportDamage
from services.desks import Desks, open_desks
from services.forecasts import ForecastReturn
from services.missions import CreateMission
from storage.database import open_database
from storage.evidence import EvidenceStore
from storage.migrations import upgrade

T = TypeVar("T")
Ask = Callable[[], Awaitable[object]]
_ROUND_S = 1.0
_AT_LEAST = 7
_AT_MOST = 200


class _Clock:
    """Time stands still: what is measured is work."""

    def now(self) -> Any:
        return NOW

    async def sleep(self, delay_s: float) -> None:
        raise NotImplementedError


class _Bells:
    """Nobody is woken."""

    def ring_courier(self) -> None:
        """Ring nobody."""

    def ring_timekeeper(self) -> None:
        """Ring nobody."""


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
        questions = {
            "one, few": _impact(small, "Site 2"),
            "one, many": _impact(large, "Site 2"),
            "all, few": _impact(small, None),
            "all, many": _impact(large, None),
            "mission, few": _status(small),
            "mission, many": _status(large),
        }
        found = [await _round(questions) for _ in range(rounds)]
    size = f"{many.missions:,} missions, {many.pads} pads"
    small_size = f"{few.missions} missions, {few.pads} pads"
    pairs = (
        ("/pad impact, one pad", "one, many", "one, few", Goal(at_most=5.0)),
        ("/pad impact, all pads", "all, many", "all, few", Goal(at_most=60.0)),
        ("/mission status, at risk", "mission, many", "mission, few", Goal(at_most=1.2)),
    )
    compared = [_compared(f"{work}: {size}", small_size, goal, found, ours, other) for work, ours, other, goal in pairs]
    every = _compared(f"/pad impact, all pads: {size}", "one pad", Goal(at_most=30.0), found, "all, many", "one, many")
    return [*compared, every]


def _impact(desks: Desks, pad: str | None) -> Ask:
    return lambda: desks.impact.impact(_actor(), pad)


def _status(desks: Desks) -> Ask:
    return lambda: desks.missions.status(_actor(), "Waiting 1")


async def _round(questions: dict[str, Ask]) -> dict[str, float]:
    """The median of each question in seconds, put in turn until the time is spent."""
    times: dict[str, list[float]] = {name: [] for name in questions}
    ends_s = time.perf_counter() + _ROUND_S * len(questions)
    asked = 0
    while asked < _AT_LEAST or (asked < _AT_MOST and time.perf_counter() < ends_s):
        for name, ask in questions.items():
            started_s = time.perf_counter()
            await ask()
            times[name].append(time.perf_counter() - started_s)
        asked += 1
    return {name: statistics.median(taken) for name, taken in times.items()}


def _compared(
    work: str, against: str, goal: Goal, found: Sequence[dict[str, float]], ours: str, other: str
) -> Compared:
    rounds = [Round(one[ours], one[other]) for one in found]
    figures = " / ".join(f"{statistics.median(values) * 1e3:.2f}" for values in _columns(rounds))
    return Compared(work, against, goal, rounds, f"{figures} ms")


def _columns(rounds: Sequence[Round]) -> tuple[list[float], list[float]]:
    return [one.ours for one in rounds], [one.against for one in rounds]


@asynccontextmanager
async def _closed(path: Path, size: Size) -> AsyncIterator[Desks]:
    """Desks over a workspace of that size in which every pad is out of service, and at least one mission waits for each."""
    await upgrade(path, backup_dir=path.parent, now=NOW)
    await fill(path, size, lambda: None)
    async with open_database(path, _attend) as database:
        store = EvidenceStore(path.parent / "evidence", 1, thumbnail)
        desks = open_desks(
            database, _Clock(), journal_key=b"k" * 32, bells=_Bells(), store=store, languages=frozenset({"en"})
        )
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


def _attend(work: Coroutine[Any, Any, T], /) -> asyncio.Task[T]:
    return asyncio.get_running_loop().create_task(work)


def _actor() -> Actor:
    """Somebody who may do everything that is asked here: `fill` grants each capability to a role from 500 on."""
    roles = frozenset(range(500, 500 + len(Capability)))
    return Actor(WORKSPACE, MEMBER, "planner", Standing(roles, manages_server=False), 1)


if __name__ == "__main__":
    main()
