"""Live boards over the wire: one message, whatever became of the one before it, and of the process in between."""

import signal
from typing import Any

import pytest

from tests.wire.client import Seen, Wire
from tests.wire.conftest import Start
from tests.wire.desk import Desk, sit_down
from tests.wire.oracle import faults_found, posts

SPACING_S = 11.0
DOWN_S = 60.0
MESSAGE = r"^/channels/\{channel_id\}/messages/\{message_id\}$"


async def pin(wire: Wire, desk: Desk) -> Seen:
    """Set up, and keep a missions board in the flight channel, which hears nothing else."""
    assert "set up" in (await wire.command(desk.place, "ops setup")).words
    await wire.command(desk.place, "board pin", kind="missions", channel=desk.flight)
    await desk.announced()
    (board,) = await posts(wire, desk.flight)
    return board


async def change(desk: Desk, name: str) -> None:
    """Something that the board shows, and the time after which it may be shown."""
    await desk.wire.answered(await desk.create(name))
    await desk.wire.move_clock(SPACING_S)


async def edited(wire: Wire, after: int) -> None:
    await wire.happened("message.edited", after=after)


async def test_a_board_is_edited_in_place(wire: Wire, start: Start) -> None:
    desk = await sit_down(wire)
    gantry = await start()
    await wire.connected()
    board = await pin(wire, desk)
    before = await wire.now_at()
    await change(desk, "Soyuz MS-28")
    await edited(wire, before)
    assert await gantry.stop() == 0
    (shown,) = await posts(wire, desk.flight)
    assert shown.id == board.id
    assert "Soyuz MS-28" in shown.words
    assert await faults_found(wire, gantry.database) == []


@pytest.mark.parametrize(
    "crash_at", ["", "claim_committed:2", "settle_begun:2", "settle_uncommitted:2", "settle_committed:2"]
)
async def test_a_deleted_board_is_posted_anew_once_whenever_the_process_dies(
    wire: Wire, start: Start, crash_at: str
) -> None:
    desk = await sit_down(wire)
    await wire.act("set_world", nonce_window_s=0)
    gantry = await start(crash_at=crash_at)
    await wire.connected()
    board = await pin(wire, desk)
    await wire.act("delete_message", message_id=board.id)
    await change(desk, "Soyuz MS-28")
    if crash_at:
        assert await gantry.ended() == -signal.SIGKILL
        await wire.move_clock(DOWN_S)
        gantry = await start()
    await desk.announced(times=2)
    assert await gantry.stop() == 0
    (shown,) = await posts(wire, desk.flight)
    assert "Soyuz MS-28" in shown.words
    assert await faults_found(wire, gantry.database) == []


@pytest.mark.parametrize(
    "fault",
    [{"kind": "status", "status": 400}, {"kind": "status", "status": 503}, {"kind": "reset", "moment": "after"}],
)
async def test_a_board_is_one_message_after_an_edit_that_failed(
    wire: Wire, start: Start, fault: dict[str, Any]
) -> None:
    desk = await sit_down(wire)
    gantry = await start()
    await wire.connected()
    board = await pin(wire, desk)
    before = await wire.now_at()
    await wire.fault(method="PATCH", path=MESSAGE, **fault)
    await change(desk, "Soyuz MS-28")
    if fault.get("status") == 400:
        await wire.happened("message.deleted", after=before)
    else:
        await gantry.logged("may have been sent")
        await wire.move_clock(SPACING_S)
        await edited(wire, await wire.now_at() if fault["kind"] == "reset" else before)
    assert await gantry.stop() == 0
    (shown,) = await posts(wire, desk.flight)
    assert (shown.id != board.id) is (fault.get("status") == 400)
    assert "Soyuz MS-28" in shown.words
    assert await faults_found(wire, gantry.database) == []


async def test_a_board_that_is_taken_down_is_gone(wire: Wire, start: Start) -> None:
    desk = await sit_down(wire)
    gantry = await start()
    await wire.connected()
    await pin(wire, desk)
    before = await wire.now_at()
    await wire.fault("status", status=503, method="DELETE", path=MESSAGE, moment="after")
    await wire.command(desk.place, "board unpin", kind="missions", channel=desk.flight)
    await wire.happened("message.deleted", after=before)
    await gantry.logged("may have been sent")
    await wire.move_clock(SPACING_S)
    await desk.create("Soyuz MS-28")
    await gantry.logged("the post had been deleted")
    assert await gantry.stop() == 0
    assert await posts(wire, desk.flight) == []
    assert await faults_found(wire, gantry.database) == []
