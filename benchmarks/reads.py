"""What questions cost through services and storage, against the bare driver fetching the same rows, in one process and run.

    python -m benchmarks.reads [--missions 10 10000] [--history 1 100] [--deep 2000] [--only "/mission status"]

Each question is asked in turn with its plain counterpart, so that whatever else the machine does slows both; medians are compared.
Before each timed question it is asked untimed.
Nothing is asserted: see docs/speed.md for what the figures mean and which were seen.
"""

import argparse
import asyncio
import gc
import itertools
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from benchmarks.filling import AS_OF, MEMBER, NOW, WORKSPACE, Size, fill
from benchmarks.house import StillClock, attend, desks_over
from benchmarks.plain import Plain
from domain.capabilities import Standing
from domain.missions import Mission, Phase, phase_of
from domain.text import name_key
from services.actors import Actor
from services.desks import Desks
from services.missions import as_of_instant
from storage.database import open_database
from storage.migrations import upgrade
from storage.rows import to_us

_WARM_UP = 3
_BUDGET_S = 4.0
_AT_MOST = 400
_AT_LEAST = 7
_ASKED_OF = 40


@dataclass(frozen=True, slots=True)
class Question:
    """A command's question and its plain counterpart. Each call of either asks the next of a round of missions."""

    name: str
    ask: Callable[[], Awaitable[object]]
    fetch: Callable[[], int]


@dataclass(frozen=True, slots=True)
class Figure:
    """Medians in seconds."""

    ours_s: float
    plain_s: float

    @property
    def ratio(self) -> float:
        """How many times the plain cost."""
        return self.ours_s / self.plain_s


def main() -> None:
    """Fill, measure, print."""
    asked = _arguments()
    _pin()
    console = Console()
    sizes = [Size(m, h, min(m, asked.deep)) for m in asked.missions for h in asked.history]
    with tempfile.TemporaryDirectory(prefix="gantry-benchmark-") as directory, _progress(console) as progress:
        figures = asyncio.run(_measure_all(sizes, Path(directory), progress, asked.only))
    console.print(_against_driver(sizes, figures))
    if len(asked.history) > 1:
        console.print(_growth(asked.missions, asked.history, asked.deep, figures))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What questions cost, against the bare driver.")
    parser.add_argument("--missions", type=int, nargs="+", default=[10, 10_000], help="how many missions there are")
    parser.add_argument("--history", type=int, nargs="+", default=[1, 100], help="how many changes are behind each")
    parser.add_argument("--deep", type=int, default=2_000, help="how many missions have that history; the rest have 1")
    parser.add_argument("--only", default="", help="measure only questions whose name holds this")
    return parser.parse_args()


