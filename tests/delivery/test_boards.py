"""A live board whose post was deleted, or will not be edited any more, gets one new post; what is taken down goes, once."""

from datetime import timedelta

import pytest

from bot.channels import Ambiguous, NotSent
from bot.supervisor import Supervisor
from domain.boards import Board, BoardKind
from domain.delivery import OF_THE_CHANNEL, DeliveryRefused, Operation
from services import board_posts
from storage import boards, outbox, workspaces
from storage.database import Transaction
from storage.workspaces import Workspace
from tests.delivery.world import OPERATIONS, OPS, WORKSPACE, World, not_connected, refused

BOARD = Board(77, BoardKind.MISSIONS, OPERATIONS, "en")
HOLD = timedelta(seconds=6)
DAY = timedelta(days=1)


async def workspace(tx: Transaction) -> Workspace:
    opened = await workspaces.load(tx, WORKSPACE)
    assert opened is not None
    return opened.workspace


async def pin(world: World) -> None:
    async def work(tx: Transaction) -> None:
        await outbox.ensure_lane(tx, WORKSPACE, OPERATIONS, 0)
        await board_posts.put_up(tx, await workspace(tx), BOARD, world.clock.now())

    await world.database.write(work)


async def turn_the_day(world: World) -> None:
    """Let the day turn and every board be looked at."""
    world.clock.move_by(DAY)

    now = world.clock.now()
    seen = await world.database.read(lambda reader: board_posts.look(reader, WORKSPACE, now))
    assert seen is not None
    await world.database.write(lambda tx: board_posts.refresh(tx, seen))


async def take_down(world: World) -> None:
    async def work(tx: Transaction) -> None:
        (pinned,) = await boards.load_all(tx, WORKSPACE)
        await board_posts.take_down(tx, await workspace(tx), pinned, world.clock.now())

    await world.database.write(work)


def standing(world: World) -> list[int]:
    return [message.id for message in world.channels.messages[OPERATIONS] if not message.deleted]


async def ends(world: World) -> list[tuple[str, str, str | None]]:
    return [(row["operation"], row["state"], row["reason"]) for row in await world.rows(OPERATIONS)]


async def pinned_post(world: World) -> int:
    (pinned,) = await world.database.read(lambda reader: boards.load_all(reader, WORKSPACE))
    return pinned.message_id or 0


async def test_a_board_is_one_message_that_is_edited(world: World) -> None:
    courier = world.start()
    await pin(world)
    await courier.drained()
    for _ in range(3):
        await turn_the_day(world)
        await courier.drained()
    assert world.channels.edits == 3
    assert len(world.channels.messages[OPERATIONS]) == 1
    assert await pinned_post(world) == standing(world)[0]


async def test_a_board_that_somebody_deleted_is_posted_anew_once(world: World) -> None:
    courier = world.start()
    await pin(world)
    await courier.drained()
    world.channels.messages[OPERATIONS][0].deleted = True
    await turn_the_day(world)
    await courier.drained()
    assert await ends(world) == [
        ("post", "delivered_deleted", None),
        ("edit", "delivered_deleted", None),
        ("post", "sent", None),
    ]
    assert standing(world) == [await pinned_post(world)]
    await turn_the_day(world)
    await courier.drained()
    assert len(standing(world)) == 1
    assert world.channels.words(OPS) == []


async def test_a_process_that_dies_before_it_noted_the_deletion_posts_the_board_once(world: World) -> None:
    await pin(world)
    async with Supervisor(stop_timeout_s=1.0) as doomed:
        first = world.courier(owner="first", supervisor=doomed)
        doomed.supervise("courier", first.run)
        await first.drained()
        doomed.force()
    world.channels.messages[OPERATIONS][0].deleted = True
    await turn_the_day(world)
    now = world.clock.now()
    assert await world.database.write(lambda tx: outbox.claim_next(tx, OPERATIONS, "first", now))
    await world.database.write(lambda tx: outbox.end_leases_of_others(tx, "second"))
    await world.start(owner="second").drained()
    assert len(standing(world)) == 1
    assert [state for operation, state, _ in await ends(world) if operation == "post"] == ["delivered_deleted", "sent"]


@pytest.mark.parametrize("reason", ["edited_too_often", "not_accepted"])
async def test_a_board_that_will_not_be_edited_any_more_is_posted_anew_and_the_old_one_goes(
    world: World, reason: str
) -> None:
    courier = world.start()
    await pin(world)
    await courier.drained()
    world.channels.edit_faults[OPERATIONS].append(DeliveryRefused(reason))
    await turn_the_day(world)
    await courier.drained()
    assert await ends(world) == [
        ("post", "delivered_deleted", None),
        ("edit", "expired", "superseded"),
        ("post", "sent", None),
        ("edit", "sent", None),
    ]
    assert standing(world) == [await pinned_post(world)]
    assert world.channels.removals == 1
    assert world.channels.words(OPS) == []


