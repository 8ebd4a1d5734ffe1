"""Every post once, in order, whatever becomes of requests, of neighbours and of the process."""

import asyncio
from datetime import timedelta

import pytest

from bot.channels import Ambiguous, NotSent, Picture
from bot.courier import LANES_AT_ONCE
from bot.supervisor import Supervisor
from domain.countdown import ReminderKind
from domain.delivery import OF_THE_CHANNEL, Delivery, DeliveryRefused, Operation
from domain.facts import CountdownReached, EventRef, EventUnconfirmed
from domain.missions import EventKind
from domain.when import Precision, When
from storage import outbox
from tests.delivery.world import (
    NOON,
    OPERATIONS,
    OPS,
    PUBLIC,
    WORKSPACE,
    Fault,
    Sheet,
    World,
    commit_then_500,
    commit_then_cancelled,
    commit_then_hang,
    hang,
    lost_unsent,
    not_connected,
    rate_limited,
    refused,
    sheet,
)

HOLD = timedelta(seconds=5)


async def test_rows_of_a_channel_are_posted_once_and_in_order(world: World) -> None:
    courier = world.start()
    for number in range(7):
        await world.write(OPERATIONS, f"post-{number}")
    await courier.drained()
    assert world.channels.words(OPERATIONS) == [f"post-{number}" for number in range(7)]
    assert set(await world.states(OPERATIONS)) == {"sent"}
    assert world.channels.looks == 0


async def test_a_settled_row_names_its_message(world: World) -> None:
    courier = world.start()
    await world.write(OPERATIONS, "launch")
    await courier.drained()
    (row,) = await world.rows()
    assert row["message_id"] == world.channels.messages[OPERATIONS][0].id
    assert row["settled_at"] is not None


@pytest.mark.parametrize("fault", [commit_then_500, commit_then_cancelled], ids=lambda fault: fault.__name__)
async def test_a_post_whose_answer_was_lost_is_found_and_not_repeated(world: World, fault: Fault) -> None:
    world.channels.faults[OPERATIONS].append(fault)
    courier = world.start()
    await world.write(OPERATIONS, "launch")
    await courier.drained()
    assert await world.states(OPERATIONS) == ["sending"]
    world.channels.nonces_forgotten = True
    world.clock.move_by(HOLD)
    await courier.drained()
    assert await world.states(OPERATIONS) == ["sent"]
    assert world.channels.words(OPERATIONS) == ["launch"]


async def test_a_post_that_hangs_is_given_up_in_time_and_found_later(world: World) -> None:
    world.channels.faults[OPERATIONS].append(commit_then_hang)
    courier = world.start(send_limit_s=0.05)
    await world.write(OPERATIONS, "launch")
    await courier.drained()
    assert await world.states(OPERATIONS) == ["sending"]
    world.channels.nonces_forgotten = True
    world.clock.move_by(HOLD)
    await courier.drained()
    assert world.channels.words(OPERATIONS) == ["launch"]


async def test_a_post_that_was_lost_unsent_is_sent_again_with_the_same_nonce(world: World) -> None:
    world.channels.faults[OPERATIONS].append(lost_unsent)
    courier = world.start()
    await world.write(OPERATIONS, "launch")
    await courier.drained()
    world.clock.move_by(HOLD)
    await courier.drained()
    (row,) = await world.rows()
    (message,) = world.channels.messages[OPERATIONS]
    assert (row["state"], row["nonce"], world.channels.looks) == ("sent", message.nonce, 1)


async def test_a_commit_after_the_history_was_read_is_caught_by_the_nonce(world: World) -> None:
    world.channels.faults[OPERATIONS].extend([lost_unsent, commit_then_500])
    courier = world.start()
    await world.write(OPERATIONS, "launch")
    for _ in range(4):
        await courier.drained()
        world.clock.move_by(timedelta(minutes=5))
    assert world.channels.words(OPERATIONS) == ["launch"]
    assert await world.states(OPERATIONS) == ["sent"]


