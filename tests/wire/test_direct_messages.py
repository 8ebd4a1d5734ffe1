"""Private reminders over the wire: delivered once whatever becomes of the request, put off after a restart, kept from others."""

import signal

import pytest

from tests.wire.client import Place, Seen, Wire
from tests.wire.conftest import Start
from tests.wire.desk import Desk, sit_down
from tests.wire.oracle import faults_found, posts, rows_of
from tests.wire.processes import Running

POST = r"^/channels/\{channel_id\}/messages$"
HELD_S = 8.0
"""Longer than the courier leaves a lane alone after one failure (5 s)."""
SECRET = "call the range about valve 4"


async def direct(desk: Desk, *, closed: bool = False) -> Place:
    """The director's direct messages with the bot."""
    made = await desk.wire.act("set_direct", member_id=desk.place.member_id, closed=closed)
    return Place(0, made["channel_id"], desk.place.member_id)


async def remind(desk: Desk) -> None:
    """Set a reminder and let its time come."""
    answer = await desk.wire.command(desk.place, "remind me", when="in 10 minutes", text=SECRET)
    assert "I will remind you" in answer.words
    await desk.wire.move_clock(601)


def _named(message: Seen, label: str) -> str:
    return next(custom_id for custom_id, said in message.buttons.items() if said == label)


async def said_in(desk: Desk, channel_id: int, times: int = 1) -> list[Seen]:
    """What the bot posted by itself in a channel, once it is so much."""
    await desk.wire.happened(
        "message.created", lambda data: data["channel_id"] == channel_id and data["nonce"] is not None, times=times
    )
    return await posts(desk.wire, channel_id)


async def test_a_private_reminder_is_one_direct_message(desk: Desk, running: Running) -> None:
    there = await direct(desk)
    await remind(desk)
    (message,) = await said_in(desk, there.channel_id)
    assert SECRET in message.words
    assert await running.stop() == 0
    assert await faults_found(desk.wire, running.database) == []
    assert not [one for one in await desk.posts() if SECRET in one.words]


async def test_a_direct_message_whose_answer_was_lost_is_found_in_its_history(desk: Desk, running: Running) -> None:
    there = await direct(desk)
    await desk.wire.act("set_world", nonce_window_s=0)
    await desk.wire.fault(method="POST", path=POST, kind="drop", moment="after")
    await remind(desk)
    await running.logged("may have been sent")
    await desk.wire.move_clock(HELD_S)
    await running.logged("a post of an earlier attempt stands")
    assert await running.stop() == 0
    assert len(await posts(desk.wire, there.channel_id)) == 1
    assert await faults_found(desk.wire, running.database) == []


async def test_a_reminder_to_closed_direct_messages_is_said_where_it_was_set_and_not_what_it_says(
    desk: Desk, running: Running
) -> None:
    await direct(desk, closed=True)
    await remind(desk)
    said = await said_in(desk, desk.place.channel_id)
    assert "could not be delivered" in said[-1].words
    assert said[-1].pings["users"] == [desk.place.member_id]
    assert await running.stop() == 0
    assert await faults_found(desk.wire, running.database) == []
    assert [(row["state"], row["reason"]) for row in rows_of(running.database)] == [
        ("expired", "member_not_reached"),
        ("sent", None),
    ]
    everything = await desk.wire.everything_said()
    assert not [one for one in everything if SECRET in one.words and one.interaction_id is None]


async def test_a_member_who_has_left_every_server_is_told_of_where_it_was_set(desk: Desk, running: Running) -> None:
    await direct(desk)
    answer = await desk.wire.command(desk.place, "remind me", when="in 10 minutes", text=SECRET)
    assert "I will remind you" in answer.words
    await desk.wire.act("remove_member", guild_id=desk.place.guild_id, member_id=desk.place.member_id)
    await desk.wire.move_clock(601)
    said = await said_in(desk, desk.place.channel_id)
    assert "could not be delivered" in said[-1].words
    assert await running.stop() == 0


async def test_when_that_channel_is_gone_as_well_the_ops_channel_hears_of_it(desk: Desk, running: Running) -> None:
    await direct(desk, closed=True)
    set_in = Place(desk.place.guild_id, desk.flight, desk.place.member_id)
    await desk.wire.command(set_in, "remind me", when="in 10 minutes", text=SECRET)
    await desk.wire.act("delete_channel", channel_id=desk.flight)
    await desk.wire.move_clock(601)
    said = await said_in(desk, desk.ops)
    assert "parked" in said[-1].words
    assert SECRET not in said[-1].words
    assert await running.stop() == 0


@pytest.mark.parametrize("point", ["effect_unread", "settle_begun"])
async def test_killed_while_it_delivers_it_has_delivered_once(wire: Wire, start: Start, point: str) -> None:
    made = await sit_down(wire)
    killed = await start(crash_at=point)
    await wire.connected()
    assert "set up" in (await wire.command(made.place, "ops setup")).words
    there = await direct(made)
    await remind(made)
    assert await killed.ended() == -signal.SIGKILL
    await wire.move_clock(60)
    running = await start()
    await running.logged("a post of an earlier attempt stands")
    assert await running.stop() == 0
    assert len(await posts(wire, there.channel_id)) == 1
    assert await faults_found(wire, running.database) == []


async def test_its_buttons_outlive_the_process_that_posted_them(desk: Desk, running: Running, start: Start) -> None:
    there = await direct(desk)
    await remind(desk)
    (message,) = await said_in(desk, there.channel_id)
    assert await running.stop() == 0
    after = await desk.wire.now_at()
    again = await start()
    await desk.wire.connected(after=after)
    answer = await desk.wire.press(there, message, _named(message, "In 10 minutes"))
    assert "comes again" in answer.words
    await desk.wire.move_clock(601)
    assert len(await said_in(desk, there.channel_id, times=2)) == 2
    assert await again.stop() == 0
    assert await faults_found(desk.wire, again.database) == []
