"""Row 2: killed (SIGKILL) at any moment, down for up to 4,000 s, while every fourth to seventh request fails."""

import asyncio

from tests.campaign.outcome import Outcome, Row
from tests.campaign.stage import NONCES_KEPT_S, Stage
from tests.campaign.steps import take
from tests.campaign.workload import Shift
from tests.wire.client import Wire
from tests.wire.conftest import Start

CASES = ("messages and answers", "every request")
_PATHS = {CASES[0]: "/messages|/callback|/webhooks|/members/", CASES[1]: ""}
_STEPS = 8
_KILLS = 2
_DOWN_MAX_S = 4000.0
_SEND_LIMIT_S = "0.5"


async def run(wire: Wire, start: Start, seed: int) -> Outcome:
    """Work under faults, and be killed several times in the middle of something."""
    stage = Stage(wire, start, seed, CASES[seed % len(CASES)])
    stage.environment["WIRE_SEND_LIMIT_S"] = _SEND_LIMIT_S
    await stage.build()
    await stage.open()
    await _script_faults(stage)
    steps = list(Shift(stage.dice).steps(_STEPS))
    fatal = set(stage.dice.sample(range(len(steps)), _KILLS))
    for number, step in enumerate(steps):
        await stage.keep_up(down_s=60.0)
        records, more_s, down_s = (
            stage.dice.randrange(40),
            stage.dice.random() * 0.03,
            stage.dice.random() * _DOWN_MAX_S,
        )
        if number not in fatal:
            await take(stage, step)
            continue
        death = asyncio.create_task(stage.kill_after(records, more_s))
        await take(stage, step)
        await death
        await stage.keep_up(down_s=down_s)
    await stage.kill()
    return await stage.outcome()


async def _script_faults(stage: Stage) -> None:
    """15 to 25 of a hundred requests fail.

    None takes effect late where no nonce is remembered: a process that is killed and started at once would look before it.
    """
    dice, wire = stage.dice, stage.wire
    window_s = dice.choice((0.0, NONCES_KEPT_S, NONCES_KEPT_S))
    await wire.act("set_world", nonce_window_s=window_s)
    chances = {
        ("status", 503, "before"): 2,
        ("status", 503, "after"): 3,
        ("drop", 0, "before"): 2,
        ("drop", 0, "after"): 3,
        ("reset", 0, "before"): 1,
        ("reset", 0, "after"): 3,
        ("garbage", 0, "after"): 1,
        ("limit", 0, "before"): 2,
        ("hang", 0, "after"): 0.3,
    }
    if window_s:
        chances |= {
            ("status", 503, "late"): 1,
            ("drop", 0, "late"): 1,
            # The library repeats these by itself, after a real second: few are enough, and only where the nonce is remembered.
            ("status", dice.choice((500, 502, 504)), "after"): 0.5,
        }
    share = dice.uniform(0.15, 0.25) / sum(chances.values())
    await wire.act("add_fault", kind="drop", times=0, seed=stage.seed)
    for (kind, status, moment), weight in chances.items():
        more = {"status": status} if status else {}
        await wire.fault(
            kind, moment=moment, times=None, chance=weight * share, path=_PATHS[stage.case], late_by_s=3.0, **more
        )


ROW = Row(2, "kill -9 at random, down 0–4,000 s, 15–25 % of requests fail", run, CASES)
