"""Row 4: Discord does it, or not, or later, and says something else: an error, a cut line, nothing at all."""

from itertools import product

from tests.campaign.outcome import Outcome, Row
from tests.campaign.stage import NONCES_KEPT_S, Stage
from tests.campaign.steps import take
from tests.campaign.workload import Shift
from tests.wire.client import Wire
from tests.wire.conftest import Start

_KINDS = ("500", "502", "503", "504", "reset", "drop", "hang", "garbage")
_MOMENTS = ("after", "before", "late")
CASES = tuple(
    f"{kind} {moment}" for kind, moment in product(_KINDS, _MOMENTS) if (kind, moment) != ("garbage", "before")
)
_REPEATED = frozenset({"500", "502", "504"})
"""What the library itself tries again, after real seconds."""
_PATHS = ("/channels/.*/messages", "/channels/.*/messages", "/callback", "", "/members/")
_STEPS = 6
_HELD_S = 8.0


async def run(wire: Wire, start: Start, seed: int) -> Outcome:
    """Work, with a request failing in one way again and again, and the clock passing the courier's pauses."""
    case = CASES[seed % len(CASES)]
    kind, moment = case.split()
    stage = Stage(wire, start, seed, case)
    dice = stage.dice
    is_slow = kind in _REPEATED or kind == "hang"
    if kind == "hang" or dice.random() < 0.5:
        stage.environment["WIRE_SEND_LIMIT_S"] = "0.5"
    await stage.build()
    # Between the library's own second try, or what comes late, and a double there may be nothing but the nonce: the courier's pause
    # is time that our clock skips. Everything else is told by the history alone in half of the runs.
    needs_nonce = kind in _REPEATED or moment == "late"
    await wire.act("set_world", nonce_window_s=NONCES_KEPT_S if needs_nonce or dice.random() < 0.5 else 0)
    await stage.open()
    steps = list(Shift(dice).steps(_STEPS))
    striking = set(dice.sample(range(len(steps)), 2 if is_slow else 4))
    for number, step in enumerate(steps):
        if number in striking:
            more = {"status": int(kind)} if kind.isdigit() else {}
            await wire.fault(
                "status" if kind.isdigit() else kind,
                moment=moment,
                path=dice.choice(_PATHS[:2] if is_slow else _PATHS),
                skip=dice.randrange(3),
                times=1 if is_slow else dice.randint(1, 2),
                late_by_s=3.0,
                **more,
            )
        await take(stage, step)
        if dice.random() < 0.5:
            await stage.pass_time(_HELD_S)
    return await stage.outcome()


ROW = Row(4, "done or not, then 500/502/503/504, reset, cut, hang, garbage, or late", run, CASES)