async def test_the_history_is_read_to_its_end_past_what_others_wrote(world: World) -> None:
    courier = world.start()
    await world.write(OPERATIONS, "first")
    await courier.drained()
    world.channels.chatter(OPERATIONS, 10)
    world.channels.faults[OPERATIONS].append(commit_then_500)
    await world.write(OPERATIONS, "second")
    await courier.drained()
    world.channels.chatter(OPERATIONS, 10)
    world.channels.nonces_forgotten = True
    world.clock.move_by(HOLD)
    await courier.drained()
    assert world.channels.words(OPERATIONS) == ["first", "second"]
    assert world.channels.looks == 4  # messages 1..3, 4..6, 7..9, and the page it is on: nothing before the floor


@pytest.mark.parametrize("trouble", [Ambiguous("503"), NotSent("no connection")], ids=["unclear", "offline"])
async def test_an_unreadable_history_leaves_the_row_ambiguous(world: World, trouble: Exception) -> None:
    world.channels.faults[OPERATIONS].append(commit_then_500)
    world.channels.look_faults[OPERATIONS].append(trouble)
    courier = world.start()
    await world.write(OPERATIONS, "launch")
    await courier.drained()
    world.clock.move_by(HOLD)
    await courier.drained()
    assert await world.states(OPERATIONS) == ["sending"]
    assert world.channels.requests == 1
    world.channels.nonces_forgotten = True
    world.clock.move_by(timedelta(minutes=5))
    await courier.drained()
    assert world.channels.words(OPERATIONS) == ["launch"]


async def test_a_row_that_was_certainly_not_sent_is_pending_again_and_needs_no_history(world: World) -> None:
    world.channels.faults[OPERATIONS].append(not_connected)
    courier = world.start()
    await world.write(OPERATIONS, "launch")
    await courier.drained()
    assert await world.states(OPERATIONS) == ["pending"]
    world.clock.move_by(HOLD)
    await courier.drained()
    assert world.channels.words(OPERATIONS) == ["launch"]
    assert world.channels.looks == 0


async def test_a_lane_waits_at_least_five_seconds_and_longer_each_time(world: World) -> None:
    world.channels.faults[OPERATIONS].extend([lost_unsent] * 3)
    courier = world.start()
    await world.write(OPERATIONS, "launch")
    waited = []
    for _ in range(3):
        await courier.drained()
        resume_at = await world.database.read(lambda reader: outbox.next_resume_at(reader, world.clock.now()))
        assert resume_at is not None
        waited.append(resume_at - world.clock.now())
        world.clock.move_to(resume_at)
    assert waited == [HOLD, 2 * HOLD, 4 * HOLD]


async def test_a_rate_limit_that_names_its_end_is_kept(world: World) -> None:
    world.channels.faults[OPERATIONS].append(rate_limited)
    courier = world.start()
    await world.write(OPERATIONS, "launch")
    await courier.drained()
    world.clock.move_by(timedelta(seconds=119))
    await courier.drained()
    assert world.channels.requests == 1
    world.clock.move_by(timedelta(seconds=1))
    await courier.drained()
    assert world.channels.words(OPERATIONS) == ["launch"]


@pytest.mark.parametrize("wrong_by", [timedelta(days=1), timedelta(days=3650)])
async def test_a_lane_that_was_held_while_the_clock_was_far_ahead_goes_on_when_it_is_put_right(
    world: World, wrong_by: timedelta
) -> None:
    world.clock.move_by(wrong_by)
    world.channels.faults[OPERATIONS].append(lost_unsent)
    await world.write(OPERATIONS, "one")
    courier = world.start()
    await courier.drained()
    assert await world.states(OPERATIONS) == ["sending"]
    world.clock.move_by(-wrong_by)
    world.bells.ring_courier()
    await courier.drained()
    assert world.channels.words(OPERATIONS) == ["one"]


