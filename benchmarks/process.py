"""What a million reminders that wait cost the living process: an answer while a thousand fire, its start, and its memory.

    python -m benchmarks.process [--far 1000000] [--rounds 5] [--only start]

The real `gantry` against the loopback, each on a core of its own where there are two. See docs/speed.md.
"""

import argparse
import asyncio
import os
import platform
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console

from benchmarks.house import p99
from benchmarks.launch import CORE_VARIABLE, FIRED
from benchmarks.pairs import Compared, Goal, Round, table_of
from benchmarks.waiting import Waiting, due_at, fill_waiting
from storage.keys import load_or_create_key
from storage.rows import to_us
from tests.wire.client import Loaded, Place, Wire
from tests.wire.processes import Running, loopback, start_gantry

LAUNCHER, BARE = "benchmarks.launch", "benchmarks.bare_bot"
DUE = 1_000
FIRINGS = 8
"""So many times in a round a thousand reminders fire, while one member after another uses `/pong`."""
EVERY = timedelta(seconds=1)
_NOTICED_WITHIN = timedelta(seconds=7)
"""The timekeeper looks at its table at least every five seconds: what is due later than this is fired to the instant."""
_SETTLED_S = 4.0
"""What a start leaves to be done is done by then: the library itself waits two seconds for further servers."""
_FEWEST = 100

_MOVE = "UPDATE reminders SET due_at = ? WHERE state = 'pending' AND due_at = ?"


@dataclass
class Stand:
    """The world, and a folder with a database each: in one very many reminders wait, in the other none."""

    wire: Wire
    address: tuple[str, str]
    core: int
    desk: Place
    many: Path
    none: Path
    far: int
    group: int = 0


@dataclass(frozen=True, slots=True)
class Memory:
    """What a process holds, in MB: resident, and with shared pages divided among those who share them."""

    rss: float
    pss: float


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description="What very many reminders that wait cost the living process.")
    parser.add_argument("--far", type=int, default=1_000_000, help="how many reminders wait, years ahead")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="measure only work whose name holds this: pong, start, memory")
    asked = parser.parse_args()
    console = Console()
    compared = asyncio.run(_measured(asked, console))
    machine = f"{os.cpu_count()} cores, load {os.getloadavg()[1]:.1f}, Python {platform.python_version()}"
    console.print(table_of(f"the process, medians of {asked.rounds} rounds ({machine})", compared))


async def _measured(asked: argparse.Namespace, console: Console) -> list[Compared]:
    works: tuple[tuple[str, Callable[[Stand, int], Awaitable[list[Compared]]]], ...] = (
        ("start", _start),
        ("memory", _memory),
        ("pong", _pong),
    )
    compared: list[Compared] = []
    with tempfile.TemporaryDirectory(prefix="gantry-benchmark-") as directory:
        async with _stand(Path(directory), asked.far, FIRINGS * asked.rounds) as stand:
            for name, measure in works:
                if asked.only in name:
                    with console.status(name):
                        compared += await measure(stand, asked.rounds)
    return compared


@asynccontextmanager
async def _stand(folder: Path, far: int, groups: int) -> AsyncIterator[Stand]:
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[0]})
    with loopback() as address:
        async with Wire(*address) as wire:
            desk, channels = await wire.settle_in("ops", "heard")
            await wire.act(
                "set_limit",
                method="POST",
                template="/interactions/{interaction_id}/{interaction_token}/callback",
                requests=1 << 30,
                per_s=86_400,
            )
            await wire.act("set_world", answer_within_s=60)
            sizes = {"many": Waiting(far, groups, DUE), "none": Waiting(0)}
            for name, size in sizes.items():
                data = folder / name / "data"
                data.mkdir(parents=True, mode=0o700)
                load_or_create_key(data / "journal.key")
                await fill_waiting(data / "gantry.db", size, desk.guild_id, (channels["ops"], channels["heard"]))
            shutil.copytree(folder / "none", folder / "bare")
            yield Stand(wire, address, cores[-1], desk, folder / "many", folder / "none", far)


@asynccontextmanager
async def _running(stand: Stand, folder: Path, launcher: str = LAUNCHER) -> AsyncIterator[tuple[Running, float]]:
    """The bot over the data of a folder, once it has answered; and how long that took from the start of its process, in s."""
    (folder / "data" / "starts.json").unlink(missing_ok=True)  # many starts in a row are made to wait
    before = await stand.wire.now_at()
    began_s = time.monotonic()
    core = str(stand.core)
    bot = await start_gantry(folder, *stand.address, "run", fresh=True, launcher=launcher, **{CORE_VARIABLE: core})
    try:
        await stand.wire.connected(after=before)
        await stand.wire.answered(await stand.wire.invoke(stand.desk, "pong"), after=before)
        (answer, *_) = await stand.wire.records("callback", after=before)
        yield bot, answer["monotonic_s"] - began_s
        if bot.is_up:
            await bot.stop()
    except BaseException as error:
        error.add_note(bot.said()[-2000:])
        await bot.kill()
        raise