async def test_a_board_that_is_kept_waiting_twice_is_posted_anew_and_holds_nobody_up(world: World) -> None:
    courier = world.start(send_limit_s=0.05)
    await pin(world)
    await courier.drained()
    world.channels.hanging_edits = 2
    await turn_the_day(world)
    await world.write(OPERATIONS, "news")
    await courier.drained()
    assert [state for _, state, _ in await ends(world)] == ["sent", "sending", "pending"]
    world.clock.move_by(HOLD)
    await courier.drained()
    assert world.channels.edits == 2
    assert "news" in world.channels.words(OPERATIONS)
    assert world.channels.words(OPERATIONS).count("mission_board") == 1
    assert await pinned_post(world) in standing(world)


async def test_a_new_post_that_is_refused_as_well_is_parked_and_not_asked_for_again_by_itself(world: World) -> None:
    courier = world.start()
    await pin(world)
    await courier.drained()
    world.channels.edit_faults[OPERATIONS].append(DeliveryRefused("edited_too_often"))
    world.channels.faults[OPERATIONS].append(refused("not_accepted"))
    await turn_the_day(world)
    await courier.drained()
    assert [state for operation, state, _ in await ends(world) if operation == "post"] == [
        "delivered_deleted",
        "parked",
    ]
    requests = world.channels.requests
    for _ in range(5):
        await turn_the_day(world)
        await courier.drained()
    assert world.channels.requests == requests
    assert world.channels.words(OPS) == ["delivery_parked"]
    await world.database.write(lambda tx: outbox.retry_parked(tx, WORKSPACE, OPERATIONS))
    await courier.drained()
    assert standing(world) == [await pinned_post(world)]


@pytest.mark.parametrize("reason", sorted(OF_THE_CHANNEL))
async def test_a_channel_that_takes_no_edit_gets_no_other_post(world: World, reason: str) -> None:
    courier = world.start()
    await pin(world)
    await courier.drained()
    world.channels.edit_faults[OPERATIONS].append(DeliveryRefused(reason))
    await turn_the_day(world)
    await courier.drained()
    assert await ends(world) == [("post", "sent", None), ("edit", "parked", reason)]
    assert world.channels.words(OPS) == ["delivery_parked"]
    assert world.channels.edits == 1


async def test_a_board_that_is_taken_down_is_removed_and_waiting_edits_are_not_made(world: World) -> None:
    courier = world.courier()
    await pin(world)
    world.supervisor.supervise("courier", courier.run)
    await courier.drained()
    world.channels.edit_faults[OPERATIONS].append(NotSent("no connection"))
    await turn_the_day(world)
    await courier.drained()
    await take_down(world)
    world.clock.move_by(HOLD)
    await courier.drained()
    assert standing(world) == []
    assert await ends(world) == [
        ("post", "delivered_deleted", None),
        ("edit", "expired", "superseded"),
        ("edit", "sent", None),
    ]


@pytest.mark.parametrize("trouble", [Ambiguous("500"), NotSent("no connection"), None])
async def test_a_removal_is_repeated_until_it_is_known_to_be_done(world: World, trouble: Exception | None) -> None:
    courier = world.start()
    await pin(world)
    await courier.drained()
    if trouble is None:
        world.channels.messages[OPERATIONS][0].deleted = True  # somebody was quicker
    else:
        world.channels.edit_faults[OPERATIONS].append(trouble)
    await take_down(world)
    await courier.drained()
    world.clock.move_by(HOLD)
    await courier.drained()
    assert standing(world) == []
    assert await ends(world) == [("post", "delivered_deleted", None), ("edit", "sent", None)]


async def test_what_was_to_be_removed_is_gone_with_its_channel(world: World) -> None:
    courier = world.start()
    await pin(world)
    await courier.drained()
    world.channels.edit_faults[OPERATIONS].append(DeliveryRefused("channel_gone"))
    await take_down(world)
    await courier.drained()
    assert await ends(world) == [("post", "delivered_deleted", None), ("edit", "sent", None)]
    assert world.channels.words(OPS) == []


async def test_a_removal_that_is_refused_is_told_and_may_be_tried_again(world: World) -> None:
    courier = world.start()
    await pin(world)
    await courier.drained()
    world.channels.edit_faults[OPERATIONS].append(DeliveryRefused("missing_access"))
    await take_down(world)
    await courier.drained()
    assert world.channels.words(OPS) == ["delivery_parked"]
    await world.database.write(lambda tx: outbox.retry_parked(tx, WORKSPACE, OPERATIONS))
    await courier.drained()
    assert standing(world) == []


async def test_a_board_taken_down_before_it_was_posted_does_not_stay(world: World) -> None:
    courier = world.start()
    world.channels.faults[OPERATIONS].append(not_connected)
    await pin(world)
    await courier.drained()
    await take_down(world)
    world.clock.move_by(HOLD)
    await courier.drained()
    assert standing(world) == []


async def test_an_ordinary_edit_of_a_deleted_post_brings_no_other(world: World) -> None:
    courier = world.start()
    await world.write(OPERATIONS, "launch")
    await courier.drained()
    (post,) = await world.rows(OPERATIONS)
    world.channels.messages[OPERATIONS][0].deleted = True
    await world.write(OPERATIONS, "moved", operation=Operation.EDIT, target=post["id"])
    await courier.drained()
    assert standing(world) == []