async def test_a_rate_limit_longer_than_an_hour_is_tried_again_after_an_hour(world: World) -> None:
    def limited(_: object, __: object) -> int:
        raise NotSent("rate limited before sending", retry_after_s=86_400)

    world.channels.faults[OPERATIONS].append(limited)
    await world.write(OPERATIONS, "one")
    courier = world.start()
    await courier.drained()
    assert await world.states(OPERATIONS) == ["pending"]
    world.clock.move_by(timedelta(hours=1))
    await courier.drained()
    assert world.channels.words(OPERATIONS) == ["one"]


async def test_a_held_lane_goes_on_by_itself_when_its_time_has_come(world: World) -> None:
    world.channels.faults[OPERATIONS].append(lost_unsent)
    courier = world.start()
    await world.write(OPERATIONS, "launch")
    await courier.drained()
    world.clock.move_by(HOLD)
    await until(lambda: world.channels.words(OPERATIONS) == ["launch"])


async def test_a_bad_channel_blocks_nobody_and_keeps_its_own_order(world: World) -> None:
    world.channels.faults[OPERATIONS].append(hang)
    courier = world.start()
    await world.write(OPERATIONS, "first")
    await world.write(OPERATIONS, "second")
    await world.write(PUBLIC, "news")
    draining = asyncio.ensure_future(courier.drained())
    await world.channels.hanging.wait()
    await until(lambda: world.channels.words(PUBLIC) == ["news"])
    assert await world.states(OPERATIONS) == ["sending", "pending"]
    await world.write(PUBLIC, "more news")
    courier_drained = asyncio.ensure_future(courier.drained())
    await until(lambda: world.channels.words(PUBLIC) == ["news", "more news"])
    assert not draining.done()
    draining.cancel()
    courier_drained.cancel()


async def test_more_channels_than_places_are_all_served(world: World) -> None:
    courier = world.start()
    for number in range(LANES_AT_ONCE + 20):
        await world.write(1_000 + number, "news")
    await courier.drained()
    assert {row["state"] for row in await world.rows()} == {"sent"}


async def test_a_post_that_discord_will_never_take_is_parked_and_the_next_goes_out(world: World) -> None:
    world.channels.faults[OPERATIONS].extend([refused("not_accepted")] * 2)
    courier = world.start()
    for words in ("first", "second", "third"):
        await world.write(OPERATIONS, words)
    await courier.drained()
    assert await world.states(OPERATIONS) == ["parked", "parked", "sent"]
    assert [row["reason"] for row in await world.rows(OPERATIONS)] == ["not_accepted", "not_accepted", None]
    assert world.channels.words(OPS) == ["delivery_parked"]


@pytest.mark.parametrize("reason", sorted(OF_THE_CHANNEL))
async def test_a_channel_that_refuses_is_asked_once_and_all_that_waits_for_it_is_parked(
    world: World, reason: str
) -> None:
    world.channels.faults[OPERATIONS].append(refused(reason))
    for number in range(40):
        await world.write(OPERATIONS, f"post-{number}")
    courier = world.start()
    await courier.drained()
    rows = await world.rows(OPERATIONS)
    assert {(row["state"], row["reason"]) for row in rows} == {("parked", reason)}
    assert world.channels.requests == 2  # one refused, and the notice in the ops channel
    assert world.channels.words(OPS) == ["delivery_parked"]
    await world.write(OPERATIONS, "later")
    await courier.drained()
    assert world.channels.words(OPERATIONS) == ["later"]


async def test_parked_posts_that_are_tried_again_are_looked_for_behind_what_was_posted_since(world: World) -> None:
    world.channels.faults[OPERATIONS].append(commit_then_500)
    courier = world.start()
    await world.write(OPERATIONS, "first")
    await courier.drained()
    world.channels.look_faults[OPERATIONS].append(DeliveryRefused("history_hidden"))
    world.clock.move_by(HOLD)
    await courier.drained()
    assert await world.states(OPERATIONS) == ["parked"]
    await world.write(OPERATIONS, "second")
    await courier.drained()
    world.channels.nonces_forgotten = True
    await world.database.write(lambda tx: outbox.retry_parked(tx, WORKSPACE, OPERATIONS))
    await courier.drained()
    assert await world.states(OPERATIONS) == ["sent", "sent"]
    assert world.channels.words(OPERATIONS) == ["first", "second"]