async def _start(stand: Stand, rounds: int) -> list[Compared]:
    """From the start of the process to the receipt of its first answer, with many that wait and with none, in turn."""

    async def started_s(folder: Path) -> float:
        async with _running(stand, folder) as (_, took_s):
            return took_s

    await started_s(stand.many)
    found = [Round(await started_s(stand.many), await started_s(stand.none)) for _ in range(rounds)]
    work = f"start to the first answer, {stand.far:,} waiting"
    return [Compared(work, "none waiting", Goal(at_most=1.2), found, _said(found, "s"))]


async def _memory(stand: Stand, rounds: int) -> list[Compared]:
    """What each process holds when it is ready and has nothing to do."""

    async def held(folder: Path, launcher: str = LAUNCHER) -> Memory:
        async with _running(stand, folder, launcher) as (bot, _):
            await asyncio.sleep(_SETTLED_S)
            assert bot.process.pid is not None
            return memory_of(bot.process.pid)

    bare_folder = stand.none.parent / "bare"
    found = [(await held(stand.many), await held(stand.none), await held(bare_folder, BARE)) for _ in range(rounds)]
    goal, against = Goal(at_most=1.6), "a bare discord.py bot"
    works = (
        ("idle memory (RSS), nothing waiting", [Round(none.rss, bare.rss) for _, none, bare in found]),
        ("idle memory (PSS), nothing waiting", [Round(none.pss, bare.pss) for _, none, bare in found]),
        (f"idle memory (RSS), {stand.far:,} waiting", [Round(many.rss, bare.rss) for many, _, bare in found]),
    )
    return [Compared(work, against, goal, of_both, _said(of_both, "MB")) for work, of_both in works]


def memory_of(pid: int) -> Memory:
    """What the kernel says a process holds."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    kib = {name: int(value.split()[0]) for name, value in (line.split(":") for line in lines)}
    return Memory(kib["Rss"] / 1024, kib["Pss"] / 1024)


async def _pong(stand: Stand, rounds: int) -> list[Compared]:
    """`/pong`, back to back: of those under way while reminders fired, against as many rounds in which none did."""
    found: list[Round] = []
    during: list[float] = []
    without: list[float] = []
    async with _running(stand, stand.many) as (bot, _):
        await asyncio.sleep(_SETTLED_S)
        await stand.wire.answered(await stand.wire.invoke(stand.desk, "hold"))
        for _ in range(rounds):
            quiet = await _loaded(stand, FIRINGS * EVERY)
            told = len(bot.lines)
            await asyncio.to_thread(_come_due, stand)
            await asyncio.sleep(_NOTICED_WITHIN.total_seconds() - 0.5)
            busy = await _loaded(stand, FIRINGS * EVERY + timedelta(seconds=1))
            windows = [(float(begun), float(ended)) for begun, ended in _firings(bot.lines[told:])]
            meanwhile = [
                latency_ms
                for begun_s, latency_ms in zip(busy.begun_s, busy.latencies_ms, strict=True)
                if any(begun_s < ended and begun_s + latency_ms / 1e3 > begun for begun, ended in windows)
            ]
            assert len(meanwhile) >= _FEWEST, f"only {len(meanwhile)} answers while {len(windows)} firings"
            during += meanwhile
            without += quiet.latencies_ms
            found.append(Round(p99(meanwhile), p99(quiet.latencies_ms)))
        await bot.kill()  # a courier that is held would be waited for
    medians = f"p50 {statistics.median(during):.2f} / {statistics.median(without):.2f} ms"
    said = f"{_said(found, 'ms')}\n{medians}; of {len(during):,} / {len(without):,} answers"
    return [Compared(f"pong while {DUE:,} reminders fire, p99", "pong without", Goal(at_most=1.5), found, said)]


async def _loaded(stand: Stand, lasting: timedelta) -> Loaded:
    """One use of `/pong` after another for about as long."""
    begun_s, parts = time.monotonic(), []
    while time.monotonic() - begun_s < lasting.total_seconds():
        parts.append(await stand.wire.load(stand.desk, "pong", times=100, rest_s=0.0))
    latencies = [one for part in parts for one in part.latencies_ms]
    return Loaded(latencies, [one for part in parts for one in part.begun_s], 0.0, 0.0, {}, parts[-1].last)


def _come_due(stand: Stand) -> None:
    """Bring the next groups from far ahead to the seconds that come."""
    first_at = datetime.now(UTC) + _NOTICED_WITHIN
    with closing(sqlite3.connect(stand.many / "data" / "gantry.db", timeout=30)) as connection, connection:
        for number in range(FIRINGS):
            moved = connection.execute(_MOVE, (to_us(first_at + EVERY * number), to_us(due_at(stand.group))))
            assert moved.rowcount == DUE
            stand.group += 1


def _firings(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        if line.startswith(FIRED):
            _, begun, ended, fired = line.split()
            assert int(fired) == DUE, line
            yield begun, ended


def _said(found: Sequence[Round], unit: str) -> str:
    ours, against = (statistics.median(values) for values in zip(*((r.ours, r.against) for r in found), strict=True))
    return f"{ours:.2f} / {against:.2f} {unit}"


if __name__ == "__main__":
    main()
