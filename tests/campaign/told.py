"""What members were told while something of the machine's own was wrong: never nothing, never "something went wrong"."""

from collections.abc import Iterable
from typing import Any

from tests.campaign.stage import Stage
from tests.wire.books import Asked, Finding, answer_of

ANSWER_WITHIN_S = 3.0
"""Discord's own limit for the first answer to an interaction."""

_INCIDENT = "that I did not foresee"


async def incidents(stage: Stage) -> list[Finding]:
    """Whoever was told of an incident: what was wrong has a name, and they should have been told that."""
    found = []
    for one in stage.asked:
        shown = await stage.wire.act("interaction", interaction_id=one.interaction_id)
        if _INCIDENT in str([shown["original"], *shown["followups"]]):
            found.append(Finding("other", f"/{one.command} ({one.interaction_id}) was an incident"))
    return found


async def silence(stage: Stage, asked: Iterable[Asked]) -> list[Finding]:
    """Whoever heard nothing, although the bot and the way to it were there all the time."""
    found = []
    for one in asked:
        shown = await stage.wire.act("interaction", interaction_id=one.interaction_id)
        if answer_of(shown) == "nothing":
            found.append(Finding("other", f"/{one.command} ({one.interaction_id}) was never answered"))
    return found


async def late(stage: Stage, asked: Iterable[Asked]) -> list[Finding]:
    """Whose first answer, a deferral for one, came later than Discord waits for it."""
    sent_s = _times(await stage.wire.records("interaction"))
    heard_s = _times(await stage.wire.records("callback"))
    found = []
    for one in asked:
        if one.interaction_id not in heard_s:
            found.append(Finding("other", f"/{one.command} ({one.interaction_id}) had no first answer"))
        elif (took_s := heard_s[one.interaction_id] - sent_s[one.interaction_id]) > ANSWER_WITHIN_S:
            found.append(Finding("other", f"/{one.command} ({one.interaction_id}) was answered after {took_s:.1f} s"))
    return found


def _times(records: Iterable[dict[str, Any]]) -> dict[int, float]:
    """When each interaction had its first record of a kind."""
    found: dict[int, float] = {}
    for record in records:
        found.setdefault(int(record["data"]["interaction_id"]), record["monotonic_s"])
    return found