async def test_an_edit_waits_for_its_post_and_goes_with_it_when_that_is_tried_again(world: World) -> None:
    world.channels.faults[OPERATIONS].append(refused("not_accepted"))
    courier = world.start()
    await world.write(OPERATIONS, "launch")
    (post,) = await world.rows(OPERATIONS)
    await world.write(OPERATIONS, "moved", operation=Operation.EDIT, target=post["id"])
    await courier.drained()
    rows = await world.rows(OPERATIONS)
    assert [(row["state"], row["reason"]) for row in rows] == [
        ("parked", "not_accepted"),
        ("expired", "target_missing"),
    ]
    await world.database.write(lambda tx: outbox.retry_parked(tx, WORKSPACE, OPERATIONS))
    await courier.drained()
    assert await world.states(OPERATIONS) == ["sent", "sent"]
    assert world.channels.words(OPERATIONS) == ["moved"]
    assert world.channels.words(OPS) == ["delivery_parked"]


async def test_an_edit_keeps_the_reference_of_its_post(world: World) -> None:
    courier = world.start()
    await world.write(OPERATIONS, "launch")
    (post,) = await world.rows(OPERATIONS)
    await world.write(OPERATIONS, "moved", operation=Operation.EDIT, target=post["id"])
    await courier.drained()
    (message,) = world.channels.messages[OPERATIONS]
    assert (message.sheet.words, message.sheet.reference) == ("moved", post["nonce"][:10])


async def test_of_reminders_about_one_thing_that_wait_only_the_newest_is_posted(world: World) -> None:
    world.channels.faults[OPERATIONS].append(not_connected)
    courier = world.start(render=lambda delivery: Sheet(delivery.reference, str(delivery.is_late)))
    await world.write(OPERATIONS, "news")
    await courier.drained()
    for offset in (3, 2, 1):
        await world.write(OPERATIONS, f"{offset} h", facts=countdown(timedelta(hours=offset)))
    world.clock.move_by(timedelta(minutes=5))
    await courier.drained()
    rows = await world.rows(OPERATIONS)
    assert [(row["state"], row["reason"]) for row in rows] == [
        ("sent", None), ("expired", "superseded"), ("expired", "superseded"), ("sent", None),
    ]  # fmt: skip
    assert world.channels.words(OPERATIONS) == ["True", "True"]
    assert world.channels.words(OPS) == []


async def test_a_picture_that_may_not_be_attached_is_left_out(world: World) -> None:
    def with_picture(delivery: Delivery) -> Sheet:
        return Sheet(delivery.reference, "damage", ("ab" * 32,))

    world.channels.faults[OPERATIONS].append(refused("missing_permission"))
    courier = world.start(render=with_picture, pictures=[Picture("ab.png", b"\x89PNG")])
    await world.write(OPERATIONS, "damage")
    await courier.drained()
    assert await world.states(OPERATIONS) == ["sent"]
    assert world.channels.messages[OPERATIONS][0].pictures == ()


async def test_the_ops_channel_is_not_told_about_itself(world: World) -> None:
    world.channels.faults[OPS].append(refused("missing_access"))
    courier = world.start()
    await world.write(OPS, "notice")
    await courier.drained()
    assert await world.states(OPS) == ["parked"]


async def test_a_post_that_cannot_be_worded_is_parked_and_the_next_one_goes_out(world: World) -> None:
    def clumsy(delivery: Delivery) -> Sheet:
        found = sheet(delivery)
        if found.words == "first":
            raise KeyError("no words for this")
        return found

    courier = world.start(render=clumsy)
    await world.write(OPERATIONS, "first")
    await world.write(OPERATIONS, "second")
    await courier.drained()
    assert [(row["state"], row["reason"]) for row in await world.rows(OPERATIONS)] == [
        ("parked", "render_failed"),
        ("sent", None),
    ]


