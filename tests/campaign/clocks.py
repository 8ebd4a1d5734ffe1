"""Row 10: the machine's clock jumps by a second to ten years, forwards or back, or the process sleeps.

Nothing comes early, nothing twice, and what was missed is no flood.
"""

import os
import signal
from dataclasses import replace
from itertools import product

from tests.campaign.outages import repeated
from tests.campaign.outcome import Outcome, Row
from tests.campaign.stage import Stage
from tests.campaign.steps import take
from tests.campaign.workload import Shift, work
from tests.wire.books import read_books
from tests.wire.client import Wire
from tests.wire.conftest import Start

_JUMPS_S = {"1 s": 1.0, "1 h": 3600.0, "1 day": 86_400.0, "10 years": 315_576_000.0}
_SUSPENDED_S = {"1 min": 60.0, "2 h": 7200.0, "3 days": 259_200.0}
CASES = (
    *(f"clock {sign}{jump}" for jump, sign in product(_JUMPS_S, "+-")),
    *(f"asleep for {length}" for length in _SUSPENDED_S),
)


async def run(wire: Wire, start: Start, seed: int) -> Outcome:
    """Work, have the clock wrong for a while or for good, work on."""
    case = CASES[seed % len(CASES)]
    stage = Stage(wire, start, seed, case)
    dice = stage.dice
    await stage.build()
    await stage.open()
    shift = Shift(dice)
    await work(stage, shift, 4)
    if case.startswith("asleep"):
        await _sleep(stage, shift, _SUSPENDED_S[case.removeprefix("asleep for ")])
    else:
        sign, jump = case[6], _JUMPS_S[case[7:]]
        await _jump(stage, shift, jump if sign == "+" else -jump)
    await work(stage, shift, 3)
    outcome = await stage.outcome()
    assert stage.database is not None
    return replace(outcome, findings=(*outcome.findings, *repeated(read_books(stage.database))))


async def _jump(stage: Stage, shift: Shift, seconds: float) -> None:
    """The bot's clock is set wrong, while it runs or while it is down; in half of the runs it is put right again."""
    wire, dice = stage.wire, stage.dice
    while_down, put_right, broken_line = dice.random() < 0.3, dice.random() < 0.5, dice.random() < 0.5
    if while_down:
        await stage.kill()
    await wire.act("set_clock", skew_s=seconds)
    await stage.keep_up(down_s=20.0)
    if broken_line:  # a lane is held by a clock that is wrong
        await wire.fault("status", status=503, moment="after", path="/channels/.*/messages", times=2)
    for step in shift.steps(2):
        await take(stage, step)
    await stage.rest(looks=3)
    if put_right:
        await wire.act("set_clock", skew_s=0.0)
        await stage.rest(looks=3)


async def _sleep(stage: Stage, shift: Shift, seconds: float) -> None:
    """The process is stopped and goes on later, as on a machine that was suspended; perhaps in the middle of a delivery."""
    assert stage.gantry is not None
    pid = stage.gantry.process.pid
    assert pid is not None
    if stage.dice.random() < 0.5:
        await stage.wire.fault("status", status=503, moment="after", path="/channels/.*/messages")
    for step in shift.steps(1):
        await take(stage, step)
    os.kill(pid, signal.SIGSTOP)
    await stage.pass_time(seconds)
    os.kill(pid, signal.SIGCONT)
    await stage.rest(looks=4)


ROW = Row(10, "clock ±1 s, 1 h, 1 day, 10 years; asleep", run, CASES)
