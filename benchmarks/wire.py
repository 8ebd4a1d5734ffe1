"""What commands and announcements cost over the wire: the real `gantry` against the loopback, beside the least that would do.

    python -m benchmarks.wire [--rounds 7] [--only status]

A command is held against a bare "pong" on the same client, the courier against a bare loop of `channel.send` on the same client;
each pair is measured in turn, round after round. The loopback and this process share one core, the bot has another. Nothing is
asserted about time: see docs/speed.md for what the figures mean and which were seen.
"""

import argparse
import asyncio
import json
import os
import platform
import statistics
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from rich.console import Console

from benchmarks.launch import CORE_VARIABLE
from benchmarks.pairs import Compared, Goal, Round, table_of
from tests.wire.client import Loaded, Place, Wire
from tests.wire.processes import Running, loopback, start_gantry
from tests.wire.record import JSON

T = TypeVar("T")
LAUNCHER = "benchmarks.launch"
MISSIONS = 10
PADS = 150
CHANNELS = 50
ROWS = 20
SIDE_BY_SIDE = 64
ONE_AT_A_TIME = 150
MANY = 600
REST_S = 0.01
"""So long nothing is asked after an answer, unless asked back to back: what a use leaves to be done is then in no other's time."""
LOOK_AGAIN_S = 0.5