async def test_facts_that_cannot_be_read_are_parked_and_the_next_row_goes_out(world: World) -> None:
    await world.write(OPERATIONS, "first")
    await world.write(OPERATIONS, "second")
    await world.database.write(lambda tx: tx.execute('UPDATE outbox SET facts = \'{"fact": "odd"}\' WHERE id = 1'))
    courier = world.start()
    await courier.drained()
    assert [row["reason"] for row in await world.rows(OPERATIONS)] == ["facts_unreadable", None]
    assert world.channels.words(OPERATIONS) == ["second"]


async def test_a_post_that_somebody_deleted_is_not_made_again(world: World) -> None:
    world.channels.faults[OPERATIONS].append(commit_then_500)
    courier = world.start()
    await world.write(OPERATIONS, "launch")
    await courier.drained()
    world.channels.messages[OPERATIONS][0].deleted = True
    world.clock.move_by(HOLD)
    await courier.drained()
    assert await world.states(OPERATIONS) == ["delivered_deleted"]
    assert world.channels.words(OPERATIONS) == []


async def test_a_post_that_is_too_late_expires_and_the_ops_channel_is_told(world: World) -> None:
    courier = world.start()
    await world.write(OPERATIONS, "question", facts=question())
    world.clock.move_by(timedelta(days=1, seconds=1))
    await courier.drained()
    assert [(row["state"], row["reason"]) for row in await world.rows(OPERATIONS)] == [("expired", "too_late")]
    assert world.channels.words(OPERATIONS) == []
    assert world.channels.words(OPS) == ["delivery_expired"]


async def test_a_late_post_that_already_stands_is_settled_and_not_called_expired(world: World) -> None:
    world.channels.faults[OPERATIONS].append(commit_then_500)
    courier = world.start()
    await world.write(OPERATIONS, "question", facts=question())
    await courier.drained()
    world.clock.move_by(timedelta(days=2))
    await courier.drained()
    assert await world.states(OPERATIONS) == ["sent"]


async def test_pictures_go_with_a_post_and_are_left_out_when_the_server_finds_them_too_large(world: World) -> None:
    def with_picture(delivery: Delivery) -> Sheet:
        return Sheet(delivery.reference, "damage", ("ab" * 32,))

    world.channels.faults[PUBLIC].append(refused("too_large"))
    courier = world.start(render=with_picture, pictures=[Picture("ab.png", b"\x89PNG")])
    await world.write(OPERATIONS, "damage")
    await world.write(PUBLIC, "damage")
    await courier.drained()
    assert [len(world.channels.messages[channel][0].pictures) for channel in (OPERATIONS, PUBLIC)] == [1, 0]


async def test_edits_and_threads_are_made_on_the_post_they_name(world: World) -> None:
    courier = world.start()
    await world.write(OPERATIONS, "launch")
    await courier.drained()
    await world.write(OPERATIONS, "docking")
    await courier.drained()
    message, deleted = world.channels.messages[OPERATIONS]
    deleted.deleted = True
    launch, docking = [row["id"] for row in await world.rows(OPERATIONS)]
    await world.write(OPERATIONS, "moved", operation=Operation.EDIT, target=launch)
    await world.write(OPERATIONS, "talk", operation=Operation.THREAD, target=launch)
    await world.write(OPERATIONS, "lost", operation=Operation.EDIT, target=docking)
    await world.write(OPERATIONS, "aimless", operation=Operation.EDIT)
    await courier.drained()
    assert (message.sheet.words, message.threads) == ("moved", 1)
    assert await world.states(OPERATIONS) == ["sent", "sent", "sent", "sent", "delivered_deleted", "expired"]
    lanes = await world.database.read(lambda reader: reader.fetch("SELECT channel_id, floor_message_id FROM lanes"))
    assert (message.id, message.id) in {(lane["channel_id"], lane["floor_message_id"]) for lane in lanes}


