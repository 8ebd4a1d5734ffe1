"""What becomes of a private reminder that its member's direct messages do not take."""

from datetime import timedelta

import pytest

from cogs.outgoing import announcement
from cogs.text import load_catalogues
from domain.delivery import GIVE_UP_ATTEMPTS, HOLD_LAST, Delivery
from domain.member_facts import MemberReminded
from domain.member_reminders import Where
from tests.delivery.world import NOON, OPERATIONS, OPS, PUBLIC, WORKSPACE, Sheet, World, lost_unsent, refused

DIRECT = 300
SECRET = "call the range"


def own(number: int, where: Where = Where.ME) -> MemberReminded:
    return MemberReminded(WORKSPACE, number, where, 77, OPERATIONS, SECRET, NOON)


def worded(delivery: Delivery) -> Sheet:
    """In the words of the real catalogue."""
    outgoing = announcement(delivery, load_catalogues())
    return Sheet(delivery.reference, f"{outgoing.content}|{outgoing.embed.description}")


@pytest.mark.parametrize("code", ["direct_messages_closed", "channel_gone", "missing_access", "not_accepted"])
async def test_one_that_is_refused_is_said_where_it_was_set_and_the_next_one_is_tried(world: World, code: str) -> None:
    world.channels.faults[DIRECT].append(refused(code))
    for number in (1, 2):
        await world.write(DIRECT, f"reminder {number}", facts=own(number))
    courier = world.start(render=worded)
    await courier.drained()
    assert [(row["state"], row["reason"]) for row in await world.rows(DIRECT)] == [
        ("expired", "member_not_reached"),
        ("sent", None),
    ]
    (said,) = world.channels.words(OPERATIONS)
    assert said.startswith("<@77>|")
    assert "RM-1" in said
    assert SECRET not in said
    assert world.channels.words(OPS) == []


async def test_who_has_left_is_told_nowhere_and_nobody_else_is_bothered(world: World) -> None:
    """Discord says that no server is left in which both are; what repeats would be posted there every day for ever."""
    world.channels.faults[DIRECT].append(refused("no_common_server"))
    await world.write(DIRECT, "reminder", facts=own(1))
    courier = world.start(render=worded)
    await courier.drained()
    assert [(row["state"], row["reason"]) for row in await world.rows(DIRECT)] == [("expired", "no_common_server")]
    assert world.channels.words(OPERATIONS) == []
    assert world.channels.words(OPS) == []


async def test_one_that_discord_never_answers_is_given_up_and_no_operator_hears_of_it(world: World) -> None:
    world.channels.faults[DIRECT].extend([lost_unsent] * (GIVE_UP_ATTEMPTS + 200))
    await world.write(DIRECT, "reminder", facts=own(1))
    courier = world.start(render=worded)
    await courier.drained()
    while not world.channels.words(OPERATIONS):
        world.clock.move_by(HOLD_LAST)
        await courier.drained()
    assert [(row["state"], row["reason"]) for row in await world.rows(DIRECT)] == [("expired", "member_not_reached")]
    assert world.channels.words(OPS) == []


async def test_one_that_may_have_been_sent_is_looked_for_before_it_is_given_up(world: World) -> None:
    world.channels.faults[DIRECT].extend([lost_unsent, refused("direct_messages_closed")])
    await world.write(DIRECT, "reminder", facts=own(1))
    courier = world.start(render=worded)
    await courier.drained()
    assert world.channels.words(OPERATIONS) == []
    world.clock.move_by(timedelta(seconds=6))
    await courier.drained()
    assert world.channels.looks == 1
    assert len(world.channels.words(OPERATIONS)) == 1


async def test_a_channels_reminder_that_is_refused_is_parked_as_any_post(world: World) -> None:
    world.channels.faults[PUBLIC].append(refused("missing_permission"))
    await world.write(PUBLIC, "reminder", facts=own(1, Where.HERE))
    courier = world.start()
    await courier.drained()
    assert await world.states(PUBLIC) == ["parked"]
    assert world.channels.words(OPS) == ["delivery_parked"]


async def test_where_it_was_set_takes_no_post_either_the_ops_channel_hears_of_that(world: World) -> None:
    world.channels.faults[DIRECT].append(refused("direct_messages_closed"))
    world.channels.faults[OPERATIONS].append(refused("channel_gone"))
    await world.write(DIRECT, "reminder", facts=own(1))
    courier = world.start()
    await courier.drained()
    assert await world.states(OPERATIONS) == ["parked"]
    assert world.channels.words(OPS) == ["delivery_parked"]


async def test_a_late_one_says_so(world: World) -> None:
    await world.write(DIRECT, "reminder", facts=own(1))
    world.clock.move_by(timedelta(days=3))
    courier = world.start(render=worded)
    await courier.drained()
    assert "Delayed" in world.channels.words(DIRECT)[0]


async def test_of_one_members_reminders_in_two_servers_neither_overtakes_the_other(world: World) -> None:
    """Direct messages are one channel, whichever server a reminder was set in, and both count from RM-1."""
    await world.write(DIRECT, "one", facts=own(1))
    await world.write(DIRECT, "other", facts=MemberReminded(2, 1, Where.ME, 77, PUBLIC, SECRET, NOON))
    courier = world.start()
    await courier.drained()
    assert await world.states(DIRECT) == ["sent", "sent"]
