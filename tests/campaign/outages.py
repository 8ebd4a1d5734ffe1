"""Row 5: nobody is there for a minute, two hours, a day and more: the bot is down, or Discord is.

What fell due meanwhile is said once, marked as delayed, or it has expired and the ops channel was told.
"""

import json
from dataclasses import replace
from itertools import product

from domain.countdown import DELAYED_AFTER
from storage.rows import from_us
from tests.campaign.outcome import Outcome, Row
from tests.campaign.pad_work import PAD
from tests.campaign.stage import Stage
from tests.campaign.steps import take
from tests.campaign.workload import Shift, work
from tests.wire.books import Books, Finding, read_books
from tests.wire.client import Wire
from tests.wire.conftest import Start
from tests.wire.oracle import faults_of_late_posts

_LENGTHS_S = {"1 min": 60.0, "2 h": 7200.0, "26 h": 93_600.0}
_WHO = ("the bot is down", "Discord is down")
CASES = tuple(f"{who}, {length}" for length, who in product(_LENGTHS_S, _WHO))


async def run(wire: Wire, start: Start, seed: int) -> Outcome:
    """Plan much for the time of the outage, have it, and look at what was said of it afterwards."""
    case = CASES[seed % len(CASES)]
    who, length = case.split(", ")
    stage = Stage(wire, start, seed, case)
    await stage.build()
    await stage.open()
    shift = Shift(stage.dice)
    await work(stage, shift, 3)
    await stage.ask(
        "mission create", name="Progress MS-90", vehicle="Soyuz-2.1a", launch=f"+{stage.dice.randint(11, 90)}min"
    )
    await stage.ask(
        "mission create", name="Soyuz MS-91", vehicle="Soyuz-2.1a", launch=f"+{stage.dice.randint(60, 1500)}min"
    )
    await stage.ask("pad report", pad=PAD, severity="minor", summary="scorched paint")
    await stage.ask("repair plan", report="DR-1", title="paint it", due="in 1 day")
    if who == _WHO[0]:
        await _bot_down(stage, _LENGTHS_S[length])
    else:
        await _discord_down(stage, _LENGTHS_S[length])
    await work(stage, shift, 2)
    outcome = await stage.outcome()
    assert stage.database is not None
    books = read_books(stage.database)
    late = faults_of_late_posts(books, await wire.everything_said())
    return replace(outcome, findings=(*outcome.findings, *_unmarked(books), *late, *_untold(books), *repeated(books)))


async def _bot_down(stage: Stage, seconds: float) -> None:
    if stage.dice.random() < 0.5:
        await stage.kill()
    else:
        await stage.stop()
    await stage.keep_up(down_s=seconds)
    await stage.rest(looks=10)


async def _discord_down(stage: Stage, seconds: float) -> None:
    """Every request is cut off, while the bot goes from due instant to due instant."""
    wire = stage.wire
    before = await wire.clock()
    await wire.fault("drop", times=None)
    if stage.dice.random() < 0.3:
        await wire.act("gateway", do="drop")
    for step in Shift(stage.dice).steps(1):
        await take(stage, step)
    while (left_s := seconds - ((await wire.clock()) - before).total_seconds()) > 0:
        await stage.move_to_due(most_s=left_s, looks=1)
    await wire.act("clear_faults")
    await stage.rest(looks=10)


def _unmarked(books: Books) -> list[Finding]:
    """What was written long after it was due says so."""
    found = []
    for row in books.reminders:
        late = row["state"] == "posted" and from_us(row["settled_at"]) - from_us(row["due_at"]) > DELAYED_AFTER
        if late:
            found += [
                Finding("other", f"delivery {delivery['id']} of reminder {row['id']} does not say that it is delayed")
                for delivery in books.deliveries_of(f"reminder:{row['id']}")
                if not json.loads(delivery["facts"]).get("delayed")
            ]
    return found


def _untold(books: Books) -> list[Finding]:
    """The ops channel has heard of every channel in which something expired as too late."""
    ops = books.workspaces[0]["ops_channel_id"]
    told = {row["dedup_key"].split(":")[2] for row in books.outbox if ":delivery_expired:" in row["dedup_key"]}
    expired = {row["channel_id"] for row in books.outbox if row["state"] == "expired" and row["reason"] == "too_late"}
    return [
        Finding("lost", f"nobody was told of what expired in {one}") for one in expired - {ops} if str(one) not in told
    ]


def repeated(books: Books) -> list[Finding]:
    """Of what one subject missed, one reminder is posted, the newest."""
    found, seen = [], set()
    for row in books.reminders:
        key = (row["event_id"], row["task_number"], row["report_number"], row["member_number"], row["settled_at"])
        if row["state"] == "posted" and key in seen:
            found.append(Finding("doubled", f"reminder {row['id']} was posted together with another of its subject"))
        if row["state"] == "posted":
            seen.add(key)
    return found


ROW = Row(5, "outage of 1 min, 2 h, 26 h", run, CASES)
