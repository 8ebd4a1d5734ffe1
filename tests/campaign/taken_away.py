"""Row 15: a permission, a channel, a thread is taken away while deliveries wait for it: parked, told, and no storm of refusals."""

from dataclasses import replace
from typing import Any

from tests.campaign.outcome import Outcome, Row
from tests.campaign.pad_work import PAD
from tests.campaign.stage import Stage
from tests.campaign.workload import Shift, work
from tests.wire.books import Books, Finding, read_books
from tests.wire.client import Wire
from tests.wire.conftest import Start
from tests.wire.permissions import Permission

CASES = (
    "may not write",
    "may not write, and is not told",
    "may not see",
    "channel deleted",
    "thread deleted",
    "thread locked",
    "thread archived and locked",
    "may not read back",
)
_PILE = 6
"""So many deliveries wait for the channel when it is taken away."""
_REFUSALS_MAX = 4
"""A handful, however many wait: the row whose turn it is, and what was written while it was being parked."""


async def run(wire: Wire, start: Start, seed: int) -> Outcome:
    """Let deliveries pile up for a channel, take it away, work on, give it back where that can be."""
    case = CASES[seed % len(CASES)]
    stage = Stage(wire, start, seed, case)
    await stage.build()
    await stage.open()
    shift = Shift(stage.dice)
    await work(stage, shift, 2)
    name = "watch" if case.startswith("thread") else stage.dice.choice(("flight", "watch"))
    channel_id = stage.channels[name if case.startswith(("thread", "may not read")) else "flight"]
    before = await _pile_up(stage, channel_id)
    await _take(stage, case, channel_id)
    await stage.pass_time(8.0)
    await stage.rest(looks=6)
    refused = [
        one
        for one in await wire.log("answer", after=before)
        if 400 <= one["status"] < 429 and f"/{channel_id}/" in one["path"]
    ]
    if len(refused) > _REFUSALS_MAX:
        stage.found.append(Finding("other", f"{len(refused)} requests were refused, with {_PILE} deliveries waiting"))
    await work(stage, shift, 2)
    if stage.dice.random() < 0.5:
        await stage.kill()
        await stage.keep_up(down_s=60.0)
    await _give_back(stage, case, channel_id)
    await work(stage, shift, 2)
    outcome = await stage.outcome()
    assert stage.database is not None
    return replace(outcome, findings=(*outcome.findings, *_untold(read_books(stage.database), channel_id)))


async def _pile_up(stage: Stage, channel_id: int) -> int:
    """Hold the lane by one lost answer, then write more for it. Returns the last record's number."""
    await stage.wire.fault("status", status=503, method="POST", path=f"/channels/{channel_id}/messages")
    for number in range(_PILE):
        await stage.ask("pad report", pad=PAD, severity="minor", summary=f"crack {number} in the guide rail")
    return await stage.wire.now_at()


async def _take(stage: Stage, case: str, channel_id: int) -> None:
    wire, send = stage.wire, int(Permission.SEND_MESSAGES)
    match case:
        case "may not write":
            await _deny(stage, channel_id, send)
        case "may not write, and is not told":
            await _deny(stage, channel_id, send, quiet=True)
        case "may not see":
            await _deny(stage, channel_id, int(Permission.VIEW_CHANNEL))
        case "may not read back":
            await _deny(stage, stage.channels["flight"], int(Permission.READ_MESSAGE_HISTORY))
        case "channel deleted" | "thread deleted":
            await wire.act("delete_channel", channel_id=channel_id)
        case "thread locked":
            await wire.act("set_channel", channel_id=channel_id, locked=True)
        case "thread archived and locked":
            await wire.act("set_channel", channel_id=channel_id, locked=True, archived=True)


async def _give_back(stage: Stage, case: str, channel_id: int) -> None:
    match case:
        case "channel deleted" | "thread deleted":
            return
        case "thread locked" | "thread archived and locked":
            await stage.wire.act("set_channel", channel_id=channel_id, locked=False)
        case _:
            await _deny(stage, stage.channels["flight"], 0)


async def _deny(stage: Stage, channel_id: int, permission: int, **more: Any) -> None:
    """Take a permission in a channel from everyone, the bot's own role included; 0 gives all back."""
    member = await stage.wire.act("member", guild_id=stage.place.guild_id)
    for target in (stage.place.guild_id, *(int(role) for role in member["roles"])):
        await stage.wire.permit(channel_id, target, deny=permission, **more)


def _untold(books: Books, channel_id: int) -> list[Finding]:
    """The ops channel has heard of a channel whose deliveries were parked."""
    parked = any(row["state"] == "parked" and row["channel_id"] == channel_id for row in books.outbox)
    told = any(f":delivery_parked:{channel_id}:" in row["dedup_key"] for row in books.outbox)
    return [Finding("lost", f"nobody was told of what was parked for {channel_id}")] if parked and not told else []


ROW = Row(15, "permission, channel or thread taken away", run, CASES)
