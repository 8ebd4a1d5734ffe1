"""Row 8: another program holds the database's write lock, for 0.1 to 60 s, at any moment, while it runs or when it is to start.

A lock is real time: most are short, some outlast the 5 s that a write waits, few a whole minute. Whoever asks has a first answer
within 3 s; what they asked is done, or clearly refused.
"""

import asyncio
import contextlib
import sqlite3
import threading
from pathlib import Path

from tests.campaign.outcome import Outcome, Row
from tests.campaign.stage import Stage
from tests.campaign.steps import take
from tests.campaign.told import incidents, late, silence
from tests.campaign.workload import Shift, work
from tests.wire.client import Wire
from tests.wire.conftest import Start

CASES = ("short", "short", "short", "about as long as a write waits", "short", "long", "when it starts", "short")
_HELD_S = {
    "short": (0.1, 2.0),
    "about as long as a write waits": (4.0, 6.5),
    "long": (7.0, 14.0),
    "when it starts": (0.5, 7.0),
}
_MINUTE_EVERY = 50
"""Every so manieth run has one lock of a minute."""

_STEPS = 3
_PATIENT_LOOKS = 120
"""A write waits for 5 s, and one that came while another waited for 5 s more. Whoever is not waited for sees the clock go on by
more than the quarter of an hour in which Discord takes an answer."""


class _Lock:
    """The write lock, held by this process: to the bot, another program."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._held, self._may_end = threading.Event(), threading.Event()

    async def hold(self, seconds: float) -> None:
        """Take it, and let it go after so many real seconds, or when `let_go` is called."""
        await asyncio.to_thread(self._hold, seconds)

    async def held(self) -> None:
        """Return once it is held."""
        await asyncio.to_thread(self._held.wait, 20.0)

    def _hold(self, seconds: float) -> None:
        with contextlib.closing(sqlite3.connect(self._database, isolation_level=None, timeout=20.0)) as file:
            file.execute("BEGIN IMMEDIATE")
            self._held.set()
            self._may_end.wait(seconds)
            file.execute("ROLLBACK")


async def run(wire: Wire, start: Start, seed: int) -> Outcome:
    """Work while somebody else holds the lock, again and again."""
    case = CASES[seed % len(CASES)]
    stage = Stage(wire, start, seed, case)
    dice = stage.dice
    least_s, most_s = _HELD_S[case]
    stage.patience = _PATIENT_LOOKS
    await stage.build()
    await stage.open()
    stage.plants = False
    shift = Shift(dice)
    await work(stage, shift, 1)
    first = len(stage.asked)
    seconds = [dice.uniform(least_s, most_s) for _ in range(1 if most_s > 3 else _STEPS)]
    if seed % _MINUTE_EVERY == 0:
        seconds = [60.0]
    for length_s in seconds:
        if case == "when it starts":
            await stage.kill()
            await stage.pass_time(60.0)
        await _work_under_lock(stage, shift, length_s, starts=case == "when it starts")
    stage.found += [*await late(stage, stage.asked[first:]), *await silence(stage, stage.asked[first:])]
    await stage.keep_up(down_s=60.0)
    await work(stage, shift, 2)
    stage.found += await incidents(stage)
    return await stage.outcome()


async def _work_under_lock(stage: Stage, shift: Shift, seconds: float, *, starts: bool) -> None:
    assert stage.database is not None
    lock = _Lock(stage.database)
    await stage.await_records(stage.dice.randrange(8))
    holding = asyncio.create_task(lock.hold(seconds))
    await lock.held()
    if starts:
        await stage.bring_up()
    while not holding.done():
        for step in shift.steps(1):
            await take(stage, step)
        if not stage.is_up:
            break
    await holding


ROW = Row(8, "database locked by another program for 0.1–60 s", run, CASES)