def _pin() -> None:
    """Stay on one core where that can be asked for: hand-overs between cores make figures jump."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    )


async def _measure_all(
    sizes: Sequence[Size], directory: Path, progress: Progress, only: str
) -> dict[tuple[Size, str], Figure]:
    """Put each question in turn to all sizes that differ in history alone, so that a busy moment slows them alike."""
    figures: dict[tuple[Size, str], Figure] = {}
    for count in dict.fromkeys(size.missions for size in sizes):
        alike = [size for size in sizes if size.missions == count]
        figures.update(await _measure_alike(alike, directory / f"{count}", progress, only))
    return figures


async def _measure_alike(
    sizes: Sequence[Size], directory: Path, progress: Progress, only: str
) -> dict[tuple[Size, str], Figure]:
    async with AsyncExitStack() as stack:
        asked: list[tuple[Question, ...]] = []
        for number, size in enumerate(sizes):
            path = directory / f"{number}.db"
            path.parent.mkdir(exist_ok=True)
            entered = await _filled(path, size, progress)
            desks, plain = await stack.enter_async_context(_opened(path))
            asked.append(tuple(each for each in _questions(desks, plain, entered) if only in each.name))
        gc.freeze()  # what was entered is the benchmark's own, and a bot's search for garbage does not walk it
        task = progress.add_task(f"measuring {sizes[0].missions:,} missions", total=len(asked[0]))
        figures: dict[tuple[Size, str], Figure] = {}
        for same in zip(*asked, strict=True):
            found = await _measured(same)
            figures.update({(size, same[0].name): figure for size, figure in zip(sizes, found, strict=True)})
            progress.advance(task)
        return figures


async def _filled(path: Path, size: Size, progress: Progress) -> tuple[Mission, ...]:
    await upgrade(path, backup_dir=path.parent, now=NOW)
    total = sum(size.changes_of(index) for index in range(size.missions))
    task = progress.add_task(f"filling {size.missions:,} missions, history {size.history}", total=total)
    counted = itertools.count(1)
    return await fill(path, size, lambda: progress.update(task, completed=next(counted)))


@asynccontextmanager
async def _opened(path: Path) -> AsyncIterator[tuple[Desks, Plain]]:
    """The desks as the bot has them, and the driver beside them, on one file."""
    async with open_database(path, attend) as database:
        desks = desks_over(database, StillClock(NOW), path.parent)
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            yield desks, Plain(connection)


def _questions(desks: Desks, plain: Plain, entered: Sequence[Mission]) -> Iterator[Question]:
    actor = Actor(WORKSPACE, MEMBER, "flight director", Standing(frozenset({501}), manages_server=False), 1)
    at_us = to_us(as_of_instant(AS_OF, NOW))
    live = [mission for mission in entered if phase_of(mission) is not Phase.ENDED]
    chosen = _spread(live, _ASKED_OF // 2) + _spread(entered, _ASKED_OF // 2)
    names, keys = _round(mission.name for mission in chosen), _round(name_key(mission.name) for mission in chosen)
    typed = ["", "ms", "9", "dragon-1", "zzz"]
    words, patterns = _round(typed), _round(f"%{name_key(word)}%" for word in typed)
    missions, completion = desks.missions, desks.completion
    yield Question(
        "/mission status",
        lambda: missions.status(actor, next(names)),
        lambda: plain.status(next(keys)),
    )
    yield Question("/mission list", lambda: missions.list(actor), plain.list)
    yield Question("overview", lambda: missions.overview(actor), plain.live)
    yield Question("/docking ports", lambda: desks.docking.ports(actor), plain.live)
    yield Question("/crew aboard", lambda: desks.coverage.aboard(actor), plain.aboard)
    yield Question(
        "completion of a mission",
        lambda: completion.missions(actor, next(words)),
        lambda: plain.completion(next(patterns)),
    )
    yield Question("completion of an event", lambda: completion.events(actor, None, "launch"), plain.live_missions)
    yield Question(
        "/mission status, as of",
        lambda: missions.status(actor, next(names), AS_OF),
        lambda: plain.status_as_of(next(keys), at_us),
    )
    yield Question(
        "/mission history, as of",
        lambda: desks.histories.mission(actor, next(names), AS_OF),
        lambda: plain.history_as_of(next(keys), at_us),
    )
    yield Question("overview, as of", lambda: missions.overview(actor, AS_OF), lambda: plain.list_as_of(at_us))


def _spread(missions: Sequence[Mission], count: int) -> list[Mission]:
    """So many of them, from the first to the last."""
    return list(missions[:: max(1, len(missions) // count)][:count])


def _round(items: Any) -> Iterator[str]:
    return itertools.cycle(tuple(items))


async def _measured(same: Sequence[Question]) -> list[Figure]:
    """One question at each size, ours and plain in turn, until the time is spent."""
    for question in same:
        for _ in range(_WARM_UP):
            await question.ask()
            question.fetch()
    ours: list[list[float]] = [[] for _ in same]
    plain: list[list[float]] = [[] for _ in same]
    ends_s = time.perf_counter() + _BUDGET_S * len(same)
    while len(ours[0]) < _AT_LEAST or (len(ours[0]) < _AT_MOST and time.perf_counter() < ends_s):
        for position, question in enumerate(same):
            # Untimed, so that what the process keeps is this database's again: a bot has only one.
            await question.ask()
            question.fetch()
            started_s = time.perf_counter()
            await question.ask()
            answered_s = time.perf_counter()
            question.fetch()
            fetched_s = time.perf_counter()
            ours[position].append(answered_s - started_s)
            plain[position].append(fetched_s - answered_s)
    return [Figure(statistics.median(o), statistics.median(p)) for o, p in zip(ours, plain, strict=True)]


def _names_of(figures: dict[tuple[Size, str], Figure]) -> Sequence[str]:
    return tuple(dict.fromkeys(name for _, name in figures))


def _against_driver(sizes: Sequence[Size], figures: dict[tuple[Size, str], Figure]) -> Table:
    table = Table(title="times the bare driver's cost for the same rows (ours / plain, medians)")
    table.add_column("question")
    for size in sizes:
        table.add_column(f"{size.missions:,} missions\nhistory {size.history}", justify="right")
    for name in _names_of(figures):
        table.add_row(name, *(_shown(figures[size, name]) for size in sizes))
    return table


def _growth(
    missions: Sequence[int], history: Sequence[int], deep: int, figures: dict[tuple[Size, str], Figure]
) -> Table:
    least, most = min(history), max(history)
    table = Table(title=f"times its own cost as history grows from {least} to {most}")
    table.add_column("question")
    for count in missions:
        table.add_column(f"{count:,} missions", justify="right")
    for name in _names_of(figures):
        pairs = (
            (figures[Size(m, most, min(m, deep)), name], figures[Size(m, least, min(m, deep)), name]) for m in missions
        )
        table.add_row(name, *(f"{after.ours_s / before.ours_s:.2f}×" for after, before in pairs))
    return table


def _shown(figure: Figure) -> str:
    return f"{figure.ratio:.1f}×  ({_time(figure.ours_s)} / {_time(figure.plain_s)})"


def _time(seconds: float) -> str:
    return f"{seconds * 1e6:,.0f} µs" if seconds < 0.001 else f"{seconds * 1e3:,.1f} ms"


if __name__ == "__main__":
    main()
