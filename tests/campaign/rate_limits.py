"""Row 6: 429 for a route, for all of us, shared, from the network's edge; buckets that run out; many channels at once."""

from tests.campaign.outcome import Outcome, Row
from tests.campaign.stage import Stage
from tests.campaign.steps import take
from tests.campaign.workload import Shift, work
from tests.wire.books import Finding
from tests.wire.client import Wire
from tests.wire.conftest import Start

_SCOPES = ("user", "shared", "global", "cloudflare")
_BUCKET, _CROWD = "a bucket that runs out", "sixty channels at once"
CASES = (*_SCOPES, _BUCKET, *_SCOPES, _CROWD)
_BUCKETS = (("POST", "/channels/{channel_id}/messages"), ("PATCH", "/channels/{channel_id}/messages/{message_id}"))
_STEPS = 6
_CHANNELS = 60
_ALLOWED_PER_S = 50
"""Discord's limit for a bot."""


async def run(wire: Wire, start: Start, seed: int) -> Outcome:
    """Work under limits."""
    case = CASES[seed % len(CASES)]
    stage = Stage(wire, start, seed, case)
    dice = stage.dice
    await stage.build()
    await wire.act("set_world", nonce_window_s=dice.choice((0, 300)))
    await stage.open()
    if case == _CROWD:
        await _crowd(stage)
        return await stage.outcome()
    if case == _BUCKET:
        for method, template in _BUCKETS:
            await wire.act("set_limit", method=method, template=template, requests=dice.randint(1, 3), per_s=0.15)
    for step in Shift(dice).steps(_STEPS):
        if case in _SCOPES:
            path = dice.choice(("/channels/.*/messages", "/channels/.*/messages", "/callback", ""))
            wait_s = dice.choice((0.02, 0.05, 0.2))
            times = dice.randint(1, 3)
            await wire.fault("limit", scope=case, path=path, times=times, retry_after_s=wait_s, skip=dice.randrange(3))
        await take(stage, step)
        if dice.random() < 0.3:
            await stage.pass_time(8.0)
    if case == _BUCKET:
        refused = sum(one["status"] == 429 for one in await wire.log("answer"))
        if refused:
            stage.found.append(Finding("other", f"a bucket was overdrawn {refused} times"))
    return await stage.outcome()


async def _crowd(stage: Stage) -> None:
    """More channels hear one thing than a bot may send in a second."""
    wire = stage.wire
    for number in range(_CHANNELS):
        made = await wire.act("make_channel", guild_id=stage.place.guild_id, name=f"console-{number}")
        await stage.ask("announce subscribe", topic="all", channel=made["channel_id"])
    await wire.act("set_limit", requests=_ALLOWED_PER_S, per_s=1.0)
    before = await wire.now_at()
    await work(stage, Shift(stage.dice), 2)
    await stage.rest(looks=20)
    answers = [one for one in await wire.log("answer", after=before) if one["path"].endswith("/messages")]
    refused = sum(one["status"] == 429 for one in answers)
    # Discord bans for ten thousand refusals in ten minutes: the pace is kept by us, not found out by being refused.
    if refused:
        said = f"{refused} of {len(answers)} requests were refused for {_ALLOWED_PER_S} a second"
        stage.found.append(Finding("other", said))


ROW = Row(6, "429: user, shared, global, at the edge; buckets; sixty channels", run, CASES)