async def test_a_process_that_died_after_discord_took_the_post_does_not_repeat_it(world: World) -> None:
    world.channels.faults[OPERATIONS].append(commit_then_hang)
    async with Supervisor(stop_timeout_s=0.2) as doomed:
        first = world.courier(owner="the one that dies", supervisor=doomed)
        doomed.supervise("courier", first.run)
        await world.write(OPERATIONS, "launch")
        await world.write(OPERATIONS, "docking")
        world.bells.ring_courier()
        await world.channels.hanging.wait()
        doomed.force()  # cancelled in mid-send, between Discord's commit and its answer
    assert await world.states(OPERATIONS) == ["sending", "pending"]
    world.channels.nonces_forgotten = True
    orphans = await world.database.write(lambda tx: outbox.end_leases_of_others(tx, "its successor"))
    assert orphans == 1
    await world.start(owner="its successor").drained()
    assert world.channels.words(OPERATIONS) == ["launch", "docking"]
    assert await world.states(OPERATIONS) == ["sent", "sent"]


async def test_a_claim_of_a_living_process_is_respected_until_its_lease_ends(world: World) -> None:
    await world.write(OPERATIONS, "launch")
    await world.database.write(lambda tx: outbox.claim_next(tx, OPERATIONS, "another", world.clock.now()))
    courier = world.start()
    await courier.drained()
    assert world.channels.requests == world.channels.looks == 0
    world.clock.move_by(timedelta(seconds=60))
    await courier.drained()
    assert world.channels.words(OPERATIONS) == ["launch"]
    assert world.channels.looks == 1


async def test_a_stop_lets_the_post_under_way_finish_and_begins_no_other(world: World) -> None:
    courier = world.start()
    going = world.channels

    def stop_meanwhile(_: object, commit: object) -> int:
        world.supervisor.request_stop("test")
        assert callable(commit)
        return int(commit())

    going.faults[OPERATIONS].append(stop_meanwhile)
    for number in range(3):
        await world.write(OPERATIONS, f"post-{number}")
    drained = asyncio.ensure_future(courier.drained())
    await world.supervisor.run_until_stopped()
    assert await world.supervisor.stop() == ()
    drained.cancel()
    states = await world.states(OPERATIONS)
    sent = states.count("sent")
    assert sent == len(world.channels.words(OPERATIONS)) >= 1
    assert "sending" not in states


async def test_a_fault_of_ours_ends_the_process_instead_of_being_swallowed(world: World) -> None:
    def broken(_: object, __: object) -> int:
        raise ZeroDivisionError

    world.channels.faults[OPERATIONS].append(broken)
    courier = world.start()
    await world.write(OPERATIONS, "launch")
    drained = asyncio.ensure_future(courier.drained())
    failure = await world.supervisor.run_until_stopped()
    with pytest.raises(ZeroDivisionError):  # who waits for it hears of it
        await drained
    assert failure is not None
    assert isinstance(failure.error, ZeroDivisionError)


async def test_a_refusal_in_the_renderer_keeps_its_own_reason(world: World) -> None:
    def unwilling(_: Delivery) -> Sheet:
        raise DeliveryRefused("nothing_to_say")

    courier = world.start(render=unwilling)
    await world.write(OPERATIONS, "launch")
    await courier.drained()
    assert [row["reason"] for row in await world.rows(OPERATIONS)] == ["nothing_to_say"]


def question() -> EventUnconfirmed:
    event = EventRef(1, "Soyuz MS-28", 2, EventKind.LANDING)
    return EventUnconfirmed(event, When(NOON, Precision.MINUTE), NOON)


def countdown(offset: timedelta) -> CountdownReached:
    event = EventRef(1, "Soyuz MS-28", 2, EventKind.LANDING)
    return CountdownReached(
        event, When(NOON + timedelta(hours=1), Precision.MINUTE), ReminderKind.COUNTDOWN, offset, NOON
    )


async def until(holds: "object") -> None:
    """Let everything else run until it holds; the loop never blocks, so this ends or the test's own limit does."""
    assert callable(holds)
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0)
