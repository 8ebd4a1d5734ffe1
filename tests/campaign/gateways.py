"""Row 7: the gateway is cut, asks to come again, declares the session void, falls silent, or closes with a code.

Delivery goes on over REST while it is away, nothing is started twice, and a code after which nobody may come again ends the process
with a sentence and an exit code of its own.
"""

import asyncio

from tests.campaign.outcome import Outcome, Row
from tests.campaign.stage import Stage
from tests.campaign.steps import take
from tests.campaign.workload import Shift, work
from tests.wire.books import Finding
from tests.wire.client import Wire
from tests.wire.conftest import Start

_COMES_AGAIN = (1000, 1001, 4000, 4001, 4002, 4003, 4005, 4006, 4007, 4008, 4009)
_FOR_GOOD = (4004, 4010, 4011, 4012, 4013, 4014)
_STAYS_AWAY = 2
"""So many attempts to come back are refused: the library's pauses between them are real seconds."""

_CONFIGURATION = 78
CASES = (
    "cut",
    "asked to come again",
    "session void, may be resumed",
    "session void",
    "session void when resumed",
    "no heartbeat acknowledged",
    "cut, and not let in again",
    *(f"closed with {code}" for code in _COMES_AGAIN),
    *(f"closed for good with {code}" for code in _FOR_GOOD),
)
_STEPS = 6
_STRIKES = 2
_HEARTBEAT_MS = 600
_SILENCE_S = "0.8"


async def run(wire: Wire, start: Start, seed: int) -> Outcome:
    """Work, have the gateway fail in the middle of something, go on."""
    case = CASES[seed % len(CASES)]
    stage = Stage(wire, start, seed, case)
    dice = stage.dice
    await stage.build()
    if case == "no heartbeat acknowledged":
        stage.environment["WIRE_SILENCE_S"] = _SILENCE_S
        await wire.act("gateway", heartbeat_ms=_HEARTBEAT_MS)
    await stage.open()
    steps = list(Shift(dice).steps(_STEPS))
    striking = set(dice.sample(range(1, len(steps)), _STRIKES))
    for number, step in enumerate(steps):
        await stage.keep_up(down_s=60.0)
        if number not in striking:
            await take(stage, step)
            continue
        struck = asyncio.create_task(_strike(stage, case, dice.randrange(30)))
        await take(stage, step)
        await struck
        if case.startswith("closed for good"):
            await _ended(stage, int(case[-4:]))
        elif case == "cut, and not let in again":
            await _delivers_while_away(stage)
    if case.startswith("closed for good"):
        await _not_let_in(stage, int(case[-4:]))
    await work(stage, Shift(dice), 1)
    outcome = await stage.outcome()
    return Outcome(case, outcome.expected, (*outcome.findings, *await _started_twice(stage)), outcome.returned)


async def _strike(stage: Stage, case: str, records: int) -> None:
    """What the case says, once so many things have happened or nothing happens any more."""
    await stage.await_records(records)
    wire = stage.wire
    match case:
        case "cut":
            await wire.act("gateway", do="drop")
        case "asked to come again":
            await wire.act("gateway", do="reconnect")
        case "session void, may be resumed":
            await wire.act("gateway", do="invalidate", resumable=True)
        case "session void":
            await wire.act("gateway", do="invalidate", resumable=False)
        case "session void when resumed":
            await wire.act("gateway", do="drop", invalidate_resume=True)
        case "no heartbeat acknowledged":
            before = await wire.now_at()
            await wire.act("gateway", acks=False)
            await wire.happened("gateway.closed", after=before)
            await wire.act("gateway", acks=True)
        case "cut, and not let in again":
            await wire.act("gateway", do="drop", refused_connections=_STAYS_AWAY)
        case _:
            await wire.act("gateway", do="close", code=int(case[-4:]))


async def _delivers_while_away(stage: Stage) -> None:
    """Nobody is connected, something falls due, and it is posted all the same."""
    before = await stage.wire.now_at()
    await stage.move_to_due(1.0)
    done = await stage.rest(looks=8)
    came = await stage.wire.log("gateway.connected", after=before)
    if not done and not came and stage.is_up:
        stage.found.append(Finding("lost", "while the gateway was away, nothing was delivered"))


async def _ended(stage: Stage, code: int) -> None:
    """It was told that it is not wanted: it must say so, and end."""
    gantry = stage.gantry
    if gantry is None:
        return
    exit_code = await gantry.ended()
    stage.expected_exits.add(_CONFIGURATION)
    last = gantry.lines[-1]
    refused = "Discord refuses the token" if code == _FOR_GOOD[0] else f"(code {code})"
    if exit_code != _CONFIGURATION or not last.startswith("gantry: Discord ") or refused not in last:
        stage.found.append(Finding("other", f"closed with {code}, it ended with {exit_code}: {last}"))
    await stage.note_end()


async def _not_let_in(stage: Stage, code: int) -> None:
    """The same when it comes again, in a quarter of the runs."""
    if stage.dice.random() < 0.25:
        await stage.stop()
        await stage.pass_time(700.0)
        await stage.wire.act("gateway", close_identify_with=code)
        await stage.bring_up()
        await _ended(stage, code)
    await stage.keep_up(down_s=700.0)


async def _started_twice(stage: Stage) -> list[Finding]:
    """Whatever a process starts once, however often it had to come again."""
    found = [Finding("doubled", "one process logged in twice") for said in stage.logs if said.count('"logged in"') > 1]
    given = len(await stage.wire.log("commands.overwritten"))
    return [*found, *([Finding("doubled", f"the commands were given {given} times")] if given > 1 else [])]


ROW = Row(7, "gateway cut, op 7, op 9, silent, closed with 1000–4014", run, CASES)
