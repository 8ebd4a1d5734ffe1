"""An announcement over the wire: once, with its own nonce, whatever becomes of the request."""

from typing import Any

import pytest

from tests.wire.desk import Desk
from tests.wire.oracle import faults_found, posts, rows_of
from tests.wire.permissions import Permission
from tests.wire.processes import Running

POST = "/channels/{channel_id}/messages"
HELD_S = 8.0
"""Longer than the courier leaves a lane alone after one failure (5 s), shorter than after two."""

LOST = {
    "503 after the effect": {"kind": "status", "status": 503, "moment": "after"},
    "the connection dropped after the effect": {"kind": "drop", "moment": "after"},
    "the connection reset after the effect": {"kind": "reset", "moment": "after"},
    "garbage for an answer": {"kind": "garbage", "moment": "after"},
    "503 without an effect": {"kind": "status", "status": 503},
    "the connection dropped without an effect": {"kind": "drop"},
    "a ban at the network's edge": {"kind": "limit", "scope": "cloudflare"},
}


async def strike(desk: Desk, **fault: Any) -> None:
    """Script a fault for the next post."""
    await desk.wire.fault(method="POST", path=f"^{POST}$".replace("{", r"\{").replace("}", r"\}"), **fault)


async def test_an_announcement_carries_its_stored_nonce_and_asks_for_it_to_be_kept(
    desk: Desk, running: Running
) -> None:
    await desk.create("Soyuz MS-28")
    await desk.announced()
    (request,) = await desk.wire.requests("POST", POST)
    assert await running.stop() == 0
    (row,) = rows_of(running.database)
    assert request["body"]["nonce"] == row["nonce"]
    assert request["body"]["enforce_nonce"] is True
    assert request["body"]["allowed_mentions"]["parse"] == []
    assert await faults_found(desk.wire, running.database) == []


@pytest.mark.parametrize("fault", LOST.values(), ids=LOST)
async def test_a_lost_answer_is_looked_up_in_the_history_and_nothing_is_said_twice(
    desk: Desk, running: Running, fault: dict[str, Any]
) -> None:
    # No nonce is remembered: only the history can tell.
    await desk.wire.act("set_world", nonce_window_s=0)
    await strike(desk, **fault)
    await desk.create("Soyuz MS-28")
    await running.logged("may have been sent")
    await desk.wire.move_clock(HELD_S)
    await desk.create("Progress MS-33")
    await desk.announced(times=2)
    assert await running.stop() == 0
    assert await faults_found(desk.wire, running.database) == []
    assert ["Soyuz MS-28" in post.words for post in await desk.posts()] == [True, False]


async def test_a_500_that_had_an_effect_is_repeated_by_the_library_with_the_same_nonce(
    desk: Desk, running: Running
) -> None:
    await strike(desk, kind="status", status=500, moment="after")
    await desk.create("Soyuz MS-28")
    await desk.wire.happened("message.deduplicated")
    assert await running.stop() == 0
    assert await faults_found(desk.wire, running.database) == []
    assert len(await desk.posts()) == 1


async def test_a_post_that_comes_late_after_an_error_is_found(desk: Desk, running: Running) -> None:
    await desk.wire.act("set_world", nonce_window_s=0)
    await strike(desk, kind="status", status=503, moment="late", late_by_s=3.0)
    await desk.create("Soyuz MS-28")
    await running.logged("may have been sent")
    await desk.wire.move_clock(3.5)
    await desk.announced()
    await desk.wire.move_clock(HELD_S)
    await desk.create("Progress MS-33")
    await desk.announced(times=2)
    assert await running.stop() == 0
    assert await faults_found(desk.wire, running.database) == []


@pytest.mark.parametrize("scope", ["user", "shared", "global"])
async def test_a_rate_limit_delays_a_post_and_loses_nothing(desk: Desk, running: Running, scope: str) -> None:
    await strike(desk, kind="limit", scope=scope, times=2)
    for number in range(3):
        await desk.create(f"Progress MS-3{number}")
    await desk.announced(times=3)
    assert await running.stop() == 0
    assert await faults_found(desk.wire, running.database) == []
    assert [f"MS-3{number}" in post.words for number, post in enumerate(await desk.posts())] == [True] * 3


async def test_a_bucket_that_runs_out_is_waited_for_and_never_overdrawn(desk: Desk, running: Running) -> None:
    await desk.wire.act("set_limit", method="POST", template=POST, requests=2, per_s=0.3)
    for number in range(5):
        await desk.create(f"Progress MS-3{number}")
    await desk.announced(times=5)
    assert await running.stop() == 0
    assert await faults_found(desk.wire, running.database) == []
    assert [one for one in await desk.wire.log("answer") if one["status"] == 429] == []


@pytest.mark.parametrize("told", [True, False], ids=["known from the gateway", "not known"])
async def test_a_channel_the_bot_may_not_write_in_is_parked_and_the_ops_channel_told(
    desk: Desk, running: Running, told: bool
) -> None:
    guild_id = desk.place.guild_id
    await desk.wire.permit(desk.flight, guild_id, deny=int(Permission.SEND_MESSAGES), quiet=not told)
    (role,) = [int(one) for one in await bot_roles(desk)]
    await desk.wire.permit(desk.flight, role, deny=int(Permission.SEND_MESSAGES), quiet=not told)
    await desk.create("Soyuz MS-28")
    await desk.wire.happened(
        "message.created", lambda data: data["channel_id"] == desk.ops and data["nonce"] is not None
    )
    assert await running.stop() == 0
    rows = rows_of(running.database)
    assert [(row["state"], row["reason"]) for row in rows] == [("parked", "missing_permission"), ("sent", None)]
    (notice,) = await posts(desk.wire, desk.ops)
    assert str(desk.flight) in notice.words
    # A refusal is never tried again: that is how bots are banned.
    refused = [one for one in await desk.wire.log("answer") if one["status"] == 403]
    assert len(refused) == 1


async def bot_roles(desk: Desk) -> list[str]:
    """The bot's own roles in the guild."""
    return list((await desk.wire.act("member", guild_id=desk.place.guild_id))["roles"])


async def test_a_channel_that_is_gone_is_parked_and_blocks_nobody(desk: Desk, running: Running) -> None:
    await desk.wire.act("delete_channel", channel_id=desk.flight)
    await desk.create("Soyuz MS-28")
    await desk.wire.happened(
        "message.created", lambda data: data["channel_id"] == desk.ops and data["nonce"] is not None
    )
    assert await running.stop() == 0
    assert [row["reason"] for row in rows_of(running.database)] == ["channel_gone", None]


async def test_a_countdown_is_posted_at_its_instant_while_the_gateway_is_away(desk: Desk, running: Running) -> None:
    wire = desk.wire
    await wire.command(
        desk.place, "mission create", name="Soyuz MS-28", vehicle="Soyuz-2.1a", launch="2025-11-28 09:27"
    )
    await desk.announced()
    await wire.act("gateway", refused_connections=1_000_000)
    await wire.act("gateway", do="drop")
    await wire.happened("gateway.refused")
    await wire.set_clock("2025-11-27T21:27:00+00:00")
    await desk.announced(times=2)
    await wire.set_clock("2025-11-28T08:26:30+00:00")
    await wire.set_clock("2025-11-28T08:27:00+00:00")
    await desk.announced(times=3)
    assert (await wire.act("gateway"))["connections"] == 0
    assert await running.stop() == 0
    assert await faults_found(wire, running.database) == []
    assert "L−1 h" in (await desk.posts())[-1].words
