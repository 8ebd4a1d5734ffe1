"""Row 1: killed (SIGKILL) at each boundary of a change, a reminder and a delivery, at a later or earlier passage of it."""

import signal
from dataclasses import replace
from itertools import chain, takewhile

from tests.campaign.outcome import Outcome, Row
from tests.campaign.stage import Stage
from tests.campaign.steps import take
from tests.campaign.workload import Shift
from tests.wire.client import Wire
from tests.wire.conftest import Start
from tests.wire.crash_points import POINTS

CASES = tuple(point.name for point in POINTS)
_STEPS, _MORE_STEPS = 7, 18
"""So many steps, and more of them until it has died."""
_PASSAGES_MAX = 30
_DOWN_S = (0.0, 1.0, 20.0, 200.0, 2000.0)


async def run(wire: Wire, start: Start, seed: int) -> Outcome:
    """Work until it dies there, be down for a while, go on."""
    case = CASES[seed % len(CASES)]
    stage = Stage(wire, start, seed, case)
    await stage.build()
    # A nonce that nobody remembers: then nothing but the history keeps a post from being made twice.
    await wire.act("set_world", nonce_window_s=stage.dice.choice((0, 300)))
    passage = stage.dice.randint(1, 6 if case.startswith("look_") else _PASSAGES_MAX)
    # A look comes only after a death that left a claim.
    deaths = [f"effect_unread:{passage}", f"{case}:1"] if case.startswith("look_") else [f"{case}:{passage}"]
    planned = len(deaths)
    await stage.open(crash_at=deaths.pop(0))
    shift = Shift(stage.dice)
    until_dead = takewhile(lambda _: _died(stage) < planned, shift.steps(_MORE_STEPS))
    for step in chain(shift.steps(_STEPS), until_dead):
        if not stage.is_up:
            crash_at = deaths.pop(0) if deaths else ""
            await stage.keep_up(crash_at=crash_at, down_s=stage.dice.choice(_DOWN_S))
        await take(stage, step)
    struck = _died(stage) >= planned
    await stage.kill()
    return replace(await stage.outcome(), struck=struck)


def _died(stage: Stage) -> int:
    """How often it has died by itself."""
    return stage.exits.count(-signal.SIGKILL) + (stage.gantry is not None and not stage.is_up)


ROW = Row(1, "kill -9 at every crash point", run, CASES, each=True)
