"""Row 16: told to stop (SIGTERM) in the middle of sending: it ends in time and in order, and nothing is lost or said twice."""

import asyncio

from tests.campaign.outcome import Outcome, Row
from tests.campaign.stage import NONCES_KEPT_S, Stage
from tests.campaign.steps import take
from tests.campaign.workload import Shift
from tests.wire.client import Wire
from tests.wire.conftest import Start

_HANGS = ("hang after", "hang before", "hang late")
CASES = (*_HANGS, "at any moment", "500 after", "at any moment", "at any moment")
_NEEDS_NONCE = frozenset({"hang late", "500 after"})
_METHODS = ("POST", "POST", "POST", "PATCH", "")
"""What is struck: a post, an edit, or whatever comes first; of a message that is removed there are few."""

_STEPS = 6
_STOPS = 2
_PATIENT = 12
"""Every so manieth run leaves the courier its own limit for a request, which is longer than a stop may take: eight real seconds."""


async def run(wire: Wire, start: Start, seed: int) -> Outcome:
    """Work, and be told to stop twice while something is under way."""
    case = CASES[seed % len(CASES)]
    stage = Stage(wire, start, seed, case)
    dice = stage.dice
    if seed % _PATIENT:
        stage.environment["WIRE_SEND_LIMIT_S"] = "1.0"
    await stage.build()
    # Cut off and started again at once, what comes late has only the nonce before it.
    await wire.act("set_world", nonce_window_s=NONCES_KEPT_S if case in _NEEDS_NONCE else dice.choice((0, 300)))
    await stage.open()
    steps = list(Shift(dice).steps(_STEPS))
    stopping = set(dice.sample(range(1, len(steps)), _STOPS if seed % _PATIENT else 1))
    for number, step in enumerate(steps):
        await stage.keep_up(down_s=dice.choice((0.0, 60.0, 900.0)))
        records = dice.randrange(30)
        if number not in stopping:
            await take(stage, step)
            continue
        if case != "at any moment":
            kind, moment = case.split()
            more = {} if kind == "hang" else {"status": int(kind)}
            path = "/channels/.*/messages"
            method = dice.choice(_METHODS)
            await wire.fault("hang" if kind == "hang" else "status", moment=moment, method=method, path=path, **more)
        end = asyncio.create_task(stage.stop_after(records, until_fault=case != "at any moment"))
        await take(stage, step)
        await end
        await wire.act("clear_faults")
    return await stage.outcome()


ROW = Row(16, "SIGTERM while sending", run, CASES)