_MESSAGE = 4
_REFUSALS = ("⚠️ Not done", "⚠️ Something went wrong")
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass
class Stand:
    """Where it is measured: a desk with missions and pads, and a guild in which many channels hear everything."""

    wire: Wire
    bot: Running
    desk: Place
    hall: Place
    channels: tuple[int, ...]
    missions: tuple[JSON, ...]
    reports: tuple[JSON, ...]
    entered: int = 0

    def busy_s(self) -> float:
        """Processor time the bot has taken so far."""
        fields = Path(f"/proc/{self.bot.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS_A_SECOND


@dataclass(frozen=True, slots=True)
class Spent:
    """A load, and how long each side was busy with one use, in ms."""

    loaded: Loaded
    bot_ms: float
    loopback_ms: float

    @property
    def p50_ms(self) -> float:
        """The median latency."""
        return statistics.median(self.loaded.latencies_ms)

    @property
    def per_s(self) -> float:
        """Answers a second."""
        return len(self.loaded.latencies_ms) / self.loaded.took_s


def main() -> None:
    """Start everything, measure, print."""
    asked = _arguments()
    console = Console()
    compared = asyncio.run(_measured(asked, console))
    machine = f"{os.cpu_count()} cores, load {os.getloadavg()[1]:.1f}, Python {platform.python_version()}"
    console.print(table_of(f"over the wire, medians of {asked.rounds} rounds ({machine})", compared))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What commands and announcements cost over the wire.")
    parser.add_argument("--rounds", type=int, default=7, help="how often each pair is measured")
    parser.add_argument("--only", default="", help="measure only work whose name holds this")
    return parser.parse_args()


async def _measured(asked: argparse.Namespace, console: Console) -> list[Compared]:
    work: tuple[tuple[str, Callable[[Stand, int], Awaitable[Compared]]], ...] = (
        ("/mission status, one at a time", partial(_status, rest_s=REST_S)),
        ("/mission status, back to back", partial(_status, rest_s=0.0)),
        (f"/mission status, {SIDE_BY_SIDE} outstanding", _status_many),
        ("/pad report, one at a time", partial(_report, rest_s=REST_S)),
        ("/pad report, back to back", partial(_report, rest_s=0.0)),
        (f"courier, {CHANNELS} channels × {ROWS}", _courier),
    )
    compared = []
    with tempfile.TemporaryDirectory(prefix="gantry-benchmark-") as folder:
        async with _stand(Path(folder)) as stand:
            for name, measure in work:
                if asked.only in name:
                    with console.status(name):
                        compared.append(await measure(stand, asked.rounds))
    return compared


@asynccontextmanager
async def _stand(folder: Path) -> AsyncIterator[Stand]:
    """Both processes on their cores, connected, and everything entered that is asked about."""
    here, there = _cores()
    os.sched_setaffinity(0, {here})
    with loopback() as address:
        async with Wire(*address) as wire:
            desk, _ = await wire.settle_in("flight")
            hall, channels = await wire.settle_in("ops", *(f"channel-{number}" for number in range(CHANNELS)))
            for method, template in (
                ("POST", "/interactions/{interaction_id}/{interaction_token}/callback"),
                ("POST", "/channels/{channel_id}/messages"),
            ):
                await wire.act("set_limit", method=method, template=template, requests=1 << 30, per_s=86_400)
            # On a machine that is busy with other work an answer may take long. That is a figure, and no reason to end.
            await wire.act("set_world", answer_within_s=60)
            # Neither side keeps Discord's fifty requests a second here: the loopback does not ask for it.
            more = {CORE_VARIABLE: str(there), "GANTRY_REQUESTS_PER_SECOND": "10000"}
            bot = await start_gantry(folder, *address, "run", fresh=True, launcher=LAUNCHER, **more)
            try:
                await wire.connected()
                missions, reports = await _enter(wire, desk)
                yield Stand(wire, bot, desk, hall, await _hear(wire, hall, channels), missions, reports)
            except AssertionError as error:
                error.add_note(bot.said()[-2000:])
                raise
            finally:
                await bot.stop()


def _cores() -> tuple[int, int]:
    """The loopback's core and the bot's, which are one where there is only one."""
    cores = sorted(os.sched_getaffinity(0))
    return cores[0], cores[-1]


async def _enter(wire: Wire, desk: Place) -> tuple[tuple[JSON, ...], tuple[JSON, ...]]:
    """A desk as it is in use: a channel that hears everything, a station, missions with crew and a moved launch, pads."""
    ask = partial(_asked, wire, desk)
    await ask("ops setup")
    await ask("announce subscribe", topic="all")
    await ask("docking station", name="International Space Station", short="ISS", ports="Rassvet, Poisk, Prichal")
    await ask("pad add", name="Site 31/6", site="Baikonur", vehicles="Soyuz-2.1a", kinds="crew, cargo")
    pads = [f"Pad {number}" for number in range(PADS)]
    for name in pads:
        await ask("pad add", name=name, site="Test range", vehicles="Test article", components="hatch, mast, sled")
    names = [f"Soyuz MS-{28 + number}" for number in range(MISSIONS)]
    for number, name in enumerate(names):
        year = 2031 + number
        await ask("mission create", name=name, vehicle="Soyuz-2.1a", spacecraft="Soyuz MS No. 753", pad="Site 31/6",
                  station="ISS", launch=f"{year}-03-14 09:27", duration_days=240, seats=3)  # fmt: skip
        await ask("docking plan", mission=name, port="Rassvet", when=f"{year}-03-28 12:38")
        await ask("mission plan", mission=name, event="landing", when=f"{year}-11")
        await ask("mission move", mission=name, event="launch", when=f"{year}-03-27 09:27", reason="late cargo")
        for role in ("commander", "flight engineer"):
            await ask("crew assign", mission=name, person=f"The {role} of {name}", role=role)
    missions = tuple({"mission": name} for name in names)
    reports = tuple({"pad": name, "severity": "minor", "summary": "Bent mast"} for name in pads)
    return missions, reports


async def _hear(wire: Wire, hall: Place, channels: dict[str, int]) -> tuple[int, ...]:
    """Let every channel of the hall but the first hear everything."""
    await _asked(wire, hall, "ops setup")
    hearing = tuple(channel_id for channel_id in channels.values() if channel_id != hall.channel_id)
    for channel_id in hearing:
        await _asked(wire, hall, "announce subscribe", topic="all", channel=channel_id)
    return hearing


async def _asked(wire: Wire, place: Place, command: str, **options: object) -> None:
    before = await wire.now_at()  # a long log is dear to look through from its beginning
    answered = await wire.answered(await wire.invoke(place, command, **options), after=before)
    assert not answered.words.startswith(_REFUSALS), f"/{command}: {answered.words}"


async def _status(stand: Stand, rounds: int, *, rest_s: float) -> Compared:
    once = partial(_load, stand, times=ONE_AT_A_TIME, rest_s=rest_s)
    pairs = await _in_turn(rounds, partial(once, "mission status", stand.missions), partial(once, "pong", ()))
    assert "Soyuz MS" in pairs[-1][0].loaded.last.words
    return _latency(f"/mission status, {_how(rest_s)}, p50", Goal(at_most=2.0), pairs)


async def _status_many(stand: Stand, rounds: int) -> Compared:
    many = partial(_load, stand, times=MANY, outstanding=SIDE_BY_SIDE, rest_s=0.0)
    pairs = await _in_turn(rounds, partial(many, "mission status", stand.missions), partial(many, "pong", ()))
    return Compared(
        f"/mission status, {SIDE_BY_SIDE} outstanding, per second",
        "pong",
        Goal(at_least=0.4),
        [Round(a.per_s, b.per_s) for a, b in pairs],
        _both(f"{_mid(a.per_s for a, _ in pairs):,.0f} / {_mid(b.per_s for _, b in pairs):,.0f} a second", pairs),
    )


async def _report(stand: Stand, rounds: int, *, rest_s: float) -> Compared:
    once = partial(_load, stand, times=ONE_AT_A_TIME, rest_s=rest_s)
    pairs = await _in_turn(rounds, partial(once, "pad report", stand.reports), partial(once, "pong", ()))
    assert "DR-" in pairs[-1][0].loaded.last.words
    return _latency(f"/pad report, {_how(rest_s)}, p50", Goal(at_most=3.5), pairs)


async def _courier(stand: Stand, rounds: int) -> Compared:
    pairs = await _in_turn(rounds, partial(_posted_by_courier, stand), partial(_posted_barely, stand))
    return Compared(
        f"courier, {CHANNELS} channels × {ROWS}, messages per second",
        "channel.send",
        Goal(at_least=0.5),
        [Round(ours, against) for ours, against in pairs],
        f"{_mid(ours for ours, _ in pairs):,.0f} / {_mid(bare for _, bare in pairs):,.0f} a second",
    )


async def _posted_by_courier(stand: Stand) -> float:
    """Missions are entered while the courier is held; then it is let go. Messages per second."""
    await _asked(stand.wire, stand.hall, "hold")
    for _ in range(ROWS):
        stand.entered += 1
        await _asked(stand.wire, stand.hall, "mission create", name=f"Progress {stand.entered}", vehicle="Soyuz-2.1a")
    begun = await stand.wire.now_at()
    await _asked(stand.wire, stand.hall, "release")
    return await _posting_rate(stand, begun)


async def _posted_barely(stand: Stand) -> float:
    """The same embed, as many times in as many channels, by `channel.send`. Messages per second."""
    example = (await stand.wire.messages(stand.channels[0]))[0].embeds[0]
    begun = await stand.wire.now_at()
    channels = " ".join(str(channel_id) for channel_id in stand.channels)
    await _asked(stand.wire, stand.hall, "bare", channels=channels, embed=json.dumps(example), times=ROWS)
    return await _posting_rate(stand, begun)


async def _posting_rate(stand: Stand, begun: int) -> float:
    """From the receipt of the first message to that of the last. Looked for seldom: looking costs the loopback time."""
    wanted = frozenset(stand.channels)
    count = CHANNELS * ROWS
    at_s: list[float] = []
    while len(at_s) < count:
        await asyncio.sleep(LOOK_AGAIN_S)
        records = await stand.wire.records("message.created", after=begun)
        at_s = [record["monotonic_s"] for record in records if record["data"]["channel_id"] in wanted]
    return (count - 1) / (at_s[-1] - at_s[0])


async def _load(
    stand: Stand, command: str, options: Sequence[JSON], *, times: int, outstanding: int = 1, rest_s: float = REST_S
) -> Spent:
    before_s = stand.busy_s()
    loaded = await stand.wire.load(stand.desk, command, *options, times=times, outstanding=outstanding, rest_s=rest_s)
    assert loaded.kinds == {_MESSAGE: times}, f"/{command} was answered with {loaded.kinds}"
    return Spent(loaded, (stand.busy_s() - before_s) * 1000 / times, loaded.busy_s * 1000 / times)


async def _in_turn(
    rounds: int, ours: Callable[[], Awaitable[T]], against: Callable[[], Awaitable[T]]
) -> list[tuple[T, T]]:
    """One round of each to warm up, then ours, the other, ours, the other."""
    await ours()
    await against()
    return [(await ours(), await against()) for _ in range(rounds)]


def _how(rest_s: float) -> str:
    return "one at a time" if rest_s else "back to back"


def _latency(work: str, goal: Goal, pairs: Sequence[tuple[Spent, Spent]]) -> Compared:
    said = f"{_mid(a.p50_ms for a, _ in pairs):.2f} / {_mid(b.p50_ms for _, b in pairs):.2f} ms"
    return Compared(work, "pong", goal, [Round(a.p50_ms, b.p50_ms) for a, b in pairs], _both(said, pairs))


def _both(said: str, pairs: Sequence[tuple[Spent, Spent]]) -> str:
    """The figures, and below them how long both processes were busy with one."""
    bot = f"{_mid(a.bot_ms for a, _ in pairs):.2f} / {_mid(b.bot_ms for _, b in pairs):.2f}"
    other = f"{_mid(a.loopback_ms for a, _ in pairs):.2f} / {_mid(b.loopback_ms for _, b in pairs):.2f}"
    return f"{said}\nbusy: bot {bot} ms, loopback {other} ms"


def _mid(values: Iterable[float]) -> float:
    return statistics.median(values)


if __name__ == "__main__":
    main()
