"""Killed at each boundary of a delivery, once: after the restart each due delivery is exactly one message.

The campaign does it with many seeds; here it is done with the one that a `make test` has time for. No nonce is remembered by
this Discord, so that nothing but the history keeps a post from being made twice.
"""

import signal

import pytest

from tests.wire.client import Wire
from tests.wire.conftest import Start
from tests.wire.crash_points import COURIER
from tests.wire.desk import set_up, sit_down
from tests.wire.oracle import faults_found

DOWN_S = 60.0
"""How long it stays down: the hold-off between two starts has passed then."""


def deaths(point: str) -> list[str]:
    """The crash points to die at, one after another. Looking comes only after a death that left a claim."""
    return ["effect_unread", point] if point.startswith("look_") else [point]


@pytest.mark.parametrize("point", COURIER)
async def test_a_kill_loses_no_announcement_and_repeats_none(wire: Wire, start: Start, point: str) -> None:
    desk = await sit_down(wire)
    await wire.act("set_world", nonce_window_s=0)
    first, *later = deaths(point)
    gantry = await start(crash_at=first)
    await wire.connected()
    await set_up(desk)
    await desk.create("Soyuz MS-28")
    assert await gantry.ended() == -signal.SIGKILL
    for crash_at in later:
        await wire.move_clock(DOWN_S)
        gantry = await start(crash_at=crash_at)
        assert await gantry.ended() == -signal.SIGKILL
    await wire.move_clock(DOWN_S)
    before = await wire.now_at()
    gantry = await start()
    await wire.connected(after=before)
    # The lane is served in order: when this one stands, the one before it is settled.
    await desk.create("Progress MS-33")
    await desk.announced(times=2)
    assert await gantry.stop() == 0
    assert await faults_found(wire, gantry.database) == []
    assert ["Soyuz MS-28" in post.words for post in await desk.posts()] == [True, False]


async def test_a_command_that_was_committed_before_the_kill_is_announced_after_it(wire: Wire, start: Start) -> None:
    desk = await sit_down(wire)
    # The third change: after the set-up and the subscription.
    gantry = await start(crash_at="change_committed:3")
    await wire.connected()
    await set_up(desk)
    await desk.create("Soyuz MS-28")
    assert await gantry.ended() == -signal.SIGKILL
    assert await desk.posts() == []
    await wire.move_clock(DOWN_S)
    gantry = await start()
    await desk.announced()
    assert await gantry.stop() == 0
    assert await faults_found(wire, gantry.database) == []


async def test_a_command_that_was_not_committed_leaves_nothing(wire: Wire, start: Start) -> None:
    desk = await sit_down(wire)
    gantry = await start(crash_at="change_uncommitted:3")
    await wire.connected()
    await set_up(desk)
    await desk.create("Soyuz MS-28")
    assert await gantry.ended() == -signal.SIGKILL
    await wire.move_clock(DOWN_S)
    before = await wire.now_at()
    gantry = await start()
    await wire.connected(after=before)
    listed = await wire.command(desk.place, "mission status")
    assert "Soyuz MS-28" not in listed.words
    assert await gantry.stop() == 0
    assert await desk.posts() == []
